"""English words for codes and phrases, for readers who know no Chinese. Meaning of the codes: the annotation guide."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

import regex

from pipeline.language.phrases import compile_phrase
from pipeline.language.script import matching_copy
from pipeline.paths import PHRASEBOOK
from pipeline.records import Label

LABELS_EN: dict[Label, str] = {
    "mass_collection": "police-led collection of DNA or blood from a population",
    "health_screening": "blood or samples taken for health",
    "casework": "samples taken because of a case or an identification",
    "research": "samples taken for science",
    "other": "none of these",
}
# Tables of phrases in the pattern syntax of `justifications`, each with code and gloss.
PHRASES = ("justifications.csv", "circumstances.csv")


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    lines = (PHRASEBOOK / "codes.csv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split(",", 1) for line in lines if line)


def gloss(code: str) -> str:
    """The meaning of a code (reason, group, campaign, count, body, source); the code itself where none is known."""
    return _codes().get(code, code)


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table of the phrase book."""
    with (PHRASEBOOK / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@lru_cache(maxsize=1)
def _phrases() -> dict[str, list[tuple[regex.Pattern[str], str]]]:
    found: dict[str, list[tuple[regex.Pattern[str], str]]] = defaultdict(list)
    for name in PHRASES:
        for row in table(name):
            found[row["code"]].append((compile_phrase(row["code"], row["phrase"]).pattern, row["gloss_en"]))
    return found


def phrase_gloss(code: str, words: str) -> str:
    """English for a quoted reason or circumstance: the phrase book's gloss of its row, else that of the code.

    >>> phrase_gloss("no_code", "没有")
    'no_code'
    """
    copy = matching_copy(words)
    return next((english for pattern, english in _phrases().get(code, ()) if pattern.fullmatch(copy)), gloss(code))
