"""Copies of one post share a cluster: the id of the earliest record with the same words.

Two records are copies where their bodies hold the same ideographs, letters and digits once simplified; layout,
punctuation, header and account may differ.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import regex

from pipeline.language.script import matching_copy
from pipeline.records import Record

NOT_A_WORD = regex.compile(r"[^\p{L}\p{N}]++")
# Shorter bodies ("转发") say too little to be called copies of each other.
SHORTEST = 20


def fingerprint(record: Record) -> str:
    """Equal for copies of one post."""
    words = NOT_A_WORD.sub("", matching_copy(record.document.text)).lower()
    return hashlib.sha256(words.encode()).hexdigest() if len(words) >= SHORTEST else record.id


def clusters(records: Iterable[Record]) -> dict[str, str]:
    """Path → cluster. Earliest by publication date, then capture, then path; undated ones come last."""
    first: dict[str, tuple[tuple[str, str, str], str]] = {}
    prints: dict[str, str] = {}
    for record in records:
        mark = prints[record.source.path] = fingerprint(record)
        order = (record.document.published or "9", record.source.archived_at or "9", record.source.path)
        first[mark] = min(first.get(mark, (order, record.id)), (order, record.id))
    return {path: first[mark][1] for path, mark in prints.items()}
