"""Files that lie elsewhere, at an address that fsspec reads (`s3://bucket/prefix`): listed, hashed, fetched.

A web address is not an archive: pages are saved first, and nothing here goes to `http://` or `https://`.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from pipeline.reading.containers import CONTAINERS
from pipeline.reading.content import HEAD, kind_of
from pipeline.reading.document import Unreadable

CHUNK = 4 << 20
NOT_ARCHIVES = ("http", "https")


class BadAddress(Exception):
    """An address given by the user cannot be listed; the message says why and what to do."""


@dataclass(frozen=True)
class Remote:
    """One file elsewhere."""

    root: str  # the address given, which tells how to get there
    path: str  # on the file system of that address

    def chunks(self) -> Iterator[bytes]:
        """The file's bytes. Raises OSError, whatever the library for such addresses raises."""
        try:
            with _system(self.root)[0].open(self.path, "rb", block_size=CHUNK) as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except (OSError, MemoryError, GeneratorExit):
            raise
        except Exception as error:
            raise OSError(_line(error)) from error

    def is_container(self) -> bool:
        """Whether the file holds documents rather than being one; False where it cannot be opened."""
        try:
            return kind_of(_system(self.root)[0].cat_file(self.path, start=0, end=HEAD)) in CONTAINERS
        except Exception:  # reading it will say what is wrong
            return False


File = Path | Remote


def is_address(given: str | Path) -> bool:
    """Whether a path given by the user is an address rather than a local path.

    >>> is_address("s3://archive/2021"), is_address("archive/2021")
    (True, False)
    """
    return isinstance(given, str) and "://" in given


def files_at(address: str) -> dict[str, File] | None:
    """Name → file for every file at an address, None where there is nothing; `file://` gives local paths.

    A name is relative to the address, or the last part of the address of a single file. Raises BadAddress.
    """
    if "::" in address or address.partition("://")[0].lower() in NOT_ARCHIVES:
        raise BadAddress(f"{address}: not read from the web; save it and give the folder")
    try:
        system, root = _system(address)
        system.invalidate_cache()
        root = root.rstrip("/")
        address = address if address.endswith("://") else address.rstrip("/")
        found = sorted(system.find(root))
        if not found:
            return {} if system.exists(root) else None
    except ImportError as error:
        extra = "'xueyang[s3]'" if address.startswith("s3") else "the package that fsspec names"
        raise BadAddress(f"{address}: needs another package ({_line(error)}): pip install {extra}") from error
    except FileNotFoundError:
        return None
    except Exception as error:
        raise BadAddress(f"{address}: cannot be listed: {_line(error)}") from error
    local = "file" in (system.protocol if isinstance(system.protocol, tuple) else (system.protocol,))
    return {
        path.removeprefix(root).lstrip("/") or path.rpartition("/")[2]: Path(path) if local else Remote(address, path)
        for path in found
    }


def at_hand(file: File, sha256: str | None, limit: int) -> Path:
    """The file where it can be opened: itself, or this process's copy, of which it keeps the latest one only.

    `sha256`, of the file when it was planned, tells a copy of changed content from the earlier one. Raises Unreadable:
    too_large beyond `limit` bytes, unreadable.
    """
    if isinstance(file, Path):
        return file
    copy = _copy(file, sha256, limit)
    copy.seek(0)
    return Path(f"/dev/fd/{copy.fileno()}")


@lru_cache(maxsize=1)
def _copy(file: Remote, _: str | None, limit: int) -> IO[bytes]:
    """A copy without a name: the system takes it away with the process, however that ends."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 (open for as long as it is the latest)
    size = 0
    try:
        for chunk in file.chunks():
            size += len(chunk)
            if size > limit:
                raise Unreadable("too_large", f"more than the limit of {limit} bytes; split it")
            copy.write(chunk)
        copy.flush()
    except OSError as error:
        raise Unreadable("unreadable", f"cannot be fetched: {error.strerror or _line(error)}") from error
    return copy


def _system(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path there."""
    from fsspec.core import url_to_fs

    system, path = url_to_fs(address)
    return system, os.fspath(path)


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
