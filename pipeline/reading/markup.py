"""HTML → the blocks of text a reader sees, in order: each with how loud it is set and whether it is page furniture.

Nothing is fetched and no script runs. A block is what stands between two line ends on the screen; a row of a data table
is one block, its cells parted by a space, as in PDF tables. What the words say is the business of `layout`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
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
        "del",  # struck out: what no longer holds
        "s",
        "strike",
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
UNSEEN = regex.compile(
    r"display\s*+:\s*+none|mso-hide\s*+:\s*+all|text-decoration(?:-line)?\s*+:[^;]{0,40}?line-through", regex.IGNORECASE
)
# Shown by a script once the page is there, where it is the page's own text (see `_Veil`).
VEILED = regex.compile(r"visibility\s*+:\s*+(?:hidden|collapse)", regex.IGNORECASE)
MOST_OF_PAGE = 0.5
MOST_VEILS = 50  # so many veiled elements that hold most of a page are measured; those within them are shown
# The mark of a footnote, [2] or 2; but m² and 10⁴ are read.
FOOTNOTE = regex.compile(r"\s*[\[［(（〔]?\s*注?\s*\d{1,3}\s*[\]］)）〕]?\s*")
MOST_PIECES = 8  # of text in such a mark
RAISED = regex.compile(r"(?:[A-Za-z米尺寸里厘毫]|(?<!\d)10)\s*$")
SHORT_CELL = 24  # characters; of a longer cell the lines stay apart
CLAUSE_MARK = regex.compile(r"[，。；：！？]")
WORDS = regex.compile(r"[a-z]+")
BLANKS = regex.compile(r"[ \t\r\n\f]+")
LINE_IN_CELL = "\x1e"  # where a cell has a new line, until its end is met
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
        self.first = 0  # the piece that a cell begins with

    def run(self, root: Any) -> Iterator[Block]:
        hidden, veil = 0, _Veil(root)
        for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
            if event == "comment" or not isinstance(element.tag, str):
                if not hidden and element.getparent() is not None:
                    self._add(element.tail)
                continue
            if event == "start":
                if hidden or _is_hidden(element) or veil.hides(element) or self._is_footnote(element):
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
        elif tag in ("td", "th") and self.cell:
            self._end_cell()
            self.pieces.append(" ")
            self.first = len(self.pieces)
        elif tag in ("p", "div", "br", "li") and self.cell:
            self.pieces.append(LINE_IN_CELL)
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

    def _end_cell(self) -> None:
        """Make the lines of the cell that ends one."""
        pieces = self.pieces[self.first :]
        if LINE_IN_CELL in pieces:
            self.pieces[self.first :] = [_one_line("".join(pieces))]

    def _is_footnote(self, element: Any) -> bool:
        """Whether an element is the raised mark of a footnote, which is no digit of the number before it or behind."""
        if element.tag != "sup" or FOOTNOTE.fullmatch("".join(islice(element.itertext(), MOST_PIECES))) is None:
            return False
        return RAISED.search("".join(self.pieces[-4:])[-8:]) is None

    def _flush(self) -> Iterator[Block]:
        self._end_cell()
        self.first = 0
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


def _one_line(cell: str) -> str:
    """The lines of a cell as one: a short cell's (应采, DNA血样) without a blank, unless figures or Latin words meet.

    >>> cells = ("应采", "DNA血样"), ("1200", "1100"), ("采血120份；", "录入98份")
    >>> [_one_line(chr(30).join(lines)) for lines in cells]
    ['应采DNA血样', '1200 1100', '采血120份； 录入98份']
    """
    lines = [line for line in map(collapse, cell.split(LINE_IN_CELL)) if line]
    if len("".join(lines)) > SHORT_CELL or CLAUSE_MARK.search(cell):
        return " ".join(lines)
    told = "".join(lines[:1])
    for line in lines[1:]:
        apart = not (is_wide(told[-1]) or is_wide(line[0]))
        told += f" {line}" if apart else line
    return told


class _Veil:
    """Which elements a style hides that no script will show: a page that is all hidden (WeChat's posts are, until
    their scripts run) is the text itself."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.measured = 0

    @cached_property
    def whole(self) -> int:
        """The letters of the page."""
        return _letters(self.root)

    def hides(self, element: Any) -> bool:
        """Whether an element is hidden."""
        if self.measured >= MOST_VEILS or VEILED.search(element.get("style") or "") is None:
            return False
        if _letters(element) <= MOST_OF_PAGE * self.whole:
            return True
        self.measured += 1
        return False


def _letters(element: Any) -> int:
    """How many letters an element shows, scripts and styles left out."""
    return sum(len(text.strip()) for text in element.xpath(".//text()[not(parent::script or parent::style)]"))


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


def _has_cells(table: Any) -> bool:
    """Whether a table has more than one cell."""
    return len(list(islice(table.iter("td", "th"), 2))) > 1


def _is_data_table(table: Any) -> bool:
    """Two rows and two columns at least, short cells, no table inside but of one cell: the others lay out a page."""
    found = list(table.iter("tr"))[:500]
    if len(found) < 2 or any(_has_cells(inner) for inner in table.iterdescendants("table")):
        return False
    widths = [sum(1 for cell in row if cell.tag in ("td", "th")) for row in found]
    if max(widths) < 2:
        return False
    cells = (cell for row in found for cell in row)
    return all(len("".join(cell.itertext()).strip()) <= LONG_CELL for cell in cells)
