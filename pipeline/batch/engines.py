"""Which engine runs the work. An engine takes a queue of tasks that may grow, and gives each task with its outcomes."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal

from pipeline.batch import local
from pipeline.batch.planner import Task
from pipeline.batch.worker import Work

EngineName = Literal["local", "ray"]
# Read by Ray when it is imported. The last one is Ray's switch for keeping to 127.0.0.1, which on Linux is off.
SILENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0"}
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
Runner = Callable[[deque[Task], Work, int | None], Iterator[local.Done]]


class EngineFailed(Exception):
    """The engine itself cannot go on; the message says why and what to do."""


def engine_of(name: EngineName, address: str | None = None) -> Runner:
    """The engine of that name; `address` is that of a running Ray cluster. Raises EngineFailed without its package."""
    if name == "local":
        return local.run
    os.environ.update(SILENT if address else SILENT | LOOPBACK)
    try:
        from pipeline.batch import ray_engine
    except ImportError as error:
        raise EngineFailed("--engine ray needs another package: pip install 'xueyang[ray]'") from error
    return partial(ray_engine.run, address=address)
