"""The page in a real Chromium, worked as a researcher works it. Skipped where Chromium or Playwright is missing.

Chromium is the Debian package (`apt-get install chromium`), or whatever the variable CHROMIUM names.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.batch.run import run
from pipeline.batch.worker import Work
from pipeline.paths import GOLD
from tests.reviewing import TEXT, Served, record, run_directory, served

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed: apt-get install chromium")

PROBLEMS: list[str] = []
PAGES = ("C37.pdf", "A06.pdf", "E02.pdf")


@pytest.fixture(scope="module")
def process() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        # Inside a container Chromium's own sandbox cannot start as root.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def chromium(process: sync_api.Browser) -> Iterator[sync_api.Browser]:
    PROBLEMS.clear()
    yield process
    for context in process.contexts:
        context.close()
    assert PROBLEMS == []


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive, out = tmp_path_factory.mktemp("archive"), tmp_path_factory.mktemp("out") / "run"
    for name in PAGES:
        shutil.copy(GOLD / "pages" / name, archive)
    run([archive], out, work=Work(ocr="never"), jobs=1)
    return out


@pytest.fixture
def site(read_once: Path, tmp_path: Path) -> Iterator[Served]:
    shutil.copytree(read_once, tmp_path / "run")
    archive = read_once.parent.parent / "archive0"
    with served(tmp_path / "run", [archive]) as found:
        yield found


def opened(browser: sync_api.Browser, link: str) -> sync_api.Page:
    """A browser of its own that came in by a link; what goes wrong in it is kept in PROBLEMS."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: PROBLEMS.append(f"script error: {error}"))
    page.on("console", lambda said: said.type == "error" and PROBLEMS.append(f"console: {said.text}"))
    page.on("dialog", lambda dialog: PROBLEMS.append(f"a script ran: {dialog.message}") or dialog.dismiss())
    page.goto(link)
    return page


def document_of(served_page: Served, name: str) -> str:
    return next(i for i, path in served_page.desk.index.paths.items() if path == name)


def saved(page: sync_api.Page) -> None:
    sync_api.expect(page.locator("#say")).to_have_text("saved")


def press(page: sync_api.Page, *keys: str) -> None:
    page.wait_for_load_state()  # before its scripts have run, a page knows no keys
    for key in keys:
        page.keyboard.press(key)


def test_open_filter_and_judge_by_keyboard(site: Served, chromium: sync_api.Browser) -> None:
    page = opened(chromium, site.link())
    sync_api.expect(page.locator("#found")).to_have_text("3")
    press(page, "/")
    page.keyboard.type("血樣 lhorong")  # traditional Chinese and English find simplified text
    with page.expect_navigation():
        press(page, "Enter")
    sync_api.expect(page.locator("#found")).to_have_text("1")
    press(page, "j", "Enter")
    page.wait_for_url("**/documents/**")
    sync_api.expect(page.locator("h1")).to_contain_text("洛隆县公安局")
    press(page, "1")
    saved(page)
    sync_api.expect(page.locator("#label-state")).to_have_text("by Ada")
    sync_api.expect(page.locator("[data-work=reviewed]")).to_have_text("1")
    page.goto(f"{site.address}/?unreviewed=1")
    sync_api.expect(page.locator("#found")).to_have_text("2")


def test_either_side_shows_the_other(site: Served, chromium: sync_api.Browser) -> None:
    page = opened(chromium, site.link())
    page.goto(f"{site.address}/documents/{document_of(site, 'C37.pdf')}")
    picture = page.locator(".sheet img").first
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 500
    mark = page.locator("#text .mark.counts").first
    key = next(key for key in mark.get_attribute("data-facts").split() if key.startswith("counts"))
    mark.hover()
    box = page.locator(f"rect.on[data-facts='{key}']")
    assert box.count() >= 1
    # The box lies on the picture where the words are: inside it, and as wide as a few characters.
    inner, outer = box.first.bounding_box(), picture.bounding_box()
    assert outer["x"] < inner["x"] < inner["x"] + inner["width"] < outer["x"] + outer["width"]
    assert outer["y"] < inner["y"] < outer["y"] + outer["height"]
    mark.click()
    sync_api.expect(page.locator(f".fact.chosen[data-facts='{key}']")).to_be_focused()
    assert page.locator("#text .mark.counts").first.evaluate("e => getComputedStyle(e).backgroundColor") == \
        page.locator(".fact.counts .quote").first.evaluate("e => getComputedStyle(e).backgroundColor")  # fmt: skip
    for words in ("police-led collection of DNA", "samples or people sampled so far", "Nagarzê County"):
        sync_api.expect(page.locator(".decide")).to_contain_text(words)
    sync_api.expect(page.locator(".head")).to_contain_text(document_of(site, "C37.pdf"))


def test_the_mouse_can_do_what_the_keys_do(site: Served, chromium: sync_api.Browser) -> None:
    page = opened(chromium, site.link())
    for place, number in (("542122", None), ("Lhorong County (1)", 1), ("Tibet AR (2)", 2), ("all", 3)):
        if number is not None:
            with page.expect_navigation():
                page.get_by_label("Place").select_option(label=place)
        else:
            page.goto(f"{site.address}/?place={place}")  # an old code, which no post has
        sync_api.expect(page.locator("#found")).to_have_text(str(number or 0))
    page.locator("a.post").first.click()
    page.wait_for_url("**/documents/**")
    first, picture = page.url, page.locator(".sheet img").first
    before = picture.bounding_box()["width"]
    page.get_by_role("button", name="Larger").click()
    assert picture.bounding_box()["width"] > 1.3 * before
    for panel in (".pictures", ".text", ".decide"):
        assert page.locator(panel).bounding_box()["height"] > 200
    page.get_by_role("button", name="Next").click()
    page.wait_for_function("first => location.href !== first", arg=first)
    assert picture.bounding_box()["width"] > 1.3 * before  # as the reader left it
    page.get_by_role("button", name="Previous").click()
    page.wait_for_url(first)


def test_decisions_teach_the_ranking_at_a_press(site: Served, chromium: sync_api.Browser) -> None:
    page = opened(chromium, site.link())
    for name, label in (("C37.pdf", "mass_collection"), ("A06.pdf", "other")):
        decided = {"kind": "label", "value": {"label": label}}
        site.desk.decide(document_of(site, name), "Ada", "likely", decided)
    press(page, "l")
    sync_api.expect(page.locator(".found")).to_contain_text("what 2 judged posts teach")
    left = page.locator("tr:not(.done)").filter(has=page.locator("a.post"))
    sync_api.expect(left.locator(".learned")).to_have_count(1)
    page.get_by_role("link", name="Unseen", exact=True).click()
    sync_api.expect(page.locator("#verdict")).to_contain_text("Go on")
    page.get_by_role("button", name="Draw a sample").click()
    page.locator(".sample a.post").click()
    page.wait_for_url("**/documents/**")
    press(page, "5")
    saved(page)
    page.goto(f"{site.address}/stopping")
    sync_api.expect(page.locator("#verdict")).to_contain_text("Every post is judged")


def test_correct_a_count_reload_and_undo(site: Served, chromium: sync_api.Browser) -> None:
    page = opened(chromium, site.link())
    document = document_of(site, "C37.pdf")
    page.goto(f"{site.address}/documents/{document}")
    count = page.locator(".fact.counts").first
    press(page, "j", "j")  # label, first count
    sync_api.expect(count).to_be_focused()
    press(page, "e")
    page.keyboard.type("420")
    press(page, "Enter")
    saved(page)
    page.reload()
    sync_api.expect(count).to_contain_text("420")
    sync_api.expect(count).to_contain_text("corrected by Ada")
    sync_api.expect(count).to_contain_text("proposed: samples or people sampled so far: 42")
    assert [f.value["value"] for f in site.desk.reviewed(document).facts if f.kind == "counts"] == [420]
    press(page, "j", "j", "x")
    saved(page)
    sync_api.expect(count).to_have_class(re.compile("deleted"))
    press(page, "z")
    sync_api.expect(count).not_to_have_class(re.compile("deleted"))
    sync_api.expect(count).to_contain_text("420")
    press(page, "z")
    # a corrected count says too what was proposed: only when 420 is gone has the second undo been saved
    sync_api.expect(count).not_to_contain_text("420")
    sync_api.expect(page.locator(".history li")).to_have_count(4)
    assert [f.value["value"] for f in site.desk.reviewed(document).facts if f.kind == "counts"] == [42]


def test_add_facts_by_keyboard_alone(site: Served, chromium: sync_api.Browser) -> None:
    page = opened(chromium, site.link())
    document = document_of(site, "C37.pdf")
    page.goto(f"{site.address}/documents/{document}")
    text = site.desk.record(document).document.text
    press(page, "s")
    press(page, "Control+Home", *["ArrowRight"] * text.index("打隆镇卫生院"), *["Shift+ArrowRight"] * 3)
    press(page, "p")
    form = page.locator("#form-places")
    sync_api.expect(form.locator("output")).to_have_text("打隆镇")
    sync_api.expect(form.locator("option").first).to_contain_text("Nagarzê")
    press(page, "Enter")
    saved(page)
    added = [f for f in site.desk.reviewed(document).facts if f.state == "added"]
    assert [(f.value["text"], f.value["adcode"], f.value["township"]) for f in added] == [
        ("打隆镇", "540531", "打隆镇")
    ]
    assert added[0].value["page"] == 1
    assert added[0].value["boxes"]
    press(page, "g")
    page.locator("#form-groups select").select_option("monastics")
    press(page, "Enter")
    page.locator("#form-groups").wait_for(state="hidden")
    press(page, "m")
    page.keyboard.type("see the county's own page")
    press(page, "Tab", "Enter")
    sync_api.expect(page.locator(".notes")).to_contain_text("see the county's own page")
    press(page, "s")
    page.keyboard.insert_text("abc")
    press(page, "Delete", "Enter")
    assert page.locator("#text").text_content() == text  # walked through, never changed
    press(page, "Escape", "?")
    sync_api.expect(page.locator("#help")).to_be_visible()


def test_accept_all_goes_to_the_next(site: Served, chromium: sync_api.Browser) -> None:
    page = opened(chromium, site.link())
    press(page, "j", "Enter")
    page.wait_for_url("**/documents/**")
    first = page.url
    press(page, "a")
    page.wait_for_function("first => location.href !== first", arg=first)
    done = site.desk.reviewed(first.rpartition("/")[2])
    assert done.judged
    assert {f.state for f in done.facts} == {"accepted"}


def test_two_browsers_at_once_lose_nothing(site: Served, chromium: sync_api.Browser) -> None:
    document = document_of(site, "C37.pdf")
    ada, bo = (opened(chromium, site.link(name)) for name in ("Ada", "Bo"))
    for page in (ada, bo):
        page.goto(f"{site.address}/documents/{document}")
    press(ada, "1")
    press(bo, "3")
    press(ada, "j", "j", "y")
    press(bo, "j", "j", "x")
    for page in (ada, bo):
        for _ in range(2):
            sync_api.expect(page.locator(".history li")).to_have_count(4)
        sync_api.expect(page.locator(".history")).to_contain_text("Ada")
        sync_api.expect(page.locator(".history")).to_contain_text("Bo")
    made = site.desk.decisions.of_document(document)
    # Whose label came in first is the machine's affair, and makes the other's a change: what each chose is not.
    chosen = {(d.reviewer, d.kind): d.value["label"] if d.kind == "label" and d.value else d.action for d in made}
    assert len(made) == 4
    assert chosen == {
        ("Ada", "label"): "mass_collection", ("Bo", "label"): "casework",
        ("Ada", "counts"): "accept", ("Bo", "counts"): "delete",
    }  # fmt: skip
    ada.goto(f"{site.address}/agreement")
    sync_api.expect(ada.locator(".differences tbody tr")).to_have_count(2)
    sync_api.expect(bo.locator(".differ")).to_contain_text("Ada mass collection")
    sync_api.expect(bo.locator(".differ")).to_contain_text("Bo deleted")


def test_hostile_text_runs_nothing(chromium: sync_api.Browser, tmp_path: Path) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>"
    one = record("x", title=bad, publisher=bad, text=bad + TEXT, archived_url="javascript:alert(4)")
    with served(run_directory(tmp_path / "run", [one])) as found:
        page = opened(chromium, found.link(bad))
        sync_api.expect(page.locator("a.post")).to_have_text(bad)
        page.goto(f"{found.address}/documents/{one.id}")
        sync_api.expect(page.locator("h1")).to_have_text(bad)
        sync_api.expect(page.locator("#text")).to_contain_text(bad)
        sync_api.expect(page.locator(".pictures")).to_contain_text("no page picture")
        press(page, "1")
        saved(page)
        assert page.locator("script:not([src])").count() == 0
        assert PROBLEMS == []
        assert page.evaluate("fetch('https://example.com').then(() => 'sent', () => 'refused')") == "refused"
        assert any("Content Security Policy" in problem for problem in PROBLEMS)
        PROBLEMS.clear()


LISTS = ("/", "/?order=random", "/?words=4711", "/?order=uncertain&year=2012")


def seconds_to_list(chromium: sync_api.Browser, directory: Path, count: int) -> dict[str, float]:
    """How long each of `LISTS` takes to show over `count` records: the least of three visits."""
    records = [
        record(f"d{i}", text=f"{TEXT}第{i}号", score=(i % 1000) / 1000, published=f"20{10 + i % 12}-01-01")
        for i in [*range(count - 1), 4711]
    ]
    seconds = dict.fromkeys(LISTS, math.inf)
    with served(run_directory(directory, records)) as found:
        page = opened(chromium, found.link())
        sync_api.expect(page.locator("#found")).to_have_text(str(count))
        for path in LISTS * 3:
            start = time.perf_counter()
            page.goto(found.address + path, wait_until="load")
            seconds[path] = min(seconds[path], time.perf_counter() - start)
            assert page.locator("a.post").count() >= 1
        page.close()
    return seconds


def test_thousands_are_listed_about_as_fast_as_dozens(chromium: sync_api.Browser, tmp_path: Path) -> None:
    few, many = (seconds_to_list(chromium, tmp_path / str(count), count) for count in (50, 4000))
    # A machine's own slowness falls on both; a list that is sent whole takes eighty times as long.
    assert not {path: (few[path], many[path]) for path in LISTS if many[path] > 10 * few[path]}


def test_axe_finds_no_serious_violation(site: Served, chromium: sync_api.Browser) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python").Axe()
    page = opened(chromium, site.link())
    document = document_of(site, "E02.pdf")
    site.desk.accept_all(document, "Ada", "likely")
    site.desk.decide(document, "Bo", None, {"kind": "label", "value": {"label": "other"}})
    site.desk.draw_sample("Ada", 2)
    for path, keys in (("/", ()), (f"/documents/{document}", ()), ("/agreement", ()), ("/stopping", ()),
                       ("/", ("?",)), (f"/documents/{document}", ("g",))):  # fmt: skip
        page.goto(site.address + path)
        press(page, *keys)
        # Playwright injects axe through the debugger, which the page's own policy does not reach.
        found = [v for v in axe.run(page).response["violations"] if v["impact"] in {"serious", "critical"}]
        assert not found, [(path, v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found]


def test_the_page_says_where_the_file_is_missing(chromium: sync_api.Browser, read_once: Path) -> None:
    with served(read_once, [read_once]) as found:
        page = opened(chromium, found.link())
        page.goto(f"{found.address}/documents/{document_of(found, 'C37.pdf')}")
        sync_api.expect(page.locator(".pictures")).to_contain_text("give its folder with --archive")
        assert page.locator(".sheet").count() == 0
        assert page.locator("#text .mark").count() > 3


def test_ids_are_of_the_files(read_once: Path) -> None:
    with served(read_once) as found:
        digest = sha256((GOLD / "pages" / "C37.pdf").read_bytes()).hexdigest()
        assert found.desk.index.paths[digest] == "C37.pdf"
