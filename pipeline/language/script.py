"""The matching copy of a text: simplified, one form for each sign and exactly as long, so that offsets hold in both.

Counts in formal numerals (叁仟贰佰份) stand in it in plain ones, sums of money keep theirs (`yuan`); a few rarer words
stand in it as the commoner ones of their length (干警: 民警).

Documents keep their text as it stands; everything that looks for words looks in the copy.
"""

from collections.abc import Callable
from functools import lru_cache

from pipeline.patterns import Pattern

# Full-width forms of ASCII, and what lies between the two.
WIDE, WIDTH = range(0xFF01, 0xFF5F), 0xFEE0
# Clause punctuation stays full-width: extractors split on it, and a half-width comma groups digits.
KEPT = frozenset(map(ord, "，；：！？（）"))
# 乾县, 乾安县 keep their name; 乾 for 干 in traditional texts (乾淨) is no word that anything looks for.
UNCHANGED = frozenset(map(ord, "乾"))
# 叁仟贰佰份: figures that nobody is to change.
FORMAL = dict(zip("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千", strict=True))
FORMAL_COUNT = Pattern(r"(?:[壹贰叁肆伍陆柒捌玖]?[拾佰仟万亿]零?){1,8}[壹贰叁肆伍陆柒捌玖]?(?=\s?[份人名例枚张条])")
FORMAL_SIGN = Pattern("[拾佰仟]")
# 采集血样213份,登记41人: who types so means the marks that part clauses. Commas that group digits stay, and times.
_SIDE = r"[\u3400-\u9fff%％）)”」]"
HALF_WIDTH = Pattern(rf"(?<={_SIDE})[,!?]|,(?=[\u3400-\u9fff“「（])|(?<={_SIDE}):(?=\s?[\u3400-\u9fff“\d])")
FULL_WIDTH = {half: chr(ord(half) + WIDTH) for half in ",:!?"}
# 全乡采完.明天去下一村: a full stop; none where a numeral heads a line (二.工作情况).
HALF_STOP = Pattern(
    rf"(?m)(?<={_SIDE})(?<!^[ \t]*[第（(]?[一二三四五六七八九十]{{1,3}})\.(?=[ ]*(?:[\d\u3400-\u9fff“”「」（）]|$))"
)
# 二O一九年, 二0一九年
SPELT_YEAR = Pattern(r"[一二][〇零一二三四五六七八九Oo○◯0]{3}(?=年)")
ROUND = str.maketrans(dict.fromkeys("Oo○◯0", "〇"))
# 乡镇,应采,已采; 甲镇,1200,980: cells parted by commas, each short; some are nothing but a number, or none has one.
CELLS = Pattern(
    r"(?m)^(?=(?:[^,\n，。；]{0,12},){2,}[^,\n，。；]{0,12}$)"
    r"(?:(?=[^\n]*,[ ]?\d[\d.]*+%?[ ]?(?:,|$))|(?=(?:[^,\d\n]{1,6},)+[^,\d\n]{1,6}$))[^\n]*"
)
HALF_QUOTES = Pattern(r"\"([^\"\n]{0,80}[\u3400-\u9fff][^\"\n]{0,80})\"")
# 提取群众血样, 公安干警: rarer words of the same length for 采集 and 民警. What is 提取 at a scene stays so.
TAKE = Pattern(
    r"(?<!现场|物证|处|上|里|中)(?:提取|采录|留取)(?=[了其]?(?:辖区|全[县乡镇村])?(?:(?![到出检])[\u3400-\u9fff]){0,6}?(?:的)?(?:(?:DNA)?(?:血样|血卡|指血|指尖血)|DNA(?:样本|信息)))"
    r"|(?<!若)干警(?![力务犬用车])"
)
# 1O3份, l20份: letters that OCR reads for digits; 1.203份: its point for a comma, since no sample is a fraction.
MISREAD = Pattern(
    r"(?:(?<![A-Za-z\d])|(?<=DNA))(?=[OolI]*\d)(?=\d*[OolI])[\dOolI]{2,7}(?=[余多]?[份人名例])"
    r"|(?<![\d.,])\d{1,3}(?:[.'’]\d{3}){1,2}(?=[余多]?[份例])"
)
DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", ".": ",", "'": ",", "’": ","})
LETTERS = Pattern(r"(?i)(?<![a-z])dna(?![a-z])")
TAKEN_FOR = {"提取": "采集", "采录": "采集", "留取": "采集", "干警": "民警"}
IDEOGRAPHS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00), range(0x20000, 0x2A6E0))


class _Table(dict[int, int]):
    """Traditional → simplified and full-width → ASCII, one character for one; each looked up once, when first met."""

    def __init__(self, convert: Callable[[str], str]) -> None:
        super().__init__({0x3000: ord(" "), ord("｡"): ord("。"), ord("､"): ord("、")})
        self.convert = convert

    def __missing__(self, code: int) -> int:
        plain = code
        if code in WIDE and code not in KEPT:
            plain = code - WIDTH
        elif code in UNCHANGED:
            pass
        elif any(code in ideographs for ideographs in IDEOGRAPHS):
            simple = self.convert(chr(code))
            plain = ord(simple) if len(simple) == 1 else code
        elif code > 0xFFFF:
            return code  # not kept: a hostile text could hold a million of them
        self[code] = plain
        return plain


@lru_cache(maxsize=1)
def _table() -> _Table:
    import opencc

    return _Table(opencc.OpenCC("t2s").convert)


@lru_cache(maxsize=64)  # every component asks for the copy of the same few texts
def matching_copy(text: str) -> str:
    """The text as it is searched: simplified and half-width, every offset unchanged.

    >>> matching_copy("採集ＤＮＡ血樣１２３份")
    '采集DNA血样123份'
    >>> matching_copy("采血1,213份,登记41人")
    '采血1,213份，登记41人'
    """
    copy: str = text.translate(_table())
    if any(half in copy for half in FULL_WIDTH):
        copy = _full_width(copy)
    if "." in copy:
        copy = HALF_STOP.sub("。", copy)
    if '"' in copy:
        copy = HALF_QUOTES.sub(r"“\1”", copy)
    if "dna" in copy or "Dna" in copy:
        copy = LETTERS.sub("DNA", copy)
    if "年" in copy:
        copy = SPELT_YEAR.sub(lambda m: m[0].translate(ROUND), copy)
    copy = MISREAD.sub(lambda m: m[0].translate(DIGITS), copy)
    if any(word in copy for word in TAKEN_FOR):
        copy = TAKE.sub(lambda m: TAKEN_FOR[m[0]], copy)
    if FORMAL_SIGN.search(copy) is None:
        return copy
    plain: str = FORMAL_COUNT.sub(lambda m: "".join(FORMAL.get(sign, sign) for sign in m[0]), copy)
    return plain


def _full_width(copy: str) -> str:
    """The same with full-width marks between ideographs, but for rows of cells."""
    done, parts = 0, []
    for row in CELLS.finditer(copy) if "," in copy else ():
        parts += [HALF_WIDTH.sub(lambda m: FULL_WIDTH[m[0]], copy[done : row.start()]), row[0]]
        done = row.end()
    return "".join([*parts, HALF_WIDTH.sub(lambda m: FULL_WIDTH[m[0]], copy[done:])])
