"""The spaCy pipeline: one module a component, each a registered factory that writes to the `Doc`."""

from pipeline.language.lean import load_spacy

load_spacy()
