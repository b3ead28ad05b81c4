"""Where the records of a run directory lie: its xueyang.db, or the database that its run wrote to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from pipeline.batch.store import Store, StoreUnavailable

OWN = "xueyang.db"


class NoRun(Exception):
    """What was named is no run directory, or not one that can be read so; the message says what is missing."""


class NoRecords(Exception):
    """The records cannot be read from where they lie; the message says why."""


def found(directory: Path, store_url: str | None = None) -> str | None:
    """Make sure that the records asked for are those of the directory's last run; a warning where that is doubtful.

    Without `store_url` the directory's own xueyang.db is asked for: an older one beside a run that wrote to a database
    on a server is never taken for it. With it, the database named is read, as it may have moved since. Raises NoRun.
    """
    if not os.path.isdir(directory):  # which says no where it may not look, too
        raise NoRun(f"{directory}: no such run directory")
    told = _told(directory)
    if store_url is None:
        if told is not None and told != OWN:
            raise NoRun(f"{directory}: its records are in {told} (run.json): name that database with --store")
        if not os.path.isfile(directory / OWN):
            raise NoRun(f"{directory}: no run directory: it has no {OWN}; make one with `xueyang run`, or give --store")
        return None
    if told is None or _place(told) == _place(store_url):
        return None
    return f"{directory}: run.json says its records are in {told}, not in the database given with --store"


def unfinished(directory: Path, store_url: str | None = None) -> str | None:
    """A warning where the last run into a directory did not come to its end, with how far it came if that is known."""
    told = _run(directory)
    if told is None or told.get("finished", "") is not None:
        return None
    try:
        with reading(directory), closing(Store.of(directory, store_url)) as store:
            read, files = store.progress()
    except NoRecords:  # whoever reads them says so
        read = files = 0
    far = f": {read} of {files} files" if read < files else ""
    return f"{directory}: this run is unfinished{far}; run the same command to go on (or wait, if it is still at work)"


@contextmanager
def reading(directory: Path) -> Iterator[None]:
    """Any trouble with the database is raised as NoRecords, one line."""
    try:
        yield
    except StoreUnavailable as error:
        raise NoRecords(f"--store: {error}") from error
    except SQLAlchemyError as error:
        why = " ".join(str(getattr(error, "orig", error)).split())
        raise NoRecords(f"{directory}: cannot read its records: {why}") from error


def _told(directory: Path) -> str | None:
    """What run.json calls the store of the last run; None where it does not say."""
    told = (_run(directory) or {}).get("settings")
    store = told.get("store") if isinstance(told, dict) else None
    return store if isinstance(store, str) else None


def _run(directory: Path) -> dict[str, Any] | None:
    """What run.json says; None where it cannot be read."""
    try:
        told = json.loads((directory / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _place(address: str) -> object:
    """What tells one database from another, whoever opens it and with whatever password."""
    try:
        url: URL = make_url(address)
    except ArgumentError:
        return address
    query = {name: value for name, value in url.query.items() if "pass" not in name}
    return url.host, url.port or 5432, url.database, sorted(query.items())
