"""Which files a run reads: everything under the paths given, less what is known and unchanged."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path, PurePath, PurePosixPath

from pipeline.batch.names import lossless, readable
from pipeline.batch.remote import File, Remote, files_at, is_address
from pipeline.batch.walk import files_in, trouble
from pipeline.reading.containers import is_container


@dataclass(frozen=True)
class Task:
    """One file to read; `path` is what its record will be called."""

    path: str
    file: File
    sha256: str | None  # of the file, which for a document in a container is the container
    steps: tuple[int, ...] = ()  # the way to a document inside a container
    container: bool = False  # holds documents; to be listed, not read
    reading: bytes | None = None  # what was read before, to be judged only


@dataclass(frozen=True)
class Plan:
    """What to read, and how many files are known already."""

    tasks: tuple[Task, ...]
    skipped: int
    judged_anew: tuple[str, ...] = ()  # files unchanged and read before, to be judged by other settings
    locations: Mapping[str, str] = field(default_factory=dict)  # of files seen elsewhere than last time
    opened: tuple[str, ...] = ()  # failures that are none any more: folders that were closed and are not now


Known = Mapping[str, tuple[str | None, str]]  # name → sha256 and settings of what was read
NOWHERE: Mapping[str, str] = {}


class NoSuchPath(Exception):
    """A path given by the user does not exist."""


# Browsers save what a page loads beside it, in a folder of its name: parts of a document, not documents.
SAVED_PARTS = ("_files", ".files", "_文件", "_檔案")
FETCHES = 16  # files elsewhere that are hashed at once


def files_under(paths: Iterable[str | Path], without: Path | None = None) -> dict[str, File]:
    """Name → file for every file under the paths, which may be addresses (`s3://…`), sorted by name.

    Left out: hidden files and folders, what a browser saved as parts of a page, run directories, the folder `without`.
    Folders that cannot be opened, dead links and pipes are there, to become failures. Of paths that overlap each file
    comes once, named as the outermost one's.

    A file's name is its readable path relative to the folder given, with `/`; where two folders hold the same
    name, the later one's is preceded by its folder. Raises NoSuchPath and BadAddress.
    """
    found: dict[str, File] = {}
    out = without.resolve() if without is not None else None
    seen: set[str] = set()
    real = cache(os.path.realpath)  # the files of a folder share it
    for root in _outermost_first(paths):
        inside = files_at(str(root)) if is_address(root) else _files_in(Path(root))
        if inside is None:
            raise NoSuchPath(str(root))
        runs = _run_directories(inside)
        for inner, file in inside.items():
            if any(part.startswith(".") for part in inner.split("/")) or _is_part(PurePosixPath(inner), inside):
                continue
            if runs and not runs.isdisjoint(map(str, PurePosixPath(inner).parents)):
                continue
            if out is not None and isinstance(file, Path) and Path(os.path.realpath(file)).is_relative_to(out):
                continue
            if (place := _place(file, real)) in seen:
                continue
            seen.add(place)
            name = readable(inner)
            while name in found and not _same(found[name], file):
                name = _longer(name, file)
            found[name] = file
    return dict(sorted(found.items()))


def _files_in(root: Path) -> dict[str, File] | None:
    """The same of a local file or folder, None where there is neither."""
    inside = files_in(root)
    return None if inside is None else {name: inside[name] for name in sorted(inside)}


def _outermost_first(paths: Iterable[str | Path]) -> list[str | Path]:
    """The paths as given, but a folder before what lies in it, which is named as the folder's."""
    given = list(paths)
    places = [str(path).rstrip("/") if is_address(path) else os.path.realpath(path) for path in given]
    depths = [sum(place.startswith(f"{other.rstrip('/')}/") for other in places) for place in places]
    return [path for _, path in sorted(zip(depths, given, strict=True), key=itemgetter(0))]


def _place(file: File, real: Callable[[str], str]) -> str:
    """Where a file lies, however it was reached; a link to it lies somewhere else. `real`: os.path.realpath."""
    if isinstance(file, Remote):
        return f"{file.root.partition('://')[0]}://{file.path}"
    folder, name = os.path.split(file)
    return f"{real(folder)}/{name}"


def _run_directories(inside: Mapping[str, File]) -> frozenset[str]:
    """Folders that runs have written: their records quote posts and are none."""
    named = (PurePosixPath(inner) for inner in inside if inner.rpartition("/")[2] == "run.json")
    return frozenset(str(name.parent) for name in named if str(name.parent / "records.jsonl") in inside)


def _longer(name: str, file: File) -> str:
    """A file's name preceded by one more of the folders it lies in."""
    parts, back = _parts(file), name.count("/") + 2
    return f"{readable(parts[-back]).strip('/') if back <= len(parts) else 'again'}/{name}"


def _same(one: File, other: File) -> bool:
    if not (isinstance(one, Path) and isinstance(other, Path)):
        return one == other
    try:
        return one.samefile(other)
    except OSError:  # a link that leads nowhere, or in a folder that is closed
        return False


def _parts(file: File) -> tuple[str, ...]:
    if isinstance(file, Path):
        return file.resolve().parts
    return (file.root, *file.path.split("/"))


def _is_part(name: PurePath, beside: Mapping[str, File]) -> bool:
    """Whether a file lies in a folder that a browser saved beside a page."""
    for folder in name.parents:
        stem = next((folder.name.removesuffix(end) for end in SAVED_PARTS if folder.name.endswith(end)), None)
        if stem and any(str(folder.parent / f"{stem}{suffix}") in beside for suffix in (".html", ".htm")):
            return True
    return False


def sha256_of(file: File) -> str | None:
    """The file's sha256, None where it cannot be opened."""
    try:
        if isinstance(file, Remote):
            digest = hashlib.sha256()
            for chunk in file.chunks():
                digest.update(chunk)
            return digest.hexdigest()
        if trouble(file):
            return None
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def _hashed(files: Mapping[str, File]) -> Iterator[tuple[str, File, str | None]]:
    """The files with their sha256; files elsewhere some at a time, since each mostly waits for the network."""
    names = list(files)
    with ThreadPoolExecutor(FETCHES) as pool:
        for start in range(0, len(names), FETCHES * 8):
            some = names[start : start + FETCHES * 8]
            elsewhere = any(isinstance(files[name], Remote) for name in some)
            hashes = (pool.map if elsewhere else map)(sha256_of, [files[name] for name in some])
            yield from zip(some, (files[name] for name in some), hashes, strict=True)


def plan(files: Mapping[str, File], known: Known, settings: str, locations: Mapping[str, str] = NOWHERE) -> Plan:
    """Leave out the files whose content was read before with the same settings.

    Settings are two keys with a colon between: of reading and of judging. Where only the second differs, what was
    read is judged anew. `locations`: where the known files were last seen. A file seen there keeps its name, whatever
    folder was given now; another with the name of a known one and other content gets a longer name.
    """
    tasks, skipped, judged_anew, seen = [], 0, [], {}
    called = {where: name for name, where in locations.items()}
    for given, file, sha256 in _hashed(files):
        where = lossless(str(file.absolute())) if isinstance(file, Path) else "/".join(_parts(file))
        name = called.get(where, given)
        while name in seen or not _may_be(name, where, sha256, known, locations):
            name = _longer(name, file)
        seen[name] = where
        before, by = known.get(name, (None, ""))
        if sha256 is not None and (before, by) == (sha256, settings):
            skipped += 1
        elif sha256 is not None and before == sha256 and by.partition(":")[0] == settings.partition(":")[0]:
            judged_anew.append(name)
        else:
            # What has no sha256 is not opened again: it may be a pipe.
            container = file.is_container() if isinstance(file, Remote) else sha256 is not None and is_container(file)
            tasks.append(Task(name, file, sha256, container=container))
    moved = {name: where for name, where in seen.items() if locations.get(name) != where}
    return Plan(tuple(tasks), skipped, tuple(judged_anew), moved, _opened(known, locations, set(seen.values())))


def _opened(known: Known, locations: Mapping[str, str], seen: set[str]) -> tuple[str, ...]:
    """Names of folders that could not be opened before, where files in them have been seen now."""
    unread = {where: name for name, where in locations.items() if name in known and known[name][0] is None}
    above = {str(folder) for where in seen for folder in PurePosixPath(where).parents} if unread else set()
    return tuple(unread[where] for where in above & unread.keys())


def _may_be(name: str, where: str, sha256: str | None, known: Known, locations: Mapping[str, str]) -> bool:
    """Whether a file can be the one known by a name: by its place, by its content, or as nobody knows better."""
    return name not in known or locations.get(name, where) == where or known[name][0] == sha256
