"""Identity-card and mobile-phone numbers of private persons, masked in everything that leaves the store.

Masking keeps every length, so offsets hold in the masked text as in the page's. Office telephones (with area code)
stay: they say which police body a post is from.
"""

from __future__ import annotations

from typing import TypeVar

from pipeline.patterns import Pattern
from pipeline.records import Located, Record

# What may stand between the groups of a number.
BETWEEN = r"[ \u00a0.\-–—－·•]?"
PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"
MONTH_AND_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
# GB 11643: six digits of place, eight of birth, three of order, a check digit or X. The birth date tells it from
# other long numbers.
IDENTITY_CARD = Pattern(r"(?<!\d)(\d{6})([\s\-]?(?:19|20|１９|２０)\d{6}[\s\-]?\d{3}[\dXxＸｘ])(?!\d)")
# As issued until 1999: six digits of birth, no check digit.
OLD_CARD = Pattern(rf"(?<!\d)({PROVINCE}\d{{4}})(\d\d{MONTH_AND_DAY}\d{{3}})(?!\d)")
# Eleven digits from 13 to 19, in one piece or grouped 3-4-4, with or without the country's code.
MOBILE = Pattern(
    r"(?<![\d.])((?:(?:[+＋]|00)?86[ \-]?)?[(（]?[1１][3-9３-９]\d[)）]?)"
    rf"({BETWEEN}\d{{4}}{BETWEEN}\d{{4}})(?![\d.]\d|\d)"
)
# Telephones of offices, which stay: 0891-6312345, 电话：632 1234.
TELEPHONE = Pattern(
    r"(?<!\d)0\d{2,3}[ \-–—)）]{1,2}\d{3,4}[ \-]?\d{3,4}(?!\d)"
    r"|(?:电话|热线|传真|手机|微信号?|QQ)(?:号码?)?\s?[:：]?\s?[\d(（][\d \-–—()（）/、转]{4,40}\d"
)
DIGIT = Pattern(r"[\dXxＸｘ]")
# Words of a page, and of its facts beside their quotations.
NAMED = ("text", "title", "publisher")
NAMES = ("name", "place", "township", "village", "buyer", "supplier", "product")
PRIVATE = (IDENTITY_CARD, OLD_CARD, MOBILE)

Fact = TypeVar("Fact", bound=Located)


def mask(text: str) -> str:
    """The text with the telling digits of private numbers starred, as long as before.

    >>> mask("联系人扎某，13812345678，身份证542121199001011234")
    '联系人扎某，138********，身份证542121************'
    """
    for pattern in PRIVATE:
        text = pattern.sub(lambda m: m[1] + DIGIT.sub("*", m[2]), text)
    return text


def numbers_of_persons(text: str) -> list[tuple[int, int]]:
    """Where identity-card and telephone numbers stand, those of offices too: none of their digits counts anything."""
    return [m.span() for pattern in (*PRIVATE, TELEPHONE) for m in pattern.finditer(text)]


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
