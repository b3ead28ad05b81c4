"""The counting rules, one by one, on posts written for them."""

from pipeline.findings.counting import Total
from pipeline.findings.report import Findings, find
from pipeline.findings.scope import Scope
from tests.findings_records import as_judged, post

ZHAGYAB = "540325"


def total(found: Findings, adcode: str = ZHAGYAB, *local: str) -> Total:
    """The total of a unit in the only campaign."""
    (campaign,) = found.totals.values()
    return next(t for unit, t in campaign.items() if unit.adcode == adcode and unit.local == local)


def so_far(number: int, when: str, words: str = "全县", **more: object) -> object:
    """A post with a total so far of the county of Zhagyab."""
    text = f"截至{when}，{words}累计采集DNA血样{number}份。"
    count = {"text": f"{number}份", "value": number, "place": words, "as_of": when}
    return post(text, [count | more], published=when)


def test_reposts_count_once_and_a_reviewed_copy_stands_for_the_post() -> None:
    text = "当天采集DNA血样50份。"
    first = post(text, [{"text": "50份", "value": 50}], path="a.pdf", cluster="x")
    copy = post(text, [{"text": "50份", "value": 50}], path="b.pdf", cluster="x")
    found = find(as_judged(first, copy), Scope())
    assert total(found).value == 50
    assert len(found.selection.sources[0].copies) == 1
    reviewed = copy.model_copy(update={"counts": (copy.counts[0].model_copy(update={"value": 60}),)})
    found = find([*as_judged(first), *as_judged(reviewed, reviewers=("anna",))], Scope())
    assert total(found).value == 60


def test_totals_so_far_are_not_added_and_the_latest_stands() -> None:
    found = find(as_judged(so_far(1000, "2016-10-01"), so_far(25055, "2017-02-01")), Scope())
    assert total(found).value == 25055
    assert [left.figure.count.value for left in total(found).left_out] == [1000]
    assert not total(found).contradictions


def test_a_falling_total_is_shown_as_a_contradiction_and_carried_as_bounds() -> None:
    found = find(as_judged(so_far(9000, "2016-10-01"), so_far(8000, "2017-02-01")), Scope())
    there = total(found)
    assert (there.value, there.low, there.high) == (8000, 8000, 9000)
    assert "9,000" in there.contradictions[0]


def test_two_totals_for_one_day_contradict_each_other() -> None:
    found = find(as_judged(so_far(8000, "2017-02-01"), so_far(8100, "2017-02-01")), Scope())
    assert (total(found).low, total(found).high) == (8000, 8100)
    assert total(found).contradictions


def test_increments_are_added_only_after_the_total() -> None:
    def more(number: int, when: str | None) -> object:
        count = {"text": f"{number}份", "value": number, "as_of": when}
        return post(f"民警此次采集DNA血样{number}份。", [count], published=when or "2020-01-01")

    found = find(
        as_judged(so_far(25055, "2017-02-01"), more(100, "2017-01"), more(7952, "2018-01"), more(5, None)), Scope()
    )
    there = total(found)
    assert there.value == 25055 + 7952
    assert {left.figure.count.value: left.why.split(":")[0] for left in there.left_out} == {
        100: "an increment within the total so far of 2017-02-01",
        5: "an increment without a date beside a total so far",
    }
    alone = find(as_judged(more(30, "2018-01"), more(12, "2018-02")), Scope())
    assert total(alone).value == 42


def test_the_same_increment_from_two_posts_counts_once() -> None:
    count = {"text": "88份", "value": 88, "as_of": "2020-05-01"}
    one = post("昨日采集DNA血样88份。", [count], published="2020-05-01")
    two = post("派出所昨日采集血样88份，辛苦了。", [count], published="2020-05-02")
    assert total(find(as_judged(one, two), Scope())).value == 88


def test_parts_are_not_added_to_their_total() -> None:
    text = "截至2月1日，全县累计采集血样900份，其中吉塘镇500份、香堆镇300份。"
    counts = [
        {"text": "900份", "value": 900, "place": "全县", "as_of": "2017-02-01"},
        {"text": "500份", "value": 500, "place": "吉塘镇", "as_of": "2017-02-01"},
        {"text": "300份", "value": 300, "place": "香堆镇", "as_of": "2017-02-01"},
    ]
    places = [(ZHAGYAB, None), (ZHAGYAB, "吉塘镇"), (ZHAGYAB, "香堆镇")]
    found = find(as_judged(post(text, counts, places)), Scope())
    assert total(found).value == 900
    assert total(found, ZHAGYAB, "吉塘镇").value == 500
    assert total(found, "540300").value == 900
    without = find(as_judged(post(text, counts[1:], places)), Scope())
    assert total(without).value == 800


def test_parts_above_their_total_are_a_contradiction() -> None:
    parts = post(
        "截至1月，吉塘镇累计采集血样1500份。", [{"text": "1500份", "value": 1500, "place": "吉塘镇", "as_of":
        "2017-01"}],
        [(ZHAGYAB, "吉塘镇")], "2017-01-05",
    )  # fmt: skip
    there = total(find(as_judged(so_far(1000, "2017-02-01"), parts), Scope()))
    assert (there.value, there.low) == (1500, 1000)
    assert "add up to 1,500" in there.contradictions[0]


def test_words_are_carried_as_bounds() -> None:
    text = "截至目前，吉塘镇累计采集血样1.2万余份。截至目前，香堆镇累计采集血样近四百份。"
    counts = [
        {"text": "1.2万余份", "value": 12000, "qualifier": "more_than", "place": "吉塘镇"},
        {"text": "近四百份", "value": 400, "qualifier": "nearly", "place": "香堆镇"},
    ]
    there = total(find(as_judged(post(text, counts, [(ZHAGYAB, "吉塘镇"), (ZHAGYAB, "香堆镇")])), Scope()))
    assert (there.value, there.low, there.high) == (12400, 12300, 13398)


def test_a_speed_is_no_number_of_samples() -> None:
    found = find(
        as_judged(post("民警每天采集80至100人。", [{"text": "80至100人", "value": 80, "upper": 100}])), Scope()
    )
    assert not found.totals
    assert "speed" in found.nowhere[0].why


def test_scope_keeps_male_ancestry_of_qinghai_apart() -> None:
    tibet = so_far(1000, "2017-02-01")
    qinghai = post(
        "累计采集男性血样6412份。", [{"text": "6412份", "value": 6412}], [("630224", None)], campaign="male_ancestry"
    )
    found = find(as_judged(tibet, qinghai), Scope())
    assert total(found, "540000").value == 1000
    assert found.selection.elsewhere[0][:2] == ("Qinghai", "male_ancestry")
    everywhere = find(as_judged(tibet, qinghai), Scope(regions=()))
    assert {c: sum(t.value for u, t in units.items() if len(u) == 1) for c, units in everywhere.totals.items()} == {
        "tibet_population": 1000,
        "male_ancestry": 6412,
    }


def test_scope_by_date_keeps_the_last_day_and_month() -> None:
    posts = [
        so_far(n, when) for n, when in ((1, "2019-12-31"), (2, "2020-01-01"), (3, "2020-06-30"), (4, "2020-07-01"))
    ]
    found = find(as_judged(*posts), Scope(since="2020", until="2020-06"))
    assert [s.record.counts[0].value for s in found.selection.sources] == [2, 3]
    assert found.selection.left_out == {"date": 2}


def test_more_samples_than_people_is_told_and_not_estimated_from() -> None:
    posts = [
        post("此次采集DNA血样40000份。", [{"text": "40000份", "value": 40000, "as_of": when}], published=when)
        for when in ("2017-02-01", "2018-02-01")
    ]
    found = find(as_judged(*posts), Scope())
    assert "more than its 57,065 people" in found.areas.contradictions[0]
    assert not any(area.counted for area in found.areas.areas)


def test_a_figure_above_the_people_of_its_place_is_in_no_total() -> None:
    absurd = post(
        "截至2021年3月1日，吉塘镇累计采集血样70000份。",
        [{"text": "70000份", "value": 70000, "place": "吉塘镇"}], [(ZHAGYAB, "吉塘镇")],
    )  # fmt: skip
    everywhere = post("全区累计采集98765432份。", [{"text": "98765432份", "value": 98765432}], [("540000", None)])
    found = find(as_judged(so_far(25055, "2017-02-01"), absurd, everywhere), Scope())
    assert total(found, "540000").value == 25055
    told = {left.figure.count.value: left.why for left in found.nowhere}
    assert "57,065 people of Zhag'yab County" in told[70000]
    assert "people of Tibet AR" in told[98765432]


def test_migrants_whom_a_post_counts_make_its_figure_plausible_within_reason() -> None:
    def there(number: int) -> Findings:
        text = f"截至2020年12月31日，曲水县累计采集DNA样本{number}份，占全县常住人口和流动人口总数的95%。"
        counts = [
            {"text": f"{number}份", "value": number, "place": "曲水县", "as_of": "2020-12-31"},
            {"text": "95%", "value": 95, "kind": "coverage", "place": "全县", "as_of": "2020-12-31"},
        ]
        return find(as_judged(post(text, counts, [("540124", None)])), Scope())

    assert total(there(50000), "540124").value == 50000  # of 52,632 people, where the census has 41,851
    assert not there(5000000).totals


def test_a_share_of_the_people_that_a_post_gives_goes_before_the_census() -> None:
    text = "截至2020年12月31日，曲水县累计采集DNA样本40200份，占全县常住人口和流动人口总数的75%。"
    counts = [
        {"text": "40200份", "value": 40200, "place": "曲水县", "as_of": "2020-12-31"},
        {"text": "75%", "value": 75, "kind": "coverage", "place": "全县", "as_of": "2020-12-31"},
    ]
    found = find(as_judged(post(text, counts, [("540124", None)], "2021-01-18")), Scope())
    area = next(a for a in found.areas.areas if a.adcode == "540124")
    assert area.people == 53600
    assert "41,851" in found.areas.contradictions[0]


def test_units_outside_the_gazetteer_and_places_outside_the_scope_give_no_total() -> None:
    odd = post("当天采集血样7份。", [{"text": "7份", "value": 7}], [("999999", None), (ZHAGYAB, None)])
    assert total(find(as_judged(odd), Scope())).value == 7
    nowhere = post("当天采集血样7份。", [{"text": "7份", "value": 7}], [])
    found = find(as_judged(nowhere), Scope())
    assert not found.totals
    assert len(found.nowhere) == 1
