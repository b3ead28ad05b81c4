"""The structured log of a run: one JSON object a line, for machines that watch over long runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pipeline.records import Failure, Record

Progress = Callable[[int, int, Record | Failure | None], None]


@contextmanager
def logged(path: Path | None, progress: Progress) -> Iterator[Progress]:
    """The same progress, with a line in the log for each outcome: time, path, label or reason, done and total.

    Raises OSError where the log cannot be written. Lines hold no text of the posts.
    """
    if path is None:
        yield progress
        return
    with path.open("a", encoding="utf-8") as log:

        def both(done: int, total: int, outcome: Record | Failure | None) -> None:
            log.write(json.dumps(_line(done, total, outcome), ensure_ascii=False) + "\n")
            log.flush()
            progress(done, total, outcome)

        yield both


def _line(done: int, total: int, outcome: Record | Failure | None) -> dict[str, object]:
    line: dict[str, object] = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "done": done,
        "total": total,
    }
    if isinstance(outcome, Record):
        judged = outcome.classification
        warnings = list(outcome.warnings)
        return line | {"event": "record", "path": outcome.source.path, "label": judged.label, "warnings": warnings}
    if isinstance(outcome, Failure):
        return line | {"event": "failure", "path": outcome.path, "reason": outcome.reason}
    return line | {"event": "start"}
