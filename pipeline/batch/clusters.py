"""Copies of one post share a cluster: the id of the earliest record of the same post.

Reposts, other captures, cut and misread copies belong together, different posts of one template do not: `neighbours`
finds what is worth comparing, `copies` decides. Records are taken in the order of their publication, so that the
clusters do not depend on the order in which files were read; each joins the cluster of its likeliest earlier copy.
Texts are read from the store one at a time; what is held for each is its signature, its date and its path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, Protocol

import numpy as np

from pipeline.batch.copies import NAME, SHORTEST, Post, plain_words
from pipeline.batch.copies import same_post as same
from pipeline.batch.neighbours import Neighbours, Signature, signature
from pipeline.records import Record

TEXTS_AT_HAND = 64


class Records(Protocol):
    """What clustering needs of a store."""

    def records(self) -> Iterator[Record]:
        """All records, in any order."""

    def record(self, path: str) -> Record:
        """The record of a path."""


class Entry(NamedTuple):
    """A record as it is held here; entries sort as clusters count: by date, then capture, then path."""

    published: str
    archived_at: str
    path: str
    id: str
    mark: bytes  # equal for word-for-word copies


def post_of(record: Record) -> Post:
    """What the comparison needs of a record."""
    document = record.document
    return Post(plain_words(document.text), plain_words(document.title or ""), record.source.text_layer != "embedded")


def clusters(store: Records) -> dict[str, str]:
    """Path → cluster. Earliest by publication date, then capture, then path; undated ones come last.

    Time grows with the number of records, whatever the archive: each is compared with a dozen others at most.
    """
    entries, signatures = _entries(store)
    first_of = {entry.mark: entry for entry in reversed(entries)}
    # Word-for-word copies have one row; rows in the order of the clusters.
    rows = [entry for entry in entries if entry.mark in signatures and first_of[entry.mark] is entry]
    matrix = [signatures.pop(entry.mark) for entry in rows]
    neighbours = Neighbours(np.stack(matrix)) if matrix else None
    del matrix, signatures
    cluster = {entry.mark: entry.id for entry in first_of.values()}

    @lru_cache(maxsize=TEXTS_AT_HAND)
    def post(row: int) -> Post:
        return post_of(store.record(rows[row].path))

    for row, entry in enumerate(rows):
        for other in neighbours.of(row) if neighbours else ():
            if same(post(other), post(row)):
                cluster[entry.mark] = cluster[rows[other].mark]
                break
    return {entry.path: cluster[entry.mark] for entry in entries}


def _entries(store: Records) -> tuple[list[Entry], dict[bytes, Signature]]:
    """Every record, sorted, and the signature of every wording long enough to be compared."""
    entries: list[Entry] = []
    signatures: dict[bytes, Signature] = {}
    for record in store.records():
        post = post_of(record)
        mark = _mark(post) if len(post.words) >= SHORTEST else record.id.encode()
        if len(post.words) >= SHORTEST and mark not in signatures:
            signatures[mark] = signature(post.words)
        published, archived = record.document.published or "9", record.source.archived_at or "9"
        entries.append(Entry(published, archived, record.source.path, record.id, mark))
    return sorted(entries), signatures


def _mark(post: Post) -> bytes:
    """Equal for word-for-word copies, unless their titles name different places that the body leaves unsaid."""
    unsaid = sorted({name for name in NAME.findall(post.title) if name not in post.words})
    return hashlib.sha256("\n".join([post.words, *unsaid]).encode()).digest()
