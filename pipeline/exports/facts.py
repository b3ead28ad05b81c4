"""The rows of each kind of fact of one document, with `holds`, `status` and English beside every code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TypeVar

from pipeline.exports.english import also_en, count_place, deeds, meaning, place_en, product_en
from pipeline.exports.points import point_of
from pipeline.language.glosses import phrase_gloss
from pipeline.records import Located, Record
from pipeline.review.decisions import Kind as FactKind
from pipeline.review.reviewed import fact_key

Cell = str | int | float | bool | None
Row = dict[str, Cell]
Fact = TypeVar("Fact", bound=Located)


def statuses(
    kind: FactKind | None, holding: tuple[Fact, ...], proposed: tuple[Fact, ...], sure: frozenset[str]
) -> Iterator[tuple[Fact, Row]]:
    """Each fact once, those that hold first, with `holds` and `status`. `sure`: keys of what reviewers confirmed.

    `kind` is None for facts that nobody is asked about (organisations, circumstances, purchases): they stay proposed.
    """
    before = {_core(fact) for fact in proposed}
    after = {_core(fact) for fact in holding}
    for fact in holding:
        known = kind is not None and fact_key(kind, fact.model_dump()) in sure
        status = "added" if _core(fact) not in before else "confirmed" if known else "proposed"
        yield fact, {"holds": True, "status": status}
    for fact in proposed:
        if _core(fact) not in after:
            yield fact, {"holds": False, "status": "rejected"}


def _core(fact: Located) -> str:
    """What makes a fact the same fact: not where it is drawn on the page, nor how sure the program was of it."""
    return fact.model_dump_json(exclude={"boxes", "page", "score"})


def _where(fact: Located) -> Row:
    return {
        "text": fact.text,
        "start": fact.start,
        "end": fact.end,
        "page": fact.page,
        "boxes": json.dumps(fact.boxes) if fact.boxes else None,
    }


def counts(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    """Figures, each with the county it is for."""
    for fact, status in statuses("counts", record.counts, proposed.counts, sure):
        adcode, english = count_place(record, fact.place)
        yield (
            status
            | {
                "kind": fact.kind,
                "kind_en": meaning(fact.kind),
                "value": fact.value,
                "upper": fact.upper,
                "qualifier": fact.qualifier,
                "qualifier_en": meaning(fact.qualifier),
                "place": fact.place,
                "place_en": english,
                "adcode": adcode,
                "as_of": fact.as_of,
            }
            | _where(fact)
            | {"score": fact.score}
        )


def places(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    """Places."""
    for fact, status in statuses("places", record.places, proposed.places, sure):
        point = point_of(fact.adcode)
        yield (
            status
            | {
                "adcode": fact.adcode,
                "name": fact.name,
                "name_en": place_en(fact.adcode, fact.name_en),
                "also_en": also_en(fact.adcode),
                "township": fact.township,
                "village": fact.village,
                "latitude": point and point.latitude,
                "longitude": point and point.longitude,
                "point_of": point and point.precision,
            }
            | _where(fact)
        )


def reasons(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    """Reasons given."""
    for fact, status in statuses("justifications", record.justifications, proposed.justifications, sure):
        words = {"code": fact.code, "code_en": meaning(fact.code), "text_en": phrase_gloss(fact.code, fact.text)}
        yield status | words | _where(fact)


def groups(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    """From whom samples were taken."""
    for group in record.groups:
        known = fact_key("groups", {"code": group}) in sure
        status = "added" if group not in proposed.groups else "confirmed" if known else "proposed"
        yield {"holds": True, "status": status, "group": group, "group_en": meaning(group)}
    for group in proposed.groups:
        if group not in record.groups:
            yield {"holds": False, "status": "rejected", "group": group, "group_en": meaning(group)}


def organisations(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    """Bodies that took part, and what each did."""
    for fact, status in statuses(None, record.organisations, proposed.organisations, sure):
        yield (
            status
            | {
                "name": fact.name,
                "kind": fact.kind,
                "kind_en": meaning(fact.kind),
                "role": fact.role,
                "role_en": meaning(fact.role),
                "did_en": "; ".join(deeds(record, fact)) or None,
                "adcode": fact.adcode,
                "place_en": place_en(fact.adcode, None),
            }
            | _where(fact)
        )


def circumstances(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    """Methods, venues, consent, medical staff, programmes."""
    for fact, status in statuses(None, record.circumstances, proposed.circumstances, sure):
        yield (
            status
            | {
                "aspect": fact.aspect,
                "aspect_en": meaning(fact.aspect),
                "code": fact.code,
                "code_en": meaning(fact.code),
                "text_en": phrase_gloss(fact.code, fact.text),
            }
            | _where(fact)
        )


def procurements(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    """Purchases, their lots and items."""
    for fact, status in statuses(None, record.procurements, proposed.procurements, sure):
        yield (
            status
            | {
                "part": fact.part,
                "part_en": meaning(fact.part),
                "purchase_status": fact.status,
                "purchase_status_en": meaning(fact.status),
                "lot": fact.lot,
                "buyer": fact.buyer,
                "supplier": fact.supplier,
                "product": fact.product,
                "product_en": product_en(fact.product),
                "quantity": fact.quantity,
                "unit": fact.unit,
                "unit_price": fact.unit_price,
                "amount": fact.amount,
                "amount_kind": fact.amount_kind,
                "amount_kind_en": meaning(fact.amount_kind),
            }
            | _where(fact)
        )


def evidence(record: Record) -> Iterator[Row]:
    """Sentences that carried the decision."""
    for fact in record.classification.evidence:
        yield {"weight": fact.weight, **_where(fact)}
