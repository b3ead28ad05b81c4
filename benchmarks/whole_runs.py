"""Whole runs compared over the same PDFs in one go, as ratios; `make benchmark`.

    python -m benchmarks.whole_runs [--number 228] [--large 10000] [--only speed,everyday,stages,growth]

Every ratio is given by processor time (all processes of a run together; right on a machine that others use) and by
the clock (right on a quiet one only), without and with what is spent once before the first file. Targets are printed
beside; nothing here fails.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks import archives
from benchmarks.stages import by_stage

Measures = dict[str, Any]
ROUNDS = 2  # of what is quick; the better counts


def measure(way: str, folder: Path, work: Path, jobs: int = 1) -> Measures:
    """One run in a process of its own, kept to `jobs` processors."""
    out = Path(tempfile.mkdtemp(dir=work)) / "out"
    processors = sorted(os.sched_getaffinity(0))[:jobs]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1])])}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.one_run", way, str(folder), str(out), str(jobs)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )
    if done.returncode:
        raise SystemExit(f"{way}: {done.stderr}")
    found: Measures = json.loads(done.stdout.splitlines()[-1])
    return found


def best(way: str, folder: Path, work: Path, jobs: int = 1, rounds: int = ROUNDS) -> Measures:
    """The round that took the least processor time."""
    return min((measure(way, folder, work, jobs) for _ in range(rounds)), key=lambda found: found["processor_seconds"])


def steady(run: Measures, start: Measures | float, seconds: str = "processor_seconds") -> float:
    """Seconds a document, what is spent once taken off: a run of a document for each core, or so many seconds."""
    if isinstance(start, dict):
        return float((run[seconds] - start[seconds]) / (run["documents"] - start["documents"]))
    return float((run[seconds] - start) / run["documents"])


def line(what: str, value: float, target: str, note: str = "") -> None:
    """One row of the report."""
    print(f"{what:<58} {value:>8.2f}   {target:<10} {note}", flush=True)


def speed(number: int, work: Path) -> None:
    """Against the usual way and bare pdfium, on one core and on two."""
    folder = work / "printed"
    archives.printed(folder, number)
    archives.printed(one := work / "one", 1)
    start = best("xueyang", one, work)
    xueyang, pdfium = best("xueyang", folder, work), best("pdfium", folder, work)
    usual = best("usual", folder, work, rounds=1)
    ours, limit, theirs = steady(xueyang, start), steady(pdfium, pdfium["start"]), steady(usual, usual["start"])
    print(f"\n{number} browser prints; a document takes {1000 * ours:.1f} ms here, {1000 * theirs:.1f} the usual way, "
          f"{1000 * limit:.1f} in bare pdfium (processor time)")  # fmt: skip
    line("times the usual way, one core", theirs / ours, "5 or more")
    line("  with start and training", usual["processor_seconds"] / xueyang["processor_seconds"], "")
    line("  by the clock, with start and training", usual["seconds"] / xueyang["seconds"], "")
    line("times the usual way that bare pdfium is: the limit", theirs / limit, "about 9")
    line("share of bare pdfium's rate", limit / ours, "0.50")
    archives.printed(pair := work / "two", 2)  # a document for each process, since each has to load what it needs
    start_two = best("xueyang", pair, work, jobs=2)
    two = best("xueyang", folder, work, jobs=2)
    clock = steady(xueyang, start, "seconds") / steady(two, start_two, "seconds")
    line("two cores against one, by the clock", clock, "1.80", "misleads on a busy machine")
    line("  by processor time, if no core waits", 2 * ours / steady(two, start_two), "1.80")
    line("seconds to the first record, by the clock", start["first_record"], "under 3", "misleads on a busy machine")
    line("  processor seconds of a run of one document", start["processor_seconds"], "")


def everyday(number: int, work: Path) -> None:
    """An archive of which 95 % has nothing to do with blood or DNA."""
    folder = work / "everyday"
    archives.everyday(folder, number)
    archives.printed(one := work / "one", 1)
    xueyang, start = best("xueyang", folder, work), best("xueyang", one, work)
    pdfium = best("pdfium", folder, work)
    ours, limit = steady(xueyang, start), steady(pdfium, pdfium["start"])
    print(f"\n{number} prints, 95 % off the topic; {1000 * ours:.1f} ms a document, {1000 * limit:.1f} in bare pdfium")
    line("share of bare pdfium's rate", limit / ours, "0.67")


def stages(number: int, work: Path) -> None:
    """Where the time goes, on both archives."""
    for kind, make in (("printed", archives.printed), ("everyday", archives.everyday)):
        spent = by_stage(make(work / f"stages-{kind}", number), work / f"stages-{kind}-out")
        whole = sum(spent.values())
        print(f"\nwhere the time of {number} {kind} documents goes: ms a document, share")
        for stage, milliseconds in spent.items():
            print(f"  {stage:<16} {milliseconds:>7.2f} {milliseconds / whole:>7.1%}")
        print(f"  {'together':<16} {whole:>7.2f}", flush=True)


def growth(large: int, work: Path) -> None:
    """A tenth of an archive and all of it: time a document, and the memory of the process that leads the run."""
    archives.written(one := work / "written-1", 1)
    start = measure("xueyang", one, work, jobs=2)
    runs = []
    for number in (large // 10, large):
        archives.written(folder := work / f"written-{number}", number)
        runs.append(measure("xueyang", folder, work, jobs=2))
        found = runs[-1]
        print(f"\n{number} different posts: {1000 * steady(found, start):.2f} ms each by processor time, of which "
              f"{1000 * found['parent_processor_seconds'] / number:.2f} in the leading process; "
              f"{found['seconds'] - found['last_record']:.0f} s of the clock after the last was read; peak memory "
              f"{found['parent_peak_mb']:.0f} MB, of a worker {found['worker_peak_mb']:.0f} MB")  # fmt: skip
    few, many = runs
    line("cost a document, all against a tenth", steady(many, start) / steady(few, start), "1.10")
    line("more peak memory of the leading process, MB", many["parent_peak_mb"] - few["parent_peak_mb"], "100")


PARTS: dict[str, Callable[[int, Path], None]] = {
    "speed": speed, "everyday": everyday, "stages": stages, "growth": growth,
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=228, help="documents of speed, everyday and stages")
    parser.add_argument("--large", type=int, default=10_000, help="documents of the larger archive of growth")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between")
    options = parser.parse_args(arguments)
    print(f"{'':<58} {'measured':>8}   {'target':<10}")
    with tempfile.TemporaryDirectory(prefix="xueyang-benchmark-") as work:
        for part in options.only.split(","):
            PARTS[part](options.large if part == "growth" else options.number, Path(work))


if __name__ == "__main__":
    main()
