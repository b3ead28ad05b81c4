"""The records of a run directory as people should use them: what reviewers decided in place of what was proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.batch.store import Store
from pipeline.records import Record
from pipeline.review.decisions import Decision, Decisions, by_document
from pipeline.review.reviewed import Reviewed, apply, carried_over, takes_facts


@dataclass(frozen=True)
class Judged:
    """One document: what holds, what the program proposed, and who decided."""

    record: Record  # reviewed label and facts where a reviewer decided, the program's otherwise
    proposed: Record  # the program's own
    reviewers: tuple[str, ...] = ()  # who decided on label or facts; empty where nobody has yet
    label_by: str | None = None  # who decided the label; None while it is the program's
    confirmed: frozenset[str] = frozenset()  # keys of the facts that a reviewer accepted or put there, by `fact_key`


def judged(directory: Path, store_url: str | None = None) -> Iterator[Judged]:
    """Every document of a run directory, sorted by path. Unmasked: what leaves the store goes through `masked`.

    A copy of a reviewed post (same cluster) that nobody judged itself takes over its label, and its facts where the
    words are the same. `store_url`: the PostgreSQL database the run wrote to, where it was not the directory's own.
    """
    store = Store.of(directory, store_url)
    try:
        yield from judged_records(Decisions(store))
    finally:
        store.close()


def judged_records(decisions: Decisions) -> Iterator[Judged]:
    """The same from an open store."""
    made = by_document(decisions.all())
    originals = _originals(decisions, made) if made else {}
    for record in decisions.store.records():
        yield _judged(record, made, originals)


def _judged(record: Record, made: dict[str, list[Decision]], originals: dict[str, Reviewed]) -> Judged:
    own = apply(record, made.get(record.id, ()))
    original = originals.get(record.cluster)
    if own.judged or original is None or original.record.id == record.id:
        by = own.label_by.reviewer if own.label_by is not None else None
        return Judged(own.record, record, own.reviewers, by, own.confirmed)
    assert original.label_by is not None
    label_by = original.label_by.reviewer
    whose = original if takes_facts(own, original) else own
    reviewers = tuple(sorted({*whose.reviewers, *own.reviewers, label_by}))
    return Judged(carried_over(own, original), record, reviewers, label_by, whose.confirmed)


def _originals(decisions: Decisions, made: dict[str, list[Decision]]) -> dict[str, Reviewed]:
    """Cluster → its member whose label was decided last."""
    found: dict[str, Reviewed] = {}
    for record in decisions.records(set(made)):
        reviewed = apply(record, made[record.id])
        if reviewed.label_by is None:
            continue
        known = found.get(record.cluster)
        if known is None or known.label_by is None or known.label_by.number < reviewed.label_by.number:
            found[record.cluster] = reviewed
    return found
