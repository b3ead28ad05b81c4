"""The matching copy of a text: simplified, half-width, and exactly as long, so that offsets hold in both.

Documents keep their text as it stands; everything that looks for words looks in the copy.
"""

from functools import lru_cache


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    """Traditional → simplified and full-width → ASCII, one character for one."""
    import opencc

    convert = opencc.OpenCC("t2s").convert
    table: dict[int, str] = {}
    ranges = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
    letters = [chr(code) for start, end in ranges for code in range(start, end)]
    for letter, plain in zip(letters, convert("\n".join(letters)).split("\n"), strict=True):
        if len(plain) == 1 and plain != letter:
            table[ord(letter)] = plain
    for code in range(0xFF01, 0xFF5F):
        table[code] = chr(code - 0xFEE0)
    # Clause punctuation stays full-width: extractors split on it, and a half-width comma groups digits.
    for mark in "，；：！？（）":
        del table[ord(mark)]
    table[0x3000] = " "
    return table


@lru_cache(maxsize=64)  # every component asks for the copy of the same few texts
def matching_copy(text: str) -> str:
    """The text as it is searched: simplified and half-width, every offset unchanged.

    >>> matching_copy("採集ＤＮＡ血樣１２３份")
    '采集DNA血样123份'
    """
    return text.translate(_table())
