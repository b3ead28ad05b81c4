"""The records as tables: one for documents, one for each kind of fact: what spreadsheets and data frames are made from.

Every fact says whether it holds (`holds`) and how that is known (`status`): `proposed` by the program and judged by
nobody, whatever else of the document was judged; `confirmed` by a reviewer; `added` by one; or `rejected`. A corrected
fact is one rejected and one added. Rejected facts stay in the tables, so that what the program proposed can be seen
beside what was decided. Private numbers are starred in every cell of words.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from pipeline.batch.judged import Judged
from pipeline.exports.english import count_place, label_en, meaning, place_en
from pipeline.privacy import mask, masked
from pipeline.records import Located, Record
from pipeline.review.decisions import Kind as FactKind
from pipeline.review.reviewed import fact_key

Cell = str | int | float | bool | None
Row = dict[str, Cell]
Kind = Literal["text", "integer", "number", "boolean"]
Fact = TypeVar("Fact", bound=Located)
# Addresses and fingerprints are no words: starring digits in them would break what they point to.
AS_THEY_STAND = frozenset({"path", "id", "sha256", "cluster", "archived_url", "boxes", "archived_at"})


@dataclass(frozen=True)
class Column:
    """A column: name, kind of its cells, and what it says."""

    name: str
    kind: Kind
    says: str


def _columns(*lines: str) -> tuple[Column, ...]:
    found = []
    for line in lines:
        name, kind, says = line.split("|")
        found.append(Column(name, kind, says))  # type: ignore[arg-type]
    return tuple(found)


OF_DOCUMENT = _columns(
    "path|text|file in the archive",
    "id|text|sha256 of the file",
    "title|text|title of the post",
    "publisher|text|account or site that published it",
    "published|text|date on the page, to the precision it gives",
    "label|text|what the document shows, as reviewed where it was reviewed",
    "repost|boolean|true where an earlier record of the same post exists: leave these out of sums",
)
OF_FACT = _columns(
    "holds|boolean|false where a reviewer rejected it",
    "status|text|proposed, confirmed, added or rejected",
)
WHERE = _columns(
    "text|text|the post's own words",
    "start|integer|first character in the document's text, from 0; empty where title or publisher say it",
    "end|integer|character after the last",
    "page|integer|page, from 1",
    "boxes|text|x0, top, x1, bottom of each line in PDF points from the top left, as JSON",
)
TABLES: dict[str, tuple[Column, ...]] = {
    "documents": (
        *OF_DOCUMENT,
        *_columns(
            "label_en|text|the label in English",
            "label_proposed|text|label the program gave",
            "score|number|the program's score of the label it gave, 0 to 1",
            "needs_review|boolean|marked as doubtful by the program",
            "label_by|text|who decided the label; empty where it is the program's",
            "reviewed_by|text|who decided on label or facts; empty where nobody has",
            "campaign|text|code of the campaign",
            "campaign_en|text|the campaign in English",
            "campaign_proposed|text|campaign the program gave",
            "counts|text|figures that hold",
            "places|text|places that hold",
            "places_en|text|the same in English",
            "reasons|text|codes of the reasons that hold",
            "reasons_en|text|the same in English",
            "groups|text|codes of the people sampled",
            "groups_en|text|the same in English",
            "organisations|text|bodies that took part",
            "source_type|text|code of the kind of source",
            "source_type_en|text|the same in English",
            "script|text|simplified, traditional or mixed",
            "cluster|text|id of the earliest record of the same post",
            "archived_url|text|address it was archived from",
            "archived_at|text|time of the capture, UTC",
            "media_type|text|kind of file",
            "bytes|integer|size of the file",
            "pages|integer|number of pages",
            "text_layer|text|embedded, ocr or mixed",
            "model|text|model that gave the label",
            "warnings|text|codes of what was doubtful in reading",
            "text|text|the cleaned body",
        ),
    ),
    "counts": (
        *OF_DOCUMENT, *OF_FACT,
        *_columns(
            "kind|text|samples, target, database or coverage",
            "kind_en|text|the same in English",
            "value|number|the figure; lower end of a range; a percentage for coverage",
            "upper|number|upper end of a range",
            "qualifier|text|exact, about, more_than, nearly, less_than or range",
            "qualifier_en|text|the same in English",
            "place|text|where, as the post names it",
            "place_en|text|its county, prefecture and province in English; where the post names one county only, that",
            "adcode|text|code of that county",
            "as_of|text|date the figure is for",
        ),
        *WHERE,
    ),
    "places": (
        *OF_DOCUMENT, *OF_FACT,
        *_columns(
            "adcode|text|code of the county, prefecture or province, GB/T 2260",
            "name|text|full name down to the county",
            "name_en|text|the same in English",
            "township|text|township",
            "village|text|village",
        ),
        *WHERE,
    ),
    "reasons": (
        *OF_DOCUMENT, *OF_FACT,
        *_columns("code|text|code of the reason given", "code_en|text|the reason in English"),
        *WHERE,
    ),
    "groups": (
        *OF_DOCUMENT, *OF_FACT,
        *_columns("group|text|code of the people sampled", "group_en|text|the same in English"),
    ),
    "organisations": (
        *OF_DOCUMENT, *OF_FACT,
        *_columns(
            "name|text|the body",
            "kind|text|police, health, school, government, company, monastery or other",
            "kind_en|text|the same in English",
            "role|text|collector, partner, supplier, site or other",
            "role_en|text|the same in English",
            "adcode|text|code of its county",
            "place_en|text|its county in English",
        ),
        *WHERE,
    ),
    "evidence": (
        *OF_DOCUMENT,
        *_columns("weight|number|share in the decision, log-odds; positive speaks for the program's label"),
        *WHERE,
    ),
}  # fmt: skip


def rows_of(judged: Judged, repost: bool) -> Iterator[tuple[str, Row]]:
    """The rows of one document, each with the name of its table. Cells of words are masked."""
    holding, proposed = masked(judged.record), masked(judged.proposed)
    sure = judged.confirmed
    document = _document(holding, proposed, judged, repost)
    head = {column.name: document[column.name] for column in OF_DOCUMENT}
    yield "documents", _masked(document)
    for name, facts in (
        ("counts", _counts(holding, proposed, sure)),
        ("places", _places(holding, proposed, sure)),
        ("reasons", _reasons(holding, proposed, sure)),
        ("groups", _groups(holding, proposed, sure)),
        ("organisations", _organisations(holding, proposed, sure)),
        ("evidence", _evidence(proposed)),
    ):
        for row in facts:
            yield name, _masked({**head, **row})


def _masked(row: Row) -> Row:
    return {
        name: mask(cell) if isinstance(cell, str) and name not in AS_THEY_STAND else cell for name, cell in row.items()
    }


def _document(record: Record, proposed: Record, one: Judged, repost: bool) -> Row:
    page, source, judged = record.document, record.source, record.classification
    by_program = proposed.classification
    reasons = tuple(dict.fromkeys(fact.code for fact in record.justifications))
    return {
        "path": source.path,
        "id": record.id,
        "title": page.title,
        "publisher": page.publisher,
        "published": page.published,
        "label": judged.label,
        "repost": repost,
        "label_en": label_en(judged.label),
        "label_proposed": by_program.label,
        "score": by_program.scores.get(by_program.label),
        "needs_review": by_program.needs_review,
        "label_by": one.label_by,
        "reviewed_by": _joined(one.reviewers),
        "campaign": judged.campaign,
        "campaign_en": meaning(judged.campaign),
        "campaign_proposed": by_program.campaign,
        "counts": _joined(f"{fact.text} ({fact.kind})" for fact in record.counts),
        "places": _joined(f"{p.name}{p.township or ''}{p.village or ''}" for p in record.places),
        "places_en": _joined(place_en(place.adcode, place.name_en) for place in record.places),
        "reasons": _joined(reasons),
        "reasons_en": _joined(meaning(code) for code in reasons),
        "groups": _joined(record.groups),
        "groups_en": _joined(meaning(code) for code in record.groups),
        "organisations": _joined(f"{body.name} ({body.role})" for body in record.organisations),
        "source_type": page.source_type,
        "source_type_en": meaning(page.source_type),
        "script": page.script,
        "cluster": record.cluster,
        "archived_url": source.archived_url,
        "archived_at": source.archived_at,
        "media_type": source.media_type,
        "bytes": source.bytes,
        "pages": source.pages,
        "text_layer": source.text_layer,
        "model": by_program.model,
        "warnings": _joined(record.warnings),
        "text": page.text,
    }


def _joined(parts: object) -> str | None:
    """Parts that say something, once each; None where none does."""
    return "; ".join(dict.fromkeys(str(part) for part in parts if part)) or None  # type: ignore[attr-defined]


def statuses(
    kind: FactKind | Literal["organisations"],
    holding: tuple[Fact, ...],
    proposed: tuple[Fact, ...],
    sure: frozenset[str],
) -> Iterator[tuple[Fact, Row]]:
    """Each fact once, those that hold first, with `holds` and `status`. `sure`: keys of what reviewers confirmed.

    Nobody is asked about organisations, so they stay proposed.
    """
    before = {_core(fact) for fact in proposed}
    after = {_core(fact) for fact in holding}
    for fact in holding:
        known = kind != "organisations" and fact_key(kind, fact.model_dump()) in sure
        status = "added" if _core(fact) not in before else "confirmed" if known else "proposed"
        yield fact, {"holds": True, "status": status}
    for fact in proposed:
        if _core(fact) not in after:
            yield fact, {"holds": False, "status": "rejected"}


def _core(fact: Located) -> str:
    """What makes a fact the same fact: everything but where it is drawn on the page."""
    return fact.model_dump_json(exclude={"boxes", "page"})


def _where(fact: Located) -> Row:
    return {
        "text": fact.text,
        "start": fact.start,
        "end": fact.end,
        "page": fact.page,
        "boxes": json.dumps(fact.boxes) if fact.boxes else None,
    }


def _counts(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
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
        )


def _places(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    for fact, status in statuses("places", record.places, proposed.places, sure):
        yield (
            status
            | {
                "adcode": fact.adcode,
                "name": fact.name,
                "name_en": place_en(fact.adcode, fact.name_en),
                "township": fact.township,
                "village": fact.village,
            }
            | _where(fact)
        )


def _reasons(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    for fact, status in statuses("justifications", record.justifications, proposed.justifications, sure):
        yield status | {"code": fact.code, "code_en": meaning(fact.code)} | _where(fact)


def _groups(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    for group in record.groups:
        known = fact_key("groups", {"code": group}) in sure
        status = "added" if group not in proposed.groups else "confirmed" if known else "proposed"
        yield {"holds": True, "status": status, "group": group, "group_en": meaning(group)}
    for group in proposed.groups:
        if group not in record.groups:
            yield {"holds": False, "status": "rejected", "group": group, "group_en": meaning(group)}


def _organisations(record: Record, proposed: Record, sure: frozenset[str]) -> Iterator[Row]:
    for fact, status in statuses("organisations", record.organisations, proposed.organisations, sure):
        yield (
            status
            | {
                "name": fact.name,
                "kind": fact.kind,
                "kind_en": meaning(fact.kind),
                "role": fact.role,
                "role_en": meaning(fact.role),
                "adcode": fact.adcode,
                "place_en": place_en(fact.adcode, None),
            }
            | _where(fact)
        )


def _evidence(record: Record) -> Iterator[Row]:
    for fact in record.classification.evidence:
        yield {"weight": fact.weight, **_where(fact)}
