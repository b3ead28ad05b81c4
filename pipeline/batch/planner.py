"""Which files a run reads: everything under the paths given, less what is known and unchanged."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.reading.containers import is_container


@dataclass(frozen=True)
class Task:
    """One file to read; `path` is what its record will be called."""

    path: str
    file: Path
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


class NoSuchPath(Exception):
    """A path given by the user does not exist."""


# Browsers save what a page loads beside it, in a folder of its name: parts of a document, not documents.
SAVED_PARTS = ("_files", ".files", "_文件", "_檔案")


def files_under(paths: Iterable[Path], without: Path | None = None) -> dict[str, Path]:
    """Name → file for every file under the paths, sorted by name.

    Left out: hidden files and folders, what a browser saved as parts of a page, and the folder `without`.

    A file's name is its path relative to the folder given, with `/`; where two folders hold the same name, the later
    one's is preceded by its folder. Raises NoSuchPath.
    """
    found: dict[str, Path] = {}
    for root in paths:
        if not root.exists():
            raise NoSuchPath(str(root))
        for file in [root] if root.is_file() else sorted(root.rglob("*")):
            inner = Path(root.name) if root.is_file() else file.relative_to(root)
            if not file.is_file() or any(part.startswith(".") for part in inner.parts) or _is_part(file, root):
                continue
            if without is not None and file.resolve().is_relative_to(without.resolve()):
                continue
            name = inner.as_posix()
            while name in found and not found[name].samefile(file):
                name = f"{file.resolve().parts[-len(Path(name).parts) - 1]}/{name}"
            found[name] = file
    return dict(sorted(found.items()))


def _is_part(file: Path, root: Path) -> bool:
    """Whether a file lies in a folder that a browser saved beside a page."""
    for folder in file.parents:
        if folder == root or root not in folder.parents:
            return False
        stem = next((folder.name.removesuffix(end) for end in SAVED_PARTS if folder.name.endswith(end)), None)
        if stem and any((folder.parent / f"{stem}{suffix}").is_file() for suffix in (".html", ".htm")):
            return True
    return False


def sha256_of(file: Path) -> str | None:
    """The file's sha256, None where it cannot be opened."""
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None


def plan(files: Mapping[str, Path], known: Mapping[str, tuple[str | None, str]], settings: str) -> Plan:
    """Leave out the files whose content was read before with the same settings.

    Settings are two keys with a colon between: of reading and of judging. Where only the second differs, what was
    read is judged anew.
    """
    tasks, skipped, judged_anew = [], 0, []
    for name, file in files.items():
        sha256 = sha256_of(file)
        before, by = known.get(name, (None, ""))
        if sha256 is not None and (before, by) == (sha256, settings):
            skipped += 1
        elif sha256 is not None and before == sha256 and by.partition(":")[0] == settings.partition(":")[0]:
            judged_anew.append(name)
        else:
            tasks.append(Task(name, file, sha256, container=is_container(file)))
    return Plan(tuple(tasks), skipped, tuple(judged_anew))
