"""Write the trained pipeline: a directory that `spacy.load` opens."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from pipeline import __version__
from pipeline.language.build import assemble
from pipeline.learning.gold import GoldDocument
from pipeline.learning.training import samples, train


def train_pipeline(documents: Sequence[GoldDocument], path: Path) -> Path:
    """Train on the documents and write the pipeline to `path`, in place of what was there. Returns `path`."""
    model = train(samples(documents))
    nlp = assemble()
    nlp.get_pipe("xueyang_label").model = model  # type: ignore[attr-defined]
    nlp.meta["name"] = "xueyang"
    nlp.meta["version"] = __version__
    nlp.meta["description"] = "Police-led mass DNA collection in archived Chinese posts"
    nlp.meta["license"] = "Apache-2.0"
    if path.exists():
        shutil.rmtree(path)
    nlp.to_disk(path)
    return path
