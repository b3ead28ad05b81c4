"""Ranking that learns from decisions, and the stopping rule: against brute force, by simulation, and on the gold."""

from __future__ import annotations

import time
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from pipeline.language.label.model import LabelModel, softmax
from pipeline.learning.gold import read_gold
from pipeline.learning.training import fit, samples
from pipeline.paths import MODEL
from pipeline.review.desk import Desk
from pipeline.review.ranking import PENALTY, corrected, correction, features
from pipeline.review.simulate import Pool, compare, reading_order, stop_by_sample, thinned, wss
from pipeline.review.stopping import from_ranking, from_sample, hidden_interval, p_value, sample_size
from tests.reviewing import TEXT, record, run_directory


def test_the_p_value_is_the_share_of_samples_so_poor() -> None:
    # 8 left, 6 found before; below 95 % recall means at least one relevant among the 8.
    truth = [True] + [False] * 7
    poor = sum(not any(truth[i] for i in drawn) for drawn in combinations(range(8), 5)) / 56
    assert p_value(8, 5, 0, 6, 6) == pytest.approx(poor)
    assert p_value(8, 8, 0, 6, 6) == 0


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    generator = np.random.default_rng(1)
    for population, relevant, size in ((200, 10, 40), (200, 0, 40), (1000, 150, 60)):
        held = 0
        for _ in range(400):
            drawn = int(generator.hypergeometric(relevant, population - relevant, size))
            low, high = hidden_interval(population, size, drawn)
            held += low <= relevant <= high
        assert held / 400 >= 0.93
    assert hidden_interval(50, 50, 4) == (4, 4)


def test_stopping_is_wrong_no_more_often_than_it_says() -> None:
    """Samples drawn where recall is just below the target: to stop is an error, made in at most 5 %."""
    generator = np.random.default_rng(2)
    population, before = 400, 60
    hidden = 4  # 60 of 64 found: 93.75 %
    size = sample_size(population, before)
    stopped = 0
    for _ in range(600):
        drawn = int(generator.hypergeometric(hidden, population - hidden, size))
        sample = [True] * drawn + [False] * (size - drawn)
        estimate = from_sample(population, sample, before, drawn, population - size)
        recall = (before + drawn) / (before + hidden)
        stopped += estimate.may_stop and recall < 0.95
    assert stopped / 600 <= 0.05


def test_drawing_again_and_again_errs_no_more_often() -> None:
    """Sample after sample until one allows to stop: an error in at most 5 %. With 5 % for each it would be in 8 %."""
    generator, wanted = np.random.default_rng(4), cache(sample_size)
    population, before, hidden = 2000, 300, 30
    wrong = 0

    @cache
    def may_stop(unjudged: int, size: int, drawn: int, found: int, number: int) -> bool:
        sample = [True] * drawn + [False] * (size - drawn)
        return from_sample(unjudged, sample, found, drawn, unjudged - size, number).may_stop

    for _ in range(250):
        left, found, unjudged = hidden, before, population
        for number in range(1, 8):
            size = wanted(unjudged, found, number)
            drawn = int(generator.hypergeometric(left, unjudged - left, size))
            stop = may_stop(unjudged, size, drawn, found, number)
            left, found, unjudged = left - drawn, found + drawn, unjudged - size
            if stop:
                wrong += found / (before + hidden) < 0.95
                break
    assert wrong / 250 <= 0.05


def test_an_estimate_before_and_after_a_sample() -> None:
    assert from_ranking([], 100).method == "none"
    early = from_ranking([True] * 5, 100, expected=30.0)
    assert (early.method, early.may_stop, early.expected) == ("quasi-sample", False, 30)
    late = from_ranking([True] * 20 + [False] * 75, 5)
    assert late.high == 0 or late.may_stop
    whole = from_sample(100, [False] * 100, 20, 0, 0)
    assert (whole.low, whole.high, whole.may_stop) == (0, 0, True)


def test_a_correction_moves_only_what_decisions_speak_of() -> None:
    matrix = csr_matrix(np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]]))
    offset = np.array([-2.0, -2, -2, -2])
    weights = correction(matrix[[0, 2]], offset[[0, 2]], np.array([True, False]))
    after = corrected(matrix, offset, weights)
    assert after[1] > -2 + 0.1
    assert after[1] > after[3]
    # The optimum of the penalised likelihood: the gradient vanishes.
    rows = np.hstack([matrix[[0, 2]].toarray(), np.ones((2, 1))])
    chance = 1 / (1 + np.exp(-(offset[[0, 2]] + rows @ weights)))
    assert np.allclose(rows.T @ (np.array([1, 0]) - chance) - PENALTY * weights, 0, atol=1e-6)


def test_a_correction_of_what_was_sure_and_wrong_stays_in_bounds() -> None:
    """Where a reviewer contradicts scores of 0 and 1, plain Newton steps would leap to infinity."""
    generator = np.random.default_rng(5)
    matrix = csr_matrix(generator.random((60, 12)))
    offset, truth = np.repeat([9.9, -9.9], 30), np.arange(60) % 5 != 0
    weights = correction(matrix, offset, truth)
    rows = np.hstack([matrix.toarray(), np.ones((60, 1))])
    chance = 1 / (1 + np.exp(-(offset + rows @ weights)))
    assert np.allclose(rows.T @ (truth - chance) - PENALTY * weights, 0, atol=1e-4)


@pytest.fixture(scope="module")
def gold_pool() -> Pool:
    """Police and local posts from all of China, judged by a model that was trained on a few of the media."""
    model = LabelModel.from_disk(MODEL / "xueyang_label")
    documents = samples([d for d in read_gold() if d.file in {"tibet", "police", "east", "media"}], copies=0)
    small = [s for s in documents if s.document.file == "media"]
    rest = [s for s in documents if s.document.file != "media"]
    chance = np.clip(softmax(fit(small).logits([s.view for s in rest]))[:, 0], 1e-6, 1 - 1e-6)
    relevant = np.array([s.document.label == "mass_collection" for s in rest])
    return Pool(features(model, [s.view for s in rest]), np.log(chance / (1 - chance)), relevant)


def test_learning_saves_work_on_the_gold(gold_pool: Pool) -> None:
    saved = compare(gold_pool, range(6))
    assert abs(saved["random"]) < 0.12
    assert saved["learning"] > saved["random"] + 0.05
    assert saved["learning"] > saved["model"] + 0.03
    thin = thinned(gold_pool, 0.1, np.random.default_rng(3))
    assert thin.relevant.mean() == pytest.approx(0.1, abs=0.02)


def test_stopping_by_sample_on_the_gold(gold_pool: Pool) -> None:
    stops = []
    for seed in range(20):
        generator = np.random.default_rng(seed)
        order = reading_order(gold_pool, "model", generator)
        assert sorted(order.tolist()) == list(range(len(order)))
        stops.append(stop_by_sample(gold_pool, order, generator, dry=8))
    assert np.mean([s.recall >= 0.95 for s in stops]) >= 0.9
    assert np.mean([s.covered for s in stops]) >= 0.9
    assert wss(gold_pool.relevant, np.argsort(~gold_pool.relevant)) > 0.5


def test_decisions_feed_the_ranking_of_the_page(tmp_path: Path) -> None:
    """Where the archive's tree-planting posts are scored as collections, a few decisions bring them down."""
    planting = "6月，吉塘镇派出所民警到各村植树造林，登记树苗样本312份，浇水护林。"
    records = [record(f"dna{i}", text=f"{TEXT}第{i}次。", score=0.6) for i in range(12)]
    records += [record(f"tree{i}", text=f"{planting}第{i}次。", score=0.7) for i in range(12)]
    desk = Desk(run_directory(tmp_path / "run", records), MODEL)
    before = [e.title for e in desk.queue(*_likely())][:12]
    assert all(title.startswith("tree") for title in before)
    for i in range(5):
        desk.decide(record(f"tree{i}").id, "Ada", "likely", {"kind": "label", "value": {"label": "other"}})
        desk.decide(record(f"dna{i}").id, "Ada", "likely", {"kind": "label", "value": {"label": "mass_collection"}})
    deadline = time.monotonic() + 30
    while (desk.learning or not desk.ranks) and time.monotonic() < deadline:  # it began by itself at the tenth label
        time.sleep(0.05)
    assert desk.learned_from == 10
    after = [e.title for e in desk.queue(*_likely())][:12]
    assert all(title.startswith("dna") for title in after)
    assert desk.estimate().found == 5
    desk.draw_sample("Ada", 3)  # thought better of: nothing of it is judged yet
    drawn = desk.draw_sample("Ada", 20).value
    assert desk.samples_seen() == 1
    assert drawn is not None
    assert len(drawn["documents"]) == drawn["from"] == 14
    for document in drawn["documents"]:
        desk.decide(document, "Ada", "sample", {"kind": "label", "value": {"label": "other"}})
    estimate = desk.estimate()
    assert (estimate.method, estimate.unjudged, estimate.high, estimate.may_stop) == ("sample", 0, 0, True)
    assert desk.samples_seen() == 2  # the posts of the first were among them
    assert estimate.error == pytest.approx(0.0125)
    desk.close()


def _likely() -> tuple:  # type: ignore[type-arg]
    from pipeline.review.index import Filters

    return Filters(), "likely"
