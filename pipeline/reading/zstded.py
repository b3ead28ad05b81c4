"""Bodies compressed with zstd (RFC 8878), unpacked piece by piece, so that a bomb is stopped at the limit."""

from __future__ import annotations

import zlib
from typing import Any

import regex
import zstandard

# A frame, or one to be skipped.
FRAME = regex.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18", regex.DOTALL)
FRAME_BEGINS = 4
# Bytes of the stream at a time: packed as densely as can be they unpack to 32 MB.
PIECE = 1024


class Zstd:
    """What a compressed stream holds. A body that was stored unpacked under the old header is given as it is.

    What a frame looks back on is bounded by the library's own limit, 128 MB.
    """

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.unpacker = zstandard.ZstdDecompressor()
        self.frame: Any = None  # the one that is being unpacked
        self.plain: bool | None = None  # None before the first bytes were seen
        self.ahead = b""  # bytes of the stream that were read and not used

    def read(self, size: int) -> bytes:
        """The next bytes, none at the end. Raises zlib.error (as gzip does) where it is damaged."""
        if self.plain is None:
            self.plain = not self._begins_frame()
        while not self.plain:
            if self.frame is None and not self._begins_frame():
                return b""  # what stands behind the last frame is none of it
            self.frame = self.frame or self.unpacker.decompressobj()
            data = self.ahead or self.stream.read(PIECE)
            self.ahead = b""
            if not data:
                raise zlib.error("zstd: ends too soon")
            if piece := self._unpacked(data):
                return piece
        data, self.ahead = self.ahead, b""
        return data or bytes(self.stream.read(size))

    def _begins_frame(self) -> bool:
        while len(self.ahead) < FRAME_BEGINS and (data := self.stream.read(PIECE)):
            self.ahead += data
        return FRAME.match(self.ahead) is not None

    def _unpacked(self, data: bytes) -> bytes:
        try:
            piece: bytes = self.frame.decompress(data)
        except zstandard.ZstdError as error:
            raise zlib.error(str(error)) from error
        if self.frame.eof:
            self.ahead, self.frame = self.frame.unused_data, None
        return piece
