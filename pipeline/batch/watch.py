"""Keep reading what lands under the paths, until interrupted."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from pathlib import Path

QUIET = 1500  # milliseconds without a change before a run starts: a file that is being copied changes all the time


def watch(paths: Sequence[Path], out: Path, once: Callable[[], None], say: Callable[[str], None]) -> None:
    """Run `once`, and again whenever something under the paths has changed, until Ctrl-C or SIGTERM.

    `say` is told that it waits, and that it has ended.
    A file that was caught half written has another sha256 when it is whole, and is read again.
    """
    from watchfiles import DefaultFilter, watch
    from watchfiles._rust_notify import WatchfilesRustInternalError  # a RuntimeError that it does not name elsewhere

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # how service managers stop a program
    own = DefaultFilter(ignore_paths=[out.resolve()])
    once()
    folders = {path if path.is_dir() else path.parent for path in paths}
    say(f"watching {', '.join(map(str, paths))} for what lands there; Ctrl-C ends")
    missed = False
    while True:
        try:
            for changes in watch(
                *folders, watch_filter=own, debounce=QUIET, step=QUIET // 3, rust_timeout=QUIET, yield_on_timeout=True,
                raise_interrupt=False, ignore_permission_denied=True,
            ):  # fmt: skip
                if changes or missed:
                    missed = False
                    once()
            say("stopped watching; what was read is kept")
            return
        except WatchfilesRustInternalError:
            # It gives up at a file whose name is no UTF-8. What changed shows when all is looked through again, which
            # is done once the next watcher stands, so that nothing lands between the two.
            missed = True
