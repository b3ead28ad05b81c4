"""Training and measuring: deterministic, held out, and honest about what was missed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.language.build import assemble
from pipeline.language.context import Context, make_doc
from pipeline.language.label.classifier import view
from pipeline.language.label.model import LABELS, LabelModel
from pipeline.language.sentences import sentence_bounds
from pipeline.learning.evaluation import fact_lines
from pipeline.learning.fact_evaluation import certainty_scores, fact_metrics
from pipeline.learning.facts import FactModels
from pipeline.learning.figures import NumberFeatures, tells_counts
from pipeline.learning.gold import BadGold, GoldCount, GoldDocument, read_gold
from pipeline.learning.metrics import calibration_error, label_metrics, triage_metrics
from pipeline.learning.parallel import on_all_cores
from pipeline.learning.passages import read_passages
from pipeline.learning.perturb import DAMAGES, continued, furnished, misread
from pipeline.learning.scoring import Tally, overlap
from pipeline.learning.training import Sample, fit, folds, held_out_logits, review_band, samples
from pipeline.records import Count


@pytest.fixture(scope="module")
def some() -> list[Sample]:
    return samples(read_gold()[::6])


def test_all_gold_keeps_to_the_guide() -> None:
    documents = read_gold()
    assert len(documents) >= 600
    assert sum(d.hard for d in documents if d.label != "mass_collection") >= 200
    assert {d.label for d in documents} == set(LABELS)


def test_gold_that_breaks_the_guide_is_refused(tmp_path: Path) -> None:
    good = read_gold()[0]
    bad = good.model_dump(exclude={"file"}) | {
        "counts": [{"text": "九九份", "kind": "samples", "value": 99, "qualifier": "exact"}]
    }
    (tmp_path / "bad.jsonl").write_text(__import__("json").dumps(bad, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(BadGold, match=r"bad\.jsonl:1: .*not in the document: 九九份"):
        read_gold([tmp_path / "bad.jsonl"])


def test_no_origin_stands_on_both_sides(some: list[Sample]) -> None:
    for inside, outside in folds(some):
        assert not {some[i].document.group for i in inside} & {some[i].document.group for i in outside}
        assert sorted(inside + outside) == list(range(len(some)))


def test_training_twice_gives_the_same_model_and_files_hold_no_code(some: list[Sample], tmp_path: Path) -> None:
    for name in ("a", "b"):
        fit(some).to_disk(tmp_path / name)
    for file in ("model.json", "weights.npz"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()
    assert sum(f.stat().st_size for f in (tmp_path / "a").iterdir()) < 10_000_000
    with np.load(tmp_path / "a" / "weights.npz", allow_pickle=False) as arrays:
        assert arrays["weights"].shape[0] == len(LABELS)


def test_a_model_read_back_judges_the_same(some: list[Sample], tmp_path: Path) -> None:
    model = fit(some)
    model.to_disk(tmp_path)
    views = [sample.view for sample in some[:5]]
    assert LabelModel.from_disk(tmp_path).scores(views) == pytest.approx(model.scores(views), abs=1e-4)


def test_held_out_documents_are_judged_better_than_by_chance(some: list[Sample]) -> None:
    truth = np.array([LABELS.index(s.document.label) for s in some])
    metrics = label_metrics(held_out_logits(some, fit), truth)
    assert metrics["macro_f1"] > 0.5


def test_calibration_error_of_certain_and_wrong_is_one() -> None:
    scores = np.array([[1.0, 0.0], [1.0, 0.0]])
    assert calibration_error(scores, np.array([0, 0])) == 0
    assert calibration_error(scores, np.array([1, 1])) == 1


def test_review_takes_what_leaves_mass_collection_open() -> None:
    scores = np.array([[0.9, 0.1, 0, 0, 0]] * 50 + [[0.1, 0.9, 0, 0, 0]] * 50 + [[0.55, 0.45, 0, 0, 0]] * 5)
    low, high = review_band(scores, np.array([0] * 50 + [1] * 55))
    assert 0.1 <= low < 0.55 < high <= 0.9


def test_a_fact_counts_once_a_document() -> None:
    tally = Tally()
    tally.add(["a", "a", "b"], ["a", "c", "c"])
    assert tally.scores() == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "gold": 2, "found": 2}


def test_quotations_overlap_by_four_characters() -> None:
    assert overlap("切实维护社会稳定", "维护社会稳定和谐")
    assert not overlap("维护稳定", "维护治安")


def test_leaving_documents_of_one_source_together() -> None:
    composed = GoldDocument(
        id="X1", title="", publisher="", source_type="other", text="", label="other", campaign=None, counts=(),
        places=(), justifications=(), groups=(), origin="composed", file="f",
    )  # fmt: skip
    assert composed.group == "f:X1"
    assert composed.model_copy(update={"origin": "https://a.cn/1"}).group == "https://a.cn/1"


def test_one_row_at_a_time_gives_what_scikit_learn_gives(some: list[Sample]) -> None:
    model = fit(some)
    views = [sample.view for sample in some[:20]]
    whole = model.matrix(views).toarray()
    for row, one in zip(whole, views, strict=True):
        encoded = model.encode(one)
        single = np.zeros_like(row)
        single[encoded.columns] = encoded.values
        np.testing.assert_allclose(single, row, atol=1e-9)


def test_a_post_that_names_no_sample_is_other_and_no_other_post_is_settled_so(some: list[Sample]) -> None:
    model = fit(some)
    gathering = view(
        "派出所民警逐户采集人口基础信息，不漏一户一人，采集率100%，为维护社会稳定夯实基础。", "一标三实", "县公安局"
    )
    pricked = view("派出所民警逐户登记，给每个男人扎一针，血滴在卡上，不漏一户一人。", "一标三实", "县公安局")
    assert gathering.off_topic
    assert not pricked.off_topic
    assert LABELS[int(model.scores([gathering])[0].argmax())] == "other"
    assert not [s.document.id for s in samples(read_gold(), 0) if s.view.off_topic and s.document.label != "other"]


def test_triage_counts_what_must_be_read() -> None:
    truth = np.array([0] * 20 + [4] * 100)
    scores = np.zeros((120, len(LABELS)))
    scores[:19, 0], scores[19, 0] = 0.9, 0.1  # the twentieth need not be found
    scores[20:25, 0] = 0.95  # five of a hundred others rank above
    found = triage_metrics(scores, truth)
    assert found["recall"] == 0.95
    assert found["share_read"] == pytest.approx(0.03 * 0.95 + 0.97 * 0.05, abs=1e-4)
    assert found["work_saved"] == pytest.approx(0.95 - found["share_read"], abs=1e-4)


def test_damaged_copies_are_the_same_every_time_and_damaged_as_said() -> None:
    document = max(read_gold(), key=lambda d: len(d.text))
    for damage in DAMAGES.values():
        assert damage(document) == damage(document) != document
    wrong = sum(a != b for a, b in zip(document.text, misread(document).text, strict=True))
    assert wrong / len(document.text) == pytest.approx(0.03, abs=0.005)
    assert document.text in furnished(document, "test").text
    shown = {line for line in furnished(document, "train").text.splitlines() if line not in document.text}
    assert not shown & set(furnished(document, "test").text.splitlines())


def test_what_follows_a_beginning_starts_with_a_sentence_and_is_none_where_hardly_any_is_left() -> None:
    document = read_gold()[0]
    first, second = "民" * 210 + "。", "警" * 250 + "。"
    following = continued(document.model_copy(update={"text": first + second}))
    assert following is not None
    assert following.text == second[:200]
    assert continued(document.model_copy(update={"text": first + "县公安局"})) is None
    assert continued(document.model_copy(update={"text": first[:150]})) is None


def test_shares_of_sentences_are_the_whole_decision(some: list[Sample]) -> None:
    model = fit(some)
    for one in (sample.view for sample in some[:20]):
        encoded = model.encode(one)
        for label in range(len(LABELS)):
            others = [i for i in range(len(LABELS)) if i != label]
            weights = model.whole.weights[label] - model.whole.weights[others].mean(axis=0)
            whole = encoded.values @ weights[encoded.columns]
            assert model.shares(encoded, sentence_bounds(one.plain), label).sum() == pytest.approx(whole)


@pytest.mark.parametrize(
    ("text", "cut_short"),
    [
        ("近日，县公安局民警走进牧区，为群众办理户籍，同时采集", True),
        ("近日，县公安局民警走进牧区采集血样。", False),
        ("民警采集血样。\n县公安局\n2019年3月2日", False),
        ("民警采集血样。\n（通讯员 王某）", False),
        ("二是采集血样28份；", True),
        ("一、值班备勤。\n二、县局", True),
        ("一、采集血样。\n2", True),
        ("采集进度\n甲村 应采120 实采98\n乙村 应采", True),
        ("采集进度\n甲村 120 98\n乙村 7", True),
        ("民警说：“采血不收费。", True),
        ("民警说：“采血不收费。”", False),
        ("采集血样28份。\n咨询电话 4821003", False),
        ("采集血样28份。\n2019.3.2", False),
        ("采集血样28份。\n阅读 312", False),
        ("采集血样28份。\n312", False),
        ("采集血样" * 100, False),
        ("", False),
    ],
)
def test_a_text_that_stops_in_a_sentence_is_the_beginning_of_a_post(text: str, cut_short: bool) -> None:
    assert view(text).cut_short is cut_short


def test_beginnings_are_judged_by_their_own_weights_and_left_to_a_person(some: list[Sample]) -> None:
    model = fit(some, beginnings=True)
    begun = view(
        "近日，县公安局召开全县社会治安工作会议，会议总结了上半年工作，部署下半年任务，要求各派出所", "警务简报"
    )
    assert begun.off_topic
    assert not model.silent(begun)
    assert not np.allclose(model.scores([begun]), replace(model, beginning=None).scores([begun]))
    sure = np.array([0.99, 0.0025, 0.0025, 0.0025, 0.0025])
    assert replace(model, review_between=(0.1, 0.9)).doubtful(sure, begun)
    assert not replace(model, review_between=(0.1, 0.9)).doubtful(sure, some[0].view)


def test_a_run_sees_of_a_beginning_what_training_saw(some: list[Sample]) -> None:
    nlp = assemble()
    model = nlp.get_pipe("xueyang_label").model = fit(some, beginnings=True)  # type: ignore[attr-defined]
    for text in ("近日，县公安局召开社会治安工作会议，会议总结了上半年工作，要求各派出所", some[0].document.text):
        doc = make_doc(nlp, text, Context("警务简报", "县公安局"))
        for _, part in nlp.pipeline[:3]:
            doc = part(doc)
        expected = model.scores([view(text, "警务简报", "县公安局")])[0]
        assert [doc.cats[label] for label in LABELS] == pytest.approx(expected)


def test_work_on_all_cores_comes_back_in_order_and_says_what_failed() -> None:
    shared = {i: i * i for i in range(20)}
    assert on_all_cores(lambda i: shared[i], range(20)) == list(shared.values())
    with pytest.raises(KeyError):
        on_all_cores(lambda i: shared[i], [1, 99])


def test_scores_are_measured_against_what_gold_says() -> None:
    wanted = [GoldCount(text=f"{n}份", kind="samples", value=n, qualifier="exact") for n in range(1, 9)]
    passage = read_passages()[0].model_copy(update={"counts": tuple(wanted)})
    told = [
        Count(text=f"{n}份", kind="samples", value=n, qualifier="exact", score=score)
        for n, score in [*((n, 0.95) for n in range(1, 5)), (101, 0.55), (5, 0.55), (6, None)]
    ]
    found = certainty_scores([(passage, told)])["counts_by_score"]
    # Four at 0.95 all right, two at 0.55 half right: (4 x 0.05 + 2 x 0.05) / 6.
    assert (found["scored"], found["without_score"], found["calibration_error"]) == (6, 1, 0.05)
    assert found["precision_without_score"] == 1
    assert {limit: (s["precision"], s["recall"]) for limit, s in found["kept_from"].items()} == {
        "0.5": (0.8571, 0.75), "0.8": (1, 0.625), "0.9": (1, 0.625),
    }  # fmt: skip
    assert certainty_scores([(passage, [count.model_copy(update={"score": None}) for count in told])]) == {}


def test_the_evaluation_tells_how_well_scores_hold() -> None:
    counted = [passage for passage in read_passages() if tells_counts(passage)]
    *read, unread = sorted({passage.file for passage in counted})[:3]
    models = FactModels(counts=NumberFeatures([p for p in counted if p.file in read][::2]).fit(range(150)))
    facts = fact_metrics([(models, [p for p in counted if p.file == unread][:150])])
    found = facts["passages"]["rules and model"]
    part, kept = found["counts_by_score"], found["counts_by_score"]["kept_from"]
    assert part["scored"] + part["without_score"] == found["counts"]["found"]
    assert found["counts"]["found"] > kept["0.8"]["found"] >= kept["0.9"]["found"]
    assert found["counts"]["recall"] > kept["0.8"]["recall"] >= kept["0.9"]["recall"]
    assert "counts_by_score" not in facts["passages"]["rules"]
    lines = list(fact_lines(facts))
    assert any(line.startswith("  calibration error of the score of") for line in lines)
    assert any(line.startswith("  counts from 0.9 or without score  precision") for line in lines)
