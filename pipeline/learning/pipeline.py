"""Write the trained pipeline: a directory that `spacy.load` opens."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline import __version__
from pipeline.language.build import assemble
from pipeline.learning.facts import Progress, fit_facts
from pipeline.learning.gold import GoldDocument
from pipeline.learning.passages import Passage
from pipeline.learning.training import FOLDS, enough, samples, train


def train_pipeline(
    documents: Sequence[GoldDocument],
    path: Path,
    progress: Progress = lambda step, done, total: None,
    passages: Sequence[Passage] = (),
) -> Path:
    """Train on the documents and write the pipeline to `path`, in place of one that was there. Returns `path`.

    `passages`: what the models of facts learn from besides. `progress` is called with what is being done, how much of
    it is done, and how much there is. Raises FileExistsError where the folder holds other things, and TooFew.
    """
    enough(documents)
    if path.exists() and not (path / "meta.json").exists() and any(path.iterdir()):
        raise FileExistsError(errno.EEXIST, "holds other things than a trained model; name another folder", str(path))
    views = []
    for number, document in enumerate(documents):
        progress("reading the annotated documents", number, len(documents))
        views += samples([document])
    fits = FOLDS + 1  # one a fold, then the one that is kept
    model = train(views, fitting=lambda done: progress("fitting, cross-validated", done, fits))
    told: list[GoldDocument | Passage] = [*documents, *passages]
    facts = fit_facts(told, progress)
    progress("writing the pipeline", 0, 1)
    nlp = assemble()
    nlp.get_pipe("xueyang_label").model = model  # type: ignore[attr-defined]
    facts.into(nlp)
    nlp.meta["name"] = "xueyang"
    nlp.meta["version"] = __version__
    nlp.meta["description"] = "Police-led mass DNA collection in archived Chinese posts"
    nlp.meta["license"] = "Apache-2.0"
    if path.exists():
        shutil.rmtree(path)
    nlp.to_disk(path)
    return path
