"""Unicode repair: each case, and what must hold for any text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.paths import CORPORA
from pipeline.reading.normalise import badness, clean, han_share, repair
from tests.conftest import cases

RADICALS = json.loads((CORPORA / "unicode" / "radicals.json").read_text("utf-8"))


@pytest.mark.parametrize("case", cases("normalise", "in_the_wild"))
def test_repairs(case: dict[str, Any]) -> None:
    assert clean(case["text"], traditional=case.get("traditional", False)) == case["clean"]


@pytest.mark.parametrize("case", cases("normalise", "negative"))
def test_leaves_alone(case: dict[str, Any]) -> None:
    assert clean(case["text"]) == case["text"]
    assert repair(case["text"]).text == case["text"]


def test_no_radical_is_left() -> None:
    assert not any(0x2E80 <= ord(c) <= 0x2FDF for ideograph in RADICALS.values() for c in ideograph)
    assert all(len(ideograph) == 1 for ideograph in RADICALS.values())
    assert sum(0x2F00 <= ord(radical) <= 0x2FD5 for radical in RADICALS) == 214


DIRTY = st.text(
    st.one_of(
        st.sampled_from("民采血样A1 　，⺠⾎⼾―∕\u00a0\u200b\ufeff\x02\ue001\ufffeﬁ\uf9fd"),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=40,
)


@given(DIRTY)
def test_sources_tell_where_each_character_stood(text: str) -> None:
    repaired = repair(text)
    assert len(repaired.sources) == len(repaired.text)
    assert list(repaired.sources) == sorted(repaired.sources)
    assert repaired.text == clean(text)
    for character, source in zip(repaired.text, repaired.sources, strict=True):
        assert character in clean(text[source])


@given(DIRTY)
def test_repairing_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


def test_garbage_is_told_from_text() -> None:
    assert badness("各派出所：截至7月31日24时，全县累计采集31,906份（79.8%）😂") == 0
    assert badness("བོད་ལྗོངས། ئۇيغۇر 採集血樣 ２４") == 0
    assert badness("ÃYèmÇ£ýâè'KÇ£Ç") > 0.5
    assert badness("") == 0
    assert han_share("采血AB") == 0.5
