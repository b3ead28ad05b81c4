"""The store: records and failures of a run directory, in SQLite through SQLAlchemy.

Written as results come, one transaction each; everything else (records.jsonl, exports, findings) is made from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    case,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import ConnectionPoolEntry

from pipeline.records import Failure, Record

BATCH = 100  # rows at a time: bounds memory, and the parameters of one statement
METADATA = MetaData()
FILES = Table(
    "files",
    METADATA,
    Column("path", String, primary_key=True, comment="source.path of the record"),
    Column("sha256", String, comment="null where the file could not even be opened"),
    Column("settings", String, nullable=False, comment="key of program, model and settings that read it"),
    Column("label", String, index=True, comment="null for a failure"),
    Column("certainty", Integer, comment="score of the label in thousandths, for sorting"),
    Column("record", Text, comment="the record as JSON; null for a failure"),
    Column("failure", Text, comment="the failure as JSON; null for a record"),
)


class Store:
    """The outcomes of a run directory, by path."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = create_engine(url)
        if url.startswith("sqlite"):
            event.listen(self.engine, "connect", _careful_sqlite)
        METADATA.create_all(self.engine)

    @classmethod
    def of(cls, directory: Path) -> Store:
        """The store of a run directory."""
        return cls(f"sqlite:///{directory / 'xueyang.db'}")

    def known(self) -> dict[str, tuple[str | None, str]]:
        """For each path read before, the sha256 and settings it was read with."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(FILES.c.path, FILES.c.sha256, FILES.c.settings))
            return {path: (sha256, settings) for path, sha256, settings in rows}

    def put(self, outcome: Record | Failure, settings: str) -> None:
        """Keep one outcome in place of what was known of the path."""
        row = _row(outcome, settings)
        with self.engine.begin() as connection:
            _replace(connection, row)

    def records(self) -> Iterator[Record]:
        """All records, sorted by path."""
        for text in self._column("record"):
            yield Record.model_validate_json(text)

    def record(self, path: str) -> Record:
        """The record of a path. Raises KeyError where there is none."""
        with self.engine.connect() as connection:
            text = connection.execute(select(FILES.c.record).where(FILES.c.path == path)).scalar()
        if text is None:
            raise KeyError(path)
        return Record.model_validate_json(text)

    def likeliest(self) -> Iterator[Record]:
        """All records, mass collections first, the most certain first within a label."""
        first = case((FILES.c.label == "mass_collection", 0), else_=1)
        order = (first, FILES.c.label, FILES.c.certainty.desc(), FILES.c.path)
        for text in self._column("record", *order):
            yield Record.model_validate_json(text)

    def failures(self) -> Iterator[Failure]:
        """All failures, sorted by path."""
        for text in self._column("failure"):
            yield Failure.model_validate_json(text)

    def totals(self) -> dict[str, int]:
        """Number of documents by label; failures under `failed`."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(FILES.c.label, func.count()).group_by(FILES.c.label))
            return {label or "failed": number for label, number in rows}

    def set_clusters(self, clusters: Mapping[str, str]) -> None:
        """Write the cluster of each path whose record names another. Few records at a time are held."""
        paths = iter(clusters)
        while part := list(islice(paths, BATCH)):
            with self.engine.begin() as connection:
                rows = connection.execute(select(FILES.c.path, FILES.c.record).where(FILES.c.path.in_(part)))
                for path, text in rows.all():
                    record = Record.model_validate_json(text)
                    if record.cluster != clusters[path]:
                        changed = record.model_copy(update={"cluster": clusters[path]}).model_dump_json()
                        connection.execute(FILES.update().where(FILES.c.path == path).values(record=changed))

    def close(self) -> None:
        """Release the database."""
        self.engine.dispose()

    def _column(self, name: str, *order: ColumnElement[Any]) -> Iterator[str]:
        column = FILES.c[name]
        with self.engine.connect() as connection:
            rows = connection.execution_options(yield_per=BATCH).execute(
                select(column).where(column.is_not(None)).order_by(*(order or (FILES.c.path,)))
            )
            for (text,) in rows:
                yield text


def _row(outcome: Record | Failure, settings: str) -> dict[str, object]:
    if isinstance(outcome, Failure):
        return {
            "path": outcome.path,
            "sha256": outcome.sha256,
            "settings": settings,
            "failure": json.dumps(outcome.model_dump(mode="json"), ensure_ascii=False),
        }
    judged = outcome.classification
    return {
        "path": outcome.source.path,
        "sha256": outcome.source.sha256,
        "settings": settings,
        "label": judged.label,
        "certainty": round(judged.scores[judged.label] * 1000),
        "record": outcome.model_dump_json(),
    }


def _replace(connection: Connection, row: dict[str, object]) -> None:
    connection.execute(delete(FILES).where(FILES.c.path == row["path"]))
    connection.execute(insert(FILES).values(**row))


def _careful_sqlite(connection: object, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    # WAL keeps committed rows through a crash and lets readers look on while a run writes.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
