"""The report as people get it: traceable, self-contained, harmless, honest where there is nothing."""

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.paths import MODEL
from pipeline.records import Record
from pipeline.review.desk import Desk
from tests.findings_records import post, run_directory

COUNTIES = (("540325", 25055), ("540329", 17194), ("540121", 9000), ("540322", 11000))


class Page(HTMLParser):
    """Anchors, links and everything a browser would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.add(tag)
        self.ids.add(given.get("id") or "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        self.loads.extend(given[name] or "" for name in ("src", "srcset", "data", "background") if name in given)
        if tag in ("link", "use", "image"):
            self.loads.append(given.get("href") or given.get("xlink:href") or "")


def county(code: str, number: int, **more: object) -> Record:
    """A post with a total of a whole county."""
    name = load_gazetteer().rows[code].name
    text = f"截至2021年3月1日，{name}累计采集DNA血样{number}份，为维护社会稳定打下基础。民警在寺庙扎取指尖血采集。"
    count = {"text": f"{number}份", "value": number, "place": name, "as_of": "2021-03-01"}
    return post(text, [count], [(code, None)], "2021-03-05", path=f"{code}.pdf", **more)


def make(directory: Path, *options: str) -> tuple[str, Path, str]:
    """Run the command; the page, the folder of its tables, what it printed."""
    out = directory / "out" / "report.html"
    result = CliRunner().invoke(app, ["report", str(directory), "--out", str(out), *options])
    assert result.exit_code == 0, result.output
    return out.read_text("utf-8"), out.parent / "report_tables", result.output


def test_every_number_leads_to_records_and_words(tmp_path: Path) -> None:
    reason = {"text": "维护社会稳定", "code": "social_stability"}
    records = [county(code, number, justifications=[reason]) for code, number in COUNTIES]
    text, tables, _ = make(run_directory(tmp_path, *records))
    page = Page(text)
    inside = [link[1:] for link in page.links if link.startswith("#")]
    assert len(inside) > 60
    assert not [link for link in inside if link not in page.ids]
    for record in records:
        assert record.source.sha256 in text
    with (tables / "samples_by_place.csv").open(encoding="utf-8-sig") as lines:
        places = {row["Adcode"]: row for row in csv.DictReader(lines)}
    assert places["540325"]["Samples posted"] == "25055"
    assert places["540325"]["People 2020"] == "57065"
    assert places["540325"]["Share of 2020"] == "43.9%"
    assert places["540000"]["Samples posted"] == str(sum(number for _, number in COUNTIES))
    with (tables / "bases.csv").open(encoding="utf-8-sig") as lines:
        bases = [row for row in csv.DictReader(lines) if row["basis"] == places["540325"]["basis"].split()[0]]
    assert [(row["sha256"], row["use"]) for row in bases] == [(records[0].source.sha256, "used")]
    assert "【25055份】" in bases[0]["words"]
    for name in (
        *("sources_by_origin", "sources_by_year", "sources_by_region", "justifications", "venues", "methods"),
        *("key_regions", "estimate", "sensitivity", "report158_discrepancies", "timeline", "left_out"),
    ):
        assert (tables / f"{name}.csv").is_file(), name
    assert "social stability" in text


def test_nothing_is_loaded_from_anywhere_and_charts_are_drawn(tmp_path: Path) -> None:
    text, _, _ = make(run_directory(tmp_path, *(county(code, number) for code, number in COUNTIES)))
    page = Page(text)
    assert page.loads == [link for link in page.loads if link.startswith("#")]
    assert "script" not in page.tags
    assert "default-src 'none'" in text
    charts = {*re.findall(r'data-chart="(\w+)"', text)}
    assert charts >= {"timeline", "map", "interval", "sensitivity", "sources_by_origin"}
    assert not re.search(r"url\((?!#)", text)
    assert "631,460" in text


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    body = {"text": "x", "name": "=HYPERLINK(1)", "kind": "police", "role": "collector"}
    record = county("540325", 10, title=evil, url="javascript:alert(1)", organisations=[body])
    record = record.model_copy(
        update={
            "document": record.document.model_copy(update={"text": record.document.text + "联系13812345678" + evil})
        }
    )
    text, tables, _ = make(run_directory(tmp_path, record))
    assert "<script" not in text
    assert "javascript:" not in text
    assert "13812345678" not in text
    assert "'=HYPERLINK(1)" in (tables / "organisations.csv").read_text("utf-8-sig")


def test_what_lies_outside_the_region_and_an_unfinished_run_are_told(tmp_path: Path) -> None:
    there = post("采集血样5份。", places=[("510107", None)], campaign="male_ancestry")
    run_directory(tmp_path / "run", there, post("采集血样9份。", label="casework"))
    (tmp_path / "run/run.json").write_text('{"finished": null}', "utf-8")
    result = CliRunner().invoke(app, ["report", str(tmp_path / "run"), "--out", str(tmp_path / "r.html")])
    assert "0 posts in the report" in result.stdout
    assert "region: Tibet AR; of other or unknown places: 1, taken in with --region all" in result.stdout
    assert '<p class="warn">' in (page := (tmp_path / "r.html").read_text("utf-8"))
    assert "this run is unfinished" in page


def test_an_empty_run_says_so(tmp_path: Path) -> None:
    text, _, printed = make(run_directory(tmp_path))
    assert "holds no documents" in text
    assert "No estimate" in text
    assert "0 posts" in printed


def test_posts_without_numbers_give_no_numbers(tmp_path: Path) -> None:
    text, tables, _ = make(run_directory(tmp_path, post("民警开展DNA血样采集。")))
    assert "there are no totals and there is no estimate" in text
    assert not (tables / "estimate.csv").exists()


def test_without_populations_there_is_no_share_and_no_estimate(tmp_path: Path) -> None:
    record = county("330102", 500, campaign="male_ancestry")
    text, tables, _ = make(run_directory(tmp_path, record), "--region", "330000")
    with (tables / "samples_by_place.csv").open(encoding="utf-8-sig") as lines:
        row = next(row for row in csv.DictReader(lines) if row["Adcode"] == "330102")
    assert (row["Samples posted"], row["People 2020"], row["Share of 2020"]) == ("500", "", "")
    assert "have no population of 2020" in text
    assert "too many counties have no known population" in text
    assert "No estimate" in text


def test_contradictions_are_shown(tmp_path: Path) -> None:
    later = post(
        "截至2021年5月1日，察雅县累计采集DNA血样20000份。",
        [{"text": "20000份", "value": 20000, "place": "察雅县", "as_of": "2021-05-01"}], published="2021-05-02",
    )  # fmt: skip
    text, _, _ = make(run_directory(tmp_path, county("540325", 25055), later))
    assert "Contradiction:" in text
    assert "20,000 to 25,055" in text


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--region", "123"], "no such adcode"),
        (["--since", "yesterday"], "no date"),
        (["--since", "2022", "--until", "2020"], "ends (2020) before"),
        (["--label", "mass"], "choose from"),
        (["--assume", "luck=1"], "no such assumption"),
        (["--assume", "between_sd=0"], "lies between"),
    ],
)
def test_wrong_options_are_one_clear_line(tmp_path: Path, options: list[str], says: str) -> None:
    run_directory(tmp_path)
    result = CliRunner().invoke(app, ["report", str(tmp_path), "--out", str(tmp_path / "r.html"), *options])
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_estimate_prints_the_reports_results_and_an_interval(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["estimate", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["tables"]
    assert {row["Value"] for row in found["report158_steps"]} >= {"919,282", "1,206,962", "25.1", "32.9"}
    assert [row["Source"] for row in found["estimate"]][:3] == ["this estimate"] * 3
    assert found["report158_discrepancies"]
    bad = tmp_path / "bad.csv"
    bad.write_text("role\n", "utf-8")
    result = CliRunner().invoke(app, ["estimate", "--inputs", str(bad)])
    assert result.exit_code == 2
    assert "no column area" in result.stderr
    assert CliRunner().invoke(app, ["estimate", str(tmp_path / "nowhere")]).exit_code == 2


def test_an_estimate_from_a_table_is_not_called_the_citizen_labs(tmp_path: Path) -> None:
    table = tmp_path / "totals.csv"
    head = "role,area,adcode,samples,population,percent,where\n"
    table.write_text(head + "rate,A,,100,1000,,\nregion,R,,,50000,,\n", "utf-8")
    result = CliRunner().invoke(app, ["estimate", "--inputs", str(table)])
    assert "The figures of totals.csv" in result.stdout
    assert "extrapolation of 2022" not in result.stdout


def test_a_pool_apart_outside_the_region_is_told_to_change_nothing(tmp_path: Path) -> None:
    run_directory(tmp_path, *(county(code, number) for code, number in COUNTIES))
    text, _, printed = make(tmp_path, "--apart", "110000", "--apart", "540100")
    says = "--apart 110000 (Beijing): no county of it is in the region"
    assert says in printed
    assert says in text
    assert "--apart 540100" not in printed


def test_estimate_from_records(tmp_path: Path) -> None:
    run_directory(tmp_path, *(county(code, number) for code, number in COUNTIES))
    result = CliRunner().invoke(app, ["estimate", str(tmp_path), "--json"])
    rows = json.loads(result.stdout)["tables"]["estimate"]
    low, median, high = (row["Samples"] for row in rows[:3])
    assert sum(number for _, number in COUNTIES) < low < median < high < 3_648_100


def test_a_figure_that_cannot_be_raises_an_alarm_and_is_in_nothing_that_is_quoted(tmp_path: Path) -> None:
    absurd = post("全区累计采集DNA血样98765432份。", [{"text": "98765432份", "value": 98765432}], [("540000", None)])
    directory = run_directory(tmp_path, absurd, *(county(code, number) for code, number in COUNTIES))
    text, tables, printed = make(directory)
    brief = text[text.index("In brief") : text.index("<nav>")]
    assert "62,249 samples in Tibet AR" in brief
    assert "98,765,432" not in brief
    assert "1 figure is above the population" in brief
    assert "1 figure is above the population" in printed
    (left,) = table(tables, "figures_in_no_total")
    assert left["Words"] == "98765432份"
    assert "implausible: more samples than the 3,648,100 people" in left["Why"]
    assert "implausible" in text[text.index("List of sources</h2>") :]
    result = CliRunner().invoke(app, ["estimate", str(tmp_path), "--json"])
    assert "1 figure is above the population" in json.loads(result.stdout)["notes"][0]


def test_a_telephone_number_taken_for_a_count_stays_starred(tmp_path: Path) -> None:
    number = {"text": "13612345678", "value": 13612345678}
    text, tables, _ = make(run_directory(tmp_path, post("扎西13612345678村采集DNA血样88份。", [number])))
    for written in (text, *(path.read_text("utf-8-sig") for path in tables.glob("*.csv"))):
        assert not re.search(r"1\.?3,?6,?1,?2,?3", written)


def test_a_sum_above_the_population_is_not_offered_for_quoting_without_saying_so(tmp_path: Path) -> None:
    count = {"text": "3000000份", "value": 3000000}
    posts = [
        post("民警此次采集DNA血样3000000份。", [count | {"as_of": when}], [("540000", None)], when)
        for when in ("2018-01-05", "2019-01-05")
    ]
    text, _, _ = make(run_directory(tmp_path, *posts))
    brief = text[text.index("In brief") : text.index("<nav>")]
    assert "6,000,000 samples" in brief
    assert "more than its 3,648,100 people of 2020: do not quote it" in brief


@pytest.mark.parametrize(
    ("counties", "region", "says"),
    [
        (COUNTIES, "all", "lie in 1 of the 31 provinces"),
        ((("513334", 9000), ("513335", 9000), ("513336", 9000)), "510000", "hold 0."),
    ],
)
def test_a_few_counties_are_not_carried_over_to_a_region_they_do_not_stand_for(
    tmp_path: Path, counties: tuple[tuple[str, int], ...], region: str, says: str
) -> None:
    run_directory(tmp_path, *(county(code, number) for code, number in counties))
    text, tables, printed = make(tmp_path, "--region", region)
    brief = text[text.index("In brief") : text.index("<nav>")]
    assert "No estimate for the whole region" in brief
    assert says in brief
    assert "interval" not in brief
    assert says in printed
    assert not (tables / "estimate.csv").exists()
    result = CliRunner().invoke(app, ["estimate", str(tmp_path), "--region", region, "--json"])
    found = json.loads(result.stdout)
    assert not found["tables"]
    assert says in found["notes"][0]


def test_what_is_said_first_links_and_owns_up(tmp_path: Path) -> None:
    text, _, _ = make(run_directory(tmp_path, *(county(code, number) for code, number in COUNTIES)))
    brief = text[text.index("In brief") : text.index("<nav>")]
    assert "No person has reviewed any of them" in brief
    assert "62,249 samples in Tibet AR" in brief
    assert "90% interval" in brief
    page = Page(text)
    assert {link[1:] for link in Page(brief).links} <= page.ids
    assert len(Page(brief).links) == 3


def test_populations_are_told_with_their_sources(tmp_path: Path) -> None:
    _, tables, _ = make(run_directory(tmp_path, county("540630", 500), county("540325", 100)))
    with (tables / "populations.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = {(row["Adcode"], row["Census"]): row for row in csv.DictReader(lines)}
    assert rows["540325", "2020"]["People"] == "57065"
    assert "ISBN 978-7-5037-9772-9" in rows["540325", "2020"]["Source"]
    assert (rows["540630", "2010"]["People"], rows["540630", "2010"]["Note"][:19]) == ("", "a county since 2012")


def test_shares_keep_their_decimal_and_collections_elsewhere_their_files(tmp_path: Path) -> None:
    share = {"text": "48.9%", "value": 48.9, "place": "察雅县", "kind": "coverage"}
    here = post("截至2021年5月1日，察雅县采集率48.9%。", [share])
    there = post("开展男性家族排查。", places=[("510104", None)], campaign="male_ancestry", path="qinghai/1.pdf")
    _, tables, _ = make(run_directory(tmp_path, here, there))
    assert "48.9%,48.9%" in (tables / "posted_coverage.csv").read_text("utf-8-sig")
    assert "Sichuan,male_ancestry,1,qinghai/1.pdf" in (tables / "kept_apart.csv").read_text("utf-8-sig")


def test_the_share_of_the_post_is_set_beside_that_of_the_census(tmp_path: Path) -> None:
    text = "截至2020年12月31日，曲水县累计采集DNA样本40200份，占全县常住人口和流动人口总数的75%。"
    counts = [
        {"text": "40200份", "value": 40200, "place": "曲水县", "as_of": "2020-12-31"},
        {"text": "75%", "value": 75, "place": "占全县", "kind": "coverage", "as_of": "2020-12-31"},
    ]
    _, tables, _ = make(run_directory(tmp_path, post(text, counts, [("540124", None)])))
    with (tables / "samples_by_place.csv").open(encoding="utf-8-sig", newline="") as lines:
        row = next(row for row in csv.DictReader(lines) if row["Adcode"] == "540124")
    assert row["Share of 2020"] == "96.1%"
    assert "implies 53,600 people" in row["Contradictions"]


def table(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of a CSV beside the report."""
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_doubtful_counts_are_told_where_counts_are_listed_and_added_up_until_a_person_decides(tmp_path: Path) -> None:
    scored = [{"text": "300份", "value": 300, "score": 0.6}, {"text": "2000份", "value": 2000, "kind": "target",
              "score": 0.5}]  # fmt: skip
    first = post("民警此次采集DNA血样300份。任务2000份。", [one | {"as_of": "2018-01"} for one in scored])
    sure = {"text": "500份", "value": 500, "score": 0.93, "as_of": "2018-02"}
    directory = run_directory(tmp_path, first, post("民警此次采集DNA血样500份。", [sure]))
    text, tables, _ = make(directory)
    assert text.count("doubtful, score 0.6") == 1
    assert "300份】 (doubtful)" in re.sub("</?b>", "", text)
    assert "500份】 (doubtful)" not in text
    assert [row["Doubtful"] for row in table(tables, "posted_target")] == ["doubtful, score 0.5"]
    county = next(row for row in table(tables, "samples_by_place") if row["Adcode"] == "540325")
    assert (county["Samples posted"], county["Doubtful counts"], county["Doubtful samples"]) == ("800", "1 of 2", "300")
    brief = text[text.index("In brief") : text.index("<nav>")]
    assert "Doubtful (see Method): 1 of 2 counts, 300 of 800 samples as worded." in brief
    marks = {row["words"]: row["doubtful"] for row in table(tables, "bases")}
    assert {words.partition("【")[2]: mark for words, mark in marks.items() if words} == {
        "300份】": "yes",
        "500份】": "",
    }
    desk = Desk(directory, MODEL)
    for fact in desk.reviewed(first.id).facts:
        if fact.kind == "counts":
            desk.decide(first.id, "Ada", None, {"kind": "counts", "action": "accept", "fact": fact.key})
    desk.close()
    text, tables, _ = make(directory)
    assert "doubtful, score" not in text
    assert "(doubtful)" not in text
    assert "Doubtful (see" not in text
    assert {row["Doubtful counts"] for row in table(tables, "samples_by_place")} == {"0 of 2"}


def test_what_the_estimate_rests_on_tells_its_doubtful_counts(tmp_path: Path) -> None:
    (code, number), *others = COUNTIES
    one = county(code, number)
    one = one.model_copy(update={"counts": (one.counts[0].model_copy(update={"score": 0.7}),)})
    run_directory(tmp_path, one, *(county(*other) for other in others))
    result = CliRunner().invoke(app, ["estimate", str(tmp_path), "--json"])
    rows = json.loads(result.stdout)["tables"]["estimate_areas"]
    told = {row["Adcode"]: (row["Doubtful counts"], row["Doubtful samples"]) for row in rows}
    assert told == {code: ("1 of 1", number)} | {other: ("0 of 1", 0) for other, _ in others}


def test_long_lists_are_short_and_lead_everywhere(tmp_path: Path) -> None:
    posts = [
        post(f"本周，加卡村采集DNA血样{n}份。", [{"text": f"{n}份", "value": n, "place": "加卡村"}], path=f"{n}.pdf")
        for n in range(101, 141)
    ]
    text, tables, _ = make(run_directory(tmp_path, *posts))
    page = Page(text)
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    assert "<a href=#S1>S1</a>–<a href=#S40>S40</a>" in text
    with (tables / "bases.csv").open(encoding="utf-8-sig", newline="") as lines:
        used = {row["post"] for row in csv.DictReader(lines) if row["basis"].startswith("t-")}
    assert used == {f"S{n}" for n in range(1, 41)}
