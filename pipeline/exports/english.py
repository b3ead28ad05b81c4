"""English for readers who know no Chinese: meanings of codes, and names of places down to the county."""

from __future__ import annotations

from functools import lru_cache

from pipeline.language.glosses import LABELS_EN, gloss, table
from pipeline.language.places.gazetteer import load_gazetteer, romanisations
from pipeline.language.script import matching_copy
from pipeline.records import Label, Organisation, Place, Procurement, Record

BOUGHT = {
    "planned": "plans to buy",
    "tendered": "put out to tender",
    "awarded": "bought",
    "contracted": "bought",
    "failed": "tried to buy",
}
SOLD = {
    "planned": "is to sell",
    "tendered": "is to sell",
    "awarded": "sells",
    "contracted": "sells",
    "failed": "offered",
}


def label_en(label: Label) -> str:
    """What a label means."""
    return LABELS_EN[label]


def meaning(code: str | None) -> str | None:
    """What a code means, None where there is no code."""
    return gloss(code) if code else None


def place_en(adcode: str | None, given: str | None) -> str | None:
    """The English chain of a unit, smallest first: as the record gives it, else from the gazetteer.

    >>> place_en("540325", None), place_en("999999", None), place_en(None, None)
    ("Zhag'yab County, Qamdo, Tibet AR", None, None)
    """
    if given or not adcode:
        return given
    try:
        return load_gazetteer().english(adcode)
    except KeyError:  # a code that a reviewer mistyped
        return None


def also_en(adcode: str) -> str | None:
    """Other spellings of a unit and of the prefecture around it, as foreign reports have them; None without any.

    >>> also_en("540300")
    'Chamdo, Qamdo, Changdu, Chhamdo'
    """
    codes = dict.fromkeys((adcode, f"{adcode[:4]}00"))
    return "; ".join(", ".join(names) for code in codes if (names := romanisations(code))) or None


def count_place(record: Record, words: str | None) -> tuple[str | None, str | None]:
    """Adcode and English name of the county a count is for.

    Where the record knows the place by other words (全县, 各村) or the count names none: that of the only county the
    record speaks of, and nothing where it speaks of several.
    """
    for place in record.places if words else ():
        if names(place, words or ""):
            return place.adcode, place_en(place.adcode, place.name_en)
    if len({place.adcode for place in record.places}) == 1:
        return record.places[0].adcode, place_en(record.places[0].adcode, record.places[0].name_en)
    return None, None


def names(place: Place, words: str) -> bool:
    """Whether the words are this place: as quoted, as its village or township, or as the end of its full name."""
    if words in {place.text, place.village, place.township}:
        return True
    return place.township is None and place.village is None and place.name.endswith(words)


@lru_cache(maxsize=1)
def _products() -> tuple[tuple[str, str], ...]:
    return tuple((row["phrase"], row["gloss_en"]) for row in table("procurement.csv") if row["code"] == "product")


def product_en(words: str | None) -> str | None:
    """The kinds of goods and services named in the words, in English; None where the phrase book knows none."""
    copy = matching_copy(words or "").upper()
    found = [(phrase.upper(), english) for phrase, english in _products() if phrase.upper() in copy]
    kept = [english for phrase, english in found if not any(phrase != other and phrase in other for other, _ in found)]
    return ", ".join(dict.fromkeys(kept)) or None


def purchase_en(fact: Procurement) -> str:
    """A purchase in one line of English, names of the parties as they stand.

    >>> kits = dict(text="12万元", product="Y-STR试剂盒", amount=120000, amount_kind="award", supplier="某公司")
    >>> purchase_en(Procurement(part="whole", status="awarded", buyer="某县公安局", **kits))
    'awarded: Y-STR testing, kits; buyer 某县公安局; supplier 某公司; 120,000 yuan (price awarded)'
    """
    what = product_en(fact.product) or fact.product or "goods or services"
    parts = [f"lot {fact.lot}: {what}" if fact.lot else what]
    if fact.quantity is not None:
        parts.append(f"{fact.quantity:,.10g} {fact.unit or ''}".strip())
    parts += [f"buyer {fact.buyer}"] if fact.buyer else []
    parts += [f"supplier {fact.supplier}"] if fact.supplier else []
    parts += [_yuan(fact)] if fact.amount is not None else []
    return f"{gloss(fact.status)}: {'; '.join(parts)}"


def _yuan(fact: Procurement) -> str:
    kind = f" ({gloss(fact.amount_kind)})" if fact.amount_kind else ""
    return f"{fact.amount:,.12g} yuan{kind}"


def deeds(record: Record, body: Organisation) -> list[str]:
    """What the document says a body did, in English: its part in the collection, what it bought, what it sold."""
    found = [gloss(body.role)] if body.role != "other" else []
    facts = record.procurements
    sold = [fact for fact in facts if fact.supplier == body.name]
    bought = [fact for fact in facts if fact.buyer == body.name and fact.part == "whole"]
    for fact in [fact for fact in sold if fact.part != "item"] or sold:
        what, to = product_en(fact.product) or fact.product, f" to {fact.buyer}" if fact.buyer else ""
        price = f" for {_yuan(fact)}" if fact.amount is not None else ""
        found.append(f"{SOLD[fact.status]} {what or 'goods or services'}{to}{price}")
    for fact in bought[-1:]:
        what = product_en(fact.product) or fact.product
        price = f" for {_yuan(fact)}" if fact.amount is not None else ""
        found.append(f"{BOUGHT[fact.status]} {what or 'goods or services'}{price}")
    return list(dict.fromkeys(found))
