"""Hostile files end in bounded time and memory, with a record or a reasoned failure; nothing crashes or hangs."""

import io
import random
import time
import zlib
from collections import deque
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.batch import local
from pipeline.batch.planner import Task
from pipeline.batch.worker import Work
from pipeline.language.build import load
from pipeline.language.context import Context, make_doc
from pipeline.paths import CORPORA
from pipeline.reading.containers import is_container
from pipeline.reading.document import Document, Limits, Origins, Unreadable, no_boxes
from pipeline.reading.read import read
from pipeline.records import Failure
from tests.conftest import cases
from tests.growth import SHARE, in_proportion, seconds

SAMPLES, WEB = CORPORA / "samples", CORPORA / "gold" / "web_pages"
MUTANTS = 2000
SEEDS = [
    *(SAMPLES / name for name in ("D29.pdf", "D42.pdf", "encrypted.pdf")),
    *(WEB / name for name in ("G45.pdf", "G42.pdf", "G01.html", "H07.htm", "H42.mhtml", "G26.txt", "archive.wacz")),
    *(WEB / name for name in ("capture.warc.gz", "G32.png")),
]


def outcome(path: Path, limits: Limits = Limits()) -> Document | str:
    """What reading gives: a document, or the reason for none. It takes no longer than a worker is given."""
    start = time.monotonic()
    try:
        return read(path, limits, "never")
    except Unreadable as error:
        return error.reason
    finally:
        assert time.monotonic() - start < local.SECONDS_A_FILE


def mutant(chance: random.Random, data: bytes, other: bytes) -> bytes:
    """One of the ways in which files go bad: bits, cuts, gaps, repeats, pieces of another file, numbers made huge."""
    content = bytearray(data)
    huge = (b"99999999999", b"-1", b"\x00\x00", b"<<" * 500, b"[" * 500, b"<div>" * 500)
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(max(1, len(content))), chance.randint(1, 2000)
        way = chance.randrange(6)
        if way == 0:
            for _ in range(chance.randint(1, 60)):
                content[chance.randrange(len(content))] = chance.randrange(256)
        elif way == 1:
            del content[at:]
        elif way == 2:
            del content[at : at + length]
        elif way == 3:
            content[at:at] = content[at : at + length] * chance.randint(1, 20)
        elif way == 4:
            start = chance.randrange(max(1, len(other)))
            content[at:at] = other[start : start + length]
        else:
            content[at:at] = chance.choice(huge)
        content = content or bytearray(b"%PDF-1.4")
    return bytes(content)


def test_two_thousand_mutants_neither_crash_nor_hang(tmp_path: Path) -> None:
    chance = random.Random(20161)
    seeds = [path.read_bytes() for path in SEEDS]
    tasks: deque[Task] = deque()
    for number in range(MUTANTS):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(mutant(chance, seeds[number % len(seeds)], chance.choice(seeds)))
        tasks.append(Task(path.name, path, "0" * 64, container=is_container(path)))
    reasons: dict[str, str] = {}
    done = 0
    for task, outcomes in local.run(tasks, Work(ocr="never"), jobs=2):
        tasks.extend(one for one in outcomes if isinstance(one, Task))
        done += not task.steps
        reasons |= {one.path: one.reason for one in outcomes if isinstance(one, Failure)}
    assert done == MUTANTS
    bad = {path: reason for path, reason in reasons.items() if reason in ("internal_error", "crashed", "too_slow")}
    assert not bad


def test_ten_thousand_pages(tmp_path: Path) -> None:
    path = tmp_path / "pages.pdf"
    with pikepdf.new() as pdf:
        for _ in range(10_000):
            pdf.add_blank_page()
        pdf.save(path)
    assert outcome(path) == "too_many_pages"


def test_a_page_of_ten_metres(tmp_path: Path) -> None:
    path = tmp_path / "huge.pdf"
    side = 10 / 0.0254 * 72
    canvas = Canvas(str(path), pagesize=(side, side))
    canvas.drawString(100, side - 100, "A page of ten metres by ten, with a line of text on it.")
    canvas.showPage()
    canvas.save()
    assert isinstance(outcome(path), Document)


def test_a_stream_that_unpacks_to_a_gigabyte(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(b" " * 1_000_000) for _ in range(1000)) + packer.flush()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        page.Contents = pdf.make_stream(b"")
        page.Contents.write(bomb, filter=pikepdf.Name.FlateDecode)
        pdf.save(path, compress_streams=False)
    assert path.stat().st_size < 5_000_000
    (task,) = tasks = [Task("bomb.pdf", path, "0" * 64)]
    found = dict(local.run(deque(tasks), Work(ocr="never"), jobs=1))[task]
    assert isinstance(found[0], Failure)


def test_objects_nested_a_hundred_thousand_deep(tmp_path: Path) -> None:
    path = tmp_path / "deep.pdf"
    deep = b"[" * 100_000 + b"]" * 100_000
    body = b"%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R/Deep " + deep + b">>\nendobj\n"
    body += b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n3 0 obj\n<</Type/Page/Parent 2 0 R>>\nendobj\n"
    path.write_bytes(body + b"trailer\n<</Root 1 0 R>>\n%%EOF")
    task = Task("deep.pdf", path, "0" * 64)
    (found,) = dict(local.run(deque([task]), Work(ocr="never"), jobs=1))[task]
    assert isinstance(found, Failure)
    assert found.reason in ("damaged", "no_text")


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_picture_of_ten_thousand_million_pixels(tmp_path: Path, kind: str) -> None:
    out = io.BytesIO()
    Image.new("L", (60, 60)).save(out, kind)
    content = bytearray(out.getvalue())
    if kind == "PNG":
        content[16:24] = (100_000).to_bytes(4, "big") * 2
        content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    else:
        content[6:10] = (60_000).to_bytes(2, "little") * 2
    path = tmp_path / "huge.bin"
    path.write_bytes(content)
    from pipeline.reading import photos

    with pytest.raises(Unreadable) as caught:
        photos._frames(bytes(content), Limits())
    assert caught.value.reason == "too_large"


@pytest.fixture(scope="module")
def trained() -> Language:
    """The trained pipeline."""
    return load()


def as_mass_collection(trained: Language, text: str, published: str) -> tuple[Doc, dict[str, float]]:
    """A text read as a post that tells a mass collection, and the seconds that each component took."""
    doc = make_doc(trained, text, Context("东河县男性血样采集情况", "东河县公安局", published))
    taken = {}
    for name, component in trained.pipeline:
        taken[name] = seconds(partial(component, doc))
        if name == "xueyang_label":
            doc.cats = {label: 0.96 if label == "mass_collection" else 0.01 for label in doc.cats}
    return doc, taken


def read_in_proportion(trained: Language, text: Callable[[int], str], size: int) -> Doc:
    """The text of this size as read, by each component in time that grows with the size and not by its square."""
    doc, whole = as_mass_collection(trained, text(size), "2019-07-20")
    _, part = as_mass_collection(trained, text(size // SHARE), "2019-07-20")
    assert [name for name in whole if not in_proportion(whole[name], part[name])] == []
    return doc


@pytest.mark.parametrize("case", cases("hostile", "repeated"))
def test_repeated_text_is_read_in_time_that_grows_with_it(trained: Language, case: dict[str, Any]) -> None:
    def text(length: int) -> str:
        repeated = (case["text"] * length)[:length]
        return f"东河县公安局采集DNA血样。\n{case.get('lead', '')}{repeated}{case.get('tail', '')}"

    assert read_in_proportion(trained, text, case["length"]).text == text(case["length"])


@pytest.mark.parametrize(
    ("form", "number"),
    [
        ("{0}村采集血样{0}份。", 10_000),
        ("{0}村采血样{0}多份。", 6000),
        ("应采{0}人，已采{0}人，采集率达{0}.{0}%。", 1500),
        ("采集血样{0}份，电话13800{0:06d}。", 2000),
        ("甲{0}村\t{0}\t{0}\n", 4000),
    ],
)
def test_what_a_figure_costs_does_not_grow_with_the_others(trained: Language, form: str, number: int) -> None:
    lead = "单位\t应采\t已采\n" if "\t" in form else ""
    doc = read_in_proportion(trained, lambda n: lead + "".join(map(form.format, range(100, 100 + n))), number)
    assert len(doc._.counts) >= number / 2


@pytest.mark.parametrize("case", cases("hostile", "days"))
def test_a_day_that_does_not_exist_costs_no_figure(trained: Language, case: dict[str, Any]) -> None:
    """OCR misreads days, and pages misstate them: the figures stay, and no date in a record is impossible."""
    doc, _ = as_mass_collection(trained, f"东河县公安局采集DNA血样。\n{case['text']}", case["published"])
    counts = doc._.counts
    assert counts
    for dated in filter(None, (count.as_of for count in counts)):
        date.fromisoformat(f"{dated}-01-01"[: len("2020-01-01")])


def test_the_longest_text_that_is_read_can_be_judged(trained: Language) -> None:
    text = ("东河县公安局采集DNA血样。\n" * Limits().characters)[: Limits().characters]
    assert len(make_doc(trained, text).text) == Limits().characters


def test_halves_of_characters_go_no_further(trained: Language) -> None:
    broken = "东河县公安局采集DNA血样\ud800 9,120份。\udfff"
    document = Document(broken, Origins([], [], no_boxes), title="血样\udc00采集")
    assert document.text == "东河县公安局采集DNA血样\ufffd 9,120份。\ufffd"
    assert document.title == "血样\ufffd采集"
    for doc in (trained(make_doc(trained, broken, Context("血样\ud800", "局\ud9ff"))), trained(broken)):
        assert [count.value for count in doc._.counts] == [9120]
    assert trained(make_doc(trained, "天\ud800气", Context("今\ud800天"))).text == "天\ufffd气"


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened while reading")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    path = tmp_path / "a.html"
    path.write_text(
        "<!DOCTYPE html SYSTEM 'http://127.0.0.1:9/x.dtd'><html><head><link rel=stylesheet href=http://127.0.0.1:9/a.css>"
        "<script src=http://127.0.0.1:9/a.js></script></head><body><h1>采血通知</h1><p>派出所采集血样三十份。</p>"
        "<img src=http://127.0.0.1:9/p.png><iframe src=http://127.0.0.1:9/></iframe></body></html>",
        encoding="utf-8",
    )
    document = outcome(path)
    assert isinstance(document, Document)
    assert document.text == "派出所采集血样三十份。"
