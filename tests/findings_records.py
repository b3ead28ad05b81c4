"""Invented records for the tests of findings: a post is written as text, its counts marked by what they say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pipeline.batch.judged import Judged
from pipeline.batch.store import Store
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.records import Record


def post(
    text: str,
    counts: Iterable[dict[str, Any]] = (),
    places: Iterable[tuple[str, str | None]] = (("540325", None),),
    published: str | None = "2017-03-01",
    **more: Any,
) -> Record:
    """A record; counts name their words (`text`) and what differs from an exact number of samples."""
    path = str(more.get("path") or f"{hashlib.sha256((text + str(published)).encode()).hexdigest()[:8]}.pdf")
    key = hashlib.sha256(path.encode()).hexdigest()
    gazetteer = load_gazetteer()
    return Record.model_validate(
        {
            "id": key,
            "source": {
                "path": path,
                "sha256": key,
                "bytes": 1,
                "media_type": "application/pdf",
                "pages": 1,
                "text_layer": "embedded",
                "archived_url": more.get("url", "https://example.org/a"),
            },
            "document": {
                "title": more.get("title", "采血通报"),
                "publisher": "县公安局",
                "source_type": "wechat_account",
                "published": published,
                "script": "simplified",
                "text": text,
            },
            "classification": {
                "label": more.get("label", "mass_collection"),
                "campaign": more.get("campaign", "tibet_population"),
                "scores": {"mass_collection": 0.9, "health_screening": 0.1, "casework": 0, "research": 0, "other": 0},
                "needs_review": False,
                "model": "test",
            },
            "counts": [_count(text, one) for one in counts],
            "places": [
                {"text": "", "adcode": code, "name": gazetteer.chain(code) if code in gazetteer.rows else "?",
                 "township": township, "village": more.get("village")}
                for code, township in places
            ],
            "justifications": list(more.get("justifications", ())),
            "organisations": list(more.get("organisations", ())),
            "cluster": more.get("cluster", key),
        }
    )  # fmt: skip


def _count(text: str, given: dict[str, Any]) -> dict[str, Any]:
    start = text.index(given["text"])
    return {"kind": "samples", "qualifier": "exact", "start": start, "end": start + len(given["text"]), **given}


def as_judged(*records: Record, reviewers: tuple[str, ...] = ()) -> list[Judged]:
    """The records as the store would hand them over."""
    return [Judged(record, record, reviewers) for record in records]


def run_directory(directory: Path, *records: Record) -> Path:
    """A run directory with the records in its store."""
    directory.mkdir(parents=True, exist_ok=True)
    store = Store.of(directory)
    for record in records:
        store.put(record, "test")
    store.close()
    return directory
