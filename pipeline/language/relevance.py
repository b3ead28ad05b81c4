"""What of a post is worth judging: whether it speaks of samples at all, and its text without the page around it."""

from __future__ import annotations

import csv
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from pipeline.paths import PHRASEBOOK
from pipeline.reading.phrases import LONGEST, code_of


@lru_cache(maxsize=1)
def _automaton() -> AhoCorasick:
    with (PHRASEBOOK / "sampling.csv").open(encoding="utf-8", newline="") as lines:
        return AhoCorasick([row["phrase"].lower() for row in csv.DictReader(lines)])


def speaks_of_samples(plain: str, title: str = "") -> bool:
    """Whether matching copies of a text or its title name blood, genes, samples, tests, kinship or illness.

    A post without any of the words of `corpora/phrasebook/sampling.csv` shows no collection of any kind: by the
    annotation guide it is `other`. The words are wide on purpose; passing says nothing, failing settles the label.
    Most posts of an archive fail, and need not be read closely.
    """
    find = _automaton().find_matches_as_indexes
    return bool(find(plain.lower()) or find(title.lower()))


def without_furniture(text: str) -> str:
    """The text without lines that are page furniture (`corpora/phrasebook/page_furniture.csv`).

    Reading leaves few of them; links to ministries and licence numbers of the police would speak for the police.

    >>> without_furniture("采集血样28份。\\n上一篇：全县义诊")
    '采集血样28份。'
    """
    lines = text.split("\n")
    kept = [line for line in lines if len(line) > LONGEST or not code_of("page_furniture", line)]
    return text if len(kept) == len(lines) else "\n".join(kept)
