"""The store: records and failures of a run directory, through SQLAlchemy: SQLite in the directory, or PostgreSQL.

Written as results come, one transaction each; everything else (records.jsonl, exports, findings) is made from it.
Tables, records and their order are the same in both.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    case,
    create_engine,
    delete,
    event,
    func,
    insert,
    make_url,
    or_,
    select,
)
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from pipeline.records import Failure, Record

BATCH = 100  # rows at a time: bounds memory, and the parameters of one statement
METADATA = MetaData()
FILES = Table(
    "files",
    METADATA,
    # PostgreSQL sorts by the language of its server unless told otherwise; paths sort by code point everywhere.
    Column(
        "path",
        String().with_variant(String(collation="C"), "postgresql"),
        primary_key=True,
        comment="source.path of the record",
    ),
    Column("sha256", String, comment="of the document; null where it could not even be opened"),
    Column("file_sha256", String, comment="of the file it came from: a container's for a document inside one"),
    Column("settings", String, nullable=False, comment="key of program, model and settings that read it"),
    Column(
        "label", String().with_variant(String(collation="C"), "postgresql"), index=True, comment="null for a failure"
    ),
    Column("certainty", Integer, comment="score of the label in thousandths, for sorting"),
    Column("record", Text, comment="the record as JSON; null for a failure"),
    Column("failure", Text, comment="the failure as JSON; null for a record"),
    Column("reading", LargeBinary, comment="the document as read, to be judged again; see pipeline.reading.stored"),
)

LOCATIONS = Table(
    "locations",
    METADATA,
    Column("path", String, primary_key=True, comment="what a file is called here"),
    Column("location", String, nullable=False, comment="where it was last seen: absolute path or address"),
)


class StoreUnavailable(Exception):
    """The database cannot be used; the message says why and what to do."""


class Store:
    """The outcomes of a run directory, by path."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = _engine(url)
        self._writer: Connection | None = None
        METADATA.create_all(self.engine)

    @classmethod
    def of(cls, directory: Path, url: str | None = None) -> Store:
        """The store of a run directory: its xueyang.db, or the database at `url` (postgresql://...).

        Raises StoreUnavailable.
        """
        if url is not None and url.partition(":")[0].partition("+")[0] == "sqlite":
            # A second SQLite file would be one that no lock and no other command knows of.
            raise StoreUnavailable("sqlite: only postgresql:// addresses are known; without it DIR/xueyang.db is used")
        return cls(url or f"sqlite:///{directory / 'xueyang.db'}")

    @property
    def address(self) -> str:
        """What to call it where others read: the file in the run directory, or the server without any password."""
        url = self.engine.url
        if url.get_backend_name() == "sqlite":
            return Path(url.database or "").name
        shown = {name: value for name, value in url.query.items() if "pass" not in name}  # password, passfile …
        return url.set(drivername="postgresql", query=shown).render_as_string(hide_password=True)

    def claim(self) -> None:
        """Be the only run that writes to this database, until closed. Raises StoreUnavailable where another is.

        A run directory has a lock file; a database on a server is reached from other machines too.
        """
        if self.engine.dialect.name != "postgresql" or self._writer is not None:
            return
        connection = self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # The lock ends with its connection, however the run ends; one lock a schema, as each holds its own tables.
        mine = func.pg_try_advisory_lock(func.hashtext("xueyang"), func.hashtext(func.current_schema()))
        if not connection.execute(select(mine)).scalar():
            connection.close()
            raise StoreUnavailable("another run is writing to this database; wait for it or use another schema")
        self._writer = connection

    def known(self) -> dict[str, tuple[str | None, str]]:
        """For each path read before, the sha256 and settings it was read with."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(FILES.c.path, FILES.c.file_sha256, FILES.c.settings))
            return {path: (sha256, settings) for path, sha256, settings in rows}

    def locations(self) -> dict[str, str]:
        """For each file, by what it is called, where it was last seen."""
        with self.engine.connect() as connection:
            return {row.path: row.location for row in connection.execute(select(LOCATIONS))}

    def progress(self) -> tuple[int, int]:
        """Number of files seen that gave something, and of all files seen."""
        both = LOCATIONS.outerjoin(FILES, FILES.c.path == LOCATIONS.c.path)
        query = select(func.count(FILES.c.path), func.count()).select_from(both)
        with self.engine.connect() as connection:
            read, seen = connection.execute(query).one()
        return read, seen

    def locate(self, found: Mapping[str, str]) -> None:
        """Remember where files were seen."""
        rows = [{"path": path, "location": where} for path, where in found.items()]
        with self.engine.begin() as connection:
            for start in range(0, len(rows), BATCH):
                some = rows[start : start + BATCH]
                connection.execute(delete(LOCATIONS).where(LOCATIONS.c.path.in_([row["path"] for row in some])))
                connection.execute(insert(LOCATIONS), some)

    def forget(self, names: Sequence[str]) -> None:
        """Drop what is known of files, and where they were."""
        with self.engine.begin() as connection:
            for start in range(0, len(names), BATCH):
                some = names[start : start + BATCH]
                connection.execute(delete(FILES).where(FILES.c.path.in_(some)))
                connection.execute(delete(LOCATIONS).where(LOCATIONS.c.path.in_(some)))

    def put(
        self,
        outcome: Record | Failure,
        settings: str,
        file_sha256: str | None = None,
        reading: bytes | None = None,
    ) -> None:
        """Keep one outcome in place of what was known of the path. Without `reading`, what is stored of it stays."""
        row = _row(outcome, settings) | {"file_sha256": file_sha256}
        with self.engine.begin() as connection:
            if isinstance(outcome, Record) and reading is None:
                reading = connection.execute(select(FILES.c.reading).where(FILES.c.path == row["path"])).scalar()
            _replace(connection, row | {"reading": reading})

    def readings(self, name: str, settings: str) -> Iterator[tuple[str, str | None, bytes | None]]:
        """Path, file's sha256 and stored document of a file, or of every document in it, judged by other settings."""
        inside = f"{name}!/"
        own = or_(FILES.c.path == name, func.substr(FILES.c.path, 1, len(inside)) == inside)
        query = select(FILES.c.path, FILES.c.file_sha256, FILES.c.reading).where(own, FILES.c.settings != settings)
        with self.engine.connect() as connection:
            yield from ((path, sha256, reading) for path, sha256, reading in connection.execute(query))

    def renew(self, path: str, settings: str) -> None:
        """Say that what is stored of a path holds under other settings: a failure, or a container's list."""
        with self.engine.begin() as connection:
            connection.execute(FILES.update().where(FILES.c.path == path).values(settings=settings))

    def put_container(self, path: str, settings: str, file_sha256: str | None) -> None:
        """Remember that every document of a container was read: a row without record and failure."""
        with self.engine.begin() as connection:
            row: dict[str, object] = {
                "path": path,
                "sha256": file_sha256,
                "file_sha256": file_sha256,
                "settings": settings,
            }
            _replace(connection, row)

    def forget_members(self, path: str, file_sha256: str | None) -> None:
        """Drop the documents of a container's earlier content."""
        inside = f"{path}!/"
        earlier = or_(FILES.c.file_sha256 != file_sha256, FILES.c.file_sha256.is_(None))
        with self.engine.begin() as connection:
            connection.execute(delete(FILES).where(func.substr(FILES.c.path, 1, len(inside)) == inside, earlier))

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
            outcomes = or_(FILES.c.record.is_not(None), FILES.c.failure.is_not(None))
            rows = connection.execute(select(FILES.c.label, func.count()).where(outcomes).group_by(FILES.c.label))
            return {label or "failed": number for label, number in rows}

    def contained(self) -> tuple[int, int]:
        """Number of documents and failures inside containers, and of containers that were read to their end."""
        outcomes = or_(FILES.c.record.is_not(None), FILES.c.failure.is_not(None))
        inside = select(func.count()).where(FILES.c.path.contains("!/"), outcomes)
        containers = select(func.count()).select_from(FILES).where(~outcomes)
        with self.engine.connect() as connection:
            return connection.execute(inside).scalar_one(), connection.execute(containers).scalar_one()

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
        if self._writer is not None:
            self._writer.close()
        self.engine.dispose()

    def _column(self, name: str, *order: ColumnElement[Any]) -> Iterator[str]:
        column = FILES.c[name]
        with self.engine.connect() as connection:
            rows = connection.execution_options(yield_per=BATCH).execute(
                select(column).where(column.is_not(None)).order_by(*(order or (FILES.c.path,)))
            )
            for (text,) in rows:
                yield text


def _engine(given: str) -> Engine:
    """The engine of a URL. Raises StoreUnavailable where the database, its driver or the URL is of no use."""
    try:
        url = make_url(given)
    except ArgumentError as error:
        raise StoreUnavailable("no address of a database; it reads postgresql://user@host/name") from error
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise StoreUnavailable(f"{url.get_backend_name()}: only postgresql:// addresses are known")
    try:
        engine = create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
        engine.connect().close()
    except ImportError as error:
        raise StoreUnavailable("PostgreSQL needs its driver: pip install 'xueyang[postgresql]'") from error
    except SQLAlchemyError as error:
        why = " ".join(str(getattr(error, "orig", None) or error).split())
        raise StoreUnavailable(f"{url.render_as_string(hide_password=True)}: {why}") from error
    return engine


def _sqlite(url: URL) -> Engine:
    """The engine of a file, to look on only where file or folder may not be written: evidence is often kept so."""
    file = Path(url.database or "").absolute()
    if not os.path.exists(file) or (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)):
        engine = create_engine(url)
        event.listen(engine, "connect", _careful_sqlite)
        return engine
    wal = Path(f"{file}-wal")
    # Without a log of changes nobody is writing, and SQLite needs no files of its own beside it.
    how = "mode=ro" if wal.exists() and wal.stat().st_size else "immutable=1"
    engine = create_engine(f"sqlite:///file:{quote(str(file))}?{how}&uri=true")
    event.listen(engine, "connect", _stand_ins)
    return engine


def _stand_ins(connection: object, _: ConnectionPoolEntry) -> None:
    """Empty views, for this connection only, of tables that a store has none of; they take no rows."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    there = {name for (name,) in cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in METADATA.sorted_tables:
        if table.name not in there:
            columns = ", ".join(f'NULL AS "{column.name}"' for column in table.columns)
            cursor.execute(f'CREATE TEMP VIEW "{table.name}" AS SELECT {columns} WHERE 0')
    cursor.close()


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


# Made once: SQLAlchemy takes longer to make a statement than SQLite takes to run it.
_DELETE = delete(FILES).where(FILES.c.path == bindparam("at"))
_INSERT = insert(FILES)


def _replace(connection: Connection, row: dict[str, object]) -> None:
    connection.execute(_DELETE, {"at": row["path"]})
    connection.execute(_INSERT, row)


def _careful_sqlite(connection: object, _: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    # WAL keeps committed rows through a crash and lets readers look on while a run writes.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()
