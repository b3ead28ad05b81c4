"""What the tests of the review page share: run directories, hostile records, and the page really served."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx
import uvicorn
from sqlalchemy import insert

from pipeline.batch.store import FILES, Store, _row
from pipeline.paths import MODEL
from pipeline.records import (
    Classification,
    Count,
    DocumentInfo,
    Justification,
    Place,
    Record,
    Source,
)
from pipeline.review.app import create_app
from pipeline.review.desk import Desk
from pipeline.review.door import Door
from pipeline.review.serve import _socket

TEXT = "6月，察雅县公安局在吉塘镇采集DNA血样312份，群众2,400人，以维护社会稳定。联系人扎某，13812345678。"


def record(name: str = "a", *, text: str = TEXT, cluster: str | None = None, **more: object) -> Record:
    """An invented record; `more` replaces fields of source, document or the label's score."""
    name_id = sha256(name.encode()).hexdigest()
    score = float(more.pop("score", 0.9))  # type: ignore[arg-type]
    at = text.find("312份")
    counts = (
        (Count(text="312份", start=at, end=at + 4, page=1, kind="samples", value=312, qualifier="exact"),)
        if at >= 0
        else ()
    )
    source = {
        "path": f"{name}.html", "sha256": name_id, "bytes": 10, "media_type": "text/html", "pages": 1,
        "text_layer": "embedded",
    }  # fmt: skip
    page = {
        "title": f"{name}的通报", "publisher": "察雅公安", "source_type": "wechat_account",
        "published": "2019-06-30", "script": "simplified", "text": text,
    }  # fmt: skip
    for field, value in more.items():
        (source if field in Source.model_fields else page)[field] = value
    place = text.find("吉塘镇")
    reason = text.find("维护社会稳定")
    return Record(
        id=name_id,
        source=Source.model_validate(source),
        document=DocumentInfo.model_validate(page),
        classification=Classification(
            label="mass_collection" if score >= 0.5 else "other",
            campaign="tibet_population" if score >= 0.5 else None,
            scores={"mass_collection": score, "health_screening": 0, "casework": 0, "research": 0, "other": 1 - score},
            needs_review=False,
            model="invented",
        ),
        counts=counts,
        places=(
            Place(text="吉塘镇", start=place, end=place + 3, page=1, adcode="540325", name="西藏自治区昌都市察雅县",
                  township="吉塘镇", name_en="Zhag'yab County, Qamdo, Tibet AR"),
        ) if place >= 0 else (),
        justifications=(
            Justification(text="维护社会稳定", start=reason, end=reason + 6, page=1, code="social_stability"),
        ) if reason >= 0 else (),
        groups=("residents",),
        cluster=cluster or name_id,
    )  # fmt: skip


def run_directory(folder: Path, records: Sequence[Record]) -> Path:
    """A run directory with these records."""
    folder.mkdir(parents=True, exist_ok=True)
    store = Store.of(folder)
    with store.engine.begin() as connection:
        connection.execute(insert(FILES), [_row(one, "test") for one in records])
    store.close()
    return folder


@dataclass
class Served:
    """The page, listening on a port of its own."""

    desk: Desk
    door: Door
    address: str

    def link(self, reviewer: str = "Ada") -> str:
        """A new way in."""
        return self.address + self.door.link(reviewer)

    def client(self, reviewer: str = "Ada") -> Reviewer:
        """Somebody who came in by a link."""
        http = httpx.Client(base_url=self.address, follow_redirects=True)
        assert http.get(self.link(reviewer)).status_code == 200
        return Reviewer(http, self.address, next(reversed(self.door._sessions.values())).csrf)


@dataclass
class Reviewer:
    """An HTTP client that does what the page's scripts do."""

    http: httpx.Client
    address: str
    csrf: str

    def get(self, path: str) -> httpx.Response:
        """As a browser asks."""
        return self.http.get(path)

    def post(self, path: str, content: object, **headers: str) -> httpx.Response:
        """As shared.js sends."""
        sent = {"Origin": self.address, "X-CSRF-Token": self.csrf, "Content-Type": "application/json"} | headers
        return self.http.post(path, content=json.dumps(content), headers=sent)

    def decide(self, document: str, **given: object) -> httpx.Response:
        """One decision."""
        return self.post(f"/documents/{document}/decide", given)


@contextmanager
def served(directory: Path, roots: Sequence[Path] = ()) -> Iterator[Served]:
    """Serve a run directory as `xueyang review` does, in a thread."""
    listening = _socket(0)
    desk = Desk(directory, MODEL, roots)
    door = Door(listening.getsockname()[1])
    server = uvicorn.Server(uvicorn.Config(create_app(desk, door), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield Served(desk, door, f"http://127.0.0.1:{listening.getsockname()[1]}")
    finally:
        server.should_exit = True
        thread.join(10)
        desk.close()
        listening.close()
