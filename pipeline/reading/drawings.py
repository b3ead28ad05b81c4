"""What a PDF page draws besides its text: pictures, lines that may be a table's, fonts that are not in the file."""

from __future__ import annotations

import ctypes
from itertools import repeat
from typing import Any, NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from pipeline.reading.direct import address_of, direct
from pipeline.reading.glyphs import Box

# A page that draws at least this many thin lines may hold a ruled table; a frame around a side list has four.
MANY_RULES = 6
THIN, LONG = 3.0, 15.0  # points
MOST_OBJECTS = 20_000  # that are looked at
POINTER = ctypes.c_void_p

_object_of = direct(raw.FPDFPage_GetObject, POINTER)
_kind_of = direct(raw.FPDFPageObj_GetType, ctypes.c_int, POINTER)
_font_of = direct(raw.FPDFTextObj_GetFont, POINTER, POINTER)
_is_embedded = direct(raw.FPDFFont_GetIsEmbedded, ctypes.c_int, POINTER)


class Drawn(NamedTuple):
    """What a page draws besides text."""

    any: bool  # a picture at all
    rules: bool  # enough lines for a table
    lacks_font: bool
    pictures: list[Box]  # left, bottom, right, top in the page's own coordinates


def drawings(page: pdfium.PdfPage) -> Drawn:
    """Whether a page shows a picture, draws enough lines for a table, and uses a font that is not in the file."""
    pictures, rules = False, 0
    found: list[Box] = []
    fonts: set[int | None] = set()
    edges = [ctypes.c_float() for _ in range(4)]
    at_edges = [ctypes.byref(e) for e in edges]
    number = min(raw.FPDFPage_CountObjects(page.raw), MOST_OBJECTS)
    objects = list(map(_object_of, repeat(address_of(page.raw)), range(number)))
    for address, kind in zip(objects, map(_kind_of, objects), strict=True):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            fonts.add(_font_of(address))
            continue
        drawn = ctypes.cast(address, raw.FPDF_PAGEOBJECT)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            raw.FPDFPageObj_GetBounds(drawn, *at_edges)
            across, up = edges[2].value - edges[0].value, edges[3].value - edges[1].value
            # A whole grid may be one path, of many segments.
            grid = across > LONG and up > LONG and raw.FPDFPath_CountSegments(drawn) >= 2 * MANY_RULES
            rules += (
                MANY_RULES if grid and not _has_curves(drawn) else min(across, up) < THIN and max(across, up) > LONG
            )
        elif kind in (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING):
            pictures = True
            if kind == raw.FPDF_PAGEOBJ_IMAGE and raw.FPDFPageObj_GetBounds(drawn, *at_edges):
                found.append((edges[0].value, edges[1].value, edges[2].value, edges[3].value))
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            pictures = pictures or _form_has_picture(drawn)
    lacking = any(font and _is_embedded(font) == 0 for font in fonts)
    return Drawn(pictures, rules >= MANY_RULES, lacking, found)


def _has_curves(path: Any) -> bool:
    return any(
        raw.FPDFPathSegment_GetType(raw.FPDFPath_GetPathSegment(path, i)) == raw.FPDF_SEGMENT_BEZIERTO
        for i in range(min(raw.FPDFPath_CountSegments(path), 200))
    )


def _form_has_picture(form: Any) -> bool:
    return any(
        raw.FPDFPageObj_GetType(raw.FPDFFormObj_GetObject(form, i)) == raw.FPDF_PAGEOBJ_IMAGE
        for i in range(min(raw.FPDFFormObj_CountObjects(form), 1000))
    )
