"""No pattern hangs on a text made from the pattern itself: what it repeats, dozens of times, and another end.

A repeat that can part the same characters in several ways, such as `(\\d+)+`, tries them all before it gives up,
and an archived text may hold them.
"""

import gc
import importlib
import pkgutil
import random
import re
from collections.abc import Iterator
from typing import Any

import regex

import pipeline
from pipeline.patterns import Pattern

# The standard library's own reading of a pattern: nothing public gives its parts.
PARSER, CODE = importlib.import_module("re._parser"), importlib.import_module("re._constants")
REPEATS = (CODE.MAX_REPEAT, CODE.MIN_REPEAT, CODE.POSSESSIVE_REPEAT)
TIMES, TEXTS, SECONDS = 48, 12, 1
ENDS = ("x", "\n", "甲", "。", "")
# What `regex` reads and `re` does not.
TRANSLATED = (
    (r"(?<=\[[^\]]*)\\[pP]\{\w+\}", "一-龥"),
    (r"\\[pP]\{\w+\}", "[一-龥]"),
    (r"\(\?P?<[a-z]\w*>|\(\?\((?:[a-z]\w*)\)", "(?:"),
    (r"\(\?P=\w+\)", "甲"),
)


def test_no_pattern_hangs_on_what_it_repeats() -> None:
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        importlib.import_module(module.name)
    patterns = {thing.pattern: thing.flags for thing in gc.get_objects() if type(thing) is Pattern}
    assert len(patterns) > 1000
    chance, hung, unread = random.Random(20161), [], []
    for pattern, flags in patterns.items():
        compiled = regex.compile(pattern, flags)
        try:
            texts = list(hostile(pattern, chance))
        except re.error:
            unread.append(pattern)
            continue
        for text in texts:
            if hangs(compiled, text) and hangs(compiled, text):  # once may be the machine's fault
                hung.append((pattern, text))
    assert not hung
    assert len(unread) < 5, unread


def test_a_repeat_within_a_repeat_would_be_found() -> None:
    texts = hostile(r"采集(?:\d+[,.]?)+份", random.Random(1))
    assert any(re.search(r"采集\d{40}", text) for text in texts)


def hangs(compiled: Pattern, text: str) -> bool:
    """Whether a search takes more than `SECONDS`."""
    try:
        compiled.search(text, timeout=SECONDS)
    except TimeoutError:
        return True
    return False


def hostile(pattern: str, chance: random.Random) -> Iterator[str]:
    """Texts that bring a pattern to each of its repeats, repeat what stands there, and end otherwise."""
    for unknown, known in TRANSLATED:
        pattern = regex.sub(unknown, known, pattern)
    tree = PARSER.parse(pattern)
    for body in repeated(tree):
        for _ in range(TEXTS):
            yield said(tree, body, chance) + chance.choice(ENDS)


def repeated(tree: Any) -> Iterator[Any]:
    """The bodies of a pattern's repeats, those within others too."""
    for op, value in tree:
        if op in REPEATS:
            if value[1] > 3:
                yield value[2]
            yield from repeated(value[2])
        elif op is CODE.BRANCH:
            for branch in value[1]:
                yield from repeated(branch)
        elif op is CODE.ATOMIC_GROUP:
            yield from repeated(value)
        elif op in (CODE.SUBPATTERN, CODE.ASSERT, CODE.ASSERT_NOT):
            yield from repeated(value[-1])


def said(tree: Any, body: Any, chance: random.Random) -> str:
    """A text that a pattern may take, `body` said `TIMES` times where it stands: the same each time or other words."""
    return "".join(_part(op, value, body, chance) for op, value in tree)


def _part(op: Any, value: Any, body: Any, chance: random.Random) -> str:
    if op is CODE.LITERAL:
        return chr(value)
    if op is CODE.IN:
        return _one_of(value, chance)
    if op in (CODE.ANY, CODE.NOT_LITERAL):
        return "甲"
    if op is CODE.BRANCH:
        return said(chance.choice(value[1]), body, chance)
    if op is CODE.ATOMIC_GROUP:
        return said(value, body, chance)
    if op is CODE.SUBPATTERN or (op is CODE.ASSERT and chance.random() < 0.5):
        return said(value[-1], body, chance)
    if op not in REPEATS:
        return ""
    least, most, within = value
    if within is body:
        same = said(within, None, chance)
        other = chance.random() < 0.5
        return "".join(said(within, None, chance) if other else same for _ in range(TIMES))
    times = least if chance.random() < 0.5 else min(most, least + 1)
    return "".join(said(within, body, chance) for _ in range(times))


def _one_of(items: list[Any], chance: random.Random) -> str:
    op, value = chance.choice(items)
    if items[0][0] is CODE.NEGATE:
        return chance.choice("甲村采x1")
    if op is CODE.LITERAL:
        return chr(value)
    if op is CODE.RANGE:
        return chr(chance.randint(value[0], min(value[1], value[0] + 20)))
    return {CODE.CATEGORY_DIGIT: "1", CODE.CATEGORY_SPACE: " "}.get(value, "x")
