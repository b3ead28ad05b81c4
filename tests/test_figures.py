"""The fitted models beside the rules: what they learn from, what they see, and when they are believed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.language.context import Context
from pipeline.language.count_weighing import DROPPED, TAKEN, TAKEN_ELSEWHERE, overruled, unspoken
from pipeline.language.counts import read_counts
from pipeline.language.cues import find_cues
from pipeline.language.figure_model import FIGURE_CLASSES, KINDS, Candidate, candidates
from pipeline.language.sentences import sentence_bounds
from pipeline.language.windows import MOST, REACH, SIZES, TITLE, WINDOWS, Post, WindowModel, placed, terms_at
from pipeline.learning.fact_evaluation import context_of, groups_of, reasons_of
from pipeline.learning.facts import FactModels, fit_facts
from pipeline.learning.figures import figure_features, numbers_of, tells_counts
from pipeline.learning.gold import BadGold
from pipeline.learning.passages import Passage, read_passages
from pipeline.learning.scoring import Tally, count_key
from pipeline.learning.windows import Judged

TEXT = "民警走访120户，给ＤＮＡ库补了六十来滴指尖血。2019年还发传单300份。"


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    return read_passages()


@pytest.fixture(scope="module")
def some(passages: list[Passage]) -> list[Judged]:
    return [numbers_of(passage) for passage in passages if tells_counts(passage)][:500]


@pytest.fixture(scope="module")
def model(some: list[Judged]) -> WindowModel:
    return figure_features(some).fit(range(len(some)))


def post(text: str = TEXT, label: str = "mass_collection") -> Post:
    return Post.of(text, "采血", sentence_bounds(text), find_cues(text), label)


def test_passages_are_all_different_and_quote_themselves(passages: list[Passage]) -> None:
    assert len(passages) >= 2000
    assert len({passage.text for passage in passages}) == len(passages)
    counted = [passage.counts for passage in passages if passage.counts is not None]
    assert sum(not counts for counts in counted) > len(counted) / 5


def test_a_passage_that_does_not_hold_its_count_is_refused(tmp_path: Path) -> None:
    line = (
        '{"id": "A", "label": "casework", "title": "", "publisher": "", "published": null, "text": "采血3份", '
        '"counts": [{"text": "4份", "kind": "samples", "value": 4, "qualifier": "exact"}]}'
    )
    (tmp_path / "bad.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(BadGold, match=r"bad.jsonl:1: .*not in the passage: 4份"):
        read_passages(tmp_path)


def weighed(model: WindowModel, seen: Post, found: list[Candidate]) -> np.ndarray:
    return model.scores(seen, [candidate.stretch for candidate in found])


def test_years_ages_and_money_are_no_candidates() -> None:
    text = "2019年，62周岁的老人领了300元，采血41份。"
    assert [at.numeral.value for at in candidates(post(text))] == [41]


def test_running_sums_are_what_the_windows_hold(model: WindowModel) -> None:
    seen = post()
    found = candidates(seen)
    where = placed(seen, [candidate.stretch for candidate in found])
    weights = {term: model.weights[i] for term, i in model.terms.items()}
    expected = np.tile(model.intercepts, (len(found), 1))
    numbered: dict[str, int] = {}
    places = terms_at(seen, lambda term: numbered.setdefault(term, len(numbered)))
    names = list(numbered)
    for row in range(len(found)):
        for window in range(len(WINDOWS)):
            start, end = int(where.starts[row, window]), int(where.ends[row, window])
            for size, at_size in zip((1, *SIZES), places, strict=True):
                inside = [names[term] for at, term in at_size if start <= at <= end - size]
                expected[row] += sum(
                    (weights[name][window] for name in inside if name in weights), np.zeros(len(FIGURE_CLASSES))
                )
        own = [(term, 1.0) for term in found[row].stretch.own] + [(f"title {word}", TITLE) for word in seen.title]
        for term, value in own:
            if term in model.single_terms:
                expected[row] += value * model.singles[model.single_terms[term]]
    odds = 1 / (1 + np.exp(-expected))
    assert weighed(model, seen, found) == pytest.approx(odds / odds.sum(axis=1, keepdims=True), abs=1e-4)


def test_a_long_post_is_summed_in_parts_to_the_same(model: WindowModel, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = post("\n".join(f"第{i}组：" + TEXT for i in range(60)))
    found = candidates(seen)
    whole = weighed(model, seen, found)
    monkeypatch.setattr("pipeline.language.windows.TOGETHER", 7)
    assert weighed(model, seen, found) == pytest.approx(whole, abs=1e-6)


def test_a_text_without_an_end_is_read_in_bounded_windows(model: WindowModel) -> None:
    seen = post("采血3份" * 20_000)
    found = candidates(seen)
    assert len(found) == MOST
    where = placed(seen, [candidate.stretch for candidate in found])
    assert int((where.ends - where.starts).max()) <= 2 * REACH + 10
    assert weighed(model, seen, found).shape == (MOST, len(FIGURE_CLASSES))


def test_odd_texts_are_no_error(model: WindowModel) -> None:
    for text in ("", "\n", "采血", "3", "İİ采血41份", f"走访{'9' * 400}户，采血样3份。", "一亿亿亿份血样"):
        assert len(weighed(model, post(text), candidates(post(text)))) == len(candidates(post(text)))


def test_training_twice_gives_the_same_model_and_it_reads_back(
    some: list[Judged], model: WindowModel, tmp_path: Path
) -> None:
    again = figure_features(some).fit(range(len(some)))
    for number, one in enumerate((model, again)):
        one.to_disk(tmp_path / str(number))
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / n).iterdir()} for n in "01")
    assert first == second
    assert sum(map(len, first.values())) < 10_000_000
    back = WindowModel.from_disk(tmp_path / "0", FIGURE_CLASSES)
    found = candidates(post())
    assert weighed(back, post(), found) == pytest.approx(weighed(model, post(), found), abs=1e-2)
    with pytest.raises(ValueError, match="xueyang train"):
        WindowModel.from_disk(tmp_path / "0", ("yes", "no"))


def test_nothing_to_learn_gives_no_model(passages: list[Passage]) -> None:
    assert fit_facts([]) == FactModels()
    assert fit_facts([passage for passage in passages[:40] if passage.counts == ()]).counts is None


def test_models_find_facts_in_other_hands_wordings_that_the_rules_miss(passages: list[Passage]) -> None:
    counted = sorted({passage.file for passage in passages if passage.counts is not None})[:5]
    reasoned = sorted({passage.file for passage in passages if passage.groups is not None})[:5]
    unread = {counted[0], reasoned[0]}
    fitted = fit_facts([p for p in passages if p.file in {*counted, *reasoned} - unread])
    f1: dict[str, list[float]] = {}
    for models in (FactModels(), fitted):
        counts, reasons, groups = Tally(), Tally(), Tally()
        for passage in passages:
            if passage.file == counted[0] and passage.counts is not None:
                told, _ = read_counts(passage.text, context_of(passage), None, {passage.label: 1.0}, models.counts)
                counts.add(map(count_key, passage.counts), map(count_key, told))
            if passage.file == reasoned[0] and passage.justifications is not None:
                found = reasons_of(passage, models)
                reasons.add((reason.code for reason in passage.justifications), (reason.code for reason in found))
                groups.add(passage.groups or (), groups_of(passage, models))
        for name, tally in (("counts", counts), ("reasons", reasons), ("groups", groups)):
            f1.setdefault(name, []).append(tally.scores()["f1"])
    assert all(both > rules + 0.03 for rules, both in f1.values()), f1


def test_a_number_overruled_does_not_come_back_and_tables_stay(model: WindowModel) -> None:
    text = "采集血样41份。\n村名\t应采血样\t已采血样\n上营\t120\t118\n下营\t90\t66"
    sure = replace(model, intercepts=np.array([50.0, -50, -50, -50, -50]))
    counts, _ = read_counts(text, Context(), None, {"mass_collection": 1.0}, sure)
    assert {count.value for count in counts} == {120, 118, 90, 66}


def test_a_rule_stands_unless_the_model_is_all_but_sure() -> None:
    found = candidates(post("采血41份。"))
    at = found[0]
    for nothing, gone in ((DROPPED - 0.01, False), (DROPPED + 0.01, True)):
        scores = np.array([[nothing, 1 - nothing, 0, 0, 0]])
        assert overruled(at.start, at.end, found, scores) is gone
    assert not overruled(at.end, at.end + 3, found, np.array([[1.0, 0, 0, 0, 0]]))


@pytest.mark.parametrize(("mass", "limit"), [(True, TAKEN), (False, TAKEN_ELSEWHERE)])
def test_a_number_of_which_no_rule_speaks_is_taken_where_the_model_is_sure_enough(mass: bool, limit: float) -> None:
    found = candidates(post("收了41张卡。"))
    for nothing, taken in ((limit - 0.01, 1), (limit + 0.01, 0)):
        scores = np.array([[nothing, 0, 1 - nothing, 0, 0]])
        told = list(unspoken(found, scores, [], mass=mass))
        assert [figure.kind for _, figure in told] == [KINDS[1]] * taken
        assert not list(unspoken(found, scores, [(found[0].start, found[0].end)], mass=mass))
