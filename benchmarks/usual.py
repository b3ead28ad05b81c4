"""The usual way to go through an archive, as a script: what xueyang is measured against.

    python -m benchmarks.usual FOLDER OUT.csv

pdfplumber's text, jieba's words, TF-IDF with logistic regression trained on the gold, regular expressions for figures.
One process, one file after another, one row a file. No places, reasons, bodies, page boxes, reposts or store.
"""

from __future__ import annotations

import csv
import logging
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import jieba
import pdfplumber
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from pipeline.learning.gold import read_gold
from pipeline.paths import GOLD

FIGURE = re.compile(r"(\d[\d,，]*)\s*(份|人|户|名|例|个村)")
SAMPLES = re.compile(r"(?:采集|采血|血样|DNA)[^。]{0,30}?(\d[\d,，]*)\s*(?:份|人|例)")


def trained() -> Pipeline:
    """The classifier, from the gold's texts and labels."""
    posts = read_gold(sorted(GOLD.glob("*.jsonl")))
    model = make_pipeline(
        TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, ngram_range=(1, 2), sublinear_tf=True),
        LogisticRegression(max_iter=1000, C=10),
    )
    return model.fit([post.text for post in posts], [post.label for post in posts])


def text_of(file: Path) -> str:
    """What pdfplumber reads."""
    with pdfplumber.open(file) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def go_through(files: Iterable[Path], model: Pipeline, out: Path) -> int:
    """One row a file: label, figures, figures of samples. Gives the number of files read."""
    done = 0
    with out.open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(("file", "label", "figures", "samples"))
        for file in files:
            text = text_of(file)
            figures = " ".join("".join(found) for found in FIGURE.findall(text))
            rows.writerow((file.name, model.predict([text])[0], figures, " ".join(SAMPLES.findall(text))))
            done += 1
    return done


def main() -> None:
    """Go through a folder."""
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    jieba.setLogLevel(logging.ERROR)
    folder, out = map(Path, sys.argv[1:3])
    print(go_through(sorted(folder.rglob("*.pdf")), trained(), out), "files")


if __name__ == "__main__":
    main()
