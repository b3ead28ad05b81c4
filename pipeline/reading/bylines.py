"""The line under a title that tells who published a post and when.

Forms: 发布时间：2019/07/29 11:16 来源：… 浏览次数：649 (government and news sites),
原创 平安临县 2018-04-02 发表于西藏 (WeChat).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

import regex

from pipeline.reading.phrases import rows, squash

LONGEST = 120  # characters; longer lines are text
YEAR = r"(?P<year>(?:19|20)\d{2})"
DATE = regex.compile(
    rf"(?<!\d){YEAR}\s*+(?:年|[-/.])\s*+(?P<month>1[0-2]|0?[1-9])(?!\d)"
    r"(?:\s*+(?:月|[-/.])\s*+(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)\s*+日?|\s*+月)?"
)
COMPACT = regex.compile(rf"(?<!\d){YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)")
ONLY_YEAR = regex.compile(rf"(?<![\d第（(]){YEAR}(?!\d|[-/.]?\d)年?")
TIME = regex.compile(r"(?:[上下]午\s*)?(?<!\d)\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\s*[AP]M)?", regex.IGNORECASE)
POSTED_FROM = regex.compile(r"发表于\s*\S+")
NUMERALS = {**dict(zip("〇零○Ｏ一二三四五六七八九", (0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)), "十": 10}
CHINESE = regex.compile(
    r"(?P<year>[一二][〇零○Ｏ一二三四五六七八九]{3})年(?:(?P<month>十?[一二三四五六七八九十])月(?:(?P<day>[一二三]?十?[一二三四五六七八九十])日)?)?"
)
SENTENCE = regex.compile(r"[。！？；，]")
# Days told from the day on which the page was seen, as WeChat and forums show fresh posts.
DAYS_AGO = {"刚刚": 0, "今天": 0, "昨天": 1, "前天": 2, "刚剛": 0, "剛剛": 0}
AGO = regex.compile(r"(?<![\d.])(?P<number>\d{1,3})\s*+(?P<unit>分钟|分鐘|小时|小時|天|日|周|週)前")
UNIT_DAYS = {"分钟": 0, "分鐘": 0, "小时": 0, "小時": 0, "天": 1, "日": 1, "周": 7, "週": 7}
DAY_ONLY = regex.compile(
    r"(?<![\d年./-])(?P<month>1[0-2]|0?[1-9])(?:月|-)(?P<day>3[01]|[12]\d|0?[1-9])(?:日|(?=\s|$))(?![\d-])"
)


BODY = r"\p{Han}[\p{Han}（）]{2,29}(?:局|所|队|委会|委员会|政府|办公室|中心|厅|院|站)"
SIGNER = regex.compile(BODY)
SIGNED = regex.compile(
    rf"(?:(?P<body>{BODY})\s*+)?(?P<day>(?:\d{{4}}|[一二][〇零○Ｏ一二三四五六七八九]{{3}})年[\d一二三四五六七八九十]{{1,3}}月[\d一二三四五六七八九十]{{1,3}}日)"
)


class Byline(NamedTuple):
    """What a byline says."""

    publisher: str | None
    published: str | None


def date_in(text: str) -> str | None:
    """The first date of a text as ISO 8601, to the precision given.

    >>> [date_in(t) for t in ("2021/10/12 08:22", "2019年3月", "发布时间：2020", "二〇一七年六月二十六日", "10月3日")]
    ['2021-10-12', '2019-03', '2020', '2017-06-26', None]
    """
    full = _half_width(text)
    for pattern in (DATE, COMPACT, CHINESE, ONLY_YEAR):
        if match := pattern.search(full):
            return _iso(match)
    return None


def relative_date(text: str, seen: date) -> str | None:
    """The date a byline gives from the day the page was seen: 昨天, 3天前, or a day without its year.

    >>> [relative_date(t, date(2021, 10, 12)) for t in ("平安临县 昨天 18:32", "3天前", "12月30日 09:00", "浏览3次")]
    ['2021-10-11', '2021-10-09', '2020-12-30', None]
    """
    full = _half_width(text)
    for word, days in DAYS_AGO.items():
        if regex.search(rf"(?:^|\s){word}(?=\s|\d|$)", full):
            return (seen - timedelta(days=days)).isoformat()
    if match := AGO.search(full):
        return (seen - timedelta(days=int(match["number"]) * UNIT_DAYS[match["unit"]])).isoformat()
    if match := DAY_ONLY.search(full):
        try:
            day = date(seen.year, int(match["month"]), int(match["day"]))
            return (day if day <= seen else day.replace(year=seen.year - 1)).isoformat()
        except ValueError:
            return None
    return None


def _half_width(text: str) -> str:
    return text.translate({**{0xFF10 + d: 0x30 + d for d in range(10)}, 0xFF0D: "-", 0xFF0F: "/", 0x2014: "-"})


def _iso(match: regex.Match[str]) -> str:
    groups = match.groupdict()
    year = groups["year"] if groups["year"].isdigit() and groups["year"].isascii() else _digits(groups["year"])
    parts = [str(year)] + [f"{_value(groups[p]):02d}" for p in ("month", "day") if groups.get(p)]
    return "-".join(parts)


def _digits(numerals: str) -> str:
    return "".join(str(NUMERALS[c]) for c in numerals)


def _value(number: str) -> int:
    """A month or a day, in digits or in Chinese numerals up to 三十一."""
    if number.isascii():
        return int(number)
    tens, ten, units = number.rpartition("十")
    if not ten:
        return NUMERALS[number]
    return (NUMERALS[tens] if tens else 1) * 10 + (NUMERALS[units] if units else 0)


@lru_cache(maxsize=1)
def _markers() -> tuple[regex.Pattern[str], dict[str, str]]:
    codes = {squash(phrase): code for code, phrase in rows("page_bylines")}
    spaced = []
    for phrase in sorted(codes, key=len, reverse=True):
        pattern = r"\s*+".join(regex.escape(c) if c not in "：:" else "[:：]" for c in phrase)
        # Without a colon, only as a word of its own: 中新网（转载） names a publisher.
        spaced.append(pattern if phrase[-1] in "：:" else rf"(?<!\S){pattern}")
    return regex.compile("|".join(spaced)), {phrase.replace("：", ":"): code for phrase, code in codes.items()}


class _Field(NamedTuple):
    code: str
    value: str


def fields(text: str) -> list[_Field]:
    """A byline cut at its markers; what stands before the first one has the code `free`.

    >>> [(f.code, f.value) for f in fields("2018-03-19 来源：安徽新闻网 责任编辑：拉巴")]
    [('free', '2018-03-19 '), ('publisher', '安徽新闻网 '), ('other', '拉巴')]
    """
    pattern, codes = _markers()
    found = list(pattern.finditer(text))
    cuts = [*(m.start() for m in found), len(text)]
    free = [_Field("free", text[: cuts[0]])]
    return free + [
        _Field(codes[squash(m.group()).replace("：", ":")], text[m.end() : end])
        for m, end in zip(found, cuts[1:], strict=True)
    ]


def has_marker(text: str) -> bool:
    """Whether a line has a byline's words and a byline's length."""
    return (
        len(text) <= LONGEST
        and not SENTENCE.search(text)
        and any(f.code in ("publisher", "date") for f in fields(text))
    )


def looks_like_byline(text: str) -> bool:
    """Whether a line can only be a byline: its words, or little besides a date.

    >>> [looks_like_byline(t) for t in ("原创 平安临县 2018/04/02 20:52", "来源：寒冬", "2018年3月，民警入户采血。")]
    [True, True, False]
    """
    if has_marker(text):
        return True
    if len(text) > 60 or SENTENCE.search(text):
        return False
    return bool(
        DATE.search(_half_width(text)) or ONLY_YEAR.fullmatch(text.rsplit(maxsplit=1)[-1] if text.split() else "")
    )


def parse(text: str, seen: date | None = None) -> Byline:
    """Publisher and date of a byline, its lines already joined; `seen` is the day on which the page looked like this.

    >>> parse("发布时间：2019/07/29 11:16　来源：宁波市海曙区人民政府网　浏览次数：649　字体：【大 中 小】")
    Byline(publisher='宁波市海曙区人民政府网', published='2019-07-29')
    >>> parse("原创 明衡法律观察 2025/09/24 10:18 发表于甘肃")
    Byline(publisher='明衡法律观察', published='2025-09-24')
    """
    parts = fields(text)
    dated = next((date_in(f.value) for f in parts if f.code == "date" and date_in(f.value)), None)
    published = dated or next((d for f in parts if f.code in ("free", "flag") and (d := date_in(f.value))), None)
    published = published or next((d for f in parts if f.code != "other" and (d := date_in(f.value))), None)
    if published is None and seen is not None:
        published = next((d for f in parts if f.code != "other" and (d := relative_date(f.value, seen))), None)
    named = [name for f in parts if f.code == "publisher" and (name := _name(f.value))]
    if not named:
        named = [name for f in parts if f.code in ("free", "flag") and (name := _name(f.value))]
    return Byline(named[0] if named else None, published)


def signature(body: Sequence[str]) -> Byline:
    """Who signs a notice at its foot and on which day; only for pages that say nothing else of it.

    >>> signature(["采血从速。", "王庄村委会 2018年2月27日"])
    Byline(publisher='王庄村委会', published='2018-02-27')
    >>> signature(["特此通告。", "察雅县公安局", "二〇一八年二月二十七日"]), signature(["截至2018年2月27日"])
    (Byline(publisher='察雅县公安局', published='2018-02-27'), Byline(publisher=None, published=None))
    """
    last = body[-1].strip() if body else ""
    found = SIGNED.fullmatch(last) if len(last) <= LONGEST else None
    if not found:
        return Byline(None, None)
    above = body[-2].strip() if len(body) > 1 else ""
    publisher = found["body"] or (above if SIGNER.fullmatch(above) else None)
    return Byline(publisher, date_in(found["day"]))


def _name(text: str) -> str:
    """What is left of a byline's field without dates and times."""
    kept = POSTED_FROM.sub(" ", text)
    for pattern in (DATE, CHINESE, TIME, AGO, DAY_ONLY):
        kept = pattern.sub(" ", kept)
    words = [w for w in kept.split() if not ONLY_YEAR.fullmatch(w) and w not in DAYS_AGO]
    return " ".join(words).strip(" |｜·-—:：")
