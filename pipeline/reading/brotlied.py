"""Bodies compressed with brotli, unpacked piece by piece, so that a bomb is stopped at the limit.

Not warcio's own way: it sets an attribute that brotli's decompressor no longer has (warcio 1.8.1, brotli 1.2).
"""

from __future__ import annotations

import zlib
from typing import Any

import brotli


class Brotli:
    """What a compressed stream holds. A body that was stored unpacked under the old header is given as it is."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.packed = brotli.Decompressor()
        self.plain = False
        self.begun = False

    def read(self, size: int) -> bytes:
        """The next bytes, about `size`; none at the end. Raises zlib.error (as gzip does) where it is damaged."""
        while not (self.plain or self.packed.is_finished()):
            data = self.stream.read(size) if self.packed.can_accept_more_data() else b""
            ended = not data and self.packed.can_accept_more_data()
            if piece := self._unpacked(data, size):
                return piece
            if ended:
                raise zlib.error("brotli: ends too soon")
        return self.stream.read(size) if self.plain else b""

    def _unpacked(self, data: bytes, size: int) -> bytes:
        try:
            piece: bytes = self.packed.process(data, output_buffer_limit=size)
        except brotli.error as error:
            if self.begun:
                raise zlib.error(str(error)) from error
            self.plain = True
            return data
        self.begun = self.begun or bool(piece)
        return piece
