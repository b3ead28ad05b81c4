"""Reasons given for a collection: what the post says the samples or the database are for.

The same slogans close every police post, so a phrase counts only where it is tied to the collection: in a clause of
purpose or effect in a sentence that tells of samples, in the next sentence referring back to one, or in the answer to
a question about why samples are taken. Which phrases stand for which reason is in
`corpora/phrasebook/justifications.csv`; this module says only where they count.

A phrase of the table is plain text with two signs: `{gap:N}` stands for up to N characters that end no clause (`{gap}`
for up to 6), `[a|b]` for one of the pieces, `(a)` for a part that may be missing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, cast

import regex
from ahocorasick_rs import AhoCorasick, MatchKind
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import Context, body, keep
from pipeline.language.cues import Cue, find_cues
from pipeline.language.script import matching_copy
from pipeline.paths import PHRASEBOOK
from pipeline.records import Justification, JustificationCode

# Labels under which reasons and groups are worth stating: other posts use the slogans for other work.
LABELS = frozenset({"mass_collection", "casework"})
IN_A_GAP = r"[\p{Han}A-Za-z0-9、“”「」‘’《》]"
DEFAULT_GAP = 6
MOST_IN_A_SENTENCE = 100
PIECE = regex.compile(r"\{gap(?::(\d+))?\}|\[([^\]]*)\]|([()])|([^{\[()]+)")

SENTENCE = regex.compile(r"[^。！？!?\n]++[。！？!?]*[”’」』）)]*|\n")


class Sentence(NamedTuple):
    """A sentence up to 。！？ or the line end: longer than those of `sentences`, since a list of reasons uses ；."""

    start: int
    end: int
    paragraph: int


class Phrase(NamedTuple):
    """A row of the table, ready to search: `anchors` are literal pieces one of which every match contains."""

    code: str
    pattern: regex.Pattern[str]
    anchors: tuple[str, ...]


class Hit(NamedTuple):
    """A phrase of the table in a text."""

    code: str
    start: int
    end: int


def compile_phrase(code: str, phrase: str) -> Phrase:
    """Turn a table row into a pattern. Raises ValueError where no piece of text is sure to occur.

    >>> compile_phrase("crime_fighting", "(严厉)打击{gap}犯罪").pattern.search("去打击各类违法犯罪")[0]
    '打击各类违法犯罪'
    """
    parts: list[str] = []
    anchors: tuple[str, ...] = ()
    depth = 0
    for gap, choice, bracket, literal in PIECE.findall(phrase):
        if bracket:
            depth += 1 if bracket == "(" else -1
            parts.append("(?:" if bracket == "(" else ")?")
        elif choice or literal:
            choices = tuple(choice.split("|")) if choice else (literal,)
            longest_first = sorted(choices, key=len, reverse=True)
            parts.append("(?:" + "|".join(regex.escape(piece) for piece in longest_first) + ")")
            if not depth and min(map(len, choices)) > min(map(len, anchors), default=0):
                anchors = choices
        else:
            parts.append(IN_A_GAP + "{0," + (gap or str(DEFAULT_GAP)) + "}?")
    if not anchors or depth:
        raise ValueError(f"no sure piece of text, or an open bracket, in the phrase {phrase!r}")
    return Phrase(code, regex.compile("".join(parts)), anchors)


@lru_cache(maxsize=1)
def phrases() -> tuple[Phrase, ...]:
    """The rows of the table."""
    with (PHRASEBOOK / "justifications.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(compile_phrase(row["code"], row["phrase"]) for row in csv.DictReader(lines))


@lru_cache(maxsize=1)
def _automaton() -> tuple[AhoCorasick, tuple[int, ...]]:
    """Every anchor once for each phrase it belongs to."""
    anchors = [(anchor, i) for i, phrase in enumerate(phrases()) for anchor in phrase.anchors]
    return AhoCorasick([a for a, _ in anchors], matchkind=MatchKind.Standard), tuple(i for _, i in anchors)


def find_phrases(text: str) -> list[Hit]:
    """Every phrase of the table in a piece of a matching copy, wherever it stands; of one code the longest.

    >>> [text[h.start:h.end] for text in ["为侦破案件、找回走失老人"] for h in find_phrases(text)]
    ['侦破案件', '找回走失老人']
    """
    automaton, owners = _automaton()
    rows = {owners[i] for i, _, _ in automaton.find_matches_as_indexes(text, overlapping=True)}
    table = phrases()
    hits = [Hit(table[i].code, *match.span()) for i in rows for match in table[i].pattern.finditer(text)]
    hits.sort(key=lambda hit: (hit.code, hit.start, -hit.end))
    kept: list[Hit] = []
    for hit in hits:
        last = kept[-1] if kept else None
        if last is None or last.code != hit.code or hit.start >= last.end:
            kept.append(hit)
        elif hit.end - hit.start > last.end - last.start:
            kept[-1] = hit
    return sorted(kept, key=lambda hit: (hit.start, hit.end))


def sentences(text: str) -> list[Sentence]:
    """Sentences with the number of their paragraph.

    >>> text = "为何采？一是破案；二是寻亲。" + chr(10) + "完"
    >>> [(text[s.start : s.end], s.paragraph) for s in sentences(text)]
    [('为何采？', 0), ('一是破案；二是寻亲。', 0), ('完', 1)]
    """
    found, paragraph = [], 0
    for match in SENTENCE.finditer(text):
        if match[0] == "\n":
            paragraph += 1
        elif match[0].strip():
            found.append(Sentence(match.start(), match.end(), paragraph))
    return found


# What a sentence about samples names; the rest of the sentence tells whose they are.
SAMPLE = frozenset({"dna", "blood"})
LINEAGE = regex.compile(r"家系|家族血|男性家族|采样|手指|[采抽验][了个完过]血|信息采集|采集工作|采集数据|采集的数据")
# Blood and samples of other kinds: drivers, nucleic-acid tests, arrested people, caterpillar fungus.
ASIDE = regex.compile(r"核酸|[醉酒]驾|酒后驾|违法犯罪人员|违法犯罪嫌疑人员|执法办案|虫草采集|在押|无名男尸")
# Words by which a sentence takes up the collection told of before.
TAKES_UP = regex.compile(
    r"[此该这]项|这样做|这样一来|这件?事|此举|[此本]次|借此|[这本]份谱|[凭靠]它|采集|采血|采了|采完|采样|血卡|血样|样本|[的张这]卡|"
    r"库里|[入进]了?库|数据库|建库|备上案|用来|用于|专库|基因|DNA|上面讲|派出所说|官方[^，。]{0,6}[说称]|民警[^，。]{0,6}[说讲]"
)
# A question or an announcement after which reasons follow without more ado.
WHY = r"(?:为什么|为啥|为何|干什么|干啥|干嘛|干吗|何用|啥用|什么用|用处|做什么|作什么|图个啥|怎么解释|咋)"
DRAWN = r"(?:采|抽|验血|留血|血|扎|针|手指|DNA|建库|样本|卡)"
ASKS = regex.compile(
    rf"{DRAWN}.{{0,12}}?{WHY}|{WHY}.{{0,12}}?{DRAWN}|怎么解释|[词、]{{1}}.{{0,4}}{WHY}|为啥多|"
    r"目的(?:和意义|意义|有|是|在于|：)|目标[。：]|(?:理由|说法|好处|用处|用途|作用|意义)(?:有|是|：|，|写得)|能够（|项目用途|采购背景"
)
LEAD = regex.compile(r"\W*为")
# Other police work in the same sentence has slogans of its own: what follows it is said of it.
OTHER_WORK = regex.compile(
    r"反诈|诈骗|巡逻|消防|禁毒|交通|调解|防火|疫情|盘查|安全检查|隐患|纠纷|扫黄打非|设卡|慰问|普法"
)
NAMES = regex.compile(r"DNA|血|样本|建库|[Yy]库|采集|采样|此项|该项|这项")
# Results are no reasons: a number right after the phrase counts cases solved or people found.
RESULT = regex.compile(
    r"[^，。；、]{0,4}?[\d.一二两三四五六七八九十百千余]+[余多]?[名人起张件次份头条个宗%％]|(?:方面|工作)?(?:成效|有力度|扎实|用心)"
)
# What may be the mere occasion of a collection is a reason only behind a word of purpose, speech or expectation.
OCCASIONS = frozenset({"id_upgrade"})
PURPOSE = regex.compile(r"为|便于|以便|用于|用来|利于|方便|今后|以后|往后|日后|解释|[说讲称答]|需要|好处|理由|用途")
# Where two codes share words, the first is only how the second is put.
YIELDS: dict[str, frozenset[str]] = {
    "crime_fighting": frozenset({"anti_trafficking", "counter_terrorism"}),
    "data_foundation": frozenset({"social_stability", "public_security_control", "social_governance"}),
    "public_service": frozenset({"id_upgrade"}),
    "social_stability": frozenset({"public_security_control"}),
}


def sentences_in_scope(text: str, title: str, cues: Sequence[Cue]) -> list[Sentence]:
    """The sentences of a matching copy in which a phrase is a reason for the collection."""
    rows = sentences(text)
    sample = told_of_samples(text, rows, cues)
    # A post about the collection need not name it again in each sentence that takes it up.
    about = concerns_collection(title, sample)
    scope: list[Sentence] = []
    last, asked = -9, -9
    for i, row in enumerate(rows):
        words = text[row.start : row.end]
        near = about or last >= i - 3
        answer = asked >= 0 and (asked == i - 1 or row.paragraph in {rows[asked].paragraph, rows[asked + 1].paragraph})
        leads = (i == 0 and about) or (LEAD.match(words) and (any(sample[i + 1 : i + 2]) or (about and i < 5)))
        if ASKS.search(words):
            asked = i
        if ASIDE.search(words):
            continue
        if sample[i] or answer or asked == i or leads or (near and TAKES_UP.search(words)):
            scope.append(row)
            last = i
    return scope


def told_of_samples(text: str, rows: Sequence[Sentence], cues: Sequence[Cue]) -> list[bool]:
    """For each sentence, whether it tells of DNA or blood taken otherwise than from drivers or the arrested."""
    offsets = [cue.start for cue in cues if cue.code in SAMPLE]
    offsets += [match.start() for match in LINEAGE.finditer(text)]
    offsets.sort()
    told, at = [], 0
    for row in rows:
        while at < len(offsets) and offsets[at] < row.start:
            at += 1
        named = at < len(offsets) and offsets[at] < row.end
        told.append(named and not ASIDE.search(text, row.start, row.end))
    return told


def concerns_collection(title: str, sample: Sequence[bool]) -> bool:
    """Whether samples are what the whole post is about: its title names them, or a quarter of its sentences do."""
    return names_samples(title) or 0 < len(sample) <= sum(sample) * 4


def names_samples(text: str) -> bool:
    """Whether a title, say, names samples."""
    return bool(LINEAGE.search(text)) or any(cue.code in SAMPLE for cue in find_cues(text))


def find_justifications(text: str, context: Context, cues: Sequence[Cue] | None = None) -> tuple[Justification, ...]:
    """The reasons a post gives, in order, each code once, where it is first given."""
    copy = matching_copy(text)
    cues = find_cues(copy) if cues is None else cues
    found: dict[str, Hit] = {}
    for row in sentences_in_scope(copy, matching_copy(context.title), cues):
        for hit in _reasons(copy, row):
            found.setdefault(hit.code, hit)
    hits = sorted(found.values(), key=lambda hit: (hit.start, hit.code))
    return tuple(
        Justification(code=cast(JustificationCode, code), text=text[start:end], start=start, end=end)
        for code, start, end in hits
    )


def _reasons(copy: str, row: Sentence) -> Iterator[Hit]:
    """The phrases of a sentence that are no results, no occasions, not said of other work and not part of another."""
    # A sentence gives few reasons; a table run together into one "sentence" must not cost its square.
    phrases_here = find_phrases(copy[row.start : row.end])[:MOST_IN_A_SENTENCE]
    hits = [Hit(code, row.start + a, row.start + b) for code, a, b in phrases_here]
    for hit in hits:
        if RESULT.match(copy, hit.end):
            continue
        if hit.code in OCCASIONS and not PURPOSE.search(copy, row.start, hit.end):
            continue
        since = max(row.start, hit.start - 200)
        named = max((match.end() for match in NAMES.finditer(copy, since, hit.start)), default=hit.start)
        if OTHER_WORK.search(copy, named, hit.start):
            continue
        over = YIELDS.get(hit.code, frozenset())
        if any(other.code in over and other.start < hit.end and hit.start < other.end for other in hits):
            continue
        yield hit


@Language.factory("xueyang_justifications")
def make_justifications(nlp: Language, name: str) -> Justifications:
    """The component that leaves the reasons in `doc._.justifications`."""
    return Justifications()


class Justifications:
    """Finds the reasons given for a collection."""

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.justifications`: empty where the label says that there is no collection."""
        found = find_justifications(body(doc), doc._.context, doc._.cues) if tells_of_collection(doc) else ()
        return keep(doc, "justifications", found)


def tells_of_collection(doc: Doc) -> bool:
    """Whether the label found allows for a collection; true while there is no label."""
    return not doc.cats or max(doc.cats, key=lambda label: doc.cats[label]) in LABELS
