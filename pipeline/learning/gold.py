"""Annotated documents: what a careful reader says a post shows. `corpora/gold/*.jsonl`, one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Self, TypeVar

from pydantic import Field, ValidationError, model_validator

from pipeline.paths import GOLD
from pipeline.records import (
    Campaign,
    CountKind,
    Group,
    JustificationCode,
    Label,
    Model,
    Qualifier,
    SourceType,
)

DATE = r"^\d{4}(-\d\d(-\d\d)?)?$"


class GoldCount(Model):
    """A number of DNA samples, as the annotation guide defines it."""

    text: str
    kind: CountKind
    value: float
    upper: float | None = None
    qualifier: Qualifier
    place: str | None = None
    as_of: str | None = Field(None, pattern=DATE)


class GoldPlace(Model):
    """A place of the collection."""

    adcode: str = Field(pattern=r"^\d{6}$")
    name: str
    township: str | None = None
    village: str | None = None


class GoldJustification(Model):
    """A reason given for the collection."""

    text: str
    code: JustificationCode


class Line(Model):
    """What every annotated line has."""

    id: str


AnnotatedLine = TypeVar("AnnotatedLine", bound=Line)


class GoldDocument(Line):
    """One annotated post. `origin` groups documents that must not stand on both sides of a cross-validation."""

    title: str
    publisher: str
    source_type: SourceType
    published: str | None = Field(None, pattern=DATE)
    text: str
    label: Label
    campaign: Campaign | None
    counts: tuple[GoldCount, ...]
    places: tuple[GoldPlace, ...]
    justifications: tuple[GoldJustification, ...]
    groups: tuple[Group, ...]
    origin: str
    note: str | None = None
    hard: bool = False  # a careless reader, or a keyword program, would get the label wrong
    file: str = ""

    @model_validator(mode="after")
    def _quotes_and_campaign(self) -> Self:
        if (self.label == "mass_collection") != (self.campaign is not None):
            raise ValueError("campaign only and always with mass_collection")
        whole = f"{self.title}\n{self.text}"
        for quoted in [*(c.text for c in self.counts), *(j.text for j in self.justifications)]:
            if quoted not in whole:
                raise ValueError(f"not in the document: {quoted}")
        return self

    @property
    def group(self) -> str:
        """The cross-validation group: documents made from one source stay together; a composed one is its own."""
        return self.origin if "://" in self.origin else f"{self.file}:{self.id}"

    @property
    def author(self) -> str:
        """Who wrote it: the file, and the letter of the id that tells authors of one file apart."""
        return f"{self.file}:{self.id[0]}"


class BadGold(Exception):
    """A gold file that breaks the guide; the message names file, line and what is wrong."""


def read_gold(paths: Iterable[Path] | None = None) -> list[GoldDocument]:
    """All gold documents of the files given, default `corpora/gold/*.jsonl`, in the order of their names.

    Raises BadGold for a line that breaks the guide or an id that occurs twice.
    """
    return read_lines(sorted(GOLD.glob("*.jsonl")) if paths is None else paths, GoldDocument)


def read_lines(paths: Iterable[Path], form: type[AnnotatedLine]) -> list[AnnotatedLine]:
    """The annotated lines of files in order. Raises BadGold for a line that breaks the form or an id told twice."""
    found: dict[str, AnnotatedLine] = {}
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                read = form.model_validate_json(line).model_copy(update={"file": path.stem})
            except ValidationError as error:
                problem = error.errors()[0]
                where = ".".join(map(str, problem["loc"]))
                raise BadGold(f"{path.name}:{number}: {where} {problem['msg']}") from error
            if read.id in found:
                raise BadGold(f"{path.name}:{number}: id {read.id} occurs twice")
            found[read.id] = read
    return list(found.values())
