"""Files that hold documents: ZIP, WACZ, WARC (also gzipped), and what is nested in them.

`members` lists what is inside without keeping it; `opened` gets one member's bytes back by its steps (an index in a
ZIP, an offset in a WARC), so that any process can read any member alone. Nothing is written to disk, and nothing is
unpacked beyond the limits.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any

from pipeline.reading import office
from pipeline.reading.brotlied import Brotli
from pipeline.reading.content import HEAD, Kind, kind_of
from pipeline.reading.document import Capture, Limits, Unreadable
from pipeline.reading.zstded import Zstd

DEEPEST = 3  # containers within containers
# Codings of bodies that are unpacked here, not by warcio.
UNPACKED_HERE = {"br": Brotli, "zstd": Zstd}
CONTAINERS: frozenset[Kind] = frozenset(("zip", "warc", "gzip"))
CHUNK = 1 << 20
# What a page loads besides itself: parts of a document, not documents.
DOCUMENT_TYPES = ("text/html", "application/xhtml+xml", "application/pdf", "text/plain", "multipart/related")
# A ZIP entry that claims to grow by more than this is a bomb, not a post.
MOST_GROWTH = 1000
SMALL = 10_000_000  # bytes that any entry may grow to
WHOLE = -2  # the step that unzips a web archive which is gzipped in one piece
# What zipfile and the decompressors raise on damage: of a name in no encoding, of an offset beyond the file and so on.
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, ValueError, IndexError, OverflowError, RuntimeError),
)


@dataclass(frozen=True)
class Member:
    """One document inside a container: its name there and the steps to it."""

    name: str
    steps: tuple[int, ...]
    problem: Unreadable | None = None


@dataclass(frozen=True)
class Opened:
    """A member's content, and what the container tells about it."""

    data: bytes
    capture: Capture = field(default_factory=Capture)


def is_container(path: Path) -> bool:
    """Whether a file holds documents rather than being one; False where it cannot be opened."""
    try:
        with path.open("rb") as file:
            return kind_of(file.read(HEAD)) in CONTAINERS
    except OSError:
        return False


def members(path: Path, limits: Limits) -> list[Member]:
    """Everything in a container that may be a document, in its order; names are unique.

    Raises `Unreadable`: damaged, encrypted, empty, too_large, or unsupported (a file of Word and the like).
    """
    if path.stat().st_size > limits.container_bytes:
        raise Unreadable("too_large", f"a container of more than {limits.container_bytes} bytes; split it")
    found: list[Member] = []
    names: set[str] = set()
    with path.open("rb") as file:
        for member in _inside(file, limits, 1):
            name, number = member.name, 2
            while name in names:
                name, number = f"{member.name}#{number}", number + 1
            names.add(name)
            found.append(Member(name, member.steps, member.problem))
            if len(found) > limits.members:
                raise Unreadable("too_large", f"a container of more than {limits.members} documents; split it")
    if not found:
        raise Unreadable("empty", "a container without any document in it")
    return found


def opened(path: Path, steps: tuple[int, ...], limits: Limits) -> Opened:
    """The content of one member. Raises `Unreadable`: damaged, encrypted, too_large or empty."""
    *outer, last = steps
    if not outer:
        with path.open("rb") as file:
            return _get(file, last, limits)
    return _get(io.BytesIO(_outer(path, path.stat().st_mtime_ns, tuple(outer), limits)), last, limits)


@lru_cache(maxsize=1)
def _outer(path: Path, _: int, steps: tuple[int, ...], limits: Limits) -> bytes:
    """A container inside a container; the last one is kept, since its members are read one after the other."""
    return opened(path, steps, limits).data


def _inside(file: IO[bytes], limits: Limits, depth: int) -> Iterator[Member]:
    kind = kind_of(file.read(HEAD))
    file.seek(0)
    found = _in_zip(file, limits) if kind == "zip" else _in_warc(file, limits) if _is_warc(file, kind) else _in_gzip()
    for member in found:
        inner = member.problem is None and member.name.lower().endswith((".zip", ".gz", ".warc", ".wacz"))
        if not inner or depth >= DEEPEST:
            yield member
            continue
        try:
            data = _follow(file, member.steps, limits)
            nested = kind_of(data[:HEAD]) in CONTAINERS
            deeper = list(_inside(io.BytesIO(data), limits, depth + 1)) if nested else []
        except Unreadable as error:
            yield Member(member.name, member.steps, error)
            continue
        if not nested:
            yield member
        for one in deeper:
            name = f"{member.name}!/{one.name or PurePosixPath(member.name).stem}"
            yield Member(name, (*member.steps, *one.steps), one.problem)


def _follow(file: IO[bytes], steps: tuple[int, ...], limits: Limits) -> bytes:
    """What lies at the end of some steps."""
    for step in steps:
        data = _get(file, step, limits).data
        file = io.BytesIO(data)
    return data


def _get(file: IO[bytes], step: int, limits: Limits) -> Opened:
    """The member at one step."""
    file.seek(0)
    kind = kind_of(file.read(HEAD))
    file.seek(0)
    if kind == "zip":
        return Opened(_zip_entry(file, step, limits))
    if step != WHOLE and _is_warc(file, kind):
        return _warc_record(file, step, limits)
    with gzip.GzipFile(fileobj=file) as stream:
        return Opened(_bounded(stream, limits))


def _bounded(stream: Any, limits: Limits) -> bytes:
    """All of a stream, if that is no more than a file may be."""
    parts: list[bytes] = []
    size = 0
    try:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > limits.bytes:
                raise Unreadable("too_large", f"unpacks to more than the limit of {limits.bytes} bytes; split it")
            parts.append(chunk)
    except DAMAGE as error:
        raise _damaged(error) from error
    if not size:
        raise Unreadable("empty", "an empty file (0 bytes)")
    return b"".join(parts)


def _damaged(error: Exception) -> Unreadable:
    if "password" in str(error):
        return Unreadable("encrypted", "encrypted with a password; unpack it, or leave it")
    return Unreadable("damaged", "a damaged container; get another copy of it")


# ZIP


def _in_zip(file: IO[bytes], limits: Limits) -> Iterator[Member]:
    entries = _zip(file).infolist()
    if what := office.told_by_names(e.filename for e in entries):
        raise Unreadable("unsupported", f"{what}; {office.REMEDY}")
    webarchive = any(e.filename.startswith("archive/") and ".warc" in e.filename for e in entries) and any(
        e.filename == "datapackage.json" for e in entries
    )
    for index, entry in enumerate(entries):
        name = safe_name(entry.filename)
        base = PurePosixPath(name).name
        # is_dir stumbles over a name that is empty
        if not base or entry.is_dir() or base.startswith(".") or entry.filename.startswith("__MACOSX/"):
            continue
        if webarchive and not name.startswith("archive/"):  # a WACZ's own index, pages list and signatures
            continue
        yield Member(name, (index,), _problem(entry, limits))


def _problem(entry: zipfile.ZipInfo, limits: Limits) -> Unreadable | None:
    if entry.flag_bits & 0x1:
        return Unreadable("encrypted", "encrypted with a password; unpack it, or leave it")
    bomb = entry.file_size > SMALL and entry.file_size > MOST_GROWTH * max(1, entry.compress_size)
    if entry.file_size > limits.bytes or bomb:
        return Unreadable(
            "too_large",
            f"unpacks to {entry.file_size} bytes, more than is allowed; if you trust it, unpack and split it",
        )
    return None


def safe_name(name: str) -> str:
    """A name inside a container without what would lead out of it.

    >>> [safe_name(n) for n in ("../../etc/passwd", "2021\\\\a.pdf", "/posts//b.pdf", "C:/c.pdf")]
    ['etc/passwd', '2021/a.pdf', 'posts/b.pdf', 'C/c.pdf']
    """
    parts = name.replace("\\", "/").replace("\x00", "").split("/")
    return "/".join(part.rstrip(":") for part in parts if part.rstrip(":") not in ("", ".", ".."))


def _zip(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        # Chinese archives hold names in UTF-8 or GBK without saying so; what is valid UTF-8 is hardly ever GBK.
        archive = zipfile.ZipFile(file)
        if all(e.flag_bits & 0x800 or e.filename.isascii() for e in archive.infolist()):
            return archive
        for encoding in ("utf-8", "gb18030"):
            with contextlib.suppress(UnicodeDecodeError):
                file.seek(0)
                return zipfile.ZipFile(file, metadata_encoding=encoding)
        return archive
    except DAMAGE as error:
        raise _damaged(error) from error


def _zip_entry(file: IO[bytes], index: int, limits: Limits) -> bytes:
    archive = _zip(file)
    try:
        entry = archive.infolist()[index]
        if problem := _problem(entry, limits):
            raise problem
        with archive.open(entry) as stream:
            return _bounded(stream, limits)
    except DAMAGE as error:
        raise _damaged(error) from error


# WARC


def _is_warc(file: IO[bytes], kind: Kind) -> bool:
    """Whether a file is a web archive, looking into gzip; the file is rewound."""
    if kind == "gzip":
        try:
            with gzip.GzipFile(fileobj=file) as stream:
                kind = kind_of(stream.read(HEAD))
        except (OSError, EOFError, zlib.error):
            kind = "binary"
        file.seek(0)
    return kind == "warc"


def _in_warc(file: IO[bytes], limits: Limits) -> list[Member]:
    """The pages of a web archive: successful responses and stored resources of a document's type."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    records = ArchiveIterator(file, arc2warc=True)
    found: list[Member] = []
    try:
        with contextlib.redirect_stderr(io.StringIO()):  # warcio prints what it thinks of a file
            for record in records:
                if _is_document(record):
                    url = record.rec_headers.get_header("WARC-Target-URI") or ""
                    found.append(Member(url, (records.get_record_offset(),)))
    except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError, AttributeError, UnicodeError) as error:
        problem = _damaged(error)
        if "non-chunked gzip" in str(error):
            try:
                return _in_whole(file, limits)
            except Unreadable as unreadable:
                problem = unreadable
        # What came before the damage is good.
        found.append(Member("(the rest)", (-1,), problem))
    return found


def _in_whole(file: IO[bytes], limits: Limits) -> list[Member]:
    """The pages of a web archive that was gzipped in one piece, not record by record: no record can be sought in it."""
    try:
        data = _get(file, WHOLE, limits).data
    except Unreadable as error:
        raise Unreadable(error.reason, f"gzipped in one piece: {error.message}, or gunzip it first") from error
    found = _in_warc(io.BytesIO(data), limits)
    return [Member(member.name, (WHOLE, *member.steps), member.problem) for member in found]


def _is_document(record: Any) -> bool:
    if record.rec_type not in ("response", "resource"):
        return False
    headers = record.http_headers if record.rec_type == "response" else record.rec_headers
    if headers is None:
        return False
    if record.rec_type == "response" and not (headers.get_statuscode() or "").startswith("2"):
        return False
    return (headers.get_header("Content-Type") or "text/html").split(";")[0].strip().lower() in DOCUMENT_TYPES


def _warc_record(file: IO[bytes], offset: int, limits: Limits) -> Opened:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    from pipeline.reading.saved import warc_date

    file.seek(max(0, offset))
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            record = next(iter(ArchiveIterator(file, arc2warc=True)))
            data = _bounded(_body(record), limits)
    except (ArchiveLoadFailed, StopIteration, OSError, EOFError, zlib.error, ValueError, AttributeError) as error:
        raise _damaged(error) from error
    kind = (record.http_headers.get_header("Content-Type") if record.http_headers else None) or ""
    charset = kind.partition("charset=")[2].split(";")[0].strip(" \"'") or None
    headers = record.rec_headers
    at = warc_date(headers.get_header("WARC-Date"))
    return Opened(data, Capture(headers.get_header("WARC-Target-URI"), at, charset))


def _body(record: Any) -> Any:
    """A record's content without the coding it was sent in, as a stream."""
    headers = record.http_headers
    coding = ((headers and headers.get_header("Content-Encoding")) or "").strip().lower()
    if coding not in UNPACKED_HERE:
        return record.content_stream()
    from warcio.bufferedreaders import ChunkedDataReader

    chunked = (headers.get_header("Transfer-Encoding") or "").strip().lower() == "chunked"
    return UNPACKED_HERE[coding](ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream)


def _in_gzip() -> Iterator[Member]:
    """A single compressed file has one member without a name."""
    yield Member("", (0,))
