"""How long a report on many records takes, and how large its page is.

    python -m benchmarks.report                     # 10,000 records
    python -m benchmarks.report --records 2000 --profile

The records are copies of real ones (mass collection, read from corpora/gold/pages) moved to random counties of Tibet,
with other dates, other digits in their figures and one repost in ten. Printed: processor seconds of `xueyang report` on
them, and the ratio to parsing the same records as JSON, which tells more than seconds on another machine.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from typer.testing import CliRunner

from cli import app
from pipeline.batch.judged import judged
from pipeline.batch.store import Store
from pipeline.findings.areas import counties
from pipeline.findings.report import write
from pipeline.findings.scope import TIBET, Scope
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.paths import GOLD
from pipeline.records import Record

REPOSTS = 0.1


def real_records(directory: Path) -> list[Record]:
    """Mass collections among the project's own archived pages, read and judged."""
    result = CliRunner().invoke(app, ["run", str(GOLD / "pages"), "--out", str(directory), "--ocr", "never", "--quiet"])
    if result.exit_code:
        raise SystemExit(result.output)
    return [one.record for one in judged(directory) if one.record.classification.label == "mass_collection"]


def copies(records: list[Record], number: int, seed: int = 1) -> Iterator[Record]:
    """Invented records made from real ones. The same seed gives the same records."""
    chance = random.Random(seed)
    gazetteer, places = load_gazetteer(), counties([TIBET])
    last = ""
    for n in range(number):
        record = chance.choice(records)
        given = record.model_dump(mode="json")
        code, key = chance.choice(places), f"{n:064x}"
        given["id"], given["source"]["sha256"], given["source"]["path"] = key, key, f"{n // 1000}/{n}.pdf"
        given["source"]["archived_url"] = f"https://example.org/{n}"
        given["cluster"] = last if last and chance.random() < REPOSTS else key
        last = given["cluster"]
        given["classification"]["campaign"] = "tibet_population"
        given["document"]["published"] = (
            f"20{chance.randint(16, 22)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        )
        for place in given["places"]:
            place["adcode"], place["name"] = code, gazetteer.chain(code)
        for count in given["counts"]:
            _other_digits(given["document"], count, chance)
        yield Record.model_validate(given)


def _other_digits(document: dict[str, str], count: dict[str, object], chance: random.Random) -> None:
    start, end, value = count["start"], count["end"], count["value"]
    if not isinstance(start, int) or not isinstance(end, int) or not isinstance(value, int):
        return
    words = document["text"][start:end]
    if str(value) not in words:
        return
    other = str(chance.randint(10 ** (len(str(value)) - 1), 10 ** len(str(value)) - 1))
    changed = words.replace(str(value), other)
    document["text"] = document["text"][:start] + changed + document["text"][end:]
    count["text"], count["value"] = changed, int(other)


def timed(work: Callable[[], object]) -> float:
    """Processor seconds."""
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> None:
    """Make the records, time the report, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    parser.add_argument("--keep", type=Path, help="make or use the run directory here, and leave the report in it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = given.keep or Path(scratch) / "many"
        directory.mkdir(parents=True, exist_ok=True)
        if not (directory / "xueyang.db").exists():
            store = Store.of(directory)
            for record in copies(real_records(Path(scratch) / "real"), given.records):
                store.put(record, "benchmark")
            store.close()
        out = directory / "report.html"
        lines = [one.record.model_dump_json() for one in judged(directory)]
        parsing = timed(lambda: [json.loads(line) for line in lines])
        profile = cProfile.Profile()
        if given.profile:
            profile.enable()
        wall = time.perf_counter()
        seconds = timed(lambda: write(directory, out, Scope()))
        wall = time.perf_counter() - wall
        profile.disable()
        print(f"{len(lines):,} records, {sum(map(len, lines)) / 1e6:.1f} million characters")
        print(
            f"report: {seconds:.1f} s of processor, {wall:.1f} s by the clock, {out.stat().st_size / 1e6:.1f} MB page"
        )
        print(f"parsing the same records as JSON: {parsing:.2f} s; ratio {seconds / parsing:.0f}")
        if given.profile:
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
