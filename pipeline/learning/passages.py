"""Passages written to show how facts are told: `corpora/passages/*.jsonl`, one JSON object a line."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from pipeline.language.context import Context
from pipeline.language.label.cues import find_cues
from pipeline.language.script import matching_copy
from pipeline.language.telling import Telling, telling
from pipeline.learning.gold import DATE, GoldCount, GoldDocument, GoldJustification, Line, read_lines
from pipeline.paths import PASSAGES
from pipeline.records import Group, Label


class Passage(Line):
    """One to four sentences as they stand in a post, with the counts among their numbers, or reasons and groups.

    What was not annotated is None.
    """

    label: Label  # of the post that it stands for
    title: str
    publisher: str
    published: str | None = Field(None, pattern=DATE)
    text: str
    counts: tuple[GoldCount, ...] | None = None
    justifications: tuple[GoldJustification, ...] | None = None
    groups: tuple[Group, ...] | None = None
    cause: str = ""  # what is unusual about it
    file: str = ""

    @model_validator(mode="after")
    def _quotes(self) -> Self:
        for count in self.counts or ():
            if count.text not in self.text:
                raise ValueError(f"not in the passage: {count.text}")
        for reason in self.justifications or ():
            if reason.text not in f"{self.title}\n{self.text}":
                raise ValueError(f"not in the passage: {reason.text}")
        return self


def read_passages(folder: Path = PASSAGES) -> list[Passage]:
    """All passages in the order of files and lines. Raises BadGold for a line that breaks the form or an id twice."""
    return read_lines(sorted(folder.glob("*.jsonl")), Passage)


def context_of(source: GoldDocument | Passage) -> Context:
    """What the page of an annotated text says."""
    kind = source.source_type if isinstance(source, GoldDocument) else "other"
    return Context(source.title, source.publisher, source.published, kind)


def telling_of_text(source: GoldDocument | Passage) -> Telling:
    """An annotated text under its title, as the models of reasons and groups read it."""
    copy = matching_copy(source.text)
    return telling(copy, matching_copy(source.title), find_cues(copy))
