"""How a post is typed says nothing of what it tells: the same facts, whatever marks, signs and spaces were used."""

from __future__ import annotations

from collections.abc import Callable

import opencc
import pytest
import regex
from spacy.language import Language

from pipeline.language.context import Context, make_doc
from pipeline.learning.gold import GoldDocument, read_gold
from pipeline.reading.document import Limits
from pipeline.reading.spacing import close_up
from pipeline.reading.text import read_text

HAN = r"[\u4e00-\u9fff]"
EVERY = 23  # of the documents about mass collection
ALLOWED = 0.03  # share of documents whose facts may change: a mark now and then decides


def half_width(text: str) -> str:
    return text.translate(str.maketrans("，：！？“”", ',:!?""'))


def full_width_digits(text: str) -> str:
    return str(regex.sub(r"\d+(?=[份人名例])", lambda m: m[0].translate({48 + i: 0xFF10 + i for i in range(10)}), text))


def spaced(text: str) -> str:
    """Set apart as some editors do, and read as a file would be."""
    apart = "\n".join(
        line if regex.search(r"[ \t\u3000|｜]", line) else regex.sub(rf"(?<={HAN})(?=\d)|(?<=\d)(?={HAN})", " ", line)
        for line in text.split("\n")
    )
    return close_up(apart, range(len(apart)), range(len(apart)))[0]


def half_width_stops(text: str) -> str:
    return text.replace("。", ".")


def years_spelt_with_a_letter(text: str) -> str:
    return str(regex.sub(r"20\d\d(?=年)", lambda m: "".join("O一二三四五六七八九"[int(sign)] for sign in m[0]), text))


def traditional(text: str) -> str:
    return str(opencc.OpenCC("s2t").convert(text))


def another_name_for_officers(text: str) -> str:
    return text.replace("民警", "干警")


def as_a_file(text: str) -> str:
    """Written to a text file and read again: blank lines between paragraphs, indented."""
    lines = "\n\n".join(f"\u3000\u3000{line}" for line in text.split("\n"))
    return read_text(f"标题一行\n\n{lines}\n".encode(), Limits()).text


@pytest.mark.parametrize(
    "typed",
    [
        half_width,
        half_width_stops,
        full_width_digits,
        years_spelt_with_a_letter,
        spaced,
        traditional,
        another_name_for_officers,
        as_a_file,
    ],
)
def test_how_a_post_is_typed_changes_no_fact(typed: Callable[[str], str], nlp: Language) -> None:
    gold = [one for one in read_gold() if one.label == "mass_collection" and one.counts][::EVERY]
    assert len(gold) > 50
    changed = [one.id for one in gold if facts(nlp, one, one.text) != facts(nlp, one, typed(one.text))]
    assert len(changed) <= ALLOWED * len(gold), changed


def facts(nlp: Language, one: GoldDocument, text: str) -> set[tuple[object, ...]]:
    """The label, and what is counted when, of whom, why and in how many places."""
    doc = nlp(make_doc(nlp, text, Context(one.title, one.publisher, one.published, one.source_type)))
    return {
        ("label", max(doc.cats, key=lambda label: doc.cats[label])),
        *(("count", c.kind, c.value, c.as_of) for c in doc._.counts),
        *(("reason", j.code) for j in doc._.justifications),
        *(("group", group) for group in doc._.groups),
        *(("place", place.adcode) for place in doc._.places),
    }
