"""Reviewers' decisions: a table of their own beside the records, to which rows are only ever added.

Nothing is changed or deleted: an undo is a row that names the row it undoes, and a later decision on the same fact
stands in place of an earlier one, which stays in the history. Decisions hang on the sha256 of the document, so a file
that is moved, or read again by a later model, keeps them. A run never writes here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from pydantic import Field
from sqlalchemy import Column, Integer, String, Table, Text, insert, select
from sqlalchemy.engine import Row

from pipeline.batch.store import FILES, METADATA, Store
from pipeline.records import Model, Record

Kind = Literal["label", "counts", "places", "justifications", "groups", "note", "sample"]
Action = Literal["accept", "change", "correct", "delete", "add", "undo", "draw"]
FACT_KINDS: tuple[Kind, ...] = ("counts", "places", "justifications", "groups")
# A row that a slower writer commits may carry a lower number than rows already seen; so far back is looked again.
LOOK_BACK = 200

DECISIONS = Table(
    "decisions",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("document", String(64), nullable=False, index=True, comment="sha256 of the document; empty for a sample"),
    Column("reviewer", String, nullable=False),
    Column("at", String, nullable=False, comment="ISO 8601, UTC"),
    Column("kind", String, nullable=False),
    Column("action", String, nullable=False),
    Column("fact", String, comment="key of the fact decided on; see pipeline.review.reviewed"),
    Column("value", Text, comment="JSON: what holds from now on"),
    Column("before", Text, comment="JSON: what held until then"),
    Column("undoes", Integer, comment="number of the row undone"),
    Column("ordered_by", String, comment="the order of the queue that brought the document up"),
    sqlite_autoincrement=True,
)


class Decision(Model):
    """One thing a reviewer did. `value` and `before` are a fact, a label or a note as JSON."""

    document: str = Field(pattern=r"^([0-9a-f]{64})?$")
    reviewer: str = Field(min_length=1, max_length=80)
    kind: Kind
    action: Action
    fact: str | None = None
    value: dict[str, Any] | None = None
    before: dict[str, Any] | None = None
    undoes: int | None = None
    ordered_by: str | None = None
    number: int = 0
    at: str = ""


class Decisions:
    """The decisions of a run directory's store. Any number of programs may add to it at once."""

    def __init__(self, store: Store) -> None:
        self.store = store
        DECISIONS.create(store.engine, checkfirst=True)
        self._seen: dict[int, Decision] = {}
        self._lock = Lock()

    @classmethod
    def of(cls, directory: Path, store_url: str | None = None) -> Decisions:
        """The decisions of a run directory. Raises StoreUnavailable."""
        return cls(Store.of(directory, store_url))

    def add(self, decision: Decision) -> Decision:
        """Write one decision down, with the time; returns it with its number once it is safely stored."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        row = decision.model_dump(exclude={"number"}) | {"at": at}
        for name in ("value", "before"):
            row[name] = None if row[name] is None else json.dumps(row[name], ensure_ascii=False)
        with self.store.engine.begin() as connection:
            key = connection.execute(insert(DECISIONS).values(**row)).inserted_primary_key
        assert key is not None
        return decision.model_copy(update={"number": int(key[0]), "at": at})

    def of_document(self, document: str) -> list[Decision]:
        """The history of one document, oldest first, undone decisions and undoings included."""
        with self.store.engine.connect() as connection:
            query = select(DECISIONS).where(DECISIONS.c.document == document).order_by(DECISIONS.c.number)
            return [_decision(row) for row in connection.execute(query)]

    def all(self) -> list[Decision]:
        """Every decision, oldest first; after the first call only what is new is asked of the database."""
        with self._lock, self.store.engine.connect() as connection:
            after = max(self._seen, default=0) - LOOK_BACK
            query = select(DECISIONS).where(DECISIONS.c.number > after)
            for row in connection.execute(query):
                if row.number not in self._seen:
                    self._seen[row.number] = _decision(row)
            return [self._seen[number] for number in sorted(self._seen)]

    def records(self, documents: set[str]) -> Iterator[Record]:
        """The records of documents named by their sha256."""
        names = sorted(documents)
        for first in range(0, len(names), 400):
            with self.store.engine.connect() as connection:
                query = select(FILES.c.record).where(FILES.c.sha256.in_(names[first : first + 400]))
                rows = connection.execute(query.where(FILES.c.record.is_not(None)).order_by(FILES.c.path)).all()
            for (text,) in rows:
                yield Record.model_validate_json(text)

    def close(self) -> None:
        """Release the database."""
        self.store.close()


def active(decisions: list[Decision]) -> list[Decision]:
    """What holds: without undoings and what they undid."""
    undone = {d.undoes for d in decisions if d.action == "undo"}
    return [d for d in decisions if d.action != "undo" and d.number not in undone]


def by_document(decisions: list[Decision]) -> dict[str, list[Decision]]:
    """Decisions of each document, in their order."""
    found: dict[str, list[Decision]] = {}
    for decision in decisions:
        if decision.document:
            found.setdefault(decision.document, []).append(decision)
    return found


def _decision(row: Row[Any]) -> Decision:
    fields = dict(row._mapping)
    for name in ("value", "before"):
        fields[name] = None if fields[name] is None else json.loads(fields[name])
    return Decision.model_validate(fields)
