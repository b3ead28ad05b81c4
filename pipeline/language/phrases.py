"""Tables of phrases that bend: read from `corpora/phrasebook/`, compiled, and found in a text in one pass.

A phrase is plain text with signs: `{gap:N}` stands for up to N characters that end no clause (`{gap}` for up to 6),
`{over:N}` for up to N that end no sentence, `[a|b]` for one of the pieces, `(a)` for a part that may be missing. What a
phrase means where it stands is decided by those who use the table (`justifications`, `groups`, `sampling`).
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import regex
from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.paths import PHRASEBOOK
from pipeline.patterns import Pattern

IN_A_GAP = r"[\p{Han}A-Za-z0-9、“”「」‘’《》]"
IN_AN_OVERGAP = r"[^。！？!?\n]"
DEFAULT_GAP = 6
PIECE = Pattern(r"\{(gap|over)(?::(\d+))?\}|\[([^\]]*)\]|([()])|([^{\[()]+)")


@dataclass(frozen=True)
class Phrase:
    """A row of a table, ready to search.

    `anchors` are literal pieces one of which every match contains; no match is longer than `longest`, so that a
    text is looked at only around the anchors it has; a `listed` row is nothing but its anchors. Of each list in
    `needs` every match contains a piece too. Most rows are never met in a run, so patterns are compiled when they are.
    """

    code: str
    source: str
    anchors: tuple[str, ...]
    longest: int
    note: str = ""
    listed: bool = False
    needs: tuple[tuple[str, ...], ...] = ()

    def possible(self, text: str) -> bool:
        """Whether a stretch of text holds what every match must hold: a cheap test, which few stretches pass."""
        for choices in self.needs:
            for piece in choices:
                if piece in text:
                    break
            else:
                return False
        return True

    @cached_property
    def pattern(self) -> regex.Pattern[str]:
        """The regular expression."""
        return regex.compile(self.source)


class Hit(NamedTuple):
    """A phrase of the table in a text."""

    code: str
    start: int
    end: int
    note: str = ""


def compile_phrase(code: str, phrase: str, note: str = "") -> Phrase:
    """Turn a table row into a pattern. Raises ValueError where no piece of text is sure to occur.

    >>> compile_phrase("crime_fighting", "(严厉)打击{gap}犯罪").pattern.search("去打击各类违法犯罪")[0]
    '打击各类违法犯罪'
    """
    parts: list[str] = []
    sure: list[tuple[str, ...]] = []
    anchors: tuple[str, ...] = ()
    depth = longest = 0
    for sign, most, choice, bracket, literal in PIECE.findall(phrase):
        if bracket:
            depth += 1 if bracket == "(" else -1
            parts.append("(?:" if bracket == "(" else ")?")
        elif choice or literal:
            choices = tuple(choice.split("|")) if choice else (literal,)
            longest_first = sorted(choices, key=len, reverse=True)
            longest += max(map(len, choices))
            parts.append("(?:" + "|".join(regex.escape(piece) for piece in longest_first) + ")")
            if not depth and all(choices):
                sure.append(choices)
                if _seldom(choices) >= _seldom(anchors):
                    anchors = choices
        else:
            longest += int(most or DEFAULT_GAP)
            parts.append((IN_A_GAP if sign == "gap" else IN_AN_OVERGAP) + "{0," + (most or str(DEFAULT_GAP)) + "}?")
    if not anchors or depth:
        raise ValueError(f"no sure piece of text, or an open bracket, in the phrase {phrase!r}")
    needs = tuple(choices for choices in sure if choices is not anchors)
    return Phrase(code, "".join(parts), anchors, longest, note, len(parts) == 1, needs)


def _seldom(choices: Sequence[str]) -> tuple[int, int]:
    """Orders lists of pieces by how seldom a text has one: by the shortest piece; of single characters the fewest.

    Of lists that tie the later is taken: 群众…平安 and 人口…清楚 have the word that says more behind.
    """
    shortest = min(map(len, choices), default=0)
    return shortest, -len(choices) if shortest == 1 else 0


class Table:
    """Phrases by code. Rows whose anchors a text lacks cost nothing."""

    def __init__(self, rows: Sequence[Phrase]) -> None:
        self.rows = tuple(rows)
        owners: dict[str, list[int]] = {}
        for i, row in enumerate(self.rows):
            for anchor in row.anchors:
                owners.setdefault(anchor, []).append(i)
        listed = [frozenset(i for i in rows if self.rows[i].listed) for rows in owners.values()]
        self._listed = tuple(map(tuple, listed))
        self._owners = tuple(
            tuple(i for i in rows if i not in lists) for rows, lists in zip(owners.values(), listed, strict=True)
        )
        self._automaton = AhoCorasick(list(owners), matchkind=MatchKind.Standard)

    def find(self, text: str) -> list[Hit]:
        """Every phrase in a piece of a matching copy, wherever it stands, in order."""
        looks: dict[int, list[list[int]]] = {}
        listed: dict[int, list[tuple[int, int]]] = {}
        for anchor, a, b in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for i in self._listed[anchor]:
                listed.setdefault(i, []).append((a, -b))
            for i in self._owners[anchor]:
                windows, reach = looks.setdefault(i, []), self.rows[i].longest
                if windows and windows[-1][1] >= a - reach:
                    windows[-1][1] = b + reach
                else:
                    windows.append([max(0, a - reach), b + reach])
        hits = {
            Hit(row.code, match.start(), match.end(), row.note)
            for row, windows in ((self.rows[i], windows) for i, windows in looks.items())
            for start, end in windows
            if row.possible(text[start:end])
            for match in row.pattern.finditer(text, start, end)
        }
        for i, found in listed.items():
            row, free = self.rows[i], 0
            for start, end in sorted(found):  # the longest of those that begin at one place
                if start >= free:
                    free = -end
                    hits.add(Hit(row.code, start, free, row.note))
        return sorted(hits, key=lambda hit: (hit.start, hit.end, hit.code, hit.note))


def joined(hits: Sequence[Hit]) -> list[Hit]:
    """Hits of one code that overlap as one: 有利于侦查 and 侦查破案 are 有利于侦查破案."""
    found: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.code, hit.start, -hit.end)):
        last = found[-1] if found else None
        if last is None or last.code != hit.code or hit.start >= last.end:
            found.append(hit)
        else:
            note = last.note if last.note == hit.note else ""
            found[-1] = Hit(hit.code, last.start, max(last.end, hit.end), note)
    return sorted(found, key=lambda hit: (hit.start, hit.end))


@lru_cache(maxsize=8)
def load_table(name: str) -> Table:
    """The table `corpora/phrasebook/<name>.csv`, read once."""
    with (PHRASEBOOK / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return Table([compile_phrase(row["code"], row["phrase"], row["note"]) for row in csv.DictReader(lines)])
