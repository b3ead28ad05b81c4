"""The published extrapolation: its printed results to the last digit, and where it does not add up."""

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.findings.discrepancies import discrepancies, printed
from pipeline.findings.published import BadInputs, beside_thesis, estimate, read_inputs

HEAD = "role,area,adcode,samples,population,percent,where\n"


def test_report_158_comes_out_exactly() -> None:
    rows = read_inputs()
    steps = estimate(rows) | beside_thesis(estimate(rows), Decimal(3660000))
    value = {key: step.value for key, step in steps.items()}
    assert value["parts_sum/Lhorong County"] == 17194
    assert value["percent/Lhorong County"] == Decimal("32.3")
    assert value["percent/Zhagyab County"] == Decimal("43.9")
    assert value["implied_population/Qushui County"] == 53600
    assert value["samples/Lhasa"] == 94588
    assert value["percent/Lhasa"] == Decimal("9.9")
    assert value["samples/Nyingchi"] == 23654
    assert value["inside"] == 118242
    assert [value[f"outside/{a} County"] for a in ("Lhorong", "Zhagyab")] == [801040, 1088720]
    assert [value[f"total/{a} County"] for a in ("Lhorong", "Zhagyab")] == [919282, 1206962]
    assert [value[f"total_percent/{a} County"] for a in ("Lhorong", "Zhagyab")] == [Decimal("25.1"), Decimal("32.9")]
    differing = [key for key, step in steps.items() if printed(key) not in (None, step.value)]
    assert not differing


def test_the_figures_are_computed_and_not_stored(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(HEAD + "rate,A,,100,1000,,\nregion,R,,,50000,,\n", "utf-8")
    steps = estimate(read_inputs(table))
    assert steps["total/A"].value == 5000
    assert steps["total_percent/A"].value == 10


def test_discrepancies_of_the_printed_report_are_listed() -> None:
    found = {d.what: (d.printed, d.reckoned) for d in discrepancies()}
    assert found["Table 3, Dalong Village: 502 of 6,225"] == ("9.1%", "8.1%")
    assert found["Table 3, Exi Village: 2,410 of 7,020"] == ("38.7%", "34.3%")
    assert found["Given twice: parts sum, Lhorong County"][0] == "17,194 and 17,335"
    assert found["Given twice: population, Zhagyab County"][0] == "57,065 and 50,294"
    assert found["Share of sources from 2020 to 2022"] == ("77%", "71%")
    assert found["Rounding: percent, Lhasa"] == ("9.9", "10.0")
    # Rows that do add up are not accused.
    assert not any("Kangsha" in what for what in found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HEAD, "no rows"),
        ("a,b\n1,2\n", "no column role"),
        (HEAD + "rate,A,,x,1000,,\n", "is no number"),
        (HEAD + "rate,A,,1,0,,\n", "out of range"),
        (HEAD + "guess,A,,1,10,,\n", "role 'guess'"),
        (HEAD + "rate,A,,1,10,,\n", "no row of role region"),
        (HEAD + "rate,A,,1,,,\nregion,R,,,10,,\n", "needs samples"),
        (HEAD + "region,R,,,10,,\n", "no row of role rate"),
        (HEAD + "rate,A,,1001,1000,,\nregion,R,,,9000,,\n", "1,001 samples of 1,000 people"),
        (HEAD + "database,A,,10,1000,101,\n", "above 100"),
    ],
)
def test_tables_that_cannot_be_used_are_told(tmp_path: Path, text: str, says: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text(text, "utf-8")
    with pytest.raises(BadInputs, match=says):
        estimate(read_inputs(table))
