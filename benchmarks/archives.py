"""Archives to measure with, made from the annotated pages; their posts are invented, as those are.

- `printed`: the gold's own PDFs that have a text layer, mostly printed by a browser with the fonts in them, repeated.
- `everyday`: the same, but 19 of 20 have nothing to do with blood or DNA: the characters that such words are written
  with are other ones in the page's character maps (样 → 佯), so that the page costs a reader just as much as before.
- `written`: one page for each of many different posts, in a font that is not in the file: quick to make by thousands.

Every file differs from all others in its bytes, and so in its sha256.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache
from itertools import cycle, islice
from pathlib import Path

import pikepdf
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.reading import _has_text
from pipeline.learning.gold import read_gold
from pipeline.paths import GOLD

SEED = 20_160_901
OTHERS = str.maketrans("血样采DNAdna基因核酸唾液检测抽", "雪佯彩CMEcmeB田孩醋口夜捡则油")
EVERY = 20  # one in so many has to do with blood or DNA, in the everyday archive
HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
RANGES = re.compile(rb"\d+ beginbfrange\s(.*?)endbfrange", re.DOTALL)
SINGLE = re.compile(rb"\d+ beginbfchar\s(.*?)endbfchar", re.DOTALL)
FONT = "STSong-Light"


def printed(folder: Path, number: int) -> list[Path]:
    """That many PDFs with a text layer, browser prints of the gold's bulletins."""
    return [_save(page, folder / f"{i:05}.pdf", i, everyday=False) for i, page in enumerate(_pages(number))]


def everyday(folder: Path, number: int) -> list[Path]:
    """The same with one in EVERY left as it is."""
    return [_save(page, folder / f"{i:05}.pdf", i, everyday=bool(i % EVERY)) for i, page in enumerate(_pages(number))]


def _pages(number: int) -> list[Path]:
    return list(islice(cycle(_with_text()), number))


@lru_cache(maxsize=1)
def _with_text() -> tuple[Path, ...]:
    return tuple(file for file in sorted(GOLD.joinpath("pages").glob("*.pdf")) if _has_text(file))


def _save(page: Path, file: Path, number: int, *, everyday: bool) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with pikepdf.open(page) as document:
        if everyday:
            for item in document.objects:
                if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
                    item["/ToUnicode"].write(_renamed(item["/ToUnicode"].read_bytes()))
            for key, value in document.docinfo.items():
                document.docinfo[key] = str(value).translate(OTHERS) if key == "/Title" else value
        document.docinfo["/Keywords"] = f"benchmark {number}"
        document.save(file)
    return file


def _renamed(cmap: bytes) -> bytes:
    """A character map in which sample words are written otherwise; ranges are written out, one line a character."""
    pairs: list[tuple[bytes, str]] = []
    for block in SINGLE.findall(cmap):
        codes = HEX.findall(block)
        pairs += [(code, _text(text)) for code, text in zip(codes[::2], codes[1::2], strict=True)]
    for block in RANGES.findall(cmap):
        codes = HEX.findall(block)
        for first, last, text in zip(codes[::3], codes[1::3], codes[2::3], strict=True):
            for step in range(int(last, 16) - int(first, 16) + 1):
                code = b"%0*X" % (len(first), int(first, 16) + step)
                pairs.append((code, chr(ord(_text(text)) + step)))
    lines = [b"<%s> <%s>\n" % (code, text.translate(OTHERS).encode("utf-16-be").hex().encode()) for code, text in pairs]
    blocks = [lines[i : i + 100] for i in range(0, len(lines), 100)]
    new = b"".join(b"%d beginbfchar\n%sendbfchar\n" % (len(block), b"".join(block)) for block in blocks)
    head, _, tail = SINGLE.sub(b"", RANGES.sub(b"", cmap)).partition(b"endcmap")
    return head + new + b"endcmap" + tail


def _text(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be")


def written(folder: Path, number: int) -> list[Path]:
    """That many different posts: sentences of the gold put together anew, with other figures."""
    folder.mkdir(parents=True, exist_ok=True)
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    chance = random.Random(SEED)
    posts = [post for file in sorted(GOLD.glob("*.jsonl")) for post in read_gold([file])]
    sentences = [s for post in posts for s in re.findall(r"[^。\n]{8,80}。", post.text)]
    files = []
    for i in range(number):
        file = folder / f"{i:06}.pdf"
        body = "".join(chance.sample(sentences, 9))
        _write(file, chance.choice(posts).title or "简讯", re.sub(r"\d+", lambda _: str(chance.randint(2, 999)), body))
        files.append(file)
    return files


def _write(file: Path, title: str, text: str) -> None:
    canvas = Canvas(str(file), pagesize=(595, 842))
    canvas.setFont(FONT, 18)
    canvas.drawString(60, 770, title[:26])
    canvas.setFont(FONT, 12)
    for line, start in enumerate(range(0, len(text), 38)):
        canvas.drawString(60, 730 - 18 * line, text[start : start + 38])
    canvas.showPage()
    canvas.save()
