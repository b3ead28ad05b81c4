"""HTML → the blocks of text a reader sees, in order: each with how loud it is set and whether it is page furniture.

Nothing is fetched and no script runs. A block is what stands between two line ends on the screen; a row of a data table
is one block, its cells parted by a space, as in PDF tables. What the words say is the business of `layout`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import regex
from lxml import etree, html

from pipeline.reading.normalise import is_wide
from pipeline.reading.phrases import rows

HIDDEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "audio",
        "video",
        "head",
        "select",
        "option",
        "textarea",
        "button",
        "input",
        "map",
        "datalist",
        "dialog",
    ]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "title",
    ]
)
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
DROPPED_TAGS = frozenset(("nav", "aside", "footer"))
UNSEEN = regex.compile(r"display\s*+:\s*+none|mso-hide\s*+:\s*+all", regex.IGNORECASE)
WORDS = regex.compile(r"[a-z]+")
BLANKS = regex.compile(r"[ \t\r\n\f]+")
LONG_CELL = 200  # characters; a longer cell is a page laid out with a table, not a table
DEEPEST = 2000  # levels; libxml2 leaves out what is deeper than 2,048
LINKED = 0.7  # share of a block's characters in links that make it a list of links

Region = Literal["main", "quiet", "drop"]


@dataclass(frozen=True)
class Block:
    """One line or paragraph as the page shows it."""

    text: str
    heading: int = 0  # 1 to 6, 0 for what is no heading
    region: Region = "main"
    row: bool = False
    linked: bool = False  # most of it is links
    id: str = ""  # the nearest element's id


@dataclass(frozen=True)
class Page:
    """A parsed page: its root element, and whether it was nested deeper than it is read."""

    root: Any
    cut: bool


def parse(text: str) -> Page:
    """The page's elements, by libxml2, which takes any tag soup; a page that is nothing gives an empty one."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    data = text.replace("\x00", "").encode("utf-8", "replace")
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return Page(html.Element("html"), False)
    return Page(root, any("depth" in error.message.lower() for error in parser.error_log))


def blocks(root: Any) -> list[Block]:
    """The blocks of a page in the order of its source.

    >>> page = parse("<nav>首页</nav><h1>通知</h1><p>采集<b>血样</b><br>28份<table><tr><td>村<td>份<tr><td>甲<td>3")
    >>> [(b.text, b.heading, b.region) for b in blocks(page.root)][:3]
    [('首页', 0, 'drop'), ('通知', 1, 'main'), ('采集血样', 0, 'main')]
    >>> [b.text for b in blocks(page.root)][3:]
    ['28份', '村 份', '甲 3']
    """
    return list(_Walk().run(root))


@dataclass
class _Frame:
    """What holds inside an element."""

    region: Region = "main"
    heading: int = 0
    link: bool = False
    keeps_lines: bool = False
    table: bool = False  # a data table: its rows are single blocks
    id: str = ""


class _Walk:
    """One pass over the tree, without recursion: a page may be nested as deep as libxml2 allows."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.linked = 0
        self.frames = [_Frame()]
        self.cell = False  # inside a row of a data table, where blocks do not end lines

    def run(self, root: Any) -> Iterator[Block]:
        hidden = 0
        for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
            if event == "comment" or not isinstance(element.tag, str):
                if not hidden and element.getparent() is not None:
                    self._add(element.tail)
                continue
            if event == "start":
                if hidden or _is_hidden(element):
                    hidden += 1
                    continue
                yield from self._open(element)
            elif hidden:
                hidden -= 1
                if not hidden:
                    self._add(element.tail)
            else:
                yield from self._close(element)
        yield from self._flush()

    def _open(self, element: Any) -> Iterator[Block]:
        tag = element.tag
        if self._ends_line(tag):
            yield from self._flush()
        elif tag in ("td", "th", "p", "div", "br", "li") and self.cell:
            self.pieces.append(" ")
        self.frames.append(_frame(element, self.frames[-1]))
        self.cell = self.cell or (tag == "tr" and self.frames[-1].table)
        self._add(element.text)

    def _close(self, element: Any) -> Iterator[Block]:
        if element.tag == "tr" and self.frames[-1].table:
            yield from self._flush()
            self.cell = False
        elif self._ends_line(element.tag):
            yield from self._flush()
        self.frames.pop()
        self._add(element.tail)

    def _ends_line(self, tag: str) -> bool:
        return not self.cell and (tag in BLOCKS or tag == "br")

    def _add(self, text: str | None) -> None:
        if not text:
            return
        frame = self.frames[-1]
        self.pieces.append(text.replace("\n", "\x0b") if frame.keeps_lines else text)
        if frame.link:
            self.linked += len(text.strip())

    def _flush(self) -> Iterator[Block]:
        text = "".join(self.pieces)
        frame, linked = self.frames[-1], self.linked
        self.pieces, self.linked = [], 0
        for line in text.split("\x0b"):
            shown = collapse(line)
            if shown:
                share = linked / len(shown)
                yield Block(shown, frame.heading, frame.region, self.cell, share >= LINKED, frame.id)


def collapse(text: str) -> str:
    """Blanks as a browser shows them: a run is one space, and none beside an ideograph where the source broke a line.

    >>> collapse(" 采集\\n   血样  DNA \\n test ")
    '采集血样 DNA test'
    """
    parts: list[str] = []
    last = 0
    for match in BLANKS.finditer(text):
        start, end = match.span()
        parts.append(text[last:start])
        broken = "\n" in match.group() and start > 0 and end < len(text)
        if not (broken and is_wide(text[start - 1]) and is_wide(text[end])):
            parts.append(" ")
        last = end
    return ("".join(parts) + text[last:]).strip(" \u3000\u00a0\ufeff")


def _is_hidden(element: Any) -> bool:
    return element.tag in HIDDEN or "hidden" in element.attrib or bool(UNSEEN.search(element.get("style") or ""))


def _frame(element: Any, outer: _Frame) -> _Frame:
    tag = element.tag
    return _Frame(
        region=_region(element, outer.region),
        heading=HEADINGS.get(tag, outer.heading),
        link=outer.link or tag == "a",
        keeps_lines=outer.keeps_lines or tag == "pre",
        table=_is_data_table(element) if tag == "table" else outer.table,
        id=element.get("id") or (outer.id if tag not in BLOCKS else ""),
    )


@lru_cache(maxsize=1)
def _region_words() -> dict[str, Region]:
    return {phrase: "drop" if code == "drop" else "quiet" for code, phrase in rows("page_regions")}


def _region(element: Any, outer: Region) -> Region:
    if outer == "drop" or element.tag in DROPPED_TAGS:
        return "drop"
    if element.tag in ("html", "body", "main", "article"):
        return outer
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:300].lower()
    found = {_region_words().get(word) for word in WORDS.findall(names)} if names != " " else set()
    return "drop" if "drop" in found else "quiet" if "quiet" in found or outer == "quiet" else "main"


def _is_data_table(table: Any) -> bool:
    """Two rows and two columns at least, short cells, no table inside: the others lay out a page."""
    found = list(table.iter("tr"))[:500]
    if len(found) < 2 or next((t for t in table.iterdescendants("table")), None) is not None:
        return False
    widths = [sum(1 for cell in row if cell.tag in ("td", "th")) for row in found]
    if max(widths) < 2:
        return False
    cells = (cell for row in found for cell in row)
    return all(len("".join(cell.itertext()).strip()) <= LONG_CELL for cell in cells)
