"""The archived page as a picture with every fact boxed where it stands: to see what was read, and to check it."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from pipeline.batch.apart import Apart
from pipeline.batch.planner import Task
from pipeline.batch.worker import Work, bytes_of
from pipeline.reading.document import Document
from pipeline.records import Located, Record

DPI = 110
MOST_PIXELS = 40_000_000
# Colour and line style tell the kinds apart; the letter does so without colour.
KINDS = {
    "counts": ("C", (200, 30, 30)),
    "places": ("P", (20, 90, 200)),
    "justifications": ("J", (20, 130, 60)),
    "organisations": ("O", (150, 80, 170)),
    "circumstances": ("H", (0, 140, 150)),
    "procurements": ("B", (120, 90, 40)),
    "evidence": ("E", (190, 140, 20)),
}


def facts_of(record: Record) -> list[tuple[str, Located]]:
    """Every located fact with the name of its kind."""
    found: list[tuple[str, Located]] = [("evidence", fact) for fact in record.classification.evidence]
    found += [("organisations", fact) for fact in record.organisations]
    found += [("circumstances", fact) for fact in record.circumstances]
    found += [("procurements", fact) for fact in record.procurements]
    found += [("justifications", fact) for fact in record.justifications]
    found += [("places", fact) for fact in record.places]
    return found + [("counts", fact) for fact in record.counts]


def write_page_image(task: Task, document: Document, record: Record, out: Path, page: int | None = None) -> int:
    """Draw one page of a document, PNG; `page` counts from 1, by default the first one with a fact.

    Returns the page drawn. Raises ValueError where the document has no pages to draw or not this one, or where drawing
    it fails: that happens in a process of its own, since the file may be hostile.
    """
    boxed = [(kind, fact) for kind, fact in facts_of(record) if fact.page is not None and fact.boxes]
    chosen = page or min((fact.page for kind, fact in boxed if kind != "evidence" and fact.page), default=1)
    with Apart(ValueError) as apart:
        drawn, scale = apart.call("drawing the page", _picture, task, document.media_type, document.pages, chosen)
    picture = Image.open(io.BytesIO(drawn))
    draw = ImageDraw.Draw(picture, "RGBA")
    for kind, fact in boxed:
        if fact.page == chosen:
            _draw(draw, kind, fact, scale)
    picture.save(out, format="PNG")
    return chosen


def _picture(task: Task, media_type: str, pages: int, page: int) -> tuple[bytes, float]:
    """A page as PNG, and its pixels a point. Raises ValueError."""
    if not 1 <= page <= pages:
        raise ValueError(f"no page {page}: the document has {pages}")
    data = bytes_of(task, Work().limits).data
    if media_type.startswith("image/"):
        with Image.open(io.BytesIO(data)) as file:
            file.seek(page - 1)
            return _png(file), 1.0
    if media_type != "application/pdf":
        raise ValueError("a web page or text has no page image; only PDFs and pictures have")
    from pipeline.reading.pdf import opened_pdf

    with opened_pdf(data) as pdf:
        handle: pdfium.PdfPage = pdf[page - 1]
        width, height = handle.get_size()
        scale = min(DPI / 72, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        return _png(handle.render(scale=scale).to_pil()), scale


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.convert("RGB").save(out, format="PNG")
    return out.getvalue()


def _draw(draw: ImageDraw.ImageDraw, kind: str, fact: Located, scale: float) -> None:
    letter, colour = KINDS[kind]
    for number, box in enumerate(fact.boxes):
        x0, top, x1, bottom = (edge * scale for edge in box)
        if kind == "evidence":
            draw.rectangle((x0, top, x1, bottom), fill=(*colour, 40))
            continue
        draw.rectangle((x0 - 2, top - 2, x1 + 2, bottom + 2), outline=(*colour, 255), width=2)
        if not number:
            draw.text((x0 - 1, top - 14), letter, fill=(*colour, 255))
