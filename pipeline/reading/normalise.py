"""Repair what PDF producers and web pages do to Chinese text, keeping track of where every character came from.

Radicals become the ideographs they stand for, invisible characters go, odd spaces become plain ones. Nothing here
changes meaning or form: traditional characters stay traditional and full-width digits full-width, since a record
quotes the page (the matching copy of `pipeline.language.script` is for searching).
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from pipeline.paths import CORPORA

# Soft hyphens, zero-width and direction marks, variation selectors, byte order marks: nothing a reader sees.
INVISIBLE = regex.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
CONTROL = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
PRIVATE = regex.compile(r"[\ue000-\uf8ff\U000f0000-\U0010fffd]")
SPACES = regex.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f]")
COMPATIBILITY = regex.compile(r"[\uf900-\ufaff\U0002f800-\U0002fa1f]")
LIGATURES = regex.compile(r"[\ufb00-\ufb06]")
# Half of a character of UTF-16, as broken PDFs and JSON hold: no text, and no file can hold it.
HALVES = regex.compile(r"[\ud800-\udfff]")
# Characters that this module may change; a text without any is returned as it is.
TOUCHED = regex.compile(
    r"[\t\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u180e\u2000-\u200f\u2015\u2215\u301c\u202a-\u202f\u205f-\u206f"
    r"\u2e80-\u2fdf\ue000-\ufaff\ufb00-\ufb06\ufe00-\ufe0f\ufeff\ufffe\U000f0000-\U0010fffd\U0002f800-\U0002fa1f]"
)


class Repaired(NamedTuple):
    """A clean text, and for each of its characters the index in the original of the character it came from."""

    text: str
    sources: Sequence[int]


def whole(text: str) -> str:
    """The text with the replacement character for each half of one; offsets stay.

    >>> whole("采血" + chr(0xD800) + "9份")
    '采血\ufffd9份'
    """
    return text if text.isascii() else HALVES.sub("\ufffd", text)


@lru_cache(maxsize=1)
def _radicals() -> dict[int, str]:
    table: dict[str, str] = json.loads((CORPORA / "unicode" / "radicals.json").read_text("utf-8"))
    return {ord(radical): ideograph for radical, ideograph in table.items()}


def unify_radicals(text: str, *, traditional: bool = False) -> str:
    """Replace Kangxi and CJK-supplement radicals by the ideographs they stand for.

    NFKC alone leaves a fifth of what browsers write wrong: it does not know the supplement, and maps ⼾ to 戶.

    >>> unify_radicals("⺠警⼊⼾采⾎")
    '民警入户采血'
    >>> unify_radicals("⼾籍", traditional=True)
    '戶籍'
    """
    if traditional:
        text = text.replace("⼾", "戶")
    return text.translate(_radicals())


# Code points that the same fonts draw with one glyph, so that producers write the rarer one: ― ∕ 〜 for — ／ ～.
TWINS = {0x2015: "\u2014", 0x2215: "\uff0f", 0x301C: "\uff5e"}


def unify_twins(text: str) -> str:
    """Write dash, slash and tilde with the code points that Chinese text uses.

    >>> unify_twins("10:30―13:00")
    '10:30—13:00'
    """
    return text.translate(TWINS)


def unify_compatibility(text: str) -> str:
    """Replace CJK compatibility ideographs by the unified ones they are copies of (Unicode's canonical mapping).

    >>> unify_compatibility("\uf9fd")
    '什'
    """
    return str(COMPATIBILITY.sub(lambda m: unicodedata.normalize("NFC", m.group()), text))


def split_ligatures(text: str) -> str:
    """Write the Latin ligatures out.

    >>> split_ligatures("ﬁle")
    'file'
    """
    return str(LIGATURES.sub(lambda m: unicodedata.normalize("NFKC", m.group()), text))


def drop_invisible(text: str) -> str:
    """Take out zero-width and direction marks, soft hyphens and variation selectors.

    >>> drop_invisible("DNA\u200b血\ufeff样")
    'DNA血样'
    """
    return str(INVISIBLE.sub("", text))


def drop_controls(text: str) -> str:
    """Take out control characters, but for tab (see `plain_spaces`) and newline.

    >>> drop_controls("采\x02血")
    '采血'
    """
    return str(CONTROL.sub("", text))


def drop_private(text: str) -> str:
    """Take out private-use characters: icons of the page's own font, which mean nothing elsewhere.

    >>> drop_private("\ue612打印")
    '打印'
    """
    return str(PRIVATE.sub("", text))


def plain_spaces(text: str) -> str:
    """Write tabs, no-break and typographic spaces as a space; the ideographic space stays, it is layout.

    >>> plain_spaces("APP\u00a0207个")
    'APP 207个'
    """
    return str(SPACES.sub(" ", text))


def clean(text: str, *, traditional: bool = False) -> str:
    """All repairs, in order.

    >>> clean("⺠警\u200b登⻔―采\u00a0⾎")
    '民警登门—采 血'
    """
    text = text.replace("\ufffe", "-")  # what pdfium writes for a hyphen at a line end
    text = unify_twins(unify_radicals(text, traditional=traditional))
    text = split_ligatures(unify_compatibility(text))
    return plain_spaces(drop_private(drop_controls(drop_invisible(text))))


def repair(text: str, *, traditional: bool = False) -> Repaired:
    """The clean text and where each of its characters stood. Every repair is of single characters, so this is exact.

    >>> repair("⼊\u200b户")
    Repaired(text='入户', sources=[0, 2])
    """
    if not TOUCHED.search(text):
        return Repaired(text, range(len(text)))
    parts: list[str] = []
    sources: list[int] = []
    done = 0
    for match in TOUCHED.finditer(text):
        index = match.start()
        new = _clean_character(match.group(), traditional)
        parts += (text[done:index], new)
        sources += range(done, index)
        sources += [index] * len(new)
        done = index + 1
    parts.append(text[done:])
    sources += range(done, len(text))
    return Repaired("".join(parts), sources)


@lru_cache(maxsize=8192)
def _clean_character(character: str, traditional: bool) -> str:
    return clean(character, traditional=traditional)


@lru_cache(maxsize=1 << 16)
def is_wide(character: str) -> bool:
    """Whether a character takes a full em: ideographs, kana, full-width forms and Chinese punctuation.

    >>> [is_wide(c) for c in "血，Ａa1"]
    [True, True, True, False, False]
    """
    code = ord(character)
    return (
        0x2E80 <= code <= 0xA4CF or 0xF900 <= code <= 0xFAFF or 0xFF01 <= code <= 0xFF60 or 0x20000 <= code <= 0x3FFFF
    )


@lru_cache(maxsize=8192)
def _is_garbage(character: str) -> bool:
    """Whether a character has no place in a Chinese page, nor in one in Tibetan, Uyghur, Mongolian or Korean."""
    code = ord(character)
    if code < 0x7F or character.isspace():
        return code < 0x20
    if character == "\ufffd" or CONTROL.match(character) or PRIVATE.match(character):
        return True
    if not character.isalpha() or any(a <= code <= b for a, b in LOCAL_SCRIPTS):
        return False
    if 0x3400 <= code <= 0x9FFF:
        return not any(_encodes(character, charset) for charset in ("gb2312", "big5"))
    return True


# Greek (for measures), Arabic as Uyghur has it, Tibetan, Hangul, Mongolian, radicals, kana, full-width and other forms.
LOCAL_SCRIPTS = (
    (0x370, 0x3FF), (0x600, 0x6FF), (0xF00, 0xFFF), (0x1100, 0x11FF), (0x1800, 0x18AF), (0x2E80, 0x30FF),
    (0x3100, 0x318F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFB50, 0xFDFF), (0xFE70, 0xFF9F),
)  # fmt: skip


def _encodes(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _counted(text: str | Counter[str]) -> Counter[str]:
    return text if isinstance(text, Counter) else Counter(text)


def badness(text: str | Counter[str]) -> float:
    """Share of characters that are no Chinese page's: controls, U+FFFD, private use, far scripts, rare ideographs.

    Text layers without a character map (ToUnicode) come out as such. A text may be given as its characters counted.

    >>> badness("采集DNA血样１２３份")
    0.0
    >>> badness("ÃYè\x01")
    0.75
    """
    counts = [(c, n) for c, n in _counted(text).items() if not c.isspace()]
    return sum([n for c, n in counts if _is_garbage(c)]) / max(1, sum([n for _, n in counts]))


def han_share(text: str | Counter[str]) -> float:
    """Share of ideographs among the visible characters of a text, which may be given as its characters counted.

    >>> han_share("采血DNA样")
    0.5
    """
    counts = [(c, n) for c, n in _counted(text).items() if not c.isspace()]
    han = [n for c, n in counts if "\u3400" <= c <= "\u9fff" or "\u2e80" <= c <= "\u2fdf"]
    return sum(han) / max(1, sum([n for _, n in counts]))
