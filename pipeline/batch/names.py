"""Names of files as text: readable where the file system holds other bytes, lossless where a place is remembered,
and without anything that a terminal would obey.

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


# Signs that a terminal obeys or that turn the direction of writing, each to one that is only seen, so that offsets
# hold: the pictures of control signs, and the replacement character where there is no picture.
SEEN = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
SEEN |= dict.fromkeys((*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD)
SEEN_TEXT = {code: sign for code, sign in SEEN.items() if chr(code) not in "\n\t"}


def several(number: int, what: str) -> str:
    """A number of things as English says it.

    >>> several(1, "post"), several(1200, "post")
    ('1 post', '1,200 posts')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def printable(name: str) -> str:
    """A path or a message as it may go to a terminal: whoever packed an archive chose the names in it.

    >>> printable("a\\x1b[2J\\n.txt")
    'a␛[2J␊.txt'
    """
    return readable(name).translate(SEEN)


def printable_text(text: str) -> str:
    """The same of a text of several lines; as long as before."""
    return text.translate(SEEN_TEXT)


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
