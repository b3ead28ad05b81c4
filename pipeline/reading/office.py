"""Files of office programs, told apart so that they are one clear failure each. They are not read.

Most are ZIPs: taken for containers they would give a dozen documents of style sheets and settings.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

REMEDY = "not read; save it as PDF"
# By what must be there and, of the ZIPs that have it, how another entry begins.
ZIPS = (
    ("[Content_Types].xml", "word/", "a Word file (docx)"),
    ("[Content_Types].xml", "xl/", "an Excel file (xlsx)"),
    ("[Content_Types].xml", "ppt/", "a PowerPoint file (pptx)"),
    ("META-INF/manifest.xml", "content.xml", "an OpenDocument file (odt, ods, odp)"),
    ("META-INF/container.xml", "", "an e-book (EPUB)"),
    ("OFD.xml", "", "an OFD file"),
)
BEGINNINGS = {b"{\\rtf": "an RTF file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old Office file (doc, xls, ppt, wps)"}


def told_by_names(names: Iterable[str]) -> str | None:
    """What a ZIP with these entries is, None where no office program made it.

    >>> told_by_names(["xl/workbook.xml", "[Content_Types].xml"]), told_by_names(["word/a.pdf"])
    ('an Excel file (xlsx)', None)
    """
    found = list(names)
    inside = frozenset(found)
    return next((w for must, start, w in ZIPS if must in inside and any(n.startswith(start) for n in found)), None)


def told(data: bytes) -> str | None:
    """What a file with this content is, None where no office program made it."""
    if data.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return told_by_names(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
            return None
    return next((what for start, what in BEGINNINGS.items() if data.startswith(start)), None)
