"""Assemble the pipeline, and load the trained one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import spacy
from spacy.language import Language

import pipeline.language.circumstances.component
import pipeline.language.counts.component
import pipeline.language.groups.model
import pipeline.language.label.campaign
import pipeline.language.label.classifier
import pipeline.language.label.cues
import pipeline.language.organisations.component
import pipeline.language.places.component
import pipeline.language.purchases.component
import pipeline.language.reasons.model
import pipeline.language.sentences
import pipeline.language.tokenizer  # noqa: F401  (each registers its factory)
from pipeline.language.fitted.terms import share
from pipeline.language.fitted.weighing import Weighed
from pipeline.language.fitted.windows import WindowModel
from pipeline.language.reasons.model import ReasonModel
from pipeline.paths import MODEL
from pipeline.reading.document import Limits

# The label comes first: extractors ask whether a post is about a collection at all. Places precede counts and
# organisations, which name the place that a figure counts or a body polices; purchases precede organisations, which
# add the parties.
COMPONENTS = (
    "xueyang_sentences",
    "xueyang_cues",
    "xueyang_label",
    "xueyang_places",
    "xueyang_campaign",
    "xueyang_counts",
    "xueyang_justifications",
    "xueyang_groups",
    "xueyang_circumstances",
    "xueyang_procurements",
    "xueyang_organisations",
)


def assemble() -> Language:
    """An untrained pipeline with every component in order."""
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "xueyang.jieba.v1"}}})
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp


def load(path: Path = MODEL) -> Language:
    """The trained pipeline. Raises OSError where there is none: `xueyang train` makes it."""
    nlp = spacy.load(path)
    share([model.grams for model in _window_models(nlp)])
    # spaCy refuses a million characters for the sake of parsers that are not in here; reading bounds the text.
    nlp.max_length = Limits().characters
    return nlp


def _window_models(nlp: Language) -> Iterator[WindowModel]:
    """The fitted models of stretches that the components hold."""
    for _, component in nlp.pipeline:
        match getattr(component, "model", None):
            case WindowModel() as model:
                yield model
            case Weighed(window=model):
                yield model
            case ReasonModel(told=told, code=code):
                yield from (told, code)
