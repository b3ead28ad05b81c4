"""What makes a text as a whole doubtful, told as warnings of its record: another language, signs that are no words."""

from __future__ import annotations

from collections import Counter

LEAST_HAN = 0.2  # share of ideographs among letters; the least Chinese of the annotated documents has 0.68
MOST_MISREAD = 0.12  # accented, Greek and other such signs for each letter of a Chinese text
FEWEST_LETTERS = 8
# Latin-1 to Greek: what the codes of a font without a character map come out as.
MISREAD = ("\u00a1", "\u03ff")
USUAL = "·×÷°±§µμ"


def doubts(text: str) -> tuple[str, ...]:
    """`not_chinese` where hardly a letter is Chinese, `unreadable_text` where many are those of a lost font.

    >>> doubts("The police took 300 blood samples."), doubts("ཕྱི་ལོ་ཉེན་རྟོག་པས་ཁྲག་ལེན་པ"), doubts("采集DNA血样300份，送检")
    (('not_chinese',), ('not_chinese',), ())
    >>> doubts("成 公安3 性家族i 查9õ 建Ö服务采购项Å")
    ('unreadable_text',)
    """
    signs = Counter(text)
    letters = {c: n for c, n in signs.items() if c.isalpha()}
    number = sum(letters.values())
    if number < FEWEST_LETTERS:
        return ()
    han = sum(n for c, n in letters.items() if "\u3400" <= c <= "\u9fff" or "\u2e80" <= c <= "\u2fdf")
    if han < LEAST_HAN * number:
        return ("not_chinese",)
    misread = sum(n for c, n in signs.items() if MISREAD[0] <= c <= MISREAD[1] and c not in USUAL)
    return ("unreadable_text",) if misread > MOST_MISREAD * number else ()
