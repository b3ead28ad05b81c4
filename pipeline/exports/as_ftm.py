"""FollowTheMoney entities, one JSON object a line, for Aleph and OpenSanctions' tools (`ftm`).

A document is a Document (Pages, HyperText, Image, PlainText); a body that took part is a PublicBody, Company or
Organization; a collection is an Event, one for each post however often it was reposted, with its organiser and
everybody involved; a purchase with a supplier is a Contract and its ContractAward. Bodies, events and contracts name
the documents that show them as their proof. What a reviewer rejected makes no entity; what nobody has reviewed says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from followthemoney import model
from followthemoney.proxy import EntityProxy

from pipeline.batch.judged import Judged
from pipeline.exports.english import deeds, label_en, meaning, place_en, product_en, purchase_en
from pipeline.exports.export import Documents
from pipeline.privacy import mask, masked
from pipeline.records import Organisation, OrganisationKind, Record

SCHEMATA = {"application/pdf": "Pages", "text/html": "HyperText", "application/xhtml+xml": "HyperText"}
BODIES: dict[OrganisationKind, str] = {
    "police": "PublicBody",
    "government": "PublicBody",
    "health": "PublicBody",
    "school": "PublicBody",
    "company": "Company",
    "monastery": "Organization",
    "other": "Organization",
}
COUNTRY, LANGUAGE = "cn", "zho"


def write(documents: Documents, out: Path) -> None:
    """Write documents as they come, then bodies and events, which several documents may speak of.

    Held meanwhile: one entity for each body and each collection.
    """
    bodies: dict[str, EntityProxy] = {}
    events: dict[str, EntityProxy] = {}
    contracts: dict[str, EntityProxy] = {}
    written: set[str] = set()
    with out.open("w", encoding="utf-8") as stream:
        for one, _ in documents:
            record = masked(one.record)
            document = _document(record, _decided(one))
            if document.id not in written:  # the same file under two paths is one document
                stream.write(_line(document))
                written.add(str(document.id))
            took_part = [(body, _body(bodies, record, body, document)) for body in record.organisations]
            _contracts(contracts, record, document, {body.name: str(made.id) for body, made in took_part})
            if record.classification.label == "mass_collection":
                _event(events, one, record, document, took_part)
        for entity in (*bodies.values(), *events.values(), *contracts.values()):
            stream.write(_line(entity))


def _line(entity: EntityProxy) -> str:
    return json.dumps(entity.to_dict(), ensure_ascii=False) + "\n"


def _entity(schema: str, *key: str) -> EntityProxy:
    entity = model.make_entity(schema)
    digest = hashlib.sha256("\n".join(key).encode()).hexdigest()
    entity.id = f"xueyang-{schema.lower()}-{digest[:40]}"
    return entity


def _say(entity: EntityProxy, **values: str | int | Iterable[str | None] | None) -> None:
    """Add what there is to say; FollowTheMoney cleans each value and leaves out what its type refuses."""
    for name, value in values.items():
        entity.add(name, str(value) if isinstance(value, int) else value, quiet=False)


def _decided(one: Judged) -> str:
    """Who stands for the label."""
    if one.label_by is not None:
        return f"reviewed by {one.label_by}"
    return f"proposed by {one.record.classification.model}; not reviewed by a person"


def _document(record: Record, decided: str) -> EntityProxy:
    page, source, judged = record.document, record.source, record.classification
    kind = source.media_type.partition("/")[0]
    by_kind = {"image": "Image", "text": "PlainText"}.get(kind, "Document")
    entity = _entity(SCHEMATA.get(source.media_type, by_kind), record.id)
    _say(
        entity,
        fileName=PurePosixPath(source.path).name,
        title=mask(page.title) if page.title else None,
        mimeType=source.media_type,
        fileSize=source.bytes,
        country=COUNTRY,
        language=LANGUAGE,
        publisher=mask(page.publisher) if page.publisher else None,
        publishedAt=page.published,
        retrievedAt=source.archived_at,
        sourceUrl=source.archived_url,
        keywords=[judged.label, label_en(judged.label), *(j.code for j in record.justifications)],
        summary=f"{label_en(judged.label)} (sha256 {source.sha256})",
        notes=[
            f"label {judged.label}: {decided}",
            *(f"{meaning(fact.aspect)}: {meaning(fact.code)}: “{fact.text}”" for fact in record.circumstances),
            *(mask(purchase_en(fact)) for fact in record.procurements),
        ],
        bodyText=page.text,
    )
    return entity


def _body(bodies: dict[str, EntityProxy], record: Record, body: Organisation, document: EntityProxy) -> EntityProxy:
    """The entity of a body, with this document added to its proof.

    A body whose county is not known is told apart by its post: every county has a 县公安局.
    """
    entity = _entity(BODIES[body.kind], body.name, body.adcode or record.cluster)
    entity = bodies.setdefault(str(entity.id), entity)
    place = place_en(body.adcode, None)
    _say(
        entity,
        name=mask(body.name),
        country=COUNTRY,
        jurisdiction=COUNTRY,
        address=place,
        classification=meaning(body.kind),
        summary=f"{meaning(body.kind)}{f' in {place}' if place else ''}",
        notes=[f"{meaning(body.role)}: “{mask(body.text)}”", *(mask(deed) for deed in deeds(record, body))],
        proof=document.id,
    )
    return entity


def _contracts(
    contracts: dict[str, EntityProxy], record: Record, document: EntityProxy, parties: dict[str, str]
) -> None:
    """A contract and its award for each purchase, or lot of one, with a supplier."""
    for fact in record.procurements:
        if not fact.supplier or fact.part == "item" or fact.status in {"planned", "tendered", "failed"}:
            continue
        key = (record.cluster, fact.lot or "", fact.supplier, str(fact.amount))
        contract, award = _entity("Contract", *key), _entity("ContractAward", *key)
        contract = contracts.setdefault(str(contract.id), contract)
        award = contracts.setdefault(str(award.id), award)
        product = mask(fact.product) if fact.product else None
        _say(
            contract,
            name=product,
            title=product,
            description=product_en(fact.product),
            authority=parties.get(fact.buyer or ""),
            status=meaning(fact.status),
            country=COUNTRY,
            proof=document.id,
        )
        _say(
            award,
            contract=contract.id,
            supplier=parties.get(fact.supplier),
            lotNumber=fact.lot,
            amount=None if fact.amount is None else str(fact.amount),
            currency=None if fact.amount is None else "CNY",
            summary=mask(purchase_en(fact)),
            sourceUrl=record.source.archived_url,
        )


def _event(
    events: dict[str, EntityProxy],
    one: Judged,
    record: Record,
    document: EntityProxy,
    took_part: list[tuple[Organisation, EntityProxy]],
) -> None:
    """The collection that a post tells of, with this document added to its proof."""
    entity = _entity("Event", record.cluster)
    first = str(entity.id) not in events
    entity = events.setdefault(str(entity.id), entity)
    places = list(dict.fromkeys(filter(None, (place_en(p.adcode, p.name_en) for p in record.places))))
    if first:  # the earliest to be read names the event; its reposts add proof and facts
        where = f" in {'; '.join(places[:3])}" if places else ""
        _say(entity, name=f"Collection of blood or DNA samples{where}", date=record.document.published)
        _say(entity, notes=_decided(one))
    _say(
        entity,
        country=COUNTRY,
        location=[*places, *(f"{p.name}{p.township or ''}{mask(p.village or '')}" for p in record.places)],
        summary=[
            f"{count.text}: {meaning(count.kind)}{' (doubtful)' if count.doubtful else ''}" for count in record.counts
        ],
        description=[sentence.text for sentence in record.classification.evidence if sentence.weight > 0],
        keywords=[
            *(meaning(fact.code) for fact in record.justifications),
            *(meaning(group) for group in record.groups),
            *(meaning(fact.code) for fact in record.circumstances),
            meaning(record.classification.campaign),
        ],
        sourceUrl=record.source.archived_url,
        organizer=[str(made.id) for body, made in took_part if body.role == "collector" and body.kind == "police"],
        involved=[str(made.id) for _, made in took_part],
        proof=document.id,
    )
