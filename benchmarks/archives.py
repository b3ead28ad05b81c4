"""Archives to measure with, made from the annotated pages; their posts are invented, as those are.

- `printed`: the gold's own PDFs that have a text layer, mostly printed by a browser with the fonts in them, repeated.
- `everyday`: the same, but 19 of 20 have nothing to do with blood or DNA: in each word of `topic_words.csv` a character
  is another one in the page's character maps (血 → 草), so that the page costs a reader just as much as before.
- `written`: saved web pages of many different posts: quick to make and to read, so that what grows with their number
  shows.

Every file differs from all others in its bytes, and so in its sha256.
"""

from __future__ import annotations

import csv
import html
import random
import re
import unicodedata
from functools import lru_cache
from itertools import cycle, islice
from pathlib import Path

import pikepdf

from benchmarks.reading import _has_text
from pipeline.language.script import matching_copy
from pipeline.learning.gold import read_gold
from pipeline.paths import GOLD, PHRASEBOOK

SEED = 20_160_901
NEUTRAL = "草木林森山川江湖田园花鸟鱼虫春夏秋冬风雨雪霜东西南北晴朗歌舞诗画琴棋书灯桥船车路门窗桌椅杯盘碗筷茶饭菜果"
ACTUAL = re.compile(rb"(/ActualText\s*<FEFF)([0-9A-Fa-f]+)(?=>)")  # a browser's word on what a glyph stands for
EVERY = 20  # one in so many has to do with blood or DNA, in the everyday archive
HEX = re.compile(rb"<([0-9A-Fa-f]+)>")
RANGES = re.compile(rb"\d+ beginbfrange\s(.*?)endbfrange", re.DOTALL)
SINGLE = re.compile(rb"\d+ beginbfchar\s(.*?)endbfchar", re.DOTALL)


def printed(folder: Path, number: int) -> list[Path]:
    """That many PDFs with a text layer, browser prints of the gold's bulletins."""
    return [_save(page, folder / f"{i:05}.pdf", i, everyday=False) for i, page in enumerate(_pages(number))]


def everyday(folder: Path, number: int) -> list[Path]:
    """The same with one in EVERY left as it is."""
    return [_save(page, folder / f"{i:05}.pdf", i, everyday=bool(i % EVERY)) for i, page in enumerate(_pages(number))]


@lru_cache(maxsize=1)
def renaming() -> dict[int, str]:
    """Character → another, such that no word of `topic_words.csv` is left; in the forms that fonts map to as well."""
    with (PHRASEBOOK / "topic_words.csv").open(encoding="utf-8", newline="") as lines:
        phrases = sorted((row["phrase"] for row in csv.DictReader(lines)), key=lambda phrase: (len(phrase), phrase))
    chosen: list[str] = []
    for phrase in phrases:
        if not set(phrase.lower()) & set(chosen):
            chosen.append(phrase[0].lower())
    others = cycle(sorted(set(NEUTRAL) - set("".join(phrases))))
    table = {letter: "v" if letter.isascii() else next(others) for letter in chosen}
    forms = [
        chr(code)
        for code in (*range(0x41, 0x7B), *range(0x2E80, 0x2FE0), *range(0x3400, 0xA000), *range(0xF900, 0xFB00))
    ]
    simple = (matching_copy(unicodedata.normalize("NFKC", form)).lower() for form in forms)
    return {ord(form): table[plain] for form, plain in zip(forms, simple, strict=True) if plain in table}


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
            for shown in document.pages:
                content = shown.get("/Contents")
                if isinstance(content, pikepdf.Stream):
                    content.write(ACTUAL.sub(_replaced, content.read_bytes()))
            for key, value in document.docinfo.items():
                document.docinfo[key] = str(value).translate(renaming()) if key == "/Title" else value
        document.docinfo["/Keywords"] = f"benchmark {number}"
        document.save(file)
    return file


def _replaced(found: re.Match[bytes]) -> bytes:
    return found[1] + _text(found[2]).translate(renaming()).encode("utf-16-be").hex().encode()


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
    lines = [
        b"<%s> <%s>\n" % (code, text.translate(renaming()).encode("utf-16-be").hex().encode()) for code, text in pairs
    ]
    blocks = [lines[i : i + 100] for i in range(0, len(lines), 100)]
    new = b"".join(b"%d beginbfchar\n%sendbfchar\n" % (len(block), b"".join(block)) for block in blocks)
    head, _, tail = SINGLE.sub(b"", RANGES.sub(b"", cmap)).partition(b"endcmap")
    return head + new + b"endcmap" + tail


def _text(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be")


def written(folder: Path, number: int) -> list[Path]:
    """That many different posts: sentences of the gold put together anew, with other figures."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(SEED)
    posts = [post for file in sorted(GOLD.glob("*.jsonl")) for post in read_gold([file])]
    sentences = [s for post in posts for s in re.findall(r"[^。\n]{8,80}。", post.text)]
    files = [folder / f"{i:06}.html" for i in range(number)]
    for file in files:
        title = html.escape(chance.choice(posts).title or "简讯")
        body = re.sub(r"\d+", lambda _: str(chance.randint(2, 999)), "".join(chance.sample(sentences, 9)))
        page = (
            f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{html.escape(body)}</p></body></html>"
        )
        file.write_text(page, encoding="utf-8")
    return files
