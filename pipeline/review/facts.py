"""Facts as a reviewer sees and enters them: English glosses, and checked facts from what the page sends.

What comes from the page is never trusted: codes must be known, the adcode must be in the gazetteer, and the words of a
fact are cut from the stored text by its offsets, not taken from the request.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, get_args

from pydantic import ValidationError

from pipeline.language.glosses import LABELS_EN, gloss
from pipeline.language.places.gazetteer import Unit, load_gazetteer
from pipeline.learning.gold import GoldCount
from pipeline.privacy import mask
from pipeline.reading.document import Document
from pipeline.records import Campaign, Count, Group, Justification, JustificationCode, Label, Place, Record
from pipeline.review.decisions import Kind

LABELS: tuple[Label, ...] = get_args(Label)
CAMPAIGNS: dict[Campaign, str] = {
    "tibet_population": "population programme of the Tibet Autonomous Region",
    "male_ancestry": "male lineages (Y-STR), outside Xinjiang and the TAR",
    "xinjiang_population": "population programme of Xinjiang",
    "unspecified": "not told",
}
COUNT_KINDS = {
    "samples": "samples or people sampled so far",
    "target": "to be collected",
    "database": "size of a DNA database",
    "coverage": "percentage covered",
}
QUALIFIERS = {
    "exact": "exactly",
    "about": "about",
    "more_than": "more than",
    "nearly": "nearly",
    "less_than": "less than",
    "range": "from",
}
REASONS: tuple[JustificationCode, ...] = get_args(JustificationCode)
GROUPS: tuple[Group, ...] = get_args(Group)
LONGEST_FACT = 400  # characters; a reason or a count is a phrase, not a page


class BadFact(ValueError):
    """What the page sent is no fact; the message says what to mend."""


def gloss_of(kind: Kind, value: dict[str, Any]) -> str:
    """A fact in English.

    >>> gloss_of("counts", {"kind": "samples", "qualifier": "more_than", "value": 12000, "place": "察雅县"})
    'samples or people sampled so far: more than 12,000, 察雅县'
    """
    if kind in {"justifications", "groups"}:
        return gloss(value["code"])
    if kind == "places":
        parts = (value.get("village"), value.get("township"), value.get("name_en") or english(value["adcode"]))
        return ", ".join(part for part in parts if part)
    words = f"{COUNT_KINDS[value['kind']]}: {_figure(value)}"
    return ", ".join(filter(None, (words, value.get("place"), value.get("as_of"))))


def short_count(value: dict[str, Any]) -> str:
    """A count in a table: of samples the figure alone.

    >>> short_count({"kind": "target", "qualifier": "nearly", "value": 900, "upper": None})
    'target nearly 900'
    """
    return _figure(value) if value["kind"] in {"samples", "coverage"} else f"{value['kind']} {_figure(value)}"


def _figure(value: dict[str, Any]) -> str:
    number = f"{value['value']:,.10g}"
    if value.get("upper") is not None:
        number += f" to {value['upper']:,.10g}"
    unit = "%" if value["kind"] == "coverage" else ""
    said = value["qualifier"]
    return f"{'' if said == 'exact' else QUALIFIERS[said] + ' '}{number}{unit}"


def english(adcode: str) -> str:
    """The English name of a unit; its code where the gazetteer has none."""
    try:
        return load_gazetteer().english(adcode)
    except KeyError:
        return adcode


def label_value(given: dict[str, Any]) -> dict[str, Any]:
    """A checked label: campaign only and always with mass_collection. Raises BadFact."""
    label, campaign = given.get("label"), given.get("campaign") or None
    if label not in LABELS_EN:
        raise BadFact("no such label")
    if label != "mass_collection":
        return {"label": label, "campaign": None}
    if campaign is not None and campaign not in CAMPAIGNS:
        raise BadFact("no such campaign")
    return {"label": label, "campaign": campaign or "unspecified"}


def fact_value(kind: Kind, given: dict[str, Any], record: Record, reading: Document | None) -> dict[str, Any]:
    """A checked fact in its JSON form, with page and boxes where they are known. Raises BadFact."""
    try:
        if kind == "groups":
            if given.get("code") not in GROUPS:
                raise BadFact("no such group")
            return {"code": given["code"]}
        where = _where(given, record, reading)
        if kind == "counts":
            return _count(given, where)
        if kind == "places":
            return _place(given, where)
        if kind == "justifications":
            return Justification.model_validate({"code": given.get("code"), **where}).model_dump(mode="json")
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(str(part) for part in problem["loc"])
        raise BadFact(f"{field}: {problem['msg']}") from error
    raise BadFact("no such kind of fact")


def _where(given: dict[str, Any], record: Record, reading: Document | None) -> dict[str, Any]:
    """The quotation: its words cut from the stored text. Without offsets the title must hold the words."""
    start, end = given.get("start"), given.get("end")
    if start is None or end is None:
        text = str(given.get("text") or "").strip()
        told = (record.document.title or "", record.document.publisher or "")
        if not text or not any(text in words for words in told):
            raise BadFact("select the words in the text first")
        return {"text": text, "start": None, "end": None, "page": None, "boxes": []}
    body = record.document.text
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(body)):
        raise BadFact("the selection is not in the text")
    if given.get("text") and given["text"] not in (body[start:end], mask(body)[start:end]):
        raise BadFact("the page shows other words there; reload it")
    if end - start > LONGEST_FACT:
        raise BadFact(f"the selection is longer than {LONGEST_FACT} characters")
    page, boxes = 1, []
    if reading is not None and reading.text == body:
        place = reading.origins.locate(start, end)
        page, boxes = place.page or 1, [list(box) for box in place.boxes]
    return {"text": body[start:end], "start": start, "end": end, "page": page, "boxes": boxes}


def _count(given: dict[str, Any], where: dict[str, Any]) -> dict[str, Any]:
    value, upper = _number(given.get("value"), "the number"), given.get("upper")
    if value is None:
        raise BadFact("the number is missing")
    said = {
        "kind": given.get("kind"),
        "value": value,
        "upper": _number(upper, "the upper end"),
        "qualifier": given.get("qualifier") or "exact",
        "place": str(given["place"]).strip()[:80] if given.get("place") else None,
        "as_of": str(given["as_of"]).strip() if given.get("as_of") else None,
    }
    GoldCount.model_validate({"text": where["text"], **said})  # the form of the annotation guide, its dates too
    return Count.model_validate({**where, **said}).model_dump(mode="json")


def _number(given: object, name: str) -> int | float | None:
    if given is None or given == "":
        return None
    try:
        number = float(str(given).replace(",", ""))
    except ValueError as error:
        raise BadFact(f"{name} is no number") from error
    if not 0 <= number < 1e12:
        raise BadFact(f"{name} must be from 0 to a million million")
    return int(number) if number.is_integer() else number


def _place(given: dict[str, Any], where: dict[str, Any]) -> dict[str, Any]:
    adcode = str(given.get("adcode") or "")
    gazetteer = load_gazetteer()
    if adcode not in gazetteer.rows:
        raise BadFact(f"{adcode or 'no code'}: not in the gazetteer; choose a place from the list")
    below = {name: str(given[name]).strip()[:40] if given.get(name) else None for name in ("township", "village")}
    named = {"adcode": adcode, "name": gazetteer.chain(adcode), "name_en": gazetteer.english(adcode)}
    return Place.model_validate({**where, **named, **below}).model_dump(mode="json")


@lru_cache(maxsize=1)
def _searchable() -> list[tuple[str, str, str]]:
    gazetteer = load_gazetteer()
    return [(code, gazetteer.chain(code), gazetteer.english(code)) for code in gazetteer.rows]


def suggest_places(words: str, known: tuple[str, ...] = (), number: int = 12) -> list[dict[str, str]]:
    """Units whose Chinese or English name holds the words: those of a known province first, exact names before others.

    `known`: adcodes the document names already.
    """
    words = words.strip()[:40]
    if not words:
        return []
    gazetteer = load_gazetteer()
    provinces = {code[:2] for code in known}
    exact: list[Unit] = list(gazetteer.named(words))
    found: dict[str, tuple[bool, bool, str]] = {}
    for unit in exact:
        found[f"{unit.adcode}|{unit.name if unit.level == 'township' else ''}"] = (
            unit.adcode[:2] not in provinces, False, unit.adcode,
        )  # fmt: skip
    lowered = words.lower()
    for code, chain, name in _searchable():
        if f"{code}|" not in found and (words in chain or lowered in name.lower()):
            found[f"{code}|"] = (code[:2] not in provinces, True, code)
    best = sorted(found, key=found.__getitem__)[:number]
    return [
        {"adcode": code, "township": township, "name": gazetteer.chain(code), "name_en": gazetteer.english(code)}
        for code, _, township in (key.partition("|") for key in best)
    ]
