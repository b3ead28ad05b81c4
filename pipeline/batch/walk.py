"""What lies under a local path. What cannot be read is listed too, so that it becomes a failure and not a gap."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path


def files_in(root: Path) -> dict[str, Path] | None:
    """Relative name → path for what is at or under a path, in no order; None where there is nothing.

    Besides files: folders that cannot be opened, links that lead nowhere, and pipes, sockets and devices, for which
    `trouble` tells what they are. Hidden ones and links to folders are left out.
    """
    try:
        folder = stat.S_ISDIR(root.stat().st_mode)
    except PermissionError:  # in a folder that is closed to us: it may well be there
        return {root.name: root}
    except (OSError, ValueError):
        return None
    if not folder:
        return {root.name: root}
    below = len(os.path.join(root, ""))
    return {path[below:] or root.resolve().name: Path(path) for path in _under(str(root))}


def _under(folder: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        yield folder
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _under(entry.path)
        elif not (entry.is_symlink() and os.path.isdir(entry.path)):
            yield entry.path


def trouble(path: Path) -> str | None:
    """Why something that `files_in` lists is no file to read; None for a file, though opening it may fail yet.

    Asked before anything is opened, since opening a pipe waits until somebody writes into it.
    """
    try:
        mode = path.stat().st_mode
    except PermissionError:
        return "cannot be opened: Permission denied"
    except OSError:
        return "a link that leads nowhere" if path.is_symlink() else None
    if stat.S_ISREG(mode):
        return None
    if not stat.S_ISDIR(mode):
        return "a pipe, socket or device, not a file"
    try:
        os.scandir(path).close()
    except OSError as error:
        return f"a folder that cannot be opened ({error.strerror or error}): what lies in it was not read"
    return "a folder"
