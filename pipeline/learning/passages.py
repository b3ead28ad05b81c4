"""Passages written to show how counts are told: `corpora/passages/*.jsonl`, one JSON object a line."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError, model_validator

from pipeline.learning.gold import DATE, BadGold, GoldCount
from pipeline.paths import PASSAGES
from pipeline.records import Label, Model


class Passage(Model):
    """One to four sentences as they stand in a post, with the counts among their numbers."""

    id: str
    label: Label  # of the post that it stands for
    title: str
    publisher: str
    published: str | None = Field(None, pattern=DATE)
    text: str
    counts: tuple[GoldCount, ...]
    cause: str = ""  # what is unusual about it
    file: str = ""

    @model_validator(mode="after")
    def _quotes(self) -> Self:
        for count in self.counts:
            if count.text not in self.text:
                raise ValueError(f"not in the passage: {count.text}")
        return self


def read_passages(folder: Path = PASSAGES) -> list[Passage]:
    """All passages in the order of files and lines. Raises BadGold for a line that breaks the form or an id twice."""
    passages: dict[str, Passage] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                passage = Passage.model_validate_json(line).model_copy(update={"file": path.stem})
            except ValidationError as error:
                problem = error.errors()[0]
                where = ".".join(map(str, problem["loc"]))
                raise BadGold(f"{path.name}:{number}: {where} {problem['msg']}") from error
            if passage.id in passages:
                raise BadGold(f"{path.name}:{number}: id {passage.id} occurs twice")
            passages[passage.id] = passage
    return list(passages.values())
