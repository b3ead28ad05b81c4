"""What the templates are given: the queue, one document, agreement, stopping. No request is changed here."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from math import exp
from typing import Any
from urllib.parse import urlencode

from pipeline.exports.english import names, place_en
from pipeline.language.glosses import LABELS_EN, gloss
from pipeline.privacy import mask, masked
from pipeline.records import DOUBTFUL, Record
from pipeline.review.agreement import FIELDS, pairs
from pipeline.review.decisions import FACT_KINDS, Decision, active, by_document
from pipeline.review.desk import Desk
from pipeline.review.facts import CAMPAIGNS, COUNT_KINDS, GROUPS, LABELS, QUALIFIERS, REASONS, english, gloss_of
from pipeline.review.index import ORDERS, Entry, Filters, Order, progress
from pipeline.review.marks import KIND_NAMES, boxes_by_page, marks_of, segments
from pipeline.review.pictures import NoPicture, Wanted
from pipeline.review.reviewed import ReviewedFact, apply
from pipeline.review.stopping import TARGET

ROWS = 100
MOST_PAGES_SHOWN = 60
SOURCE_TYPES = {
    "wechat_account": "WeChat account",
    "government_website": "government website",
    "news_website": "news website",
    "other": "other",
}
CHOICES = {
    "doubtful": DOUBTFUL,
    "labels": [(code, LABELS_EN[code]) for code in LABELS],
    "campaigns": list(CAMPAIGNS.items()),
    "count_kinds": list(COUNT_KINDS.items()),
    "qualifiers": [(code, code.replace("_", " ")) for code in QUALIFIERS],
    "reasons": [(code, gloss(code)) for code in REASONS],
    "groups": [(code, gloss(code)) for code in GROUPS],
}
ACTION_NAMES = {
    "accept": "accepted",
    "change": "changed",
    "correct": "corrected",
    "delete": "deleted",
    "add": "added",
    "undo": "undid",
    "draw": "drew",
}


def asked(query: dict[str, str]) -> tuple[Filters, Order, int]:
    """Filters, order and page of a query; what is not known is left out."""
    filters = Filters(
        label=query.get("label", "") if query.get("label") in LABELS_EN else "",
        place=query.get("place", "")[:6],
        year=query.get("year", "")[:4],
        publisher=query.get("publisher", "")[:200],
        source_type=query.get("source_type", "")[:40],
        words=query.get("words", "")[:200],
        unreviewed=query.get("unreviewed") == "1",
    )
    order: Order = next((name for name in ORDERS if name == query.get("order")), "likely")
    number = query.get("page", "1")
    return filters, order, max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 7 else 1


def query_of(filters: Filters, order: Order, **more: str | int) -> str:
    """The same as a query string; empty fields are left out."""
    fields = {name: "1" if value is True else value for name, value in asdict(filters).items() if value}
    if order != "likely":
        fields["order"] = order
    return urlencode(fields | {name: str(value) for name, value in more.items() if value})


def state_of_work(desk: Desk) -> dict[str, Any]:
    """The numbers that change as people work."""
    estimate = desk.estimate()
    return progress(desk.index.entries, desk.labels()) | {
        "learning": desk.learning,
        "learned_from": desk.learned_from,
        "unseen": None if estimate.method == "none" else round(estimate.expected),
        "low": estimate.low,
        "high": estimate.high,
        "may_stop": estimate.may_stop,
        "method": estimate.method,
    }


def queue_page(desk: Desk, query: dict[str, str]) -> dict[str, Any]:
    """The list of posts."""
    filters, order, page = asked(query)
    found = desk.queue(filters, order)
    last = max(1, -(-len(found) // ROWS))
    page = min(page, last)
    labels = desk.labels()
    rows = [
        {"entry": entry, "decided": labels.get(entry.cluster), "learned": _chance(desk.ranks.get(entry.id))}
        for entry in found[(page - 1) * ROWS : page * ROWS]
    ]
    choices = desk.index.choices
    return {
        "rows": rows,
        "found": len(found),
        "page": page,
        "last": last,
        "first_row": (page - 1) * ROWS,
        "filters": filters,
        "order": order,
        "orders": ORDERS,
        "query": query_of(filters, order),
        "queries": {n: query_of(filters, order, page=n) for n in (1, page - 1, page + 1, last) if 1 <= n <= last},
        "choices": choices | {"place": _places(choices["place"])},
        "labels_en": LABELS_EN,
        "source_types": SOURCE_TYPES,
        "work": state_of_work(desk),
        **CHOICES,
    }


def _chance(odds: float | None) -> float | None:
    return None if odds is None else 1 / (1 + exp(-odds))


def _places(units: list[tuple[str, int]]) -> list[tuple[str, str, int, list[tuple[str, str, int]]]]:
    """Provinces with their prefectures and counties: code, English name, number of posts."""
    inside: dict[str, list[tuple[str, str, int]]] = {}
    for code, number in units:
        if not code.endswith("0000"):
            inside.setdefault(code[:2], []).append((code, english(code).split(",")[0], number))
    return [(code, english(code), number, inside.get(code[:2], [])) for code, number in units if code.endswith("0000")]


def sample_rows(desk: Desk) -> list[dict[str, Any]]:
    """The posts of the last sample and whether they are judged."""
    sample, labels = desk.sample(), desk.labels()
    if sample is None or sample.value is None:
        return []
    entries = [desk.index.by_id[i] for i in sample.value["documents"] if i in desk.index.by_id]
    return [{"entry": e, "decided": labels.get(e.cluster)} for e in entries]


def document_part(desk: Desk, document: str, query: dict[str, str], blind_for: str | None = None) -> dict[str, Any]:
    """What changes on the document page when somebody decides: text, label, facts, notes, history.

    `blind_for`: a reviewer who wants to see nobody else's decisions until the label is their own.
    """
    record = desk.record(document)
    made = desk.decisions.of_document(document)
    own = [d for d in made if d.reviewer == blind_for]
    blind = blind_for is not None and not any(d.kind == "label" for d in active(own))
    reviewed = apply(record, own if blind else made)
    shown = masked(reviewed.record)
    marks = marks_of(reviewed, masked(record) if reviewed.label_by is None else shown)
    return {
        "document": document,
        "record": shown,
        "reviewed": reviewed,
        "proposed": record.classification,
        "facts": {kind: [_shown(f, shown) for f in reviewed.facts if f.kind == kind] for kind in FACT_KINDS},
        "segments": segments(shown.document.text, marks),
        "boxes": boxes_by_page(marks),
        "history": [_told(d, made) for d in reversed(own if blind else made)],
        "last": made[-1].number if made else 0,
        "blind": blind,
        "differences": [] if blind else [d for pair in pairs({document: made}) for d in pair.differences],
        "notes": [{"by": n.reviewer, "at": when(n.at), "text": (n.value or {}).get("text")} for n in reviewed.notes],
        "labels_en": LABELS_EN,
        "kind_names": KIND_NAMES,
        **CHOICES,
        **_neighbours(desk, document, query),
    }


def document_page(desk: Desk, document: str, query: dict[str, str], blind_for: str | None = None) -> dict[str, Any]:
    """Everything the document page shows."""
    part = document_part(desk, document, query, blind_for)
    record: Record = part["record"]
    entry = desk.index.by_id[document]
    sizes, problem = [], ""
    try:
        sizes = desk.studio.sizes(Wanted.of(desk.record(document).source, desk.roots))
    except NoPicture as error:
        problem = str(error)
    filters, order, _ = asked(query)
    copies = [(entry.id, entry.path), *entry.copies] if entry.copies else []
    return part | {
        "page": record.document,
        "path": mask(record.source.path),
        "archived_url": _web_address(record.source.archived_url),
        "original_url": _web_address(record.source.original_url),
        "source_types": SOURCE_TYPES,
        "sizes": sizes[:MOST_PAGES_SHOWN],
        "pages_left": max(0, len(sizes) - MOST_PAGES_SHOWN),
        "problem": problem,
        "copies": [two for two in copies if two[0] != document],
        "query": "order=sample" if query.get("order") == "sample" else query_of(filters, order),
        "work": state_of_work(desk),
    }


def agreement_page(desk: Desk) -> dict[str, Any]:
    """Where reviewers differ."""
    found = pairs(by_document(desk.decisions.all()))
    titles = {e.id: e.title or e.path for e in desk.index.entries}
    return {"pairs": found, "fields": FIELDS, "titles": titles, "kind_names": KIND_NAMES | {"label": "label"}}


def stopping_page(desk: Desk) -> dict[str, Any]:
    """What is probably unseen, and whether one may stop."""
    sample = desk.sample()
    rows = sample_rows(desk)
    return {
        "estimate": desk.estimate(),
        "target": TARGET,
        "samples": desk.samples_seen(),
        "sample": sample,
        "rows": rows,
        "judged": sum(row["decided"] is not None for row in rows),
        "wanted": desk.wanted_sample(),
        "labels_en": LABELS_EN,
        "work": state_of_work(desk),
    }


def when(at: str | None) -> str:
    """A time of the store as people read it, UTC."""
    if not at:
        return ""
    return datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _shown(fact: ReviewedFact, record: Record) -> dict[str, Any]:
    value = fact.value | {"text": mask(str(fact.value.get("text") or ""))}
    proposed = fact.proposed
    return {
        "key": "_".join(fact.key.split()),
        "real_key": fact.key,
        "value": {name: part for name, part in value.items() if name != "boxes"},
        "gloss": gloss_of(fact.kind, _in_english(fact, record)),
        "state": fact.state,
        "was": gloss_of(fact.kind, proposed) if proposed is not None and fact.state == "corrected" else "",
        "by": fact.reviewer,
        "at": when(fact.at),
        "score": value.get("score") if fact.state == "proposed" else None,
    }


def _in_english(fact: ReviewedFact, record: Record) -> dict[str, Any]:
    """The fact with the English name of a count's place beside its words, where the post's places tell it."""
    words = fact.value.get("place")
    place = next((p for p in record.places if words and names(p, words)), None)
    known = place and place_en(place.adcode, place.name_en)
    return fact.value | {"place": f"{words} ({known.split(',')[0]})"} if known else fact.value


def _told(decision: Decision, made: list[Decision]) -> dict[str, Any]:
    undone = {d.undoes for d in made if d.action == "undo"}
    return {
        "number": decision.number,
        "by": decision.reviewer,
        "at": when(decision.at),
        "did": ACTION_NAMES[decision.action],
        "what": KIND_NAMES.get(decision.kind, decision.kind),
        "words": _words(decision, decision.value),
        "before": _words(decision, decision.before) if decision.action in {"correct", "change", "delete"} else "",
        "undone": decision.number in undone,
        "undoes": decision.undoes,
    }


def _words(decision: Decision, value: dict[str, Any] | None) -> str:
    if value is None:
        return ""
    if decision.kind == "label":
        return " · ".join(filter(None, (value.get("label"), value.get("campaign"))))
    if decision.kind in FACT_KINDS:
        quoted = mask(str(value.get("text") or ""))
        return f"{quoted} ({gloss_of(decision.kind, value)})" if quoted else gloss_of(decision.kind, value)
    return mask(str(value.get("text") or ""))


def _neighbours(desk: Desk, document: str, query: dict[str, str]) -> dict[str, str | None]:
    """The documents before and after, in the queue or the sample the reviewer came from."""
    if query.get("order") == "sample":
        queue = [row["entry"] for row in sample_rows(desk)]
        filters = Filters()
    else:
        filters, order, _ = asked(query)
        everything = Filters(**(asdict(filters) | {"unreviewed": False}))
        queue = desk.queue(everything, order)
    labels = desk.labels()
    here = desk.index.by_id[document].id

    def next_of(entries: list[Entry]) -> str | None:
        return next((e.id for e in entries if not (filters.unreviewed and e.cluster in labels)), None)

    at = next((i for i, entry in enumerate(queue) if entry.id == here), -1)
    return {"next": next_of(queue[at + 1 :]), "previous": next_of(queue[:at][::-1]) if at > 0 else None}


def _web_address(address: str | None) -> str | None:
    """An address that may be a link: of the web only, so that none runs as a script."""
    return address if address and address.lower().startswith(("http://", "https://")) else None
