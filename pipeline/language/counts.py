"""Which numbers count DNA samples, or people sampled: kind, value, bounds, place and date of each.

Most figures in a post count something else in the same units. What a number counts: `count_kinds`, by the word that
governs it; its date: `count_dates`; its place: `count_places`; tables: `count_tables`; figures that contradict each
other: `count_checks`. Words: `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import Context, body, keep
from pipeline.language.count_checks import DISAGREE, disagree
from pipeline.language.count_dates import Calendar
from pipeline.language.count_kinds import GENETIC, Figure, Said, sentence_figures
from pipeline.language.count_places import paragraph_place, place_of
from pipeline.language.count_tables import Cell, table_counts
from pipeline.language.count_words import words
from pipeline.language.cues import Cue, find_cues
from pipeline.language.script import matching_copy
from pipeline.language.sentences import sentence_bounds
from pipeline.records import Count

# How far back a sentence may take its subject from, in characters.
NEAR = 400
# Where a health post, a study or general news is certain, a figure needs DNA named beside it.
SURE = 0.6
# A study's blood is a DNA sample only where genes are named this near before it, in characters.
GENES_NEAR = 150


@Language.factory("xueyang_counts")
def make_counts(nlp: Language, name: str) -> CountsComponent:
    """The component that leaves the counts in `doc._.counts`."""
    return CountsComponent()


class CountsComponent:
    """Finds the numbers of DNA samples."""

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.counts` and `doc.spans["counts"]`, and `doc._.warnings` where figures contradict each other."""
        counts, contradictory = read_counts(body(doc), doc._.context, doc._.cues, doc.cats)
        doc._.warnings = (DISAGREE,) if contradictory else ()
        return keep(doc, "counts", counts)


def find_counts(
    text: str, context: Context, cues: Sequence[Cue] | None = None, cats: Mapping[str, float] | None = None
) -> tuple[Count, ...]:
    """The counts of a post, in order, each figure once. `cats` are label scores, where known."""
    return read_counts(text, context, cues, cats)[0]


def read_counts(
    text: str, context: Context, cues: Sequence[Cue] | None = None, cats: Mapping[str, float] | None = None
) -> tuple[tuple[Count, ...], bool]:
    """The counts of a post, as `find_counts`, and whether any contradict each other."""
    copy = matching_copy(text)
    cues = find_cues(copy) if cues is None else cues
    about = words()["sample"].search(matching_copy(context.title)) is not None
    study = (cats or {}).get("research", 0.0) >= SURE
    about = about or (cats or {}).get("mass_collection", 0.0) >= SURE
    if not (about or any(cue.code in ("dna", "blood") for cue in cues)) or _elsewhere(cats):
        return (), False
    calendar = Calendar(copy, context)
    tables, covered = table_counts(copy, calendar)
    found: dict[tuple[str, float], Count] = {}
    said: Said | None = None
    for start, end in sentence_bounds(copy):
        if not any(a <= start < b for a, b in covered):
            sentence = copy[start:end]
            genes = not study or words()["genes"].search(copy, max(0, start - GENES_NEAR), end) is not None
            if not genes or not _topical(copy, start, sentence, about):
                continue
            figures, said = sentence_figures(sentence, start, said)
            for figure in figures:
                count = _count(text, copy, figure, calendar, start)
                found.setdefault((count.kind, count.value), count)
    for cell in tables:
        count = _table_count(text, cell)
        found.setdefault((count.kind, count.value), count)
    counts = tuple(sorted(found.values(), key=lambda count: count.start or 0))
    return counts, disagree(copy, counts, tables)


def _elsewhere(cats: Mapping[str, float] | None) -> bool:
    return bool(cats) and max(cats.get("health_screening", 0.0), cats.get("other", 0.0)) >= SURE  # type: ignore[union-attr]


def _topical(copy: str, start: int, sentence: str, about: bool) -> bool:
    """Whether the sentence, or what stands before it, speaks of samples and not of virus tests, drivers or cattle."""
    if words()["never"].search(sentence) or (words()["elsewhere"].search(sentence) and not GENETIC.search(sentence)):
        return False
    if words()["sample"].search(sentence) or words()["sample"].search(copy, max(0, start - NEAR), start):
        return True
    return about and any(words()[code].search(sentence) for code in ("collect", "rate", "target"))


def _table_count(text: str, cell: Cell) -> Count:
    numeral = cell.numeral
    return Count(
        text=text[cell.start : cell.end], start=cell.start, end=cell.end, kind=cell.kind, value=numeral.value,
        upper=numeral.upper, qualifier=numeral.qualifier, place=cell.place, as_of=cell.as_of,
    )  # fmt: skip


def _count(text: str, copy: str, figure: Figure, calendar: Calendar, sentence_start: int) -> Count:
    numeral = figure.numeral
    return Count(
        text=text[figure.start : figure.end],
        start=figure.start,
        end=figure.end,
        kind=figure.kind,
        value=numeral.value,
        upper=numeral.upper,
        qualifier=numeral.qualifier,
        place=_place(text, copy, figure, sentence_start),
        as_of=calendar.as_of(figure.kind, figure.start, figure.end, sentence_start),
    )


def _place(text: str, copy: str, figure: Figure, sentence_start: int) -> str | None:
    """The place as it stands: the matching copy has the same offsets."""
    line = copy.rfind("\n", 0, sentence_start) + 1
    for start, end, place in (
        (sentence_start, figure.start, place_of(copy[sentence_start : figure.start])),
        (line, sentence_start, paragraph_place(copy[line:sentence_start])),
    ):
        if place is not None:
            at = start + copy[start:end].rindex(place)
            return text[at : at + len(place)]
    return None
