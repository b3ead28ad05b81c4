"""Numbers, dates, and which numbers count DNA samples. Cases are data: add one without writing Python."""

from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

from pipeline.batch.one import one_record
from pipeline.batch.screen import marked_up
from pipeline.batch.worker import Work
from pipeline.language.context import Context, make_doc
from pipeline.language.counts.checks import DISAGREE
from pipeline.language.counts.component import read_counts
from pipeline.language.counts.numerals import Numeral, find_numerals
from pipeline.language.counts.parts import with_parts
from pipeline.language.dates.dates import find_dates
from pipeline.language.script import matching_copy
from pipeline.records import DOUBTFUL, Count, CountKind
from tests.conftest import cases


@pytest.mark.parametrize("case", cases("numerals", "in_the_wild"))
def test_numerals(case: dict[str, Any]) -> None:
    text = f"共{case['text']}。" if case["text"][0] in "0123456789" else f"，{case['text']}。"
    found = find_numerals(matching_copy(text))
    assert [(n.value, n.upper, n.qualifier, n.unit, n.kind) for n in found] == [
        (case["value"], case["upper"], case["qualifier"], case["unit"], case["kind"])
    ]
    assert text[found[0].start : found[0].end] == case["quote"]


@pytest.mark.parametrize("case", cases("numerals", "negative"))
def test_no_numerals(case: dict[str, Any]) -> None:
    assert [n for n in find_numerals(matching_copy(case["text"])) if n.kind == "percent" or n.unit] == []


@pytest.mark.parametrize("case", cases("dates", "in_the_wild"))
def test_dates(case: dict[str, Any]) -> None:
    assert [date.iso for date in find_dates(case["text"], case["published"])] == case["dates"]


def counts(case: dict[str, Any]) -> list[dict[str, Any]]:
    """What the program finds where the label of the post is as the case says."""
    context = Context(case.get("title", ""), case.get("publisher", ""), case.get("published"))
    found, _ = read_counts(case["text"], context, None, {case["label"]: 0.9} if "label" in case else None)
    assert all(case["text"][c.start : c.end] == c.text for c in found)
    return [c.model_dump(include={"text", "kind", "value", "qualifier", "place", "as_of", "upper"}) for c in found]


@pytest.mark.parametrize("case", cases("counts", "in_the_wild"))
def test_counts(case: dict[str, Any]) -> None:
    assert counts(case) == case["counts"]


@pytest.mark.parametrize("case", cases("counts", "negative"))
def test_no_counts(case: dict[str, Any]) -> None:
    assert counts(case) == []


def test_a_comma_before_a_rate_parts_two_figures() -> None:
    told = find_numerals("完成312，104%；完成201，101.5%；采集12，450份")
    assert [n.value for n in told] == [312, 104, 201, 101.5, 12450]


@pytest.mark.parametrize("case", cases("counts", "known_failures"))
def test_known_failures_still_fail(case: dict[str, Any]) -> None:
    assert counts(case) != case["counts"], "it passes now: move it to in_the_wild"


@pytest.mark.parametrize("case", cases("counts", "contradictory"))
def test_figures_that_contradict_each_other(case: dict[str, Any]) -> None:
    context = Context(case["title"], "", case["published"])
    assert read_counts(case["text"], context, None, {"mass_collection": 0.9})[1] is case["contradictory"]


def test_a_contradiction_is_warned_of_in_the_record(tmp_path: Path) -> None:
    post = tmp_path / "post.txt"
    post.write_text(
        "甲县公安局推进DNA血样采集工作\n甲县公安 2019-06-20\n"
        "按照上级部署，各派出所走村入户，对辖区常住男性逐一采集DNA血样，不漏一户、不漏一人，建立男性家族排查系统，"
        "为打击违法犯罪提供支撑。\n截至6月15日，全县累计采集血样12,400份。截至6月15日，全县累计采集血样14,200份，"
        "各所要再接再厉，应采尽采。",
        encoding="utf-8",
    )
    record, *_ = one_record(str(post), Work())
    assert [count.value for count in record.counts] == [12400, 14200]
    assert DISAGREE in record.warnings


DOUBTFUL_POST = (
    "甲县公安局推进DNA血样采集工作\n甲县公安 2019-06-20\n"
    "按照上级部署，各派出所走村入户，对辖区常住男性逐一采集DNA血样，建立男性家族排查系统。\n"
    "截至6月15日，全县累计采集DNA血样12,400份。一趟下来，八百人，指尖一点，民警连水也顾不上喝。"
)


def test_a_number_told_by_the_story_alone_is_less_sure_than_one_that_says_what_it_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    post = tmp_path / "post.txt"
    post.write_text(DOUBTFUL_POST, encoding="utf-8")
    record, *_ = one_record(str(post), Work())
    plain, story = ({c.value: c for c in record.counts}[value] for value in (12400, 800))
    assert plain.score is not None
    assert story.score is not None
    assert plain.score > 0.9 > DOUBTFUL > story.score
    assert (plain.doubtful, story.doubtful) == (False, True)
    marked_up(record)
    shown = capsys.readouterr().out
    assert shown.count("DOUBTFUL") == 1
    assert f"DOUBTFUL (score {story.score:g})" in " ".join(shown.split())
    assert "doubtful counts: the program gives less than 80%" in shown
    marked_up(record.model_copy(update={"counts": (plain,)}))
    assert "doubtful" not in capsys.readouterr().out.lower()


@pytest.mark.parametrize(
    "text",
    ["各所（应采/实采/完成率）：城关1450/1390/.；河东980/701/..；", "采血样一亿亿亿份。", f"采血样{'9' * 400}份。"],
)
def test_odd_figures_are_no_error(text: str) -> None:
    assert all(count.value > 0 for count in read_counts(text, Context(), None, {"mass_collection": 0.9})[0])


def test_rules_and_model_tell_pairs_once(nlp: Language) -> None:
    text = "全县男性血样采集进度如下（应采／实采）：上坝所640／512；下坝所410／377。"
    doc = nlp(make_doc(nlp, text, Context("男性家族DNA血样采集进度通报", "平川县公安局", "2018-06-20")))
    assert [(c.kind, c.value) for c in doc._.counts] == [
        ("target", 640), ("samples", 512), ("target", 410), ("samples", 377),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["采集群众血样310份，会上补充采血卡九千份。", "采集血样310份，又采了四千人的虹膜。"])
def test_what_is_no_sample_is_not_weighed(nlp: Language, text: str) -> None:
    doc = nlp(make_doc(nlp, text, Context("全乡DNA血样采集工作推进", "平川县公安局", "2018-06-20")))
    assert [c.value for c in doc._.counts] == [310]


@pytest.mark.parametrize(
    ("text", "first", "others", "kinds"),
    [
        ("全乡1020人，其中上坪村260人、下坪村215人、寺院117人，其余各村见附件。", "target", "samples", ["target"] * 4),
        ("全县采血1846份，其中油田（老城镇）片区203份；", "samples", "target", ["samples"] * 2),
        ("名单上60人，其中已采37人、未采23人。", "target", None, ["target"]),
        ("采血样96份，其中合格91份、退回5份。", "samples", None, ["samples"]),
        ("全区采样39人，核实身份24人，其中15人接回。", "samples", None, ["samples"]),
    ],
)
def test_parts(text: str, first: CountKind, others: CountKind | None, kinds: list[CountKind]) -> None:
    """What a model says of parts gives way to what their whole counts; what only adds up is none."""

    def count_at(numeral: Numeral, kind: CountKind) -> Count:
        at = {"start": numeral.start, "end": numeral.end}
        return Count(text=text[numeral.start : numeral.end], kind=kind, value=numeral.value, qualifier="exact", **at)

    whole, *parts = find_numerals(text, counting=True)
    told = [count_at(whole, first), *(count_at(part, others) for part in parts if others)]
    assert [count.kind for count in with_parts(text, told, [], count_at)] == kinds
