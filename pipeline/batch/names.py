"""Names of files as text: readable where the file system holds other bytes, lossless where a place is remembered.

Archives packed on Chinese Windows unpack into names in GBK. Python hands on such bytes as lone surrogates, which no
database, no JSON and no terminal takes.
"""

from __future__ import annotations

import os


def readable(name: str) -> str:
    """A path as people read it, part by part, since a folder and the files in it may be named in different encodings.

    What is no text in GB18030 either becomes replacement characters, so two files may get one name.

        >>> readable(os.fsdecode("报告/".encode() + "血样.pdf".encode("gbk")))
        '报告/血样.pdf'
        >>> readable(os.fsdecode(b"post\\xff.pdf"))
        'post\ufffd.pdf'
    """
    return name if _is_text(name) else "/".join(map(_part, name.split("/")))


def lossless(name: str) -> str:
    """A path that can be stored, with bytes that are no UTF-8 as escapes: different places stay different.

    >>> lossless(os.fsdecode("血样".encode() + b"\\xff.pdf"))
    '血样\\\\udcff.pdf'
    """
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _part(part: str) -> str:
    if _is_text(part):
        return part
    raw = os.fsencode(part)
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    # GB18030 gives a meaning to nearly all bytes; what is private use or unassigned was never somebody's file name.
    return text if text.isprintable() and text else raw.decode("utf-8", "replace")


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
