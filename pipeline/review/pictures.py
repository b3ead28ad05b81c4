"""The archived page as a picture: finds the file of a record, makes sure it is the one that was read, draws a page.

The path comes from the record, never from the browser; the file must lie under the archive and have the record's
sha256. Drawing a hostile file may crash or hang, so it happens in a process of its own with bounded time and memory.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from pipeline.batch.apart import Apart
from pipeline.batch.names import readable
from pipeline.reading.containers import is_container, members, opened
from pipeline.reading.document import Limits, Unreadable
from pipeline.records import Source

DPI = 120
MOST_PIXELS = 12_000_000
Size = tuple[float, float]


class NoPicture(Exception):
    """There is nothing to show; the message says why."""


@dataclass(frozen=True)
class Wanted:
    """What identifies a document's bytes, and where to look for them."""

    path: str
    sha256: str
    media_type: str
    roots: tuple[Path, ...]

    @classmethod
    def of(cls, source: Source, roots: Sequence[Path]) -> Wanted:
        """From a record. Raises NoPicture for what has no pages to draw."""
        if source.media_type != "application/pdf" and not source.media_type.startswith("image/"):
            raise NoPicture("a web page or text has no page picture")
        return cls(source.path, source.sha256, source.media_type, tuple(roots))


def roots_of(directory: Path, archive: Path | None) -> list[Path]:
    """Where the archived files lay: the folder given, then the paths of the runs as run.json tells them."""
    found = [archive.resolve()] if archive is not None else []
    try:
        told = json.loads((directory / "run.json").read_text(encoding="utf-8")).get("roots", [])
    except (OSError, ValueError, AttributeError):
        told = []
    return found + [Path(root) for root in told if isinstance(root, str)]


def locate(path: str, roots: Sequence[Path]) -> Iterator[Path]:
    """Files that may be the one named: under a root, or the root itself; those called so by their bytes come first."""
    outer = PurePosixPath(path.partition("!/")[0])
    if outer.is_absolute() or ".." in outer.parts or not outer.parts:
        return
    seen: set[Path] = set()
    for file in _candidates(outer, roots):
        if file not in seen:
            seen.add(file)
            yield file


def _candidates(outer: PurePosixPath, roots: Sequence[Path]) -> Iterator[Path]:
    for root in roots:
        candidates = [root] if root.is_file() and root.name == outer.name else [root / outer]
        if outer.parts[0] == root.name:  # two folders held the same name, so the run put this one's before it
            candidates.append(root.parent / outer)
        yield from (c for c in candidates if c.is_file())
    for root in roots:
        if root.is_file() and readable(root.name) == outer.name:
            yield root
        yield from _called(root, outer.parts)
        if outer.parts[0] == readable(root.name):
            yield from _called(root, outer.parts[1:])


def _called(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """Files in a folder whose readable path is this one, whatever their bytes: several may be shown by one name."""
    try:
        with os.scandir(folder) as entries:
            alike = [Path(entry.path) for entry in entries if names and readable(entry.name) == names[0]]
    except OSError:
        return
    for inside in alike:
        if names[1:]:
            yield from _called(inside, names[1:])
        elif inside.is_file():
            yield inside


def bytes_of(wanted: Wanted) -> bytes:
    """The document's content. Raises NoPicture where no file has it."""
    found = False
    for file in locate(wanted.path, wanted.roots):
        found = True
        try:
            data = _content(file, wanted.path)
        except (OSError, Unreadable, KeyError):
            continue
        if hashlib.sha256(data).hexdigest() == wanted.sha256:
            return data
    if not found:
        raise NoPicture("the archived file is not where it was read; give its folder with --archive")
    raise NoPicture("the file found has another sha256 than the one that was read; its picture is not shown")


def _content(file: Path, path: str) -> bytes:
    limits = Limits()
    _, inside, inner = path.partition("!/")
    if not inside and not is_container(file):
        if file.stat().st_size > limits.bytes:
            raise Unreadable("too_large", "")
        return file.read_bytes()
    return opened(file, _steps(file, file.stat().st_mtime_ns)[inner], limits).data


@lru_cache(maxsize=8)
def _steps(file: Path, _: int) -> dict[str, tuple[int, ...]]:
    """Name → way of every document in a container."""
    return {member.name or PurePosixPath(readable(file.name)).stem: member.steps for member in members(file, Limits())}


def sizes(wanted: Wanted) -> list[Size]:
    """Width and height of every page, in the units of the record's boxes. Raises NoPicture."""
    data = bytes_of(wanted)
    if wanted.media_type.startswith("image/"):
        from PIL import Image

        with Image.open(io.BytesIO(data)) as file:
            return [(float(file.width), float(file.height))] * getattr(file, "n_frames", 1)
    from pipeline.reading.pdf import opened_pdf

    with opened_pdf(data) as pdf:
        return [page.get_size() for page in pdf]


def picture(wanted: Wanted, page: int) -> bytes:
    """One page, counted from 1, as PNG. Raises NoPicture."""
    data = bytes_of(wanted)
    from PIL import Image

    out = io.BytesIO()
    if wanted.media_type.startswith("image/"):
        with Image.open(io.BytesIO(data)) as file:
            if not 1 <= page <= getattr(file, "n_frames", 1):
                raise NoPicture("no such page")
            file.seek(page - 1)
            image = file.convert("RGB")
            image.thumbnail((4000, 4000))
            image.save(out, format="PNG")
        return out.getvalue()
    from pipeline.reading.pdf import opened_pdf

    with opened_pdf(data) as pdf:
        if not 1 <= page <= len(pdf):
            raise NoPicture("no such page")
        handle = pdf[page - 1]
        width, height = handle.get_size()
        scale = min(DPI / 72, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        handle.render(scale=scale).to_pil().convert("RGB").save(out, format="PNG")
    return out.getvalue()


class Studio:
    """Draws in a process of its own; what hangs or crashes costs one picture."""

    def __init__(self) -> None:
        self._apart = Apart(NoPicture)

    def sizes(self, wanted: Wanted) -> list[Size]:
        """See `sizes`."""
        found: list[Size] = self._apart.call("measuring the pages", sizes, wanted)
        return found

    def picture(self, wanted: Wanted, page: int) -> bytes:
        """See `picture`."""
        drawn: bytes = self._apart.call("drawing the page", picture, wanted, page)
        return drawn

    def close(self) -> None:
        """End the process."""
        self._apart.close()
