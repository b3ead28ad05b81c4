"""The same document as a worse page would give it: letters misread, page furniture left in, another script, cut short.

Training sees copies with furniture around them, so that a menu or a licence line does not decide, and one with a
formula of the authorities put in (`formulas.csv`: 不漏一户、不漏一人), which stands in posts of every kind and does not
either: look-alikes are written in such words oftener than collections. Evaluation asks how much each kind of damage
costs, with lines that training has not seen. The lines are in `corpora/phrasebook/furniture_left.csv`, what optical
character recognition takes for what in `misreadings.csv`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import Literal

from pipeline.learning.gold import GoldDocument
from pipeline.paths import PHRASEBOOK
from pipeline.patterns import Pattern

MISREAD = 0.03  # share of characters
CUT = 200  # characters
OTHER_CUTS = (150, 260, 350)  # what is left of a post is not always of one length
SHORTEST = 60  # characters: less than this is a signature, or half a sentence
SENTENCE_END = Pattern(r"[。\n](?!$)")
Use = Literal["train", "test"]


def furnished(document: GoldDocument, use: Use, copy: int = 0) -> GoldDocument:
    """The document with lines of menus, bylines, links and licences around its text, the same ones every time."""
    chance = Random(f"{document.id}/{copy}")  # noqa: S311 (no secret hangs on it)
    head = chance.sample(_lines(use, "head"), chance.randint(1, 4))
    foot = chance.sample(_lines(use, "foot"), chance.randint(2, 8))
    return document.model_copy(update={"text": "\n".join([*head, document.text, *foot])})


def formulated(document: GoldDocument) -> GoldDocument:
    """The document with a formula of the authorities before one of its sentences, the same one every time."""
    chance = Random(f"{document.id}/formula")  # noqa: S311
    frames, formulas = _formulas()
    told = chance.choice(frames).format(chance.choice(formulas))
    text = document.text
    at = chance.choice([0, *(m.end() for m in SENTENCE_END.finditer(text))])
    return document.model_copy(update={"text": f"{text[:at]}{told}{text[at:]}"})


def misread(document: GoldDocument) -> GoldDocument:
    """The document with 3 % of its characters taken for others of like shape."""
    chance = Random(document.id)  # noqa: S311
    return document.model_copy(
        update={"text": _misread(document.text, chance), "title": _misread(document.title, chance)}
    )


def traditional(document: GoldDocument) -> GoldDocument:
    """The document in traditional characters."""
    convert = _to_traditional()
    return document.model_copy(
        update={name: convert(getattr(document, name)) for name in ("text", "title", "publisher")}
    )


def cut(document: GoldDocument, characters: int = CUT) -> GoldDocument:
    """The first characters of the document."""
    return document.model_copy(update={"text": document.text[:characters]})


def continued(document: GoldDocument) -> GoldDocument | None:
    """What stands behind the first characters, from the next sentence on, and as long; None where hardly any is left.

    Other posts begin with what this one says there.
    """
    end = SENTENCE_END.search(document.text, CUT)
    if end is None or len(document.text) - end.end() < SHORTEST:
        return None
    return document.model_copy(update={"text": document.text[end.end() :][:CUT]})


DAMAGES: dict[str, Callable[[GoldDocument], GoldDocument]] = {
    "3 % of characters misread": misread,
    "page furniture left in": lambda document: furnished(document, "test"),
    "traditional characters": traditional,
    "first 200 characters": cut,
}


def _misread(text: str, chance: Random) -> str:
    alike = _alike()
    open_to_it = [i for i, character in enumerate(text) if character in alike]
    wanted = min(len(open_to_it), round(MISREAD * len(text)))
    letters = list(text)
    for i in chance.sample(open_to_it, wanted):
        letters[i] = alike[letters[i]]
    return "".join(letters)


@lru_cache(maxsize=1)
def _alike() -> dict[str, str]:
    with (PHRASEBOOK / "misreadings.csv").open(encoding="utf-8", newline="") as lines:
        return {row["character"]: row["read_as"] for row in csv.DictReader(lines)}


@lru_cache(maxsize=1)
def _formulas() -> tuple[list[str], list[str]]:
    """The frames, each with a gap, and the formulas that may stand in it."""
    with (PHRASEBOOK / "formulas.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    frames, formulas = ([row["words"] for row in rows if row["part"] == part] for part in ("frame", "formula"))
    return frames, formulas


@lru_cache(maxsize=4)
def _lines(use: Use, where: str) -> list[str]:
    with (PHRASEBOOK / "furniture_left.csv").open(encoding="utf-8", newline="") as lines:
        return [row["line"] for row in csv.DictReader(lines) if (row["use"], row["where"]) == (use, where)]


@lru_cache(maxsize=1)
def _to_traditional() -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("s2t").convert
    return convert
