"""The same work for several items, on all cores."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_task: list[Callable[[Any], Any]] = []


def on_all_cores(task: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """What `task` makes of each item, in order.

    The processes are forked: what the task refers to is shared, not copied; only results are. One after the other where
    that is not safe (not Linux), within a process of this kind, or on one core.
    """
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1
    if cores == 1 or len(items) < 2 or multiprocessing.parent_process() is not None:
        return [task(item) for item in items]
    _task.append(task)
    try:
        with ProcessPoolExecutor(min(cores, len(items)), multiprocessing.get_context("fork")) as pool:
            return list(pool.map(_run, items))
    finally:
        _task.pop()


def _run(item: Any) -> Any:
    return _task[-1](item)
