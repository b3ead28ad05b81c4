"""Identity-card and mobile-phone numbers of private persons, masked in everything that leaves the store.

In one piece or in groups, with single blanks, marks or a line end between digits; no other number is masked. Masking
keeps every length, so offsets hold in the masked text as in the page's. Office telephones (with area code) stay: they
say which police body a post is from.
"""

from __future__ import annotations

from typing import TypeVar

from regex import Match

from pipeline.patterns import Pattern
from pipeline.records import Located, Record

# What may stand between the groups of a number, and between any two digits of one (there a line may end too).
BETWEEN = r"[ \u00a0.\-–—－·•_]?"
APART = r"[ \u00a0\n.\-–—－·•_]?"
PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
MONTH_AND_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# GB 11643: six digits of place, eight of birth, three of order, a check digit or X. The birth date tells it from
# other long numbers.
IDENTITY_CARD = Pattern(r"(?<!\d)(\d{6})([\s\-]?(?:19|20|１９|２０)\d{6}[\s\-]?\d{3}[\dXxＸｘ])(?!\d)")
# The same in groups as forms print them, 5401 2619 8503 1200 15: province, century, month and day tell it from cells.
GROUPED_CARD = Pattern(
    rf"(?<!\d)((?:1{APART}[1-5]|2{APART}[1-3]|3{APART}[1-7]|4{APART}[1-6]|5{APART}[0-4]|6{APART}[1-5]|8{APART}[1-3])"
    rf"(?:{APART}\d){{4}})"
    rf"({APART}(?:1{APART}9|2{APART}0)(?:{APART}\d){{2}}{APART}(?:0{APART}[1-9]|1{APART}[0-2])"
    rf"{APART}(?:0{APART}[1-9]|[12]{APART}\d|3{APART}[01])(?:{APART}\d){{3}}{APART}[\dXxＸｘ])(?!\d)"
)
# As issued until 1999: six digits of birth, no check digit.
OLD_CARD = Pattern(rf"(?<!\d)({PROVINCE}\d{{4}})({APART}\d\d{MONTH_AND_DAY}{APART}\d{{3}})(?!\d)")
# Eleven digits from 13 to 19, in one piece or grouped 3-4-4, with or without the country's code.
MOBILE = Pattern(
    r"(?<![\d.])((?:(?:[+＋]|00)?86[ \-]?)?[(（]?[1１][3-9３-９]\d[)）]?)"
    rf"({BETWEEN}\d{{4}}{BETWEEN}\d{{4}})(?![\d.]\d|\d)"
)
# The same in any other groups: `_is_mobile` tells which are no cells, ranges or dates.
GROUPED_MOBILE = Pattern(rf"(?<!\d)([1１]{APART}[3-9３-９]{APART}\d)((?:{APART}\d){{8}})(?!\d)")
# 一三八八九〇一二三四五; a number of samples is not told digit by digit.
SPELT = r"[〇零○一二三四五六七八九幺]"
SPELT_MOBILE = Pattern(
    rf"(?<!{SPELT})([一幺]{BETWEEN}[三四五六七八九]{BETWEEN}{SPELT})((?:{BETWEEN}{SPELT}){{8}})(?!{SPELT})"
)
SPELT_CARD = Pattern(rf"(?<!{SPELT})({SPELT}{{6}})({SPELT}{{11}}[〇零○一二三四五六七八九幺XxＸｘ])(?!{SPELT})")
# Telephones of offices, which stay: 0891-6312345, 电话：632 1234.
TELEPHONE = Pattern(
    r"(?<!\d)0\d{2,3}[ \-–—)）]{1,2}\d{3,4}[ \-]?\d{3,4}(?!\d)"
    r"|(?:电话|热线|传真|手机|微信号?|QQ)(?:号码?)?\s?[:：]?\s?[\d(（][\d \-–—()（）/、转]{4,40}\d"
)
# 藏A12345, 护照E12345678, 卡号6222 0212 3456 7890 123, 样本编号2021040200001
PLATE = Pattern(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·• .\-]?"
    r"(?=[A-Z]{0,3}\d)[A-Z0-9]{4,5}[A-Z0-9学警港澳挂](?![A-Za-z0-9])"
)
PAPER = Pattern(
    r"(?:护照|通行证|驾驶证|驾照|执照|警号|工号|编号|账号|帐号|卡号|银行卡|存折|车牌|号牌|QQ|微信)(?:号码?)?[为是]?\s?[:：]?\s?"
    r"(?:\d{4}(?:[ \-]\d{4}){2,4}(?:[ \-]\d{1,3})?(?!\d)"
    r"|\p{Han}?[A-Za-z]{0,6}-?\d[A-Za-z\d\-]{3,30}+(?!\s?[余多]?万?[余多]?[份人名张本个枚例]))"
)
DIGIT = Pattern(rf"[\dXxＸｘ]|{SPELT}")
CUE = Pattern(r"(?i)(?:电话|手机|联系|致电|拨打|来电|微信|号码|tel|phone|mobile|☎|📱)[^。；;\n采血份应]{0,30}$")
CUE_REACH = 40
COUNTED = Pattern(r"\s?[万亿]?(?:[份人名个例户管枚元条件次套张]|[%％])")
DAY = Pattern(r"1[89]\d\d\D(?:0?[1-9]|1[0-2])\D(?:0?[1-9]|[12]\d|3[01])(?!\d)|1[89]\d\d\D(?:19|20)\d\d(?!\d)")
ADDRESS = Pattern(r"\d{1,3}(?:\.\d{1,3}){3}")
SEPARATOR = Pattern(r"\D")
BEFORE = Pattern(r"\d[ \u00a0\n.\-–—－·•_,，]")
BEHIND = Pattern(r"[ \u00a0.\-–—－·•_,]\d")
BLANK = frozenset(" \u00a0\n")
# Words of a page, and of its facts beside their quotations.
NAMED = ("text", "title", "publisher")
NAMES = ("name", "place", "township", "village", "buyer", "supplier", "product")
PRIVATE = (IDENTITY_CARD, GROUPED_CARD, OLD_CARD, MOBILE, SPELT_CARD, SPELT_MOBILE)

Fact = TypeVar("Fact", bound=Located)


def mask(text: str) -> str:
    """The text with the telling digits of private numbers starred, as long as before.

    >>> mask("联系人扎某，13812345678，身份证542121199001011234")
    '联系人扎某，138********，身份证542121************'
    """
    for pattern in PRIVATE:
        text = pattern.sub(_starred, text)
    pieces, done = [], 0
    for m in _grouped_mobiles(text):
        pieces += [text[done : m.start()], _starred(m)]
        done = m.end()
    return "".join([*pieces, text[done:]])


def _starred(m: Match[str]) -> str:
    return str(m[1] + DIGIT.sub("*", m[2]))


def numbers_of_persons(text: str) -> list[tuple[int, int]]:
    """Where numbers of telephones (offices' too), identity cards, papers and plates stand: no digit there counts."""
    found = [m.span() for pattern in (*PRIVATE, TELEPHONE, PLATE, PAPER) for m in pattern.finditer(text)]
    return found + [m.span() for m in _grouped_mobiles(text)]


def _grouped_mobiles(text: str) -> list[Match[str]]:
    """Mobile numbers in groups other than 3-4-4, none beginning in another."""
    found: list[Match[str]] = []
    for m in GROUPED_MOBILE.finditer(text, overlapped=True):
        if (not found or m.start() >= found[-1].end()) and _is_mobile(text, m):
            found.append(m)
    return found


def _is_mobile(text: str, m: Match[str]) -> bool:
    """Whether eleven digits in groups are one number, not cells (parted by blanks), a range (-) or a date.

    Words of telephones before them settle it. Without any, cells have a blank or a line end before them, and a range
    has two groups; over the end of a line goes one whole number, or one grouped 3-4-4.
    """
    parts = SEPARATOR.split(m[0])
    marks = set(SEPARATOR.findall(m[0]))
    before, behind = text[max(0, m.start() - 2) : m.start()], text[m.end() : m.end() + 2]
    if not marks or DAY.match(m[0]) or ADDRESS.fullmatch(m[0]) or BEFORE.fullmatch(before) or BEHIND.match(behind):
        return False
    apart = not before or before[-1].isspace() or before[-1] in ":："
    if "\n" in marks and not _over_a_line(m[0], parts, apart=apart):
        return False
    if COUNTED.match(text, m.end()):
        return False
    if CUE.search(text, max(0, m.start() - CUE_REACH), m.start()):
        return True
    return not (marks & BLANK and apart) and (bool(marks & (BLANK | {"_"})) or len(parts) > 2)


def _over_a_line(number: str, parts: list[str], *, apart: bool) -> bool:
    """Whether a number may go over the end of its line; `apart`: a blank or nothing is before it."""
    usual = [len(part) for part in parts] == [3, 4, 4]
    return number.count("\n") == 1 and (usual or (len(parts) == 2 and not apart))


def masked(record: Record) -> Record:
    """The record as it may leave the store: text, title, publisher, quotations and names masked."""
    page = record.document
    words = {name: mask(told) for name in NAMED if (told := getattr(page, name))}
    if all(getattr(page, name) == told for name, told in words.items()):
        return record
    text = words.get("text", "")

    def quoted(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        return tuple(
            fact.model_copy(
                update={name: mask(told) for name in NAMES if isinstance(told := getattr(fact, name, None), str)}
                | {"text": mask(fact.text) if fact.start is None else text[fact.start : fact.end]}
            )
            for fact in facts
        )

    judged = record.classification
    return record.model_copy(
        update={
            "document": page.model_copy(update=words),
            "classification": judged.model_copy(update={"evidence": quoted(judged.evidence)}),
            "counts": quoted(record.counts),
            "places": quoted(record.places),
            "justifications": quoted(record.justifications),
            "organisations": quoted(record.organisations),
            "circumstances": quoted(record.circumstances),
            "procurements": quoted(record.procurements),
        }
    )
