"""Lines → the parts of a post: title, byline, body, and the page furniture around them.

Browsers print the site's furniture in a type of its own, smaller or paler than the post; where they do, only lines in
such type are taken for furniture, since posts quote the same words ("阅读 3261 在看 17"). Where everything is set
alike, the words decide, at the post's ends only. How lines become paragraphs is told in `paragraphs`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

import regex

from pipeline.reading.bylines import has_marker, looks_like_byline
from pipeline.reading.lines import Line
from pipeline.reading.phrases import code_of, squash

CLAUSE_MARKS = regex.compile(r"[，。；、！？]|[,;](?!\d)")
PROSE = 12  # characters of a line that can be a sentence's
BAND = 0.08  # of the page's height, at its head and foot: where browsers print title, date, address and page number
PALER = 60  # steps of 255 that make another colour
OTHER_SIZE = 0.06  # of the body's size
TITLE_SIZE = 1.15  # times the body's
BULLETS = "•●·▪◦"
PAGE_NUMBER = regex.compile(
    r"(?:[-—–·]\s*)?(?:第\s*)?(\d{1,3})\s*(?:页)?(?:\s*(?:/|of|共|，共)\s*(\d{1,3})\s*页?)?(?:\s*[-—–·])?"
)
CLOCK = r"\S{0,2}\s*\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AP]M)?"
PRINTED = regex.compile(
    rf"(?:https?://|file:///)\S+(?:\s+\d+/\d+)?"
    rf"|\d{{4}}[/.-]\d{{1,2}}[/.-]\d{{1,2}}(?:[ ,]+{CLOCK})?(?:\s.{{0,200}})?"
    rf"|\d{{1,2}}/\d{{1,2}}/\d{{2,4}},?\s+{CLOCK}(?:\s.{{0,200}})?",
    regex.IGNORECASE,
)


@dataclass
class Parts:
    """The lines of a document by what they are."""

    title: list[Line] = field(default_factory=list)
    byline: list[Line] = field(default_factory=list)
    body: list[Line] = field(default_factory=list)
    furniture: list[Line] = field(default_factory=list)
    margins: list[Line] = field(default_factory=list)


def arrange(lines: Sequence[Line], heights: dict[int, float], pdf_title: str | None) -> Parts:
    """Sort the lines of all pages, in reading order, into the parts of a post."""
    parts = Parts()
    parts.margins = margins(lines, heights, pdf_title)
    printed = {id(line) for line in parts.margins}
    rest = [line for line in lines if id(line) not in printed]
    style = Style.of(rest)
    start, end = find_title(rest, style, pdf_title)
    parts.title = list(rest[start:end])
    _sort(rest, start, end, style, parts)
    return parts


def arrange_web(lines: Sequence[Line], furniture: Sequence[Line], title: str | None) -> Parts:
    """The parts of a web page: `lines` set as a browser sets them, `furniture` what the page itself says is such."""
    parts = Parts()
    style = Style.of(lines)
    start, end = find_title(lines, style, title)
    parts.title = list(lines[start:end])
    _sort(lines, start, end, style, parts)
    parts.furniture += furniture
    return parts


@dataclass(frozen=True)
class Style:
    """The type the body is set in, and what sets other lines apart from it."""

    size: float
    shade: int

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Style:
        """The body's: the type with most commas and full stops. Headings, menus and side lists have few."""
        marks: Counter[tuple[float, int]] = Counter()
        letters: Counter[tuple[float, int]] = Counter()
        for line in lines:
            style = (round(line.size * 4) / 4, line.shade // 16)
            marks[style] += len(CLAUSE_MARKS.findall(line.text))
            letters[style] += len(line.text)
        if not letters:
            return cls(10.0, 0)
        size, shade = max(letters, key=lambda s: (marks[s], letters[s]))
        return cls(size, shade * 16)

    def differs(self, line: Line) -> bool:
        """Whether a line is set in another type than the body."""
        return abs(line.size - self.size) > max(0.3, OTHER_SIZE * self.size) or abs(line.shade - self.shade) > PALER

    def quieter(self, line: Line) -> bool:
        """Whether a line is smaller or paler than the body."""
        return self.differs(line) and (line.size < self.size or line.shade > self.shade + PALER)

    def louder(self, line: Line) -> bool:
        """Whether a line is as large as titles are."""
        return line.size >= TITLE_SIZE * self.size


def is_prose(line: Line) -> bool:
    """Whether a line can be part of a sentence."""
    return len(line.text) >= PROSE and CLAUSE_MARKS.search(line.text) is not None


def margins(lines: Sequence[Line], heights: dict[int, float], pdf_title: str | None) -> list[Line]:
    """What the browser or the office printed at the head and foot of each page: title, date, address, page number."""
    body = Style.of(lines)
    candidates: list[Line] = []
    for page, own in groupby(sorted(lines, key=lambda line: (line.page, line.y)), key=lambda line: line.page):
        downwards = list(own)
        top, foot = (_outermost(run, heights[page], body) for run in (downwards, downwards[::-1]))
        candidates += top + foot
    repeated = Counter(masked for masked, _ in {(_masked(line), line.page) for line in candidates})
    found = []
    for line in {id(c): c for c in candidates}.values():
        text = squash(line.text)
        small = line.size < body.size - 0.3
        echo = small and len(text) >= 4 and _is_echo(text, line, lines, pdf_title)
        number = PAGE_NUMBER.fullmatch(line.text.strip())
        numbered = number is not None and int(number.group(1)) in (line.page, line.page - 1)
        again = repeated[_masked(line)] > 1 and not is_prose(line)
        printed = PRINTED.fullmatch(line.text.strip()) and (small or again or "://" in text)
        if echo or numbered or (again and (small or len(text) < 40)) or printed:
            found.append(line)
    return found


def _outermost(lines: list[Line], height: float, body: Style) -> list[Line]:
    """The lines nearest to a page's edge: those in the band, up to the first heading or sentence."""
    band = [line for line in lines[:4] if line.y < BAND * height or line.y > (1 - BAND / 2) * height]
    kept: list[Line] = []
    for line in band:
        heading = body.louder(line) and not line.text.isascii()
        if heading or (is_prose(line) and line.text.rstrip().endswith(("。", "，", "；", "！"))):
            break
        kept.append(line)
    return kept


def _is_echo(text: str, line: Line, lines: Sequence[Line], pdf_title: str | None) -> bool:
    """Whether a small line repeats the page's title, possibly cut short."""
    if pdf_title and squash(pdf_title).startswith(text[:-1].rstrip("…. ")):
        return True
    first = [other for other in lines if other.page == 1 and other.size > 1.3 * line.size]
    return any(_begins(text, first[i:]) for i in range(min(len(first), 40)))


def _begins(text: str, lines: Sequence[Line]) -> bool:
    following = squash("".join(line.text for line in lines[:3]))
    return following.startswith(text.rstrip("….")) and len(text) >= 4


def _masked(line: Line) -> tuple[str, int, int]:
    """What is the same in a line that is printed on every page: its words, its place and its size."""
    return str(regex.sub(r"\d+", "0", squash(line.text))), round(line.y / 4), round(line.size)


def find_title(lines: Sequence[Line], style: Style, pdf_title: str | None) -> tuple[int, int]:
    """First and last-plus-one index of the title's lines; (0, 0) if no line is one."""
    head = _head(lines, style)
    groups = _loud_groups(lines[:head], style)
    wanted = squash(pdf_title or "")
    if groups:
        for start, end in groups:
            if wanted and _same_title(squash("".join(line.text for line in lines[start:end])), wanted):
                return start, end
        for start, end in groups:
            if end < len(lines) and (looks_like_byline(lines[end].text) or has_marker(lines[end].text)):
                return start, end
        largest = max(line.size for start, end in groups for line in lines[start:end])
        named = [g for g in groups if abs(lines[g[0]].size - largest) < 0.5 and not lines[g[0]].text.endswith("文件")]
        return (named or groups)[0]
    return _plain_title(lines[:head], style, wanted)


def _head(lines: Sequence[Line], style: Style) -> int:
    """How many lines stand before the body: up to its first sentence on the first page."""
    for index, line in enumerate(lines):
        if line.page > lines[0].page or (not style.differs(line) and is_prose(line)):
            return index
    return len(lines)


def _loud_groups(lines: Sequence[Line], style: Style) -> list[tuple[int, int]]:
    """Runs of lines of one size, larger than the body."""
    groups: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if not style.louder(line) or code_of("page_furniture", line.text):
            continue
        if groups and groups[-1][1] == index and _same_size(lines[index - 1], line):
            groups[-1] = (groups[-1][0], index + 1)
        else:
            groups.append((index, index + 1))
    return groups


def _same_size(a: Line, b: Line) -> bool:
    """Whether two lines can be one heading's; OCR measures each line a little differently."""
    return abs(a.size - b.size) < max(0.5, 0.08 * max(a.size, b.size))


def _same_title(text: str, wanted: str) -> bool:
    return len(text) >= 2 and (text == wanted or wanted.startswith(text) or text.startswith(wanted))


def _plain_title(lines: Sequence[Line], style: Style, wanted: str) -> tuple[int, int]:
    """A title set like the body: the PDF's own title, or what stands before the byline."""
    for start in range(len(lines) if wanted else 0):
        for end in range(start + 1, min(start + 4, len(lines) + 1)):
            text = squash("".join(line.text for line in lines[start:end]))
            if text == wanted or (len(text) >= 6 and wanted.startswith(text) and wanted[len(text)] in "-_|–—"):
                return start, end
    for index, line in enumerate(lines[1:], 1):
        if (style.quieter(line) or has_marker(line.text)) and looks_like_byline(line.text):
            above = lines[index - 1]
            if not code_of("page_furniture", above.text) and not style.quieter(above):
                return index - 1, index
    return 0, 0


def _sort(lines: Sequence[Line], start: int, end: int, style: Style, parts: Parts) -> None:
    """Put every line but the title's where it belongs."""
    last_plain = max((i for i, line in enumerate(lines) if not style.differs(line)), default=-1)
    prose = [i for i, line in enumerate(lines) if is_prose(line) and not style.differs(line)]
    first_prose, last_prose = (prose[0], prose[-1]) if prose else (len(lines), -1)
    set_apart = any(
        style.quieter(line) and (code_of("page_furniture", line.text) or i == end) for i, line in enumerate(lines)
    )
    listing: Line | None = None
    for index, line in enumerate(lines):
        if start <= index < end:
            continue
        code = code_of("page_furniture", line.text)
        differs = style.differs(line)
        edge = index < first_prose or index > last_prose
        if code == "related" and (differs or (edge and not set_apart) or _heads_list(lines, index)):
            listing = line
        elif listing is not None and _in_list(line, listing, style, edge=edge, set_apart=set_apart):
            pass
        else:
            listing = None
            if index < start and (differs or code or not is_prose(line)):
                pass
            elif not parts.body and _is_byline(line, style, len(parts.byline), after_title=index >= end > 0):
                parts.byline.append(line)
                continue
            elif (code and (differs or (edge and not set_apart))) or (index > last_plain and style.quieter(line)):
                pass
            else:
                parts.body.append(line)
                continue
        parts.furniture.append(line)


def _heads_list(lines: Sequence[Line], index: int) -> bool:
    """Whether short lines set in, as a list's are, follow a heading."""
    heading, following = lines[index], lines[index + 1 : index + 3]
    return len(following) == 2 and all(
        item.x0 > heading.x0 + heading.size and not is_prose(item) and item.page == heading.page for item in following
    )


def _in_list(line: Line, heading: Line, style: Style, *, edge: bool, set_apart: bool) -> bool:
    """Whether a line belongs to the side list under a heading."""
    if line.text[0] in BULLETS:
        return True
    if style.differs(heading):
        return style.differs(line)
    if line.x0 > heading.x0 + heading.size:
        return not is_prose(line)
    return edge and not set_apart and not line.text.endswith(("。", "！", "？"))


def _is_byline(line: Line, style: Style, already: int, *, after_title: bool) -> bool:
    """Whether a line, before any of the body, tells who published the post and when."""
    if not after_title or already >= 4:
        return False
    if line.row and not looks_like_byline(line.text):  # the heading of a table
        return False
    if style.quieter(line):
        return True
    return already == 0 and looks_like_byline(line.text) and not is_prose(line)
