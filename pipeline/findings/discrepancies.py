"""Where the printed report 158 does not add up: worked out from its own tables, shown beside any use of its figures."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from pipeline.findings.published import Row, Step, beside_thesis, estimate, read_inputs
from pipeline.findings.reference import rows


class Discrepancy(NamedTuple):
    """Two figures that should be one, and where each stands."""

    what: str
    printed: str
    reckoned: str
    note: str


def discrepancies() -> list[Discrepancy]:
    """All that the reference tables show: rows, sums, figures given twice, and figures cut off rather than rounded."""
    return [*_row_shares(), *_sums(), *_said_twice(), *_sources(), *_cut()]


def _share(samples: str, people: str) -> Decimal:
    return 100 * Decimal(samples) / Decimal(people)


def _tenths(value: Decimal) -> set[Decimal]:
    return {value.quantize(Decimal("0.1"), mode) for mode in (ROUND_DOWN, ROUND_HALF_UP)}


def _row_shares() -> list[Discrepancy]:
    table = [row for row in rows("report158/lhorong.csv") if row["percent"] and row["location"] != "TOTAL"]
    found = []
    for row in table:
        share = _share(row["samples"], row["population"])
        if Decimal(row["percent"]) in _tenths(share):
            continue
        fitting = sorted(
            {
                int(other["population"])
                for other in table
                if Decimal(row["percent"]) in _tenths(_share(row["samples"], other["population"]))
            }
        )
        note = f"The printed share fits a population of {fitting[0]:,}, which another row has" if fitting else ""
        what = f"Table 3, {row['location']}: {int(row['samples']):,} of {int(row['population']):,}"
        found.append(Discrepancy(what, f"{row['percent']}%", f"{share:.1f}%", note))
    return found


def _sums() -> list[Discrepancy]:
    found = []
    for name, column in (("lhorong", "samples"), ("lhorong", "population"), ("sources_by_origin", "sources"),
                         ("sources_by_year", "sources")):  # fmt: skip
        *parts, total = rows(f"report158/{name}.csv")
        reckoned = sum(int(row[column]) for row in parts if row[column])
        if reckoned != int(total[column]):
            found.append(Discrepancy(f"{name}: total of {column}", total[column], f"{reckoned:,}", ""))
    nowhere, *placed, total = rows("report158/lhorong.csv")
    share = _share(str(int(total["samples"]) - int(nowhere["samples"])), total["population"])
    found.append(
        Discrepancy(
            "Table 3, share of the whole",
            f"{total['percent']}%",
            f"{share:.1f}%",
            f"The {nowhere['samples']} samples with no place are in the numerator; {len(placed)} places make the "
            f"denominator",
        )
    )
    return found


def _said_twice() -> list[Discrepancy]:
    values: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows("report158/printed.csv"):
        values[row["key"]].setdefault(row["value"], row["where"])
    return [
        Discrepancy(
            f"Given twice: {key.replace('_', ' ').replace('/', ', ')}",
            " and ".join(f"{int(value):,}" for value in given),
            "one figure",
            "; ".join(f"{int(value):,}: {where}" for value, where in given.items()),
        )
        for key, given in values.items()
        if len(given) > 1
    ]


def printed(key: str) -> Decimal | None:
    """The first value the report prints for a step of the procedure."""
    return next((Decimal(row["value"]) for row in rows("report158/printed.csv") if row["key"] == key), None)


def _sources() -> list[Discrepancy]:
    years = {row["year"]: int(row["sources"]) for row in rows("report158/sources_by_year.csv")}
    late = sum(number for year, number in years.items() if year >= "2020" and year != "TOTAL")
    share = Decimal(100 * late) / years["TOTAL"]
    found = []
    said = printed("share_sources_since_2020")
    if said is not None and said != share:
        found.append(Discrepancy("Share of sources from 2020 to 2022", f"{said}%", f"{share:.0f}%", "From Table 2"))
    lhorong, pair = printed("sources_lhorong_2016"), printed("sources_lhorong_zhagyab_2016_2017")
    if lhorong and pair and (lhorong > pair or lhorong > years["2016"]):
        note = (
            f"Table 2 has {years['2016']} sources for all of Tibet in 2016; the text {pair} for both counties to 2017"
        )
        found.append(Discrepancy("Reports on Lhorong, June to October 2016", str(lhorong), f"at most {pair}", note))
    regions = len(rows("report158/key_regions.csv"))
    said = printed("key_regions")
    if said is not None and said != regions:
        found.append(Discrepancy("Table 4, number of regions", str(said), str(regions), "The heading says four"))
    return found


def _cut() -> list[Discrepancy]:
    """Figures that would differ by the usual rounding: the report cuts off, which is followed but should be known."""
    inputs = read_inputs()
    region = next(row.population for row in inputs if row.role == "region" and row.population)
    found = []
    for key, nearest in _all_steps(inputs, region, "nearest").items():
        said = printed(key)
        if said is not None and said != nearest.value:
            note = f"{nearest.says}: cut off in print, rounded here; later figures follow from it"
            found.append(Discrepancy(f"Rounding: {key.replace('_', ' ').replace('/', ', ')}",
                                     f"{said:,}", f"{nearest.value:,}", note))  # fmt: skip
    return found


def _all_steps(inputs: list[Row], region: Decimal, how: str) -> dict[str, Step]:
    steps = estimate(inputs, "nearest" if how == "nearest" else "cut")
    return steps | beside_thesis(steps, region, "nearest" if how == "nearest" else "cut")
