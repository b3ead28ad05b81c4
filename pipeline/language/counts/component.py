"""Which numbers count DNA samples, or people sampled: kind, value, bounds, place and date of each.

Most figures in a post count something else in the same units. What a number counts: `counts.kinds`, by the word that
governs it; its date: `count_dates.as_of`; its place: `count_places.nearest`; tables: `tables.tables`; figures that
contradict each other: `counts.checks`. Words: `corpora/phrasebook/count_words.csv`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import regex
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import Context, body, keep
from pipeline.language.count_dates.as_of import Calendar
from pipeline.language.count_dates.schedules import schedule_counts
from pipeline.language.count_places.names import local_names
from pipeline.language.count_places.nearest import place_span
from pipeline.language.count_places.stations import without_own_name
from pipeline.language.counts.awaited import awaited
from pipeline.language.counts.checks import DISAGREE, UNCLEAR, disagree
from pipeline.language.counts.ellipsis import Said
from pipeline.language.counts.kinds import GENETIC, Figure, sentence_figures
from pipeline.language.counts.lists import list_counts
from pipeline.language.counts.model import FIGURE_CLASSES, Candidate, candidates
from pipeline.language.counts.numerals import FIGURE, Numeral
from pipeline.language.counts.once import Found, add, all_of, once
from pipeline.language.counts.pairs import pair_figures
from pipeline.language.counts.parts import with_parts
from pipeline.language.counts.setting import Topic, plans, study_copy
from pipeline.language.counts.studies import participants
from pipeline.language.counts.vetoes import Setting
from pipeline.language.counts.weighing import NUMBER_FEATURES, Told, listed, spoken, weighed_kinds
from pipeline.language.counts.words import words
from pipeline.language.dates.days import YEAR
from pipeline.language.fitted.weighing import Weighed
from pipeline.language.fitted.windows import Post, placed_words
from pipeline.language.label.cues import Cue, find_cues
from pipeline.language.script import MISREAD, matching_copy
from pipeline.language.sentences import PARAGRAPH, sentence_bounds
from pipeline.language.spans import holding
from pipeline.language.tables.cells import with_cells
from pipeline.language.tables.tables import Cell, column_sums, lots_taken, table_counts
from pipeline.patterns import Pattern
from pipeline.privacy import numbers_of_persons
from pipeline.records import Count, CountKind

# 108 between blanks, in a row of a purchase.
CELL = Pattern(r"\s(?:不超过|不少于|至少|约)?[\d.,]+(?:\s|$)")
# How far back a sentence may take its subject from, in characters.
NEAR = 400
# A heading that is a sentence of its own: 五、农村妇女“两癌”筛查。
HEADING = Pattern(
    r"[ \t\u3000]*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d{1,2}[.、])[^，。；\n]{1,24}。"
)
# How far back what a sentence leaves unsaid is looked for, in characters.
LEAD = 120
# Scores of labels: a post is surely of one, rather of one than not, or may well be of one.
SURE, RATHER, MAY_WELL = 0.6, 0.5, 0.25
# Words one of which a sentence far from any sample must hold, in a post about samples.
TELLING = ("collect", "rate", "target", "roll", "database")
# Words of a collection that need not name a sample.
ROLL_CALL = Pattern(r"采集率|应采|实采|采样率|扎手指")
TESTS = Pattern(r"检[验测]|分型|建库")
# General news counts only how large the police's own bank is.
OWN_BANK = Pattern(
    r"(?:我国|全国|国家|公安部|部级|公安机关|公安)[^，。；]{0,10}(?:DNA|基因)?[^，。；]{0,4}(?:数据库|库)|(?:部|省|市|县)级库"
)
FOREIGN = Pattern(r"美国|英国|法国|德国|日本|欧洲|FBI|CODIS|公司|用户|客户|样本库|图书|骨髓|造血|登记库|干细胞")
SAMPLED = ("mass_collection", "casework", "research")
# A study's blood is a DNA sample only where genes are named this near before it, in characters.
GENES_NEAR = 150
# 一、接处警满意率。
OTHER_RATE = Pattern(
    r"[ \t\u3000]*(?:[一二三四五六七八九十]{1,2}、|[（(][一二三四五六七八九十\d]{1,2}[）)]|\d{1,2}[.、．])"
    r"[^，。；：:\n]{0,10}(?:满意|破案|办结|调解|出勤|安装|见面|登记|化解|接种|参保|注册|核查|管控)率"
)
OF_SAMPLING = Pattern(r"采|血|DNA|Y库|样|家系|建库|入库")


@Language.factory("xueyang_counts")
def make_counts(nlp: Language, name: str) -> CountsComponent:
    """The component that leaves the counts in `doc._.counts`."""
    return CountsComponent()


class CountsComponent:
    """Finds the numbers of DNA samples: by rules, and by the fitted model where there is one."""

    model: Weighed | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.counts` and `doc.spans["counts"]`, and `doc._.warnings` where figures disagree or are unclear."""
        words_at = placed_words(doc) if self.model is not None else None
        counts, contradictory = read_counts(body(doc), doc._.context, doc._.cues, doc.cats, self.model, words_at)
        unclear = any(MISREAD.search(count.text) for count in counts)
        doc._.warnings = (DISAGREE,) * contradictory + (UNCLEAR,) * unclear
        return keep(doc, "counts", counts)

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the model, where there is one."""
        if self.model is not None:
            self.model.to_disk(Path(path))

    def from_disk(self, path: Path, **_: Any) -> CountsComponent:
        """Read the model, where there is one."""
        self.model = Weighed.from_disk(Path(path), FIGURE_CLASSES, NUMBER_FEATURES) if Path(path).exists() else None
        return self


def read_counts(
    text: str,
    context: Context,
    cues: Sequence[Cue] | None = None,
    cats: Mapping[str, float] | None = None,
    model: Weighed | None = None,
    words_at: Sequence[tuple[int, str]] | None = None,
) -> tuple[tuple[Count, ...], bool]:
    """The counts of a post, in order, each figure once, and whether any contradict each other.

    `cats`: scores of labels; `model`: asked in posts about samples of a population, a case or a study; `words_at`: the
    post's words. Each where known.
    """
    copy = matching_copy(text)
    cues = find_cues(copy) if cues is None else cues
    told = ruled(text, copy, context, cues, cats or {})
    if told is None:
        return (), False
    found = told.found
    if model is not None and told.whole.topic.sampling:
        label = max(SAMPLED, key=lambda name: (cats or {}).get(name, 0.0))
        post = Post.of(copy, matching_copy(context.title), sentence_bounds(copy), cues, label, words_at)
        count_of = partial(_count, text, copy, told.calendar)
        numbers = candidates(post, told.covered)
        dated = holding([(d.start, d.end) for d in told.calendar.dates] if numbers else [])
        bought = told.whole.topic.purchase  # where a number that stands alone is a price in a cell
        numbers = [at for at in numbers if not dated(at.start) and not (bought and CELL.fullmatch(copy, *_around(at)))]
        found = _weighed(model, post, numbers, list(found.values()), count_of)
        found = all_of(_without_aims(copy, post.bounds, list(found.values())))
    found = all_of(awaited(copy, told.calendar, found.values(), tests_asked=told.whole.tests_asked))
    if told.whole.topic.sampling and not told.whole.general:
        found = all_of(_with_parts(text, copy, told, list(found.values())))
    cells = [(cell, _table_count(text, copy, cell)) for cell in (() if told.whole.general else told.cells)]
    in_sentences = without_own_name(copy, found.values())
    all_counts = [count for count in with_cells(in_sentences, cells) if _possible(count)]
    counts = tuple(sorted(once(all_counts), key=lambda count: count.start or 0))
    return counts, disagree(copy, counts, told.tables)


def _with_parts(text: str, copy: str, told: Ruled, counts: list[Count]) -> list[Count]:
    """The counts and those that arithmetic tells. What a purchase has tested of what was taken is no task beside it."""
    starts = [start for start, _ in sentence_bounds(copy)]

    def count_at(numeral: Numeral, kind: CountKind) -> Count:
        sentence = starts[max(0, bisect_right(starts, numeral.start) - 1)]
        figure = Figure(numeral, kind, numeral.start, numeral.end)
        return _count(text, copy, told.calendar, figure, sentence)

    taken = {count.value for count in counts if count.kind == "samples"} if told.whole.tests_asked else set[float]()
    counts = [count for count in counts if count.kind != "target" or count.value not in taken]
    return with_parts(copy, counts, told.covered, count_at)


def _without_aims(copy: str, bounds: Sequence[tuple[int, int]], counts: Iterable[Count]) -> Iterator[Count]:
    """The counts without the shares that a section about what is to be done names: they are to be reached."""
    whole, starts = Setting(copy), [start for start, _ in bounds]
    for count in counts:
        at = bisect_right(starts, count.start or 0) - 1
        aimed = count.kind == "coverage" and at >= 0 and whole.planned(*bounds[at])
        if not (aimed or (count.kind == "coverage" and _of_other_rate(copy, count.start or 0))):
            yield count


def _of_other_rate(copy: str, at: int) -> bool:
    """Whether a share stands in a numbered item headed by another rate: 一、接处警满意率。前三名：东所99.2%."""
    line = copy.rfind("\n", max(0, at - PARAGRAPH), at) + 1
    headed = OTHER_RATE.match(copy, line, at)
    return headed is not None and OF_SAMPLING.search(copy, line, at) is None


def _around(at: Candidate) -> tuple[int, int]:
    """A number with the letters beside it."""
    return max(0, at.start - 1), at.end + 1


def _possible(count: Count) -> bool:
    """Whether so many can be counted: no 0.32 samples, where a table's unit stands nowhere."""
    return count.kind == "coverage" or float(count.value).is_integer()


class Ruled(NamedTuple):
    """What the rules read of a post: `found` outside its tables and lists, which are `covered`, and `cells` in them."""

    whole: _Whole
    calendar: Calendar
    found: Found
    covered: list[tuple[int, int]]
    tables: list[Cell]
    cells: tuple[Cell, ...]


def ruled(text: str, copy: str, context: Context, cues: Sequence[Cue], cats: Mapping[str, float]) -> Ruled | None:
    """The counts of a post by the rules alone; None where nothing in it can count samples."""
    post = _about(copy, context, cues, cats)
    if post is None:
        return None
    calendar = Calendar(copy, context, mass=post.topic.mass)
    tables, covered = table_counts(copy, calendar)
    lists, lines = list_counts(copy, calendar)
    covered += lines
    lists += schedule_counts(copy, calendar, covered)
    numbers = numbers_of_persons(copy)
    # in a table 138 1234 5678 are three cells
    whole = holding([(start, end) for start, end in numbers if " " not in copy[start:end]])
    pairs = list(pair_figures(copy, covered)) if post.topic.sampling and not post.general else []
    listed = {figure for _, figure in pairs}
    paired = [(figure.start, figure.end) for _, figure in pairs]
    apart = paired + numbers
    held = holding(apart + covered)
    told = [(row, figure) for row, figure in _sentences(post, covered) if not held(figure.start)] + pairs
    covered += apart
    if post.tests_asked:
        tables = lots_taken(tables, [figure.numeral.value for _, figure in told if figure.kind == "samples"])
    cells = tuple(cell for cell in (*tables, *lists) if not whole(cell.start))
    found: Found = {}
    sums = column_sums(tables)
    for start, said in told:
        taken = said.kind == "target" and said.numeral.kind != "percent" and calendar.was_taken(said.start, start)
        figure = replace(said, kind="samples" if taken else sums.get(said.numeral.value, said.kind))
        count = _count(text, copy, calendar, figure, start)
        if said in listed and count.as_of is None and count.kind != "target":
            count = count.model_copy(update={"as_of": calendar.table(figure.start)})
        add(found, count)
    return Ruled(post, calendar, found, covered, tables, cells)


@dataclass(frozen=True)
class _Whole:
    """What is known of a post before its sentences are read.

    `about`: it is about samples as a whole; `study`: it is research, of `genes`; `general`: it is about health or
    general news, and only the police's own bank counts; `aside`: its title names other tests.
    """

    copy: str
    title: str
    topic: Topic
    about: bool
    study: bool
    genes: bool
    general: bool
    aside: bool

    @property
    def tests_asked(self) -> bool:
        """Whether it is a purchase of tests of a population's samples."""
        return self.topic.purchase and self.topic.mass and TESTS.search(self.title) is not None


def _about(copy: str, context: Context, cues: Sequence[Cue], cats: Mapping[str, float]) -> _Whole | None:
    """What a post is about; None where nothing in it can count samples."""
    title = matching_copy(context.title)
    mass = cats.get("mass_collection", 0.0) >= SURE
    study = cats.get("research", 0.0) >= SURE
    genes = study and words()["genes"].search(title) is not None
    sampling = sum(cats.get(label, 0.0) for label in SAMPLED) >= SURE
    about = words()["sample"].search(title) is not None or genes or mass
    named = about or any(cue.code in ("dna", "blood") for cue in cues)
    named = named or (sampling and words()["sample"].search(copy) is not None)
    if sampling and not named and ROLL_CALL.search(copy):
        named = about = True
    general = _elsewhere(copy, cats)
    if not named or (general and OWN_BANK.search(copy) is None):
        return None
    topic = Topic(
        mass=mass,
        sampling=sampling,
        purchase=words()["purchase"].search(title) is not None,
        case=cats.get("casework", 0.0) >= SURE,
    )
    aside = words()["elsewhere"].search(title) is not None
    return _Whole(copy, title, topic, about, study, genes, general, aside)


def _sentences(post: _Whole, covered: Sequence[tuple[int, int]]) -> Iterator[tuple[int, Figure]]:
    """The figures of the sentences outside tables, each with where its sentence starts."""
    copy = study_copy(post.copy) if post.study else post.copy
    topics = (post.topic, replace(post.topic, planned=True))
    parts = plans(copy, post.title)
    whole = Setting(post.copy, study=post.study)
    said: Said | None = None
    joined: list[Figure] = []
    for start, end in _topical(copy, covered, post):
        planned = parts[bisect_left(parts, (start + 1, False)) - 1][1]
        lead = copy[max(0, start - LEAD) : start]
        figures, said = sentence_figures(copy[start:end], start, said, topics[planned], lead)
        figures = whole.judged(figures, start, end)
        if post.genes:
            joined = participants(copy, start, end, figures, joined != [])
            figures += joined
        if post.general:
            bank = OWN_BANK.search(copy, start, end) and not FOREIGN.search(copy, start, end)
            figures = [figure for figure in figures if bank and figure.kind == "database"]
        yield from ((start, figure) for figure in figures)


def _weighed(
    model: Weighed,
    post: Post,
    numbers: Sequence[Candidate],
    counts: Sequence[Count],
    count_of: Callable[[Figure, int], Count],
) -> Found:
    """The rules' counts that stand, as they are or as another kind, and those that only the model has seen.

    Each with the score of its number; a number that is no candidate (`counts.model`) stays as the rules read it.
    """
    rules = spoken([at.stretch for at in numbers], counts)
    kinds = [None if rule is None else counts[rule].kind for rule in rules]
    weighed = weighed_kinds(
        model,
        kinds,
        [at.numeral.kind == "percent" for at in numbers],
        model.window.scores(post, [at.stretch for at in numbers]),
        mass=post.label == "mass_collection",
        lists=listed(post, numbers, kinds),
    )
    judged: dict[int | None, list[tuple[Candidate, Told]]] = {}
    for at, rule, told in zip(numbers, rules, weighed, strict=True):
        judged.setdefault(rule, []).append((at, told))
    found: Found = {}
    for rule, count in enumerate(counts):
        here = judged.get(rule)
        if here is None:
            add(found, count)
            continue
        alike = [told.score for _, told in here if told.kind == count.kind]
        if alike:
            add(found, count.model_copy(update={"score": max(alike)}))
            continue
        for at, (kind, score) in here:
            if kind is not None:
                again = count_of(_figure(at, kind), post.bounds[at.stretch.sentence][0])
                if kind == "target" and count.kind == "samples" and _past(count, again):
                    add(found, count.model_copy(update={"score": 1 - score}))
                    break
                changed = {"kind": kind, "as_of": again.as_of, "score": score}
                add(found, count.model_copy(update=changed))
                break
    for at, (kind, score) in judged.get(None, ()):
        if kind is not None:
            count = count_of(_figure(at, kind), post.bounds[at.stretch.sentence][0])
            add(found, count.model_copy(update={"score": score}))
    return found


def _past(taken: Count, owed: Count) -> bool:
    """Whether a task would have no deadline but the past month or day of a figure: 6月底做到2.1万份，9月底4.4万份."""
    return owed.as_of in (None, taken.as_of) and len(taken.as_of or "") > YEAR


def _figure(at: Candidate, kind: CountKind) -> Figure:
    return Figure(at.numeral, kind, at.start, at.end)


def _elsewhere(copy: str, cats: Mapping[str, float]) -> bool:
    """Whether a post is rather about health or general news, or may well be about health and never names DNA."""
    health = cats.get("health_screening", 0.0)
    if health + cats.get("other", 0.0) >= RATHER:
        return True
    return health >= MAY_WELL and GENETIC.search(copy) is None


def _topical(copy: str, covered: Sequence[tuple[int, int]], post: _Whole) -> Iterator[tuple[int, int]]:
    """The sentences outside tables that speak of samples, or stand near such, and not of other tests or of cattle."""
    named = [m.start() for m in words()["sample"].finditer(copy)]
    never, elsewhere = words()["never"], words()["elsewhere"]
    reach = 2 * NEAR if post.topic.sampling else NEAR
    held = holding(covered)
    for start, end in sentence_bounds(copy):
        if held(start):
            continue
        sentence = copy[start:end]
        near = bisect_left(named, start - reach) < bisect_left(named, end)
        if FIGURE.search(sentence) is None:
            continue
        if not near and not (post.about and (post.study or any(words()[code].search(sentence) for code in TELLING))):
            continue
        if post.study and not post.about and not words()["genes"].search(copy, max(0, start - GENES_NEAR), end):
            continue
        if never.search(sentence) or _headed(copy, start, end, never):
            continue
        if not (post.aside or elsewhere.search(sentence)) or GENETIC.search(sentence):
            yield start, end


def _headed(copy: str, start: int, end: int, never: regex.Pattern[str]) -> bool:
    """Whether a sentence stands in a paragraph that begins with what has no DNA: 五、“两癌”筛查。任务6500人."""
    line = copy.rfind("\n", max(0, start - PARAGRAPH), start) + 1
    head = HEADING.match(copy, line, start)
    return head is not None and never.search(head[0]) is not None and GENETIC.search(copy, line, end) is None


def _table_count(text: str, copy: str, cell: Cell) -> Count:
    numeral = cell.numeral
    at = copy.rfind(cell.place, 0, cell.start) if cell.place else -1
    place = text[at : at + len(cell.place)] if cell.place and at >= 0 else cell.place
    return Count(
        text=text[cell.start : cell.end], start=cell.start, end=cell.end, kind=cell.kind, value=numeral.value,
        upper=numeral.upper, qualifier=numeral.qualifier, place=place, as_of=cell.as_of,
    )  # fmt: skip


def _count(text: str, copy: str, calendar: Calendar, figure: Figure, sentence_start: int) -> Count:
    numeral = figure.numeral
    return Count(
        text=text[figure.start : figure.end],
        start=figure.start,
        end=figure.end,
        kind=figure.kind,
        value=numeral.value,
        upper=numeral.upper,
        qualifier=numeral.qualifier,
        place=_place(text, copy, figure, sentence_start, calendar),
        as_of=calendar.as_of(figure.kind, figure.start, figure.end, sentence_start),
    )


def _place(text: str, copy: str, figure: Figure, sentence_start: int, calendar: Calendar) -> str | None:
    """The place as it stands: the matching copy has the same offsets."""
    local = local_names(calendar.context.publisher)
    span = figure.row or place_span(copy, sentence_start, figure.start, mass=calendar.mass, local=local)
    return text[slice(*span)] if span else None
