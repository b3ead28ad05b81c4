"""The Ray engine on a real cluster of two nodes: same records as the local engine, whatever dies on the way."""

import os
import shutil
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.batch.engines import LOOPBACK, SILENT
from pipeline.batch.planner import Task
from pipeline.batch.run import run
from pipeline.batch.store import Store
from pipeline.batch.worker import Work
from pipeline.paths import GOLD
from pipeline.records import Failure, Record

os.environ.update(SILENT | LOOPBACK)  # before Ray is imported
pytest.importorskip("ray", reason="the Ray engine needs ray: pip install 'xueyang[ray]'")

import ray
from ray.cluster_utils import Cluster

from pipeline.batch import ray_engine

WORK = Work(ocr="never")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two nodes, one of which has two workers."""
    started = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    started.add_node(num_cpus=2)
    yield started
    started.shutdown()


def test_a_crash_or_a_hang_costs_one_file(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_engine, "process", dies_or_hangs)
    monkeypatch.setattr(ray_engine, "SECONDS_A_FILE", 3)
    names = ("a", "dies", "b", "hangs", "c")
    queue = deque(Task(f"{name}.pdf", tmp_path, "0" * 64) for name in names)
    done = list(ray_engine.run(queue, WORK, 3, address=cluster.address))
    assert {task.path: outcome.reason for task, (outcome,) in done} == {
        "a.pdf": "fine", "dies.pdf": "crashed", "b.pdf": "fine", "hangs.pdf": "too_slow", "c.pdf": "fine",
    }  # fmt: skip
    assert len(done) == len(names)


def test_a_lost_node_costs_nothing(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    archive = tmp_path / "archive"
    archive.mkdir()
    for file in sorted(GOLD.joinpath("pages").glob("*.pdf"))[:30]:
        shutil.copy(file, archive)
    shutil.copy(archive / "A01.pdf", archive / "copy of A01.pdf")
    (archive / "empty.pdf").write_bytes(b"")
    shutil.make_archive(str(archive / "posts"), "zip", GOLD / "pages", "A05.pdf")

    here = run([archive], tmp_path / "local", work=WORK, jobs=1)
    killed: list[float] = []

    def kill(done: int, total: int, outcome: Record | Failure | None) -> None:
        if done == 8 and not killed:
            cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)
            killed.append(time.monotonic())

    caplog.set_level("INFO", logger=ray_engine.log.name)
    there = run([archive], tmp_path / "ray", work=WORK, jobs=3, engine="ray", address=cluster.address, progress=kill)
    assert killed
    assert "read again" in caplog.text
    assert (there.read, there.failed) == (here.read, here.failed)
    assert here.read > 25
    assert outcomes(tmp_path / "ray") == outcomes(tmp_path / "local")


def outcomes(directory: Path) -> Any:
    store = Store.of(directory)
    try:
        return store.totals(), list(store.records()), list(store.failures())
    finally:
        store.close()


def test_a_cluster_of_our_own_listens_nowhere_else_and_leaves_nothing(tmp_path: Path) -> None:
    assert not ray.is_initialized()
    folders, running = set(Path("/tmp").glob("xueyang-ray-*")), descendants(os.getpid())
    listening: set[str] = set()

    def look(done: int, total: int, outcome: Record | Failure | None) -> None:
        if done:
            listening.update(addresses_of(descendants(os.getpid()) - running | {os.getpid()}))

    files = [GOLD / "pages" / "A01.pdf", GOLD / "pages" / "A05.pdf"]
    summary = run(files, tmp_path / "run", work=WORK, jobs=1, engine="ray", progress=look)
    assert summary.read == 2
    assert len(listening) >= 3
    assert all(address.startswith(LOCAL) for address in listening)
    assert not ray.is_initialized()
    assert set(Path("/tmp").glob("xueyang-ray-*")) == folders
    patience = time.monotonic() + 10
    while (left := [c for c in map(command, descendants(os.getpid()) - running) if c]) and time.monotonic() < patience:
        time.sleep(0.2)
    assert not left


# 127.0.0.1, and the same as an IPv6 address, as the kernel writes them on a little-endian machine
LOCAL = ("0100007F:", "0000000000000000FFFF00000100007F:", "00000000000000000000000001000000:")


def descendants(process: int) -> set[int]:
    """The process and all it started, directly or not."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, size = {process}, 0
    while size != len(found):
        size = len(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found


def addresses_of(processes: set[int]) -> set[str]:
    """Where TCP sockets of the processes listen, in the kernel's hexadecimal."""
    inodes = set()
    for process in processes:
        try:
            inodes |= {os.readlink(link) for link in Path(f"/proc/{process}/fd").iterdir()}
        except OSError:
            continue
    rows = [row.split() for table in ("tcp", "tcp6") for row in Path("/proc/net", table).read_text().splitlines()[1:]]
    return {row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes}


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def dies_or_hangs(task: Task, work: Work) -> tuple[Failure]:
    """Stands for a library that takes its process down, or never comes back."""
    if task.path == "dies.pdf":
        os._exit(11)
    if task.path == "hangs.pdf":
        time.sleep(600)
    return (Failure(path=task.path, sha256=task.sha256, reason="fine", message="stood in"),)
