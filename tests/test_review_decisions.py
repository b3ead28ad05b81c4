"""Decisions: what holds, what is kept, what leaves the program."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from cli import app
from pipeline.batch.judged import judged
from pipeline.batch.run import run
from pipeline.batch.store import Store
from pipeline.batch.worker import Work
from pipeline.exports.tables import rows_of
from pipeline.learning.gold import GoldDocument, read_gold
from pipeline.paths import MODEL
from pipeline.review.agreement import pairs
from pipeline.review.decisions import Decisions, active, by_document
from pipeline.review.desk import Desk
from pipeline.review.facts import BadFact, suggest_places
from pipeline.review.out import history, reviewed_gold, with_reviewed, write
from pipeline.review.pages import document_part
from pipeline.review.reviewed import apply
from tests.reviewing import TEXT, record, run_directory, served


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    a, b = record("a"), record("b", score=0.2)
    copy = record("a-again", cluster=a.id)
    cut = record("a-cut", text=TEXT[:30], cluster=a.id)
    found = Desk(run_directory(tmp_path / "run", [a, b, copy, cut]), MODEL)
    yield found
    found.close()


def key(desk: Desk, document: str, kind: str) -> str:
    return next(f.key for f in desk.reviewed(document).facts if f.kind == kind)


def test_reviewed_facts_replace_proposed_ones_and_both_are_kept(desk: Desk) -> None:
    document = record("a").id
    desk.decide(document, "Ada", "likely", {"kind": "label", "value": {"label": "casework"}})
    count = key(desk, document, "counts")
    said = {"kind": "target", "value": "3,120", "qualifier": "about"}
    desk.decide(document, "Ada", None, {"kind": "counts", "action": "correct", "fact": count, "value": said})
    desk.decide(document, "Ada", None, {"kind": "places", "action": "delete", "fact": key(desk, document, "places")})
    start = TEXT.index("2,400人")
    new = {"start": start, "end": start + 6, "kind": "samples", "value": 2400}
    desk.decide(document, "Ada", None, {"kind": "counts", "action": "add", "value": new})
    desk.decide(document, "Ada", None, {"kind": "groups", "action": "add", "value": {"code": "herders"}})
    one = next(j for j in judged(desk.directory) if j.record.id == document)
    assert one.reviewers == ("Ada",)
    assert (one.record.classification.label, one.record.classification.campaign) == ("casework", None)
    assert [(c.text, c.kind, c.value, c.qualifier) for c in one.record.counts] == [
        ("312份", "target", 3120, "about"), ("2,400人", "samples", 2400, "exact"),
    ]  # fmt: skip
    assert one.record.places == ()
    assert set(one.record.groups) == {"residents", "herders"}
    assert one.proposed == record("a")


def test_what_nobody_judged_stays_as_proposed(desk: Desk) -> None:
    assert all(j.record == j.proposed and not j.reviewers for j in judged(desk.directory))


def test_a_copy_nobody_judged_takes_over_what_was_decided(desk: Desk) -> None:
    document = record("a").id
    desk.decide(document, "Ada", None, {"kind": "counts", "action": "delete", "fact": key(desk, document, "counts")})
    desk.decide(document, "Ada", None, {"kind": "label", "value": {"label": "casework"}})
    found = {j.record.source.path: j for j in judged(desk.directory)}
    assert found["a-again.html"].record.classification.label == "casework"
    assert found["a-again.html"].record.counts == ()
    assert found["a-again.html"].reviewers == ("Ada",)
    # Another text: its facts are its own.
    assert found["a-cut.html"].record.classification.label == "casework"
    assert len(found["a-cut.html"].record.counts) == len(found["a-cut.html"].proposed.counts)
    assert found["b.html"].record == found["b.html"].proposed
    desk.decide(record("a-again").id, "Bo", None, {"kind": "label", "value": {"label": "research"}})
    found = {j.record.source.path: j for j in judged(desk.directory)}
    assert found["a-again.html"].record.classification.label == "research"
    assert found["a.html"].record.classification.label == "casework"


def test_undo_takes_back_ones_own_last_decision_and_history_keeps_all(desk: Desk) -> None:
    document = record("a").id
    desk.decide(document, "Ada", None, {"kind": "label", "value": {"label": "other"}})
    desk.decide(document, "Bo", None, {"kind": "note", "value": {"text": "ask the county"}})
    fact = key(desk, document, "counts")
    desk.decide(document, "Ada", None, {"kind": "counts", "action": "delete", "fact": fact})
    assert desk.undo(document, "Ada")
    assert [f.state for f in desk.reviewed(document).facts if f.key == fact] == ["proposed"]
    assert desk.undo(document, "Ada")
    assert not desk.undo(document, "Ada")
    assert not desk.reviewed(document).judged
    assert [n.value for n in desk.reviewed(document).notes] == [{"text": "ask the county"}]
    made = desk.decisions.of_document(document)
    assert [d.action for d in made] == ["change", "add", "delete", "undo", "undo"]
    assert all(d.at and d.reviewer for d in made)
    assert [d.kind for d in active(made)] == ["note"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("counts", {"start": 0, "end": 10_000, "kind": "samples", "value": 1}),
        ("counts", {"start": 5, "end": 5, "kind": "samples", "value": 1}),
        ("counts", {"start": "0", "end": 3, "kind": "samples", "value": 1}),
        ("counts", {"start": 0, "end": 3, "kind": "samples", "value": "=1+1"}),
        ("counts", {"start": 0, "end": 3, "kind": "samples", "value": "inf"}),
        ("counts", {"start": 0, "end": 3, "kind": "tubes", "value": 1}),
        ("counts", {"start": 0, "end": 3, "kind": "samples", "value": 1, "as_of": "last year"}),
        ("counts", {"text": "not in the title", "kind": "samples", "value": 1}),
        ("places", {"start": 0, "end": 3, "adcode": "999999"}),
        ("justifications", {"start": 0, "end": 3, "code": "<script>"}),
        ("groups", {"code": "everybody"}),
        ("organisations", {"start": 0, "end": 3}),
    ],
)
def test_what_is_no_fact_is_refused(desk: Desk, kind: str, value: dict[str, Any]) -> None:
    with pytest.raises(BadFact):
        desk.decide(record("a").id, "Ada", None, {"kind": kind, "action": "add", "value": value})
    assert desk.decisions.of_document(record("a").id) == []


def test_a_place_gets_its_names_from_the_gazetteer(desk: Desk) -> None:
    document = record("a").id
    found = suggest_places("察雅", ("540325",))
    assert found[0]["adcode"] == "540325"
    assert suggest_places("Zhag'yab")[0]["adcode"] == "540325"
    given = {"start": 3, "end": 6, "adcode": "540325", "name": "nowhere", "village": "某村"}
    desk.decide(document, "Ada", None, {"kind": "places", "action": "add", "value": given})
    added = next(f for f in desk.reviewed(document).facts if f.state == "added")
    assert added.value["name"] == "西藏自治区昌都市察雅县"
    assert (added.value["text"], added.value["village"]) == ("察雅县", "某村")


def test_a_run_again_touches_no_decision(tmp_path: Path) -> None:
    page = tmp_path / "archive" / "a.html"
    page.parent.mkdir()
    page.write_text(f"<html><head><title>通报</title></head><body><h1>通报</h1><p>{TEXT}</p></body></html>", "utf-8")
    out = tmp_path / "run"
    run([page.parent], out, work=Work(ocr="never"), jobs=1)
    told = json.loads((out / "run.json").read_text())
    assert told["roots"] == [str(page.parent.resolve())]
    desk = Desk(out, MODEL)
    document = next(iter(desk.index.paths))
    desk.decide(document, "Ada", None, {"kind": "label", "value": {"label": "research"}})
    before = desk.decisions.all()
    (page.parent / "b.html").write_text(f"<html><body><p>{TEXT}{TEXT}</p></body></html>", "utf-8")
    run([page.parent], out, work=Work(ocr="never"), jobs=1)
    assert Decisions.of(out).all() == before
    assert {j.record.classification.label for j in judged(out) if j.record.id == document} == {"research"}
    assert len(desk.index.paths) == 2  # the queue sees what a run has added
    desk.close()


def test_a_later_model_does_not_undo_what_a_reviewer_kept(desk: Desk) -> None:
    document = record("a")
    desk.decide(
        document.id, "Ada", None, {"kind": "counts", "action": "accept", "fact": key(desk, document.id, "counts")}
    )
    made = desk.decisions.of_document(document.id)
    without = apply(document.model_copy(update={"counts": ()}), made)
    assert [(c.text, c.value) for c in without.record.counts] == [("312份", 312)]
    count = document.counts[0]
    longer = count.model_copy(update={"text": "血样312份", "start": (count.start or 0) - 2, "value": 3120})
    other = apply(document.model_copy(update={"counts": (longer,)}), made)
    assert [(c.text, c.value) for c in other.record.counts] == [("312份", 312)]


def test_decisions_follow_their_words_when_a_page_is_read_otherwise(desk: Desk) -> None:
    document = record("a")
    count, place = key(desk, document.id, "counts"), key(desk, document.id, "places")
    desk.decide(document.id, "Ada", None, {"kind": "counts", "action": "correct", "fact": count, "value": {
        "kind": "target", "value": 3120}})  # fmt: skip
    desk.decide(document.id, "Ada", None, {"kind": "counts", "action": "accept", "fact": count})
    desk.decide(document.id, "Ada", None, {"kind": "places", "action": "delete", "fact": place})
    reason = key(desk, document.id, "justifications")
    desk.decide(document.id, "Ada", None, {"kind": "justifications", "action": "accept", "fact": reason})
    made = desk.decisions.of_document(document.id)
    for text in (f"【通报】{TEXT}又312份。", TEXT[2:]):
        later = record("a", text=text)
        after = apply(later, made)
        assert [(c.kind, c.value, text[c.start : c.end]) for c in after.record.counts] == [("target", 3120, "312份")]
        assert after.record.counts[0].start == text.index("312份")
        assert after.record.places == ()
        assert after.record.justifications == later.justifications
        assert {f.kind: f.state for f in after.facts} | {"groups": ""} == {
            "counts": "corrected", "places": "deleted", "justifications": "accepted", "groups": "",
        }  # fmt: skip
    gone = apply(record("a", text="全文已删除。"), made)
    assert [(c.text, c.start, c.value) for c in gone.record.counts] == [("312份", None, 3120)]


def test_a_count_that_a_reviewer_stands_for_has_no_score(tmp_path: Path) -> None:
    document = record("a")
    scored = document.model_copy(update={"counts": (document.counts[0].model_copy(update={"score": 0.6}),)})
    desk = Desk(run_directory(tmp_path / "run", [scored]), MODEL)
    count = key(desk, document.id, "counts")
    part = document_part(desk, document.id, {})["facts"]["counts"]
    assert [(fact["state"], fact["score"]) for fact in part] == [("proposed", 0.6)]
    desk.decide(document.id, "Ada", None, {"kind": "counts", "action": "accept", "fact": count})
    (one,) = judged(desk.directory)
    assert [c.score for c in one.record.counts] == [None]
    assert [c.score for c in one.proposed.counts] == [0.6]
    rows = [row for name, row in rows_of(one, repost=False) if name == "counts"]
    assert [(row["status"], row["holds"], row["score"]) for row in rows] == [("confirmed", True, None)]
    # The program less sure, or surer, later on: still the same fact, accepted. So too what an older version wrote down.
    made = desk.decisions.of_document(document.id)
    value = {name: part for name, part in (made[0].value or {}).items() if name != "score"}
    for decision in (made[0], made[0].model_copy(update={"value": value, "before": value})):
        for later in (document, scored):
            (fact, *_) = apply(later, [decision]).facts
            assert (fact.state, fact.value["score"]) == ("accepted", None)
    assert [c.score for c in apply(document.model_copy(update={"counts": ()}), made).record.counts] == [None]
    desk.decide(document.id, "Ada", None, {"kind": "counts", "action": "correct", "fact": count, "value": {
        "kind": "target", "value": 3120, "score": 0.99}})  # fmt: skip
    assert [(c.value, c.score) for c in desk.reviewed(document.id).record.counts] == [(3120, None)]
    desk.close()


def test_the_page_says_which_counts_are_doubtful_until_somebody_decides(tmp_path: Path) -> None:
    scored = [
        (one := record(name)).model_copy(update={"counts": (one.counts[0].model_copy(update={"score": score}),)})
        for name, score in (("a", 0.6), ("b", 0.93))
    ]
    with served(run_directory(tmp_path / "run", scored)) as page:
        ada = page.client()
        doubtful, sure = (ada.get(f"/documents/{one.id}").text for one in scored)
        assert "doubtful, score 0.6<" in doubtful
        assert "score 0.93<" in sure
        assert "doubtful" not in sure
        count = key(page.desk, scored[0].id, "counts")
        assert ada.decide(scored[0].id, kind="counts", action="accept", fact=count).status_code == 200
        assert "score 0.6" not in ada.get(f"/documents/{scored[0].id}").text


def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    directory = run_directory(tmp_path / "run", [record("a")])
    document = record("a").id
    desks = [Desk(directory, MODEL), Desk(directory, MODEL)]

    def work(number: int) -> None:
        desk = desks[number % 2]
        desk.decide(document, f"reviewer {number % 2}", None, {"kind": "note", "value": {"text": f"note {number}"}})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(60)))
    for desk in desks:
        notes = {n.value["text"] for n in desk.reviewed(document).notes if n.value}
        assert notes == {f"note {number}" for number in range(60)}
        assert len(desk.decisions.all()) == 60
        desk.close()


def test_agreement_counts_what_both_judged(tmp_path: Path) -> None:
    records = [record(name) for name in "abcd"]
    desk = Desk(run_directory(tmp_path / "run", records), MODEL)
    for one, ada, bo in zip(
        records, ("mass_collection", "mass_collection", "casework", "casework"),
        ("mass_collection", "mass_collection", "casework", "mass_collection"), strict=True,
    ):  # fmt: skip
        desk.decide(one.id, "Ada", None, {"kind": "label", "value": {"label": ada}})
        desk.decide(one.id, "Bo", None, {"kind": "label", "value": {"label": bo}})
    fact = key(desk, records[0].id, "counts")
    desk.decide(records[0].id, "Ada", None, {"kind": "counts", "action": "accept", "fact": fact})
    desk.decide(records[0].id, "Bo", None, {"kind": "counts", "action": "delete", "fact": fact})
    reason = key(desk, records[0].id, "justifications")
    for name in ("Ada", "Bo"):
        desk.decide(records[0].id, name, None, {"kind": "justifications", "action": "accept", "fact": reason})
    (pair,) = pairs(by_document(desk.decisions.all()))
    # Three of four alike; by chance (2 of 4 by 3 of 4) + (2 of 4 by 1 of 4) = 0.5: kappa (0.75 - 0.5) / 0.5.
    assert pair.kappa == pytest.approx(0.5)
    assert (pair.documents, pair.alike["label"]) == (4, 3)
    assert (pair.both["counts"], pair.alike["counts"]) == (1, 0)
    assert (pair.both["justifications"], pair.alike["justifications"]) == (1, 1)
    assert {(d.document, d.kind) for d in pair.differences} == {(records[3].id, "label"), (records[0].id, "counts")}
    desk.close()


def test_decisions_leave_as_gold_and_as_history(desk: Desk) -> None:
    document = record("a").id
    desk.accept_all(document, "Ada", "likely")
    desk.decide(document, "Bo", None, {"kind": "note", "value": {"text": "扎某 13912345678"}})
    path, number = write(desk.decisions, desk.directory)
    assert number == 1
    (gold,) = read_gold([path])
    assert (gold.label, gold.campaign, gold.groups) == ("mass_collection", "tibet_population", ("residents",))
    assert [(c.text, c.value) for c in gold.counts] == [("312份", 312)]
    assert gold.group.startswith("cluster://")
    told = (desk.directory / "history.jsonl").read_text("utf-8")
    assert "13812345678" not in path.read_text("utf-8") + told
    assert "13912345678" not in path.read_text("utf-8") + told
    rows = [json.loads(line) for line in told.splitlines()]
    assert {row["reviewer"] for row in rows} == {"Ada", "Bo"}
    assert all(row["path"] == "a.html" and row["at"] for row in rows)
    assert len(rows) == len(list(history(desk.decisions)))


def test_training_takes_reviewed_documents(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.accept_all(record("a").id, "Ada", None)
    desk.decide(record("b").id, "Ada", None, {"kind": "label", "value": {"label": "casework"}})
    path, _ = write(desk.decisions, tmp_path)
    reviewed = reviewed_gold([path])
    assert [d.model_dump() for d in reviewed_gold([desk.directory])] == [d.model_dump() for d in reviewed]
    gold = read_gold()[:3]
    assert with_reviewed(gold, []) == gold
    assert with_reviewed(gold, reviewed) == [*gold, *reviewed]
    # A reviewed document stands in place of the gold one it corrects: by its id, or by its words.
    again = reviewed[0].model_copy(update={"id": gold[1].id, "label": "other", "campaign": None})
    assert with_reviewed(gold, [again]) == [gold[0], again, gold[2]]
    same = gold[2].model_copy(update={"id": "R1", "text": gold[2].text.replace("\n", " \n ")})
    assert with_reviewed(gold, [same]) == [*gold[:2], same]

    trained: list[GoldDocument] = []
    monkeypatch.setattr(
        "pipeline.learning.pipeline.train_pipeline",
        lambda documents, out, progress, passages: trained.extend(documents) or out,
    )
    result = CliRunner().invoke(app, ["train", "--add", str(desk.directory), "--out", str(tmp_path / "model")])
    assert result.exit_code == 0, result.output
    assert "reviewed" in result.stdout
    known = {d.id for d in read_gold()}
    assert {"mass_collection", "casework"} == {d.label for d in trained if d.id not in known}
    for wrong in (tmp_path, tmp_path / "nothere"):
        nothing = CliRunner().invoke(app, ["train", "--add", str(wrong)])
        assert nothing.exit_code == 2
        assert nothing.stderr.count("\n") == 1
        assert "Errno" not in nothing.stderr


def test_training_stops_where_there_is_no_decision_to_add(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.learning.pipeline.train_pipeline", lambda *_: pytest.fail("trained all the same"))
    empty = tmp_path / "decisions.jsonl"
    empty.touch()
    for path in (desk.directory, empty):
        result = CliRunner().invoke(app, ["train", "--add", str(path)])
        assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.output
        assert f"no decisions in {path}" in result.stderr


def test_the_command_writes_files_and_says_what_is_wrong(desk: Desk, tmp_path: Path) -> None:
    desk.accept_all(record("a").id, "Ada", None)
    result = CliRunner().invoke(app, ["review", str(desk.directory), "--write"])
    assert result.exit_code == 0
    assert (desk.directory / "decisions.jsonl").read_text("utf-8").count("\n") == 1
    for wrong in ([str(tmp_path / "nowhere")], [str(desk.directory), "--archive", str(tmp_path / "nowhere")]):
        result = CliRunner().invoke(app, ["review", "--no-browser", *wrong])
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1


def test_an_older_run_directory_has_no_decisions(tmp_path: Path) -> None:
    directory = run_directory(tmp_path / "run", [record("a")])
    store = Store.of(directory)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE decisions")
    store.close()
    assert [j.reviewers for j in judged(directory)] == [()]


def test_the_command_serves_and_leaves_decisions_when_stopped(tmp_path: Path) -> None:
    directory = run_directory(tmp_path / "run", [record("a")])
    code = f"from cli import app; app(['review', {str(directory)!r}, '--no-browser', '--reviewer', 'Ada'])"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip
    assert process.stdout is not None
    link = process.stdout.readline().strip()
    assert link.startswith("http://127.0.0.1:")
    deadline = time.monotonic() + 30
    client = httpx.Client(follow_redirects=True)
    page = None
    while page is None and time.monotonic() < deadline:
        with contextlib.suppress(httpx.ConnectError):
            page = client.get(link)
    assert page is not None
    assert "a的通报" in page.text
    desk = Desk(directory, MODEL)  # a second program on the same directory
    desk.decide(record("a").id, "Bo", None, {"kind": "label", "value": {"label": "other"}})
    desk.close()
    assert "by Bo" in client.get(f"{link.partition('/enter')[0]}/documents/{record('a').id}").text
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert err == ""
    assert process.returncode == 0
    assert "decisions.jsonl: 1" in out
    assert (directory / "decisions.jsonl").is_file()
