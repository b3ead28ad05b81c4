"""The fitted models beside the rules: what they learn from, what they see, and when they are believed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.language.context import Context
from pipeline.language.counts.component import CountsComponent, read_counts
from pipeline.language.counts.model import FIGURE_CLASSES, Candidate, candidates
from pipeline.language.counts.weighing import (
    NOTHING,
    NOTHING_ELSEWHERE,
    NUMBER_FEATURES,
    number_features,
    spoken,
    weighed_kinds,
)
from pipeline.language.fitted.terms import LONGEST, GramIndex, packed
from pipeline.language.fitted.weighing import Weighed, Weighing
from pipeline.language.fitted.windows import MOST, REACH, SIZES, SUREST, TITLE, Post, WindowModel, placed, terms_at
from pipeline.language.groups.model import GROUP_FEATURES, Groups, weighed_groups
from pipeline.language.label.cues import find_cues
from pipeline.language.reasons.model import Justifications, ReasonModel, pieces, weighed_reasons, without_leads
from pipeline.language.script import matching_copy
from pipeline.language.sentences import sentence_bounds
from pipeline.language.telling import telling
from pipeline.learning.fact_evaluation import groups_of, reasons_of
from pipeline.learning.facts import FactModels, fit_facts
from pipeline.learning.figures import figure_features, numbers_of, tells_counts
from pipeline.learning.gold import BadGold, read_gold
from pipeline.learning.passages import Passage, context_of, read_passages
from pipeline.learning.scoring import Tally, count_key
from pipeline.learning.weighing import Tried, fit_weighing
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


def weights_of(model: WindowModel, name: str) -> np.ndarray:
    """Windows x classes; the row behind the last is of zeros, for what is no term."""
    if len(name) > LONGEST:
        return model.weights[model.named.get(name, -1)]
    return model.weights[model.grams.find(packed(name)[len(name) - 1])[0]]


def test_running_sums_are_what_the_windows_hold(model: WindowModel) -> None:
    seen = post()
    found = candidates(seen)
    where = placed(seen, [candidate.stretch for candidate in found], model.windows)
    expected = np.tile(model.intercepts, (len(found), 1))
    numbered: dict[str, int] = {}
    places = terms_at(seen, lambda term: numbered.setdefault(term, len(numbered)))
    names = list(numbered)
    for row in range(len(found)):
        for window in range(len(model.windows)):
            start, end = int(where.starts[row, window]), int(where.ends[row, window])
            for size, at_size in zip((1, *SIZES), places, strict=True):
                inside = [names[term] for at, term in at_size if start <= at <= end - size]
                told = [weights_of(model, name)[window] for name in inside]
                expected[row] += np.sum(told, axis=0) if told else 0.0
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
    monkeypatch.setattr("pipeline.language.fitted.windows.TOGETHER", 7)
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
        Weighed(one, trusting(1, 1)).to_disk(tmp_path / str(number))
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / n).iterdir()} for n in "01")
    assert first == second
    assert sum(map(len, first.values())) < 10_000_000
    back = Weighed.from_disk(tmp_path / "0", FIGURE_CLASSES, NUMBER_FEATURES)
    assert (back.weighing.weights == trusting(1, 1).weights).all()
    found = candidates(post())
    assert weighed(back.window, post(), found) == pytest.approx(weighed(model, post(), found), abs=1e-2)
    with pytest.raises(ValueError, match="xueyang train"):
        WindowModel.from_disk(tmp_path / "0", ("yes", "no"))


def test_nothing_to_learn_gives_no_model(passages: list[Passage]) -> None:
    assert fit_facts([]) == FactModels()
    assert fit_facts([passage for passage in passages[:40] if passage.counts == ()]).counts is None


def test_models_find_facts_in_other_hands_wordings_that_the_rules_miss(passages: list[Passage]) -> None:
    counted = sorted({passage.file for passage in passages if passage.counts is not None})[:6]
    reasoned = sorted({passage.file for passage in passages if passage.groups is not None})[:5]
    unread = {counted[-1], reasoned[0]}
    fitted = fit_facts([p for p in passages if p.file in {*counted, *reasoned} - unread])
    f1: dict[str, list[float]] = {}
    for models in (FactModels(), fitted):
        counts, reasons, groups = Tally(), Tally(), Tally()
        for passage in passages:
            if passage.file == counted[-1] and passage.counts is not None:
                told, _ = read_counts(passage.text, context_of(passage), None, {passage.label: 1.0}, models.counts)
                counts.add(map(count_key, passage.counts), map(count_key, told))
            if passage.file == reasoned[0] and passage.justifications is not None:
                found = reasons_of(passage, models)
                reasons.add((reason.code for reason in passage.justifications), (reason.code for reason in found))
                groups.add(passage.groups or (), groups_of(passage, models))
        for name, tally in (("counts", counts), ("reasons", reasons), ("groups", groups)):
            f1.setdefault(name, []).append(tally.scores()["f1"])
    assert all(both > rules + 0.03 for rules, both in f1.values()), f1


def trusting(model: float, rule: float) -> Weighing:
    """Weighs the model's log-odds of each class and what the rules say of it by these factors, nothing else."""
    classes = np.eye(len(FIGURE_CLASSES))
    weights = np.zeros((NUMBER_FEATURES, len(classes)))
    weights[: len(classes)], weights[len(classes) : 2 * len(classes)] = model * classes, rule * classes
    return Weighing(weights, np.zeros(len(classes)))


def test_a_number_overruled_does_not_come_back_and_tables_stay(model: WindowModel) -> None:
    text = "采集血样41份。\n村名\t应采血样\t已采血样\n上营\t120\t118\n下营\t90\t66"
    sure = replace(model, intercepts=np.array([50.0, -50, -50, -50, -50]))
    for weighing, first in ((trusting(1, 0), set()), (trusting(0, 50), {41})):
        counts, _ = read_counts(text, Context(), None, {"mass_collection": 1.0}, Weighed(sure, weighing))
        assert {count.value for count in counts} == {120, 118, 90, 66} | first


def test_a_count_of_the_rules_may_be_of_another_kind(model: WindowModel) -> None:
    sure = replace(model, intercepts=np.array([-50.0, -50, 50, -50, -50]))
    text = "民警在上营村采集血样41份。"
    counts, _ = read_counts(text, Context(), None, {"mass_collection": 1.0}, Weighed(sure, trusting(1, 0)))
    assert [(count.kind, count.text) for count in counts] == [("target", "41份")]


def test_equal_figures_may_change_places(model: WindowModel) -> None:
    text = "实采血样41份，应采血样41份。"
    counts, _ = read_counts(text, Context(), None, {"mass_collection": 1.0})
    assert [(count.kind, count.value) for count in counts] == [("samples", 41), ("target", 41)]
    for likely, kinds in (("target", ["target"]), ("samples", ["samples"])):
        sure = np.full(len(FIGURE_CLASSES), -50.0)
        sure[FIGURE_CLASSES.index(likely)] = 50
        both = Weighed(replace(model, intercepts=sure), trusting(1, 0))
        counts, _ = read_counts(text, Context(), None, {"mass_collection": 1.0}, both)
        assert [count.kind for count in counts] == kinds


def test_a_share_is_a_coverage_and_nothing_else_is() -> None:
    scores = np.array([[0.1, 0.8, 0, 0, 0.1], [0.1, 0, 0, 0, 0.9]])
    window = WindowModel(
        (), (), GramIndex.of({}), {}, np.zeros((1, 0, 5), np.float32), {}, np.zeros((0, 5)), np.zeros(5)
    )
    found = weighed_kinds(Weighed(window, trusting(1, 0)), [None, None], [True, False], scores, mass=True)
    assert found[0].kind == "coverage"
    assert found[1].kind != "coverage"


@pytest.mark.parametrize("file", ["weighing.json", "windows.json"])
def test_models_of_another_form_say_what_to_do(model: WindowModel, tmp_path: Path, file: str) -> None:
    Weighed(model, trusting(1, 1)).to_disk(tmp_path)
    with pytest.raises(ValueError, match="xueyang train"):
        Weighed.from_disk(tmp_path, FIGURE_CLASSES, NUMBER_FEATURES + 1)
    told = json.loads((tmp_path / "windows.json").read_text(encoding="utf-8"))
    if file == "windows.json":
        (tmp_path / file).write_text(json.dumps({k: v for k, v in told.items() if k != "named"}, ensure_ascii=False))
    else:
        (tmp_path / file).unlink()
    with pytest.raises(ValueError, match="xueyang train"):
        Weighed.from_disk(tmp_path, FIGURE_CLASSES, NUMBER_FEATURES)


def test_rules_speak_of_the_numbers_that_they_overlap() -> None:
    text = "宣讲听众120人；采血41份，收卡3000张。"
    counts, _ = read_counts(text, Context(), None, {"mass_collection": 1.0})
    told = [number.stretch for number in candidates(post(text))]
    assert [None if rule is None else counts[rule].value for rule in spoken(told, counts)] == [None, 41, 3000]
    assert spoken(told, ()) == [None, None, None]


@pytest.mark.parametrize("right", ["rule", "model"])
def test_who_was_right_of_texts_unseen_is_believed(model: WindowModel, right: str) -> None:
    some = np.random.default_rng(0)
    texts = []
    for _ in range(40):
        rules, truth = some.integers(0, 2, 10), some.integers(0, 2, 10)
        scores = np.tile([0.9, 0.1, 0, 0, 0], (10, 1))
        scores[truth == 1] = [0.1, 0.9, 0, 0, 0]
        features = number_features([None if rule == 0 else "samples" for rule in rules], scores, mass=True)
        texts.append(Tried(features, rules if right == "rule" else truth))
    weighing = fit_weighing(texts, len(FIGURE_CLASSES))
    assert weighing is not None
    scores = np.array([[0.9, 0.1, 0, 0, 0], [0.1, 0.9, 0, 0, 0]])
    found = weighed_kinds(Weighed(model, weighing), ["samples", None], [False, False], scores, mass=True)
    assert [told.kind for told in found] == (["samples", None] if right == "rule" else [None, "samples"])


@pytest.mark.parametrize(("mass", "limit"), [(True, NOTHING), (False, NOTHING_ELSEWHERE)])
def test_a_number_is_taken_where_it_hardly_counts_nothing(model: WindowModel, mass: bool, limit: float) -> None:
    for nothing, kind in ((limit - 0.01, "samples"), (limit + 0.01, None)):
        odds = np.log([nothing, 1 - nothing, 1e-9, 1e-9, 1e-9])
        weighing = replace(trusting(0, 0), intercepts=odds)
        found = weighed_kinds(Weighed(model, weighing), [None], [False], np.full((1, 5), 0.2), mass=mass)
        assert [told.kind for told in found] == [kind]


def test_a_number_is_as_sure_as_the_weighing_of_its_kind_and_cells_of_tables_have_no_score(model: WindowModel) -> None:
    text = "采集血样41份。\n村名\t应采血样\t已采血样\n上营\t120\t118\n下营\t90\t66"
    weighing = replace(trusting(0, 0), intercepts=np.log([0.2, 0.1, 0.6, 0.05, 0.05]))
    counts, _ = read_counts(text, Context(), None, {"mass_collection": 1.0}, Weighed(model, weighing))
    # 0.6, and its share of what a coverage was given, which no number without % can be: 0.8 x 0.6 / 0.75
    assert [(count.kind, count.score) for count in counts if count.value == 41] == [("target", 0.64)]
    assert {count.score for count in counts if count.value != 41} == {None}
    rules, _ = read_counts(text, Context(), None, {"mass_collection": 1.0})
    assert {count.score for count in rules} == {None}


@pytest.fixture(scope="module")
def fitted(passages: list[Passage]) -> FactModels:
    return fit_facts([passage for passage in passages if passage.groups is not None][:400])


def test_a_reason_is_quoted_as_it_stands_without_the_words_that_lead_to_it(fitted: FactModels) -> None:
    assert fitted.reasons is not None
    sure = replace(fitted.reasons.told, intercepts=np.array([-SUREST, SUREST]))
    model = replace(fitted.reasons, told=sure)
    text = "民警採集血樣，  以便協助羣衆尋回失散的骨肉  ，為了 ，就業服務，一是為了讓壞人現形。"
    found = weighed_reasons(model, (), telling(matching_copy(text), "", find_cues(matching_copy(text))), text, "")
    assert found
    for reason in found:
        assert reason.start is not None
        assert reason.text == text[reason.start : reason.end] == reason.text.strip()
    quotes = {text[start:end] for start, end in _quotes(text)}
    assert {"協助羣衆尋回失散的骨肉", "就業服務", "讓壞人現形"} <= quotes


def _quotes(text: str) -> list[tuple[int, int]]:
    told = telling(matching_copy(text), "", find_cues(matching_copy(text)))
    return [without_leads(told.post, piece) for piece in pieces(told)]


def test_a_reason_in_the_title_has_no_offsets(fitted: FactModels) -> None:
    assert fitted.reasons is not None
    model = replace(fitted.reasons, told=replace(fitted.reasons.told, intercepts=np.array([-SUREST, SUREST])))
    title, text = "採血樣，早日尋回親人", "民警到村。"
    told = telling(matching_copy(text), matching_copy(title), find_cues(text))
    found = weighed_reasons(model, (), told, text, title)
    assert any(reason.start is None and reason.text in title for reason in found)
    assert all(reason.start is None or reason.text == text[reason.start : reason.end] for reason in found)


def test_a_rule_is_dropped_and_a_word_taken_as_the_model_is_sure(fitted: FactModels) -> None:
    assert fitted.groups is not None
    told = telling("给牧民采血，学生在旁边看书。", "", find_cues("给牧民采血，学生在旁边看书。"))
    for model, rule, kept in ((1, 0, {"children", "herders"}), (-1, 0, set()), (0, 1, {"herders"})):
        weights = np.zeros((GROUP_FEATURES, 2))
        weights[0, 1], weights[1, 1] = model, 10 * rule
        words = replace(fitted.groups.window, intercepts=np.array([-SUREST, SUREST]))
        weighing = Weighing(weights, np.array([0.0, -1.0]))
        assert set(weighed_groups(Weighed(words, weighing), ("herders",), told)) == kept


@pytest.mark.parametrize(
    "text", ["", "\n", "采血", "İ采血，以便破案", "采集到库，" * 30_000, "采血破案，打击犯罪，寻亲、" * 5_000]
)
def test_odd_and_endless_texts_are_read_in_bounded_pieces(fitted: FactModels, text: str) -> None:
    assert fitted.reasons is not None
    assert fitted.groups is not None
    told = telling(text, "", find_cues(text))
    assert len(pieces(told)) <= MOST
    weighed_reasons(fitted.reasons, (), told, text, "")
    weighed_groups(fitted.groups, (), told)


def test_little_or_one_sided_annotation_trains_without_error(passages: list[Passage], tmp_path: Path) -> None:
    reasoned = [passage for passage in passages if passage.groups]
    fit_facts(reasoned[:1])
    one_code = [p for p in reasoned if p.justifications and {r.code for r in p.justifications} == {"case_solving"}][:30]
    models = fit_facts(one_code)
    assert models.counts is None
    assert models.reasons is not None
    models.reasons.to_disk(tmp_path)
    assert ReasonModel.from_disk(tmp_path).code.classes == models.reasons.code.classes
    nobody = [p.model_copy(update={"groups": ()}) for p in reasoned[:20]]
    assert fit_facts(nobody).groups is None
    one_file = [passage for passage in passages if passage.file == "official"][:60]
    assert fit_facts(one_file).counts is not None


def test_components_without_a_model_write_nothing_and_read_nothing(tmp_path: Path) -> None:
    for component in (Justifications(), Groups(), CountsComponent()):
        component.to_disk(tmp_path / "none")
        assert component.from_disk(tmp_path / "none").model is None


def test_gold_alone_teaches_all_that_it_tells() -> None:
    models = fit_facts([document for document in read_gold() if document.file in ("tibet", "police")])
    assert models.counts is not None
    assert models.reasons is not None
    assert models.groups is not None
