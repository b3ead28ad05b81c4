"""Identity-card and mobile-phone numbers of private persons, masked in everything that leaves the store.

Masking keeps every length, so offsets hold in the masked text as in the page's. Office telephones (with area code)
stay: they say which police body a post is from.
"""

from __future__ import annotations

from typing import TypeVar

import regex

from pipeline.records import Located, Record

# GB 11643: six digits of place, eight of birth, three of order, a check digit or X. The birth date tells it from
# other long numbers.
IDENTITY_CARD = regex.compile(r"(?<!\d)(\d{6})((?:19|20|１９|２０)\d{6}\d{3}[\dXxＸｘ])(?!\d)")
# Eleven digits from 13 to 19, in one piece or grouped 3-4-4.
MOBILE = regex.compile(r"(?<!\d)([1１][3-9３-９]\d)([ -]?\d{4}[ -]?\d{4})(?!\d)")
DIGIT = regex.compile(r"[\dXxＸｘ]")

Fact = TypeVar("Fact", bound=Located)


def mask(text: str) -> str:
    """The text with the telling digits of private numbers starred, as long as before.

    >>> mask("联系人扎某，13812345678，身份证542121199001011234")
    '联系人扎某，138********，身份证542121************'
    """
    for pattern in (IDENTITY_CARD, MOBILE):
        text = pattern.sub(lambda m: m[1] + DIGIT.sub("*", m[2]), text)
    return text


def masked(record: Record) -> Record:
    """The record as it may leave the store: text, title and every quotation masked, offsets unchanged."""
    text = mask(record.document.text)
    title = mask(record.document.title) if record.document.title else record.document.title
    if text == record.document.text and title == record.document.title:
        return record

    def quoted(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        return tuple(
            fact.model_copy(update={"text": mask(fact.text) if fact.start is None else text[fact.start : fact.end]})
            for fact in facts
        )

    judged = record.classification
    return record.model_copy(
        update={
            "document": record.document.model_copy(update={"text": text, "title": title}),
            "classification": judged.model_copy(update={"evidence": quoted(judged.evidence)}),
            "counts": quoted(record.counts),
            "places": quoted(record.places),
            "justifications": quoted(record.justifications),
            "organisations": quoted(record.organisations),
            "circumstances": quoted(record.circumstances),
            "procurements": quoted(record.procurements),
        }
    )
