"""How faithfully and how fast archived pages are read, over the annotated pages of the project.

    python -m benchmarks.reading

Body text is compared with the true text, blanks of any kind counting as one space: character error rate (Levenshtein
distance over the length of the truth) and foreign characters (those found in no alignment with the truth, over the
length of what was read). Speed is a ratio to pdfplumber's and to bare pdfium's text of the same PDFs in the same run.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pypdfium2 as pdfium
from rapidfuzz.distance import Levenshtein

from benchmarks.usual import text_of
from pipeline.batch.worker import read_task
from pipeline.learning.evaluation import tasks_under
from pipeline.learning.gold import GoldDocument, read_gold
from pipeline.paths import GOLD
from pipeline.reading.document import Document, Limits

SETS = ((GOLD / "bulletins.jsonl", GOLD / "pages"), (GOLD / "web.jsonl", GOLD / "web_pages"))
FIELDS = ("title", "publisher", "published", "source_type")
REPEATS = 3


def plain(text: str | None) -> str:
    """A text as two readers compare it: any run of blanks one space, compatibility forms of one kind.

    >>> plain("采集\\u3000血样 ２８份\\n")
    '采集 血样 28份'
    """
    return " ".join(unicodedata.normalize("NFKC", text or "").split())


def read_all() -> Iterator[tuple[GoldDocument, str, Document | None]]:
    """Every annotated document that has an archived page, with the page's name and what was read."""
    for gold, pages in SETS:
        tasks = {PurePosixPath(task.path).stem: task for task in tasks_under(pages)}
        for document in read_gold([gold]):
            task = tasks.get(document.id)
            if task is None:
                continue
            try:
                yield document, task.path, read_task(task, Limits(), "auto")[1]
            except Exception as error:
                print(f"{task.path}: {error}")
                yield document, task.path, None


class Tally:
    """Sums over the documents of one kind."""

    def __init__(self) -> None:
        self.documents = self.exact = self.errors = self.foreign = self.truth = self.read = 0

    def add(self, truth: str, found: str) -> None:
        """One document's true text and the text read."""
        edits = Levenshtein.editops(truth, found)
        self.documents += 1
        self.exact += truth == found
        self.errors += len(edits)
        self.foreign += sum(1 for edit in edits if edit.tag == "insert")
        self.truth += len(truth)
        self.read += len(found)

    def row(self) -> dict[str, Any]:
        """Shares of the sums."""
        return {
            "documents": self.documents,
            "exact": self.exact,
            "character_error_rate": round(self.errors / max(1, self.truth), 5),
            "foreign_characters": round(self.foreign / max(1, self.read), 5),
        }


def faithfulness(show_errors: bool) -> dict[str, Any]:
    """Text and metadata against the gold, by the way a page was read."""
    texts: defaultdict[str, Tally] = defaultdict(Tally)
    right: defaultdict[str, list[bool]] = defaultdict(list)
    for gold, name, document in read_all():
        layer = document.text_layer if document else "unread"
        truth, found = plain(gold.text), plain(document.text if document else "")
        texts[layer].add(truth, found)
        for field in FIELDS:
            wanted = getattr(gold, field)
            if wanted:
                hit = bool(document) and plain(getattr(document, field)).replace(" ", "") == plain(wanted).replace(
                    " ", ""
                )
                right[field].append(hit)
                if show_errors and not hit:
                    print(f"{name}: {field} {wanted!r} read as {getattr(document, field, None)!r}")
        if show_errors and truth != found:
            print(f"{name}: {layer}, {len(Levenshtein.editops(truth, found))} edits of {len(truth)}")
    return {
        "text": {layer: tally.row() for layer, tally in sorted(texts.items())},
        "metadata": {field: round(sum(hits) / len(hits), 4) for field, hits in right.items()},
    }


def speed() -> dict[str, Any]:
    """Pages a second on PDFs with a text layer, and ratios to pdfplumber and bare pdfium; the best of three."""
    from pipeline.reading.read import read

    files = [file for _, folder in SETS for file in sorted(folder.glob("*.pdf")) if _has_text(file)]
    pages = sum(_count(file) for file in files)
    for file in files[:5]:  # what is loaded once
        read(file, ocr="never")
    seconds = {
        "xueyang": _best(files, lambda file: read(file, ocr="never")),
        "pdfium": _best(files, _pdfium_text),
        "pdfplumber": _best(files, text_of, repeats=1),
    }
    rates = {f"{name}_pages_a_second": round(pages / best, 1) for name, best in seconds.items()}
    return {
        "files": len(files),
        "pages": pages,
        **rates,
        "times_pdfplumber": round(seconds["pdfplumber"] / seconds["xueyang"], 1),
        "time_over_pdfium": round(seconds["xueyang"] / seconds["pdfium"], 2),
    }


def _best(files: list[Path], work: Callable[[Path], object], repeats: int = REPEATS) -> float:
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        for file in files:
            work(file)
        best = min(best, time.perf_counter() - start)
    return best


def _pdfium_text(file: Path) -> str:
    with pdfium.PdfDocument(file) as document:
        texts = []
        for page in document:
            textpage = page.get_textpage()
            texts.append(textpage.get_text_range())
            textpage.close()
            page.close()
        return "\n".join(texts)


def _count(file: Path) -> int:
    with pdfium.PdfDocument(file) as document:
        return len(document)


def _has_text(file: Path) -> bool:
    return bool(_pdfium_text(file).strip())


def main() -> None:
    """Print the figures as JSON, and with --errors what each page got wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", action="store_true", help="print every page that differs")
    parser.add_argument("--no-speed", action="store_true", help="measure faithfulness only")
    options = parser.parse_args()
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    figures = faithfulness(options.errors)
    if not options.no_speed:
        figures["speed"] = speed()
    print(json.dumps(figures, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
