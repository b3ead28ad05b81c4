"""The records as tables: one for documents, one for each kind of fact: what spreadsheets and data frames are made from.

Every fact says whether it holds (`holds`) and how that is known (`status`): `proposed` by the program and judged by
nobody, whatever else of the document was judged; `confirmed` by a reviewer; `added` by one; or `rejected`. A corrected
fact is one rejected and one added. Rejected facts stay in the tables, so that what the program proposed can be seen
beside what was decided. Private numbers are starred in every cell of words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.batch.judged import Judged
from pipeline.exports import facts as rows_about
from pipeline.exports.english import label_en, meaning, place_en, purchase_en
from pipeline.exports.facts import Row
from pipeline.privacy import mask, masked
from pipeline.records import DOUBTFUL, Record

Kind = Literal["text", "integer", "number", "boolean"]
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
            "circumstances|text|codes of method, venue, consent, medical staff and linked programmes",
            "circumstances_en|text|the same in English",
            "procurements_en|text|purchases by the police connected with DNA, in English",
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
        *_columns(
            f"score|number|how likely the figure counts what `kind` says, 0 to 1; doubtful below {DOUBTFUL}; "
            "empty in tables and lists, which rules alone read, and where a reviewer decided",
        ),
    ),
    "places": (
        *OF_DOCUMENT, *OF_FACT,
        *_columns(
            "adcode|text|code of the county, prefecture or province, GB/T 2260",
            "name|text|full name down to the county",
            "name_en|text|the same in English",
            "also_en|text|other spellings of county and prefecture in foreign reports",
            "township|text|township",
            "village|text|village",
            "latitude|number|degrees north of a point of the unit, or of the smallest around it that has one",
            "longitude|number|degrees east of the same point",
            "point_of|text|whose point it is: county, prefecture or province",
        ),
        *WHERE,
    ),
    "reasons": (
        *OF_DOCUMENT, *OF_FACT,
        *_columns(
            "code|text|code of the reason given",
            "code_en|text|the reason in English",
            "text_en|text|English of the phrase where the phrase book has it, else of the code",
        ),
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
            "did_en|text|what the post says it did or sold, in English",
            "adcode|text|code of its county",
            "place_en|text|its county in English",
        ),
        *WHERE,
    ),
    "circumstances": (
        *OF_DOCUMENT, *OF_FACT,
        *_columns(
            "aspect|text|method, venue, consent, medical_staff, programme or alongside",
            "aspect_en|text|the same in English",
            "code|text|code of the circumstance",
            "code_en|text|the same in English",
            "text_en|text|English of the phrase where the phrase book has it, else of the code",
        ),
        *WHERE,
    ),
    "procurements": (
        *OF_DOCUMENT, *OF_FACT,
        *_columns(
            "part|text|whole, lot or item: add up one kind only, they contain each other",
            "part_en|text|the same in English",
            "purchase_status|text|planned, tendered, awarded, contracted or failed",
            "purchase_status_en|text|the same in English",
            "lot|text|number or name of the lot",
            "buyer|text|who buys",
            "supplier|text|who was awarded it; of a planned single source, who shall be",
            "product|text|what is bought",
            "product_en|text|kinds of goods and services in it, in English",
            "quantity|number|how many",
            "unit|text|unit of the quantity",
            "unit_price|number|yuan for one",
            "amount|number|yuan",
            "amount_kind|text|budget, ceiling, award or contract",
            "amount_kind_en|text|the same in English",
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
        ("counts", rows_about.counts(holding, proposed, sure)),
        ("places", rows_about.places(holding, proposed, sure)),
        ("reasons", rows_about.reasons(holding, proposed, sure)),
        ("groups", rows_about.groups(holding, proposed, sure)),
        ("organisations", rows_about.organisations(holding, proposed, sure)),
        ("circumstances", rows_about.circumstances(holding, proposed, sure)),
        ("procurements", rows_about.procurements(holding, proposed, sure)),
        ("evidence", rows_about.evidence(proposed)),
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
    how = tuple(fact.code for fact in record.circumstances)
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
        "circumstances": _joined(how),
        "circumstances_en": _joined(meaning(code) for code in how),
        "procurements_en": _joined(purchase_en(fact) for fact in record.procurements if fact.part != "item"),
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
