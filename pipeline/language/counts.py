"""Which numbers count DNA samples, or people sampled: kind, value, bounds, place and date of each.

Most figures in a post count something else in the same units. What a number counts: `count_kinds`, by the word that
governs it; its date: `count_dates`; its place: `count_places`; tables: `count_tables`; figures that contradict each
other: `count_checks`. Words: `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

import regex
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import Context, body, keep
from pipeline.language.count_checks import DISAGREE, disagree
from pipeline.language.count_dates import Calendar
from pipeline.language.count_kinds import GENETIC, Figure, Said, sentence_figures
from pipeline.language.count_lists import list_counts
from pipeline.language.count_places import paragraph_place, place_of
from pipeline.language.count_setting import Topic
from pipeline.language.count_studies import participants
from pipeline.language.count_tables import Cell, table_counts
from pipeline.language.count_vetoes import Setting, study_copy
from pipeline.language.count_words import words
from pipeline.language.cues import Cue, find_cues
from pipeline.language.script import matching_copy
from pipeline.language.sentences import sentence_bounds
from pipeline.records import Count

# How far back a sentence may take its subject from, in characters.
NEAR = 400
# Scores of labels: a post is surely of one, rather of one than not, or may well be of one.
SURE, RATHER, MAY_WELL = 0.6, 0.5, 0.25
# Words one of which a sentence far from any sample must hold, in a post about samples.
TELLING = ("collect", "rate", "target", "roll")
# How a figure is told again: in round numbers, at the least of this size of the last digit.
ROUGH = ("more_than", "about")
SMALLEST_ROUND = 100
# Words of a collection that need not name a sample.
ROLL_CALL = regex.compile(r"采集率|应采|实采|采样率|扎手指")
# General news counts only how large the police's own bank is.
OWN_BANK = regex.compile(
    r"(?:我国|全国|国家|公安部|部级|公安机关|公安)[^，。；]{0,10}(?:DNA|基因)?[^，。；]{0,4}(?:数据库|库)|(?:部|省|市|县)级库"
)
FOREIGN = regex.compile(r"美国|英国|法国|德国|日本|欧洲|FBI|CODIS|公司|用户|客户|样本库|图书|骨髓|登记库|干细胞")
SAMPLED = ("mass_collection", "casework", "research")
# A study's blood is a DNA sample only where genes are named this near before it, in characters.
GENES_NEAR = 150
# What every figure holds: a sentence without is left out first.
FIGURE = regex.compile(r"[\d零〇一二三四五六七八九两十百千万亿廿卅]")


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
    genes = study and words()["genes"].search(matching_copy(context.title)) is not None
    about = about or genes or (cats or {}).get("mass_collection", 0.0) >= SURE
    sampling = sum((cats or {}).get(label, 0.0) for label in SAMPLED) >= SURE
    named = about or any(cue.code in ("dna", "blood") for cue in cues)
    named = named or (sampling and words()["sample"].search(copy) is not None)
    if sampling and not named and ROLL_CALL.search(copy):
        named = about = True
    general = _elsewhere(copy, cats or {})
    if not named or (general and OWN_BANK.search(copy) is None):
        return (), False
    topic = Topic(
        mass=(cats or {}).get("mass_collection", 0.0) >= SURE,
        sampling=sampling,
        purchase=words()["purchase"].search(matching_copy(context.title)) is not None,
        case=(cats or {}).get("casework", 0.0) >= SURE,
    )
    calendar = Calendar(copy, context, mass=topic.mass)
    aside = words()["elsewhere"].search(matching_copy(context.title)) is not None
    tables, covered = table_counts(copy, calendar)
    lists, lines = list_counts(copy, calendar)
    covered += lines
    found: dict[tuple[str, float], Count] = {}
    said: Said | None = None
    reach = 2 * NEAR if sampling else NEAR
    said_as = study_copy(copy) if study else copy
    whole = Setting(copy, study=study)
    joined: list[Figure] = []
    for start, end in _topical(said_as, covered, about=about, reach=reach, study=study, aside=aside):
        figures, said = sentence_figures(said_as[start:end], start, said, topic)
        figures = whole.judged(figures, start, end)
        if genes:
            joined = participants(copy, start, end, figures, joined != [])
            figures += joined
        if general:
            bank = OWN_BANK.search(copy, start, end) and not FOREIGN.search(copy, start, end)
            figures = [figure for figure in figures if bank and figure.kind == "database"]
        for figure in figures:
            count = _count(text, copy, figure, calendar, start)
            found.setdefault((count.kind, count.value), count)
    for cell in () if general else (*tables, *lists):
        count = _table_count(text, copy, cell)
        found.setdefault((count.kind, count.value), count)
    counts = tuple(sorted(_once(list(found.values())), key=lambda count: count.start or 0))
    return counts, disagree(copy, counts, tables)


def _once(counts: Sequence[Count]) -> list[Count]:
    """The same without rough words for a figure told exactly before: 3,024份, later 三千多人的血."""
    return [rough for rough in counts if not any(_says_again(rough, exact) for exact in counts)]


def _says_again(rough: Count, exact: Count) -> bool:
    if rough.kind != exact.kind or rough.qualifier not in ROUGH or exact.qualifier != "exact":
        return False
    digits = str(int(rough.value)).rstrip("0")
    unit = 10 ** (len(str(int(rough.value))) - len(digits))
    told = rough.value <= exact.value < rough.value + unit
    return told and unit >= SMALLEST_ROUND and (rough.start or 0) > (exact.start or 0)


def _elsewhere(copy: str, cats: Mapping[str, float]) -> bool:
    """Whether a post is rather about health or general news, or may well be about health and never names DNA."""
    health = cats.get("health_screening", 0.0)
    if health + cats.get("other", 0.0) >= RATHER:
        return True
    return health >= MAY_WELL and GENETIC.search(copy) is None


def _topical(
    copy: str, covered: Sequence[tuple[int, int]], *, about: bool, reach: int, study: bool, aside: bool
) -> Iterator[tuple[int, int]]:
    """The sentences outside tables that speak of samples, or stand near such, and not of other tests or of cattle.

    `about`: the post as a whole is about samples; `reach`: how near, in characters; `study`: it is research; `aside`:
    its title names other tests.
    """
    named = [m.start() for m in words()["sample"].finditer(copy)]
    never, elsewhere = words()["never"], words()["elsewhere"]
    for start, end in sentence_bounds(copy):
        if any(a <= start < b for a, b in covered):
            continue
        sentence = copy[start:end]
        near = bisect_left(named, start - reach) < bisect_left(named, end)
        if FIGURE.search(sentence) is None:
            continue
        if not near and not (about and (study or any(words()[code].search(sentence) for code in TELLING))):
            continue
        if study and not about and not words()["genes"].search(copy, max(0, start - GENES_NEAR), end):
            continue
        if never.search(sentence):
            continue
        if not (aside or elsewhere.search(sentence)) or GENETIC.search(sentence):
            yield start, end


def _table_count(text: str, copy: str, cell: Cell) -> Count:
    numeral = cell.numeral
    at = copy.rfind(cell.place, 0, cell.start) if cell.place else -1
    place = text[at : at + len(cell.place)] if cell.place and at >= 0 else cell.place
    return Count(
        text=text[cell.start : cell.end], start=cell.start, end=cell.end, kind=cell.kind, value=numeral.value,
        upper=numeral.upper, qualifier=numeral.qualifier, place=place, as_of=cell.as_of,
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
