"""A document that has been read, as bytes: so that a new model can judge it again without its file.

Holds the text, what is known of the page, and for every character its page and its box. Compressed JSON and plain
arrays; nothing in it can run.
"""

from __future__ import annotations

import json
import zlib
from array import array
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.reading.document import Document, Origins, no_boxes
from pipeline.reading.glyphs import Edges

VERSION = 1
LARGEST = 500_000_000  # bytes unpacked; what is larger was not written here
Array = NDArray[Any]
PLAIN = tuple(f.name for f in fields(Document) if f.name != "origins")


def pack(document: Document, sha256: str, size: int) -> bytes:
    """The document and what identifies its bytes, as bytes: about 5 kB for a post of 600 characters."""
    head = {name: getattr(document, name) for name in PLAIN} | {"version": VERSION, "sha256": sha256, "size": size}
    length = len(document.text)
    pages = np.array(document.origins.pages[:length], dtype="<u4")
    chars = np.array(document.origins.chars[:length], dtype=np.int64)
    text = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    put_in, boxes = (chars < 0).astype("u1"), _edges(document, pages, chars)
    data = len(text).to_bytes(4, "little") + text + pages.tobytes() + put_in.tobytes() + boxes.tobytes()
    return zlib.compress(data, 1)  # boxes hardly shrink further: 3 % more bytes, half the time


def _edges(document: Document, pages: Array, chars: Array) -> Array:
    """Box of every character, zeros for those that the reader put in; no rows where the document has no boxes."""
    known = document.origins.boxes
    if not isinstance(known, Edges):
        return np.zeros((0, 4), dtype="<f4")
    boxes = np.zeros((len(chars), 4), dtype="<f4")
    for page, edges in known.by_page.items():
        here = (pages == page) & (chars >= 0)
        boxes[here] = np.asarray(edges, dtype="<f4").reshape(-1, 4)[chars[here]]
    return boxes


def unpack(packed: bytes) -> tuple[Document, str, int]:
    """What `pack` was given. Raises ValueError on anything else."""
    try:
        data = zlib.decompressobj().decompress(packed, LARGEST)
        size = int.from_bytes(data[:4], "little")
        head = json.loads(data[4 : 4 + size].decode("utf-8", "surrogatepass"))
        if head.pop("version") != VERSION:
            raise ValueError("written by another version")
        length, at = len(head["text"]), 4 + size
        pages = np.frombuffer(data, "<u4", length, at)
        put_in = np.frombuffer(data, "u1", length, at + 4 * length)
        edges = array("f", np.frombuffer(data[at + 5 * length :], "<f4").tolist())
        chars = array("l", np.where(put_in == 1, -1, np.arange(length)).tolist())
        boxes = Edges(dict.fromkeys(map(int, np.unique(pages)), edges)) if edges else no_boxes
        sha256, number = head.pop("sha256"), head.pop("size")
        head["warnings"] = tuple(head["warnings"])
        return Document(origins=Origins(pages.tolist(), chars, boxes), **head), sha256, number
    except (zlib.error, KeyError, TypeError, UnicodeError) as error:
        raise ValueError("not a stored document") from error
