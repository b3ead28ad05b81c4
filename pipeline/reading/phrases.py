"""Phrase tables about pages (`corpora/phrasebook/page_*.csv`): what a line is, told by its words.

In these tables `#` stands for a number and `*` for anything; a phrase is compared with a whole line, blanks left out.
"""

from __future__ import annotations

import csv
from functools import lru_cache

import regex

from pipeline.paths import PHRASEBOOK

NUMBER = r"[\d.,]++(?:万|w|W|k|K)?\+?"
LONGEST = 200  # characters of a line that are looked at


@lru_cache(maxsize=16)
def rows(table: str) -> tuple[tuple[str, str], ...]:
    """Code and phrase of every row of a table, in its order."""
    with (PHRASEBOOK / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return tuple((row["code"], row["phrase"]) for row in csv.DictReader(lines))


@lru_cache(maxsize=16)
def _patterns(table: str) -> tuple[tuple[str, regex.Pattern[str]], ...]:
    by_code: dict[str, list[str]] = {}
    for code, phrase in rows(table):
        pattern = regex.escape(squash(phrase)).replace(r"\#", "#").replace("#", NUMBER).replace(r"\*", ".*")
        by_code.setdefault(code, []).append(pattern)
    return tuple((code, regex.compile("|".join(patterns), regex.IGNORECASE)) for code, patterns in by_code.items())


@lru_cache(maxsize=4096)
def code_of(table: str, text: str) -> str | None:
    """The code of the first phrase that is the line's, or None.

    >>> code_of("page_furniture", "阅读 1.2万 赞48 在看12"), code_of("page_furniture", "采集血样28份")
    ('reader', None)
    """
    line = squash(text)[:LONGEST]
    return next((code for code, pattern in _patterns(table) if pattern.fullmatch(line)), None)


def squash(text: str) -> str:
    """The text without blanks.

    >>> squash(" 您当前所在位置：首页 > 政务动态　")
    '您当前所在位置：首页>政务动态'
    """
    return "".join(text.split())
