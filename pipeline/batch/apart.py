"""Work on a hostile file in a process of its own: what hangs, crashes or swells costs one answer, no more."""

from __future__ import annotations

import multiprocessing
import resource
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any

from pebble import ProcessExpired, ProcessPool

SECONDS = 30
MEMORY = 3 * 1024**3


class Apart:
    """One process that runs functions of modules; it is started again after a crash.

    `seconds` and `memory` (bytes) bound each call; `problem` is the exception by which a function itself says why it
    gives nothing, and as which everything that goes wrong is raised.
    """

    def __init__(self, problem: type[Exception], seconds: float = SECONDS, memory: int = MEMORY) -> None:
        context = multiprocessing.get_context("spawn")
        self._problem, self._seconds = problem, seconds
        self._pool = ProcessPool(max_workers=1, context=context, initializer=_bounded, initargs=(memory,))

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def call(self, doing: str, function: Callable[..., Any], *arguments: object) -> Any:
        """What the function returns; `doing` names the work in messages. Raises the problem."""
        try:
            return self._pool.schedule(function, args=arguments, timeout=self._seconds).result()
        except self._problem:
            raise
        except FutureTimeout as error:
            raise self._problem(f"{doing} was not done within {self._seconds:g} seconds") from error
        except ProcessExpired as error:
            raise self._problem(f"{doing} crashed; the file is likely damaged or hostile") from error
        except Exception as error:  # whatever a library makes of a hostile file
            raise self._problem(f"{doing} failed ({type(error).__name__})") from error

    def close(self) -> None:
        """End the process."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()


def _bounded(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
