"""One whole run of one way of reading an archive, measured from inside: prints a line of JSON.

    python -m benchmarks.one_run xueyang|usual|pdfium FOLDER OUT JOBS

Processor seconds are those of the process and all it started; on a machine that others use they say more than the
clock. `start` is what the way spends before its first file (loading, training), as far as one process can tell.
"""

from __future__ import annotations

import json
import logging
import re
import resource
import sys
import time
from pathlib import Path
from typing import Any

BEGAN = time.monotonic()


def xueyang(folder: Path, out: Path, jobs: int) -> dict[str, Any]:
    """`xueyang run`: read, judge, store, cluster, write."""
    from pipeline.batch.run import run
    from pipeline.batch.worker import Work

    first: list[float] = []
    last: list[float] = []

    def progress(done: int, total: int, outcome: object) -> None:
        if outcome is not None:
            first[:] = first or [time.monotonic() - BEGAN]
            last[:] = [time.monotonic() - BEGAN]

    summary = run([folder], out, work=Work(ocr="never"), jobs=jobs, progress=progress)
    return {"documents": summary.read + summary.failed, "first_record": first[0], "last_record": last[0]}


def usual(folder: Path, out: Path, jobs: int) -> dict[str, Any]:
    """The usual way."""
    from benchmarks.usual import go_through, trained

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    model = trained()
    start = time.process_time()
    return {"start": start, "documents": go_through(sorted(folder.glob("*.pdf")), model, out)}


def pdfium(folder: Path, out: Path, jobs: int) -> dict[str, Any]:
    """Bare text by pdfium, nothing else: the limit."""
    from benchmarks.reading import _pdfium_text

    start = time.process_time()
    files = sorted(folder.glob("*.pdf"))
    with out.open("w", encoding="utf-8", errors="replace") as texts:
        for file in files:
            texts.write(_pdfium_text(file))
    return {"start": start, "documents": len(files)}


def _peak() -> float:
    """This program's peak memory in MB; `ru_maxrss` would count what the process was before it became this program."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]


def main() -> None:
    """Run, and print the measures."""
    way, folder, out, jobs = sys.argv[1:5]
    found = {"xueyang": xueyang, "usual": usual, "pdfium": pdfium}[way](Path(folder), Path(out), int(jobs))
    own, started = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    found |= {
        "seconds": time.monotonic() - BEGAN,
        "processor_seconds": own.ru_utime + own.ru_stime + started.ru_utime + started.ru_stime,
        "parent_processor_seconds": own.ru_utime + own.ru_stime,
        "parent_peak_mb": _peak(),
        "worker_peak_mb": started.ru_maxrss / 1024,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
