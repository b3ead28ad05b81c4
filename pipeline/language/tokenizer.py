"""The tokenizer of the `zh` pipeline: jieba with a user dictionary, numbers kept whole.

jieba splits `2,817份` into 2 | , | 817 | 份; runs of digits and Latin letters are therefore cut out first. It
segments the matching copy (simplified), so a traditional text falls into the same words; the tokens themselves are the
text's own characters. Only words of the dictionary are joined: jieba's guesses at unknown words (HMM) take a third of
its time and change no figure of the classifier.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import DummyTokenizer, registry
from spacy.vocab import Vocab

from pipeline.language.script import matching_copy
from pipeline.paths import PHRASEBOOK
from pipeline.patterns import Pattern
from pipeline.reading.normalise import whole

# What jieba's words are made of, but for digits and Latin letters.
RUN = Pattern(r"[\u4e00-\u9fd5+#&._%\-]++")
WHOLE = Pattern(r"\d++(?:[,，.:/\-]\d++)*%?|[A-Za-z]++(?:-[A-Za-z]++)*|\s+")


def _jieba() -> Any:
    """jieba, which opens its files without pkg_resources where there is none: half a second of every start."""
    before = sys.modules.get("pkg_resources")
    sys.modules["pkg_resources"] = None  # type: ignore[assignment]
    try:
        import jieba
    finally:
        del sys.modules["pkg_resources"]
        if before is not None:
            sys.modules["pkg_resources"] = before
    return jieba


@lru_cache(maxsize=1)
def segmenter() -> Any:
    """jieba with its own dictionary and the words of `corpora/phrasebook/words.txt`."""
    import logging

    jieba = _jieba()
    jieba.setLogLevel(logging.CRITICAL)
    # jieba keeps its parsed dictionary in the shared temporary folder, where another user could put one of his own.
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xueyang"
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        jieba.dt.tmp_dir = str(cache)
    jieba.dt.cache_file = f"jieba-{jieba.__version__}.cache"
    _initialize(jieba.dt, cache / jieba.dt.cache_file)
    for word in (PHRASEBOOK / "words.txt").read_text(encoding="utf-8").split("\n"):
        if word and not word.startswith("#"):
            jieba.add_word(word.strip())
    return jieba


def _initialize(tokenizer: Any, cache: Path) -> None:
    """Load jieba's dictionary from the file it keeps it in, at once: it would read it in small pieces, for a second."""
    try:
        # jieba's own form, in the user's own folder; nobody else writes there
        tokenizer.FREQ, tokenizer.total = marshal.loads(cache.read_bytes())  # noqa: S302
        tokenizer.initialized = True
    except (OSError, EOFError, TypeError, ValueError):
        tokenizer.initialize()


def words(text: str) -> list[str]:
    """The words of a text in order; joined they are the text again.

    >>> words("采集DNA血样2,817份")
    ['采集', 'DNA', '血样', '2,817', '份']
    """
    copy, start, found = matching_copy(text), 0, list[str]()
    ends = [(m.start(), m.end()) for m in WHOLE.finditer(copy)]
    for left, right in [*ends, (len(copy), len(copy))]:
        for run in RUN.finditer(copy, start, left):
            found += text[start : run.start()]  # every other sign is a word of its own
            start = run.start()
            for length in _lengths(run[0]):
                found.append(text[start : start + length])
                start += length
        found += text[start:left]
        if right > left:
            found.append(text[left:right])
        start = right
    return found


def _lengths(run: str) -> Iterator[int]:
    """How long the words of a run are that are likeliest together: as jieba cuts it, in half of its time.

    It lists all words first and weighs them then; here the likeliest way on from each place is kept, from the end on.
    """
    counts, whole = segmenter().dt.FREQ.get, log(segmenter().dt.total)
    likely, ends = [0.0] * (len(run) + 1), [0] * len(run)
    for start in range(len(run) - 1, -1, -1):
        best, last, end = None, start + 1, start + 1
        while end <= len(run) and (count := counts(run[start:end])) is not None:
            # 0: no word, but words begin so
            if count and (best is None or log(count) - whole + likely[end] >= best):
                best, last = log(count) - whole + likely[end], end
            end += 1
        likely[start], ends[start] = likely[start + 1] - whole if best is None else best, last
    start = 0
    while start < len(run):
        yield ends[start] - start
        start = ends[start]


@lru_cache(maxsize=2)  # a title is asked for by each model
def pieces(text: str) -> tuple[str, ...]:
    """The same, kept."""
    return tuple(words(text))


class JiebaTokenizer(DummyTokenizer):
    """Text → Doc. Holds no state: the dictionary is the project's phrase book."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokens without spaces between them: white space is a token of its own."""
        told = words(whole(text))
        return Doc(self.vocab, words=told, spaces=[False] * len(told))

    def to_disk(self, path: str | Path, **_: Any) -> None:
        """Nothing to write."""

    def from_disk(self, path: str | Path, **_: Any) -> JiebaTokenizer:
        """Nothing to read."""
        return self


@registry.tokenizers("xueyang.jieba.v1")  # type: ignore[untyped-decorator]
def create_tokenizer() -> Callable[[Language], JiebaTokenizer]:
    """The registered tokenizer `xueyang.jieba.v1`."""

    def create(nlp: Language) -> JiebaTokenizer:
        return JiebaTokenizer(nlp.vocab)

    return create
