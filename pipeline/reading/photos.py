"""Picture files (screenshots, scans, photographs of notices) → `Document`, by OCR.

A picture's points are its pixels: boxes in records count pixels from its top left.
"""

from __future__ import annotations

import io
import warnings as python_warnings
from array import array

import numpy as np
from PIL import Image, ImageSequence

from pipeline.reading.document import Document, Limits, Ocr, Unreadable
from pipeline.reading.glyphs import Page
from pipeline.reading.pages import Reading, assemble, warn

WIDEST = 1000  # pixels to which a wider picture is shrunk for OCR, see `pictures`
NARROWEST = 40  # pixels; smaller pictures are icons


def read_picture(data: bytes, media_type: str, limits: Limits, ocr: Ocr = "auto") -> Document:
    """Read a picture of a post. Raises `Unreadable`: damaged, too_large or no_text."""
    from pipeline.reading import pictures

    if ocr == "never":
        raise Unreadable("no_text", "a picture; read it with --ocr auto")
    if advice := pictures.out_of_order():
        raise Unreadable("no_text", f"a picture; {advice}")
    warnings: list[str] = []
    readings: list[Reading] = []
    for number, picture in enumerate(_frames(data, limits), 1):
        scale = min(1.0, WIDEST / picture.width)
        shown = picture.resize((round(picture.width * scale), max(1, round(picture.height * scale))))
        page = Page(number, picture.width, picture.height, [], array("f"), has_picture=True)
        seen = pictures.recognise(np.asarray(shown)[:, :, ::-1], page, scale)
        if seen.doubtful:
            warn(warnings, "ocr_doubtful")
        readings.append(Reading(seen.page, seen.lines(), "ocr"))
    nothing = Unreadable("no_text", "a picture on which OCR found no words of a post")
    if not any(reading.lines for reading in readings):
        raise nothing
    return assemble(readings, None, media_type, warnings, nothing)


def _frames(data: bytes, limits: Limits) -> list[Image.Image]:
    """The pictures in a file, on white, turned as the camera says. Pillow reads no more than the header before the
    size is known to be sane."""
    with python_warnings.catch_warnings():
        python_warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data)) as file:
                if min(file.size) < NARROWEST:
                    raise Unreadable(
                        "no_text", f"a picture of {file.width} by {file.height} pixels; too small for text"
                    )
                if file.width * file.height > limits.pixels:
                    raise Unreadable(
                        "too_large", f"a picture of {file.width} by {file.height} pixels; scale it down or cut it up"
                    )
                moving = file.format == "GIF"
                frames = []
                for index, frame in enumerate(ImageSequence.Iterator(file)):
                    if index >= limits.pages or (moving and index):
                        break
                    frames.append(_on_white(frame))
                return frames
        except Unreadable:
            raise
        except Image.DecompressionBombError as error:
            raise Unreadable("too_large", "a picture of too many pixels; scale it down or cut it up") from error
        except Exception as error:  # Pillow's decoders raise whatever they stumble over
            raise Unreadable("damaged", "a damaged picture; get another copy of it") from error


def _on_white(frame: Image.Image) -> Image.Image:
    from PIL import ImageOps

    picture = ImageOps.exif_transpose(frame).convert("RGBA")
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture).convert("RGB")
