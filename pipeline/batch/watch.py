"""Keep reading what lands under the paths, until interrupted."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable
from pathlib import Path

QUIET = 1500  # milliseconds without a change before a run starts: a file that is being copied changes all the time


def watch(paths: Iterable[Path], out: Path, once: Callable[[], None]) -> None:
    """Run `once`, and again whenever something under the paths has changed, until Ctrl-C or SIGTERM.

    A file that was caught half written has another sha256 when it is whole, and is read again.
    """
    from watchfiles import DefaultFilter, watch

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # how service managers stop a program
    own = DefaultFilter(ignore_paths=[out.resolve()])
    once()
    folders = {path if path.is_dir() else path.parent for path in paths}
    for _ in watch(*folders, watch_filter=own, debounce=QUIET, step=QUIET // 3, raise_interrupt=False):
        once()
