"""What of a post is worth judging: whether it speaks of samples at all, and its text without the page around it."""

from __future__ import annotations

import csv
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from pipeline.paths import PHRASEBOOK
from pipeline.patterns import Pattern
from pipeline.reading.phrases import LONGEST, code_of

# A text no longer than this that stops in the middle of a sentence is the beginning of a post (characters).
BEGINNING = 240
STOPS = "。！？!?”’」』）)】》~～."
# Marks after which a sentence goes on.
GOES_ON = Pattern(r"[，、；：,;:—“‘「『（(【《]$")
QUOTES = (("“", "”"), ("「", "」"), ("『", "』"), ("《", "》"), ("（", "）"), ("【", "】"))
# An item of a list (三、打击犯罪), and one of which only the number is there.
ITEM = Pattern(r"\s*(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|\d{1,2}[.、]|[①-⑳❶-❿◎●○■□◆▪•·])")
ITEM_ALONE = Pattern(r"\W*(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.）)、\s]*$")
NUMBER = Pattern(r"\p{N}[%‰]?$")
# A line this long, or with a comma in it, is half a sentence; a shorter one may be who wrote it, or when, or a number.
SHORT_LINE = 24
PROSE = Pattern(r"[，。；]")
COUNTER = r"浏览|阅读|转发|评论|点赞|在看|收藏|责编|编辑|审核|校对|回复|举报|电话|联系|转载|来自"
# Numbers that a page ends with: how often it was read, whom to call, when it was written.
LAST_NUMBER = Pattern(
    rf"{COUNTER}|QQ|[☎×]|\d\d[-./年]\d{{1,2}}[-./月]\d|(?:19|20)\d\d[-./]\d|\d:\d\d|\d{{5}}$|^\W*\d{{3,}}$"
)
SIGNED = Pattern(rf"[局所会校村委办部队院组网司府处站室心党某编人记者日号员长\p{{N}}\p{{P}}\p{{S}}×A-Za-z]$|{COUNTER}")

# 采集牛羊血样, 羊血清: blood of animals; and words that speak of people or police, or of genes.
_HERD = r"(?:牛羊?|羊只?|猪只?|马匹|骆驼|牦牛|[家牲]畜|家?禽|鸡只|鸭只|畜禽|活畜|种畜|绵羊|山羊)"
HERD_BLOOD = Pattern(
    rf"{_HERD}[^，。；\n]{{0,10}}(?:血样|采血|血清|血液|样[品本]|抽血)|(?:采集?|抽取?)[^，。；\n]{{0,4}}{_HERD}[^，。；\n]{{0,6}}血"
    rf"|{_HERD}[^。；\n]{{0,8}}免疫[^。；\n]{{0,30}}血样"
)
OF_PEOPLE = Pattern(r"公安|警|派出所|DNA|基因|遗传|人员|[男女]性|户籍|人口|居民|指纹|家系|Y库|唾液|僧|学生")


@lru_cache(maxsize=1)
def _automaton() -> AhoCorasick:
    with (PHRASEBOOK / "topic_words.csv").open(encoding="utf-8", newline="") as lines:
        return AhoCorasick([row["phrase"].lower() for row in csv.DictReader(lines)])


@lru_cache(maxsize=2)  # asked before a post is segmented and again when it is judged
def speaks_of_samples(plain: str, title: str = "") -> bool:
    """Whether matching copies of a text or its title name blood, genes, samples, tests, kinship or illness.

    A post without any of the words of `corpora/phrasebook/topic_words.csv` shows no collection of any kind: by the
    annotation guide it is `other`. The words are wide on purpose; passing says nothing, failing settles the label.
    Most posts of an archive fail, and need not be read closely.
    """
    find = _automaton().find_matches_as_indexes
    return bool(find(plain.lower()) or find(title.lower()))


def of_herds_alone(plain: str, title: str = "", publisher: str = "") -> bool:
    """Whether a post speaks of animals' blood, and neither of the police nor of genes or people by sex or house.

    By the annotation guide it is `other`, however much it sounds like a drive.

    >>> of_herds_alone("到各村采集牛羊血样"), of_herds_alone("派出所到各村采集血样，协助采集牛羊血样")
    (True, False)
    """
    if HERD_BLOOD.search(plain) is None and HERD_BLOOD.search(title) is None:
        return False
    return not any(OF_PEOPLE.search(text) for text in (plain, title, publisher))


def stops_short(plain: str) -> bool:
    """Whether a text is only the beginning of a post: short, and at its end in the middle of a sentence.

    So is one that stops in a list, a table or somebody's words.

    >>> stops_short("近日，县公安局民警走进牧区，为群众办理户籍，同时采集"), stops_short("采集血样。\\n县公安局")
    (True, False)
    >>> stops_short("采集血样：\\n甲村 28份\\n乙村 3"), stops_short("采集血样。\\n电话 4821003")
    (True, False)
    """
    text = plain[: BEGINNING + 1].rstrip()
    if not text or len(plain.rstrip()) > BEGINNING:
        return False
    last = text.rpartition("\n")[2]
    if _more_is_due(last):
        return True
    if last[-1] in STOPS:
        return False
    return len(last) >= SHORT_LINE or PROSE.search(last) is not None or SIGNED.search(last) is None


def _more_is_due(last: str) -> bool:
    """Whether a last line, however short, cannot be a post's last: no signature ends so, nor a whole sentence."""
    if GOES_ON.search(last) or ITEM_ALONE.match(last) or any(last.count(a) > last.count(b) for a, b in QUOTES):
        return True
    if last[-1] in STOPS:
        return False
    return ITEM.match(last) is not None or bool(NUMBER.search(last) and not LAST_NUMBER.search(last))


def without_furniture(text: str) -> str:
    """The text without lines that are page furniture (`corpora/phrasebook/page_furniture.csv`).

    Reading leaves few of them; links to ministries and licence numbers of the police would speak for the police.

    >>> without_furniture("采集血样28份。\\n上一篇：全县义诊")
    '采集血样28份。'
    """
    lines = text.split("\n")
    kept = [line for line in lines if len(line) > LONGEST or not code_of("page_furniture", line)]
    return text if len(kept) == len(lines) else "\n".join(kept)
