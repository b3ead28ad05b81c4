"""The Citizen Lab's extrapolation of 2022 as a procedure: from a table of totals to two estimates for a region.

Source: E. Dirks, Mass DNA Collection in the Tibet Autonomous Region from 2016-2022, Citizen Lab report 158, section
"Estimating the scale of data collection". The report cuts figures off rather than rounding them (9.96 is printed as
9.9, 32.98
as 32.9), so that is the default here. Arithmetic is decimal: the printed figures come out to the last digit.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Literal

from pipeline.findings.reference import REPORT158, thesis

ROLES = ("part", "rate", "coverage", "database", "alike", "region")
COLUMNS = ("role", "area", "adcode", "samples", "population", "percent", "where")
# The report works with the people outside Lhasa and Nyingchi in ten thousands: 3.66 million less 1.18 million.
STEP = Decimal(10000)
Rounding = Literal["cut", "nearest"]


class BadInputs(Exception):
    """A table of totals that cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Row:
    """One line of the table of totals. `samples`, `population` and `percent` are None where the cell is empty."""

    role: str
    area: str
    adcode: str
    samples: Decimal | None
    population: Decimal | None
    percent: Decimal | None
    where: str


@dataclass(frozen=True)
class Step:
    """One figure of the procedure: what it is, how it came about, and its value (percentages from 0 to 100)."""

    key: str
    says: str
    working: str
    value: Decimal


@dataclass
class Working:
    """The steps as they are taken, by key."""

    rounding: Rounding
    steps: dict[str, Step] = field(default_factory=dict)

    def whole(self, value: Decimal, step: Decimal = Decimal(1)) -> Decimal:
        """To whole persons, or to multiples of `step`."""
        return (value / step).to_integral_value(self._mode) * step

    def tenth(self, value: Decimal) -> Decimal:
        """A percentage to one decimal."""
        return value.quantize(Decimal("0.1"), self._mode)

    @property
    def _mode(self) -> str:
        return ROUND_DOWN if self.rounding == "cut" else ROUND_HALF_UP

    def put(self, key: str, says: str, working: str, value: Decimal) -> Decimal:
        """Keep a step; returns its value."""
        self.steps[key] = Step(key, says, working, value)
        return value


def read_inputs(path: Path | None = None) -> list[Row]:
    """A table of totals: a CSV with the columns role, area, adcode, samples, population, percent, where.

    Default: the report's own figures. Raises BadInputs and OSError.
    """
    path = path or REPORT158 / "inputs.csv"
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in COLUMNS[:6] if name not in (reader.fieldnames or ())]
        if missing:
            raise BadInputs(f"{path}: no column {', '.join(missing)}; needed: {', '.join(COLUMNS)}")
        found = [_row(path, number, row) for number, row in enumerate(reader, 2)]
    if not found:
        raise BadInputs(f"{path}: no rows")
    return found


def _row(path: Path, line: int, row: dict[str, str]) -> Row:
    numbers: list[Decimal | None] = []
    for name in ("samples", "population", "percent"):
        text = (row.get(name) or "").strip().replace(",", "")
        try:
            number = Decimal(text) if text else None
        except ArithmeticError as error:
            raise BadInputs(f"{path}, line {line}: {name} {text!r} is no number") from error
        if number is not None and (not number.is_finite() or number < 0 or (name != "samples" and number == 0)):
            raise BadInputs(f"{path}, line {line}: {name} {text!r} is out of range")
        if name == "percent" and number is not None and number > 100:
            raise BadInputs(f"{path}, line {line}: percent {text!r} is above 100")
        numbers.append(number)
    role = (row["role"] or "").strip()
    if role not in ROLES:
        raise BadInputs(f"{path}, line {line}: role {role!r} is none of {', '.join(ROLES)}")
    samples, population, percent = numbers
    cell = {name: (row.get(name) or "").strip() for name in ("area", "adcode", "where")}
    return Row(role, cell["area"], cell["adcode"], samples, population, percent, cell["where"])


def estimate(rows: Iterable[Row], rounding: Rounding = "cut") -> dict[str, Step]:
    """All steps of the procedure, by key, in order. Raises BadInputs where a figure it rests on is missing.

    Each `rate` gives one estimate: its share of samples in the population is carried over to the people outside the
    areas of `database` and `alike`, whose samples are added.
    """
    rows = list(rows)
    work = Working(rounding)
    rates = _rates(work, rows)
    inside, inside_people = _inside(work, rows)
    region = next((row for row in rows if row.role == "region"), None)
    if region is None or region.population is None:
        raise BadInputs("no row of role region with a population: nothing to carry the shares over to")
    if not rates:
        raise BadInputs("no row of role rate: there is no share to carry over")
    outside = region.population - work.put(
        "inside_population",
        "People in areas estimated apart",
        f"populations added, in steps of {STEP:,}",
        work.whole(inside_people, STEP),
    )
    if outside < 0:
        raise BadInputs("the areas estimated apart hold more people than the region")
    work.put("outside_population", "People elsewhere in the region", f"{region.population:,} less those", outside)
    for area, percent in rates.items():
        beyond = work.whole(percent * outside / 100)
        work.put(f"outside/{area}", f"Samples elsewhere, by the share of {area}", f"{percent}% of {outside:,}", beyond)
        total = work.put(
            f"total/{area}",
            f"Samples in the region, by the share of {area}",
            f"{beyond:,} + {inside:,}",
            beyond + inside,
        )
        share = work.tenth(100 * total / region.population)
        work.put(f"total_percent/{area}", "as % of the region's people", f"{total:,} / {region.population:,}", share)
    return work.steps


def _rates(work: Working, rows: list[Row]) -> dict[str, Decimal]:
    rates = {}
    for row in (r for r in rows if r.role == "rate"):
        parts = [r for r in rows if r.role == "part" and r.area == row.area]
        samples = row.samples
        if samples is None and parts:
            samples = work.put(
                f"parts_sum/{row.area}",
                f"Samples in {row.area}",
                " + ".join(f"{r.samples:,}" for r in parts if r.samples is not None),
                sum((r.samples or Decimal(0) for r in parts), Decimal(0)),
            )
        if samples is None or row.population is None:
            raise BadInputs(f"{row.area}: a rate needs samples (or parts) and a population")
        share = _share(work, row.area, samples, row.population)
        says = f"Samples as % of the people of {row.area}"
        rates[row.area] = work.put(f"percent/{row.area}", says, f"{samples:,} / {row.population:,}", share)
    return rates


def _share(work: Working, area: str, samples: Decimal, people: Decimal) -> Decimal:
    """Samples as a percentage of the people. Raises BadInputs above 100: such a share can be carried over to nobody."""
    if samples > people:
        raise BadInputs(f"{area}: {samples:,} samples of {people:,} people; correct the row, or leave it out")
    return work.tenth(100 * samples / people)


def _inside(work: Working, rows: list[Row]) -> tuple[Decimal, Decimal]:
    """Samples and people of the areas estimated apart: one whose database is known, and those taken to be like it."""
    for row in (r for r in rows if r.role == "coverage"):
        if row.samples is None or row.percent is None:
            raise BadInputs(f"{row.area}: coverage needs samples and a percentage")
        people = work.whole(100 * row.samples / row.percent)
        says = f"People of {row.area} that its percentage implies"
        work.put(f"implied_population/{row.area}", says, f"{row.samples:,} = {row.percent}%", people)
    base = next((r for r in rows if r.role == "database"), None)
    alike = [r for r in rows if r.role == "alike"]
    if base is None:
        if alike:
            raise BadInputs("rows of role alike need one of role database to be like")
        return Decimal(0), Decimal(0)
    if base.samples is None or base.population is None or base.percent is None:
        raise BadInputs(f"{base.area}: a database needs samples, their percentage of it, and a population")
    samples = work.whole(100 * base.samples / base.percent)
    says, working = f"Samples in the database of {base.area}", f"{base.samples:,} = {base.percent}%"
    inside = work.put(f"samples/{base.area}", says, working, samples)
    work.put(f"remainder/{base.area}", "of these from elsewhere", f"less {base.samples:,}", samples - base.samples)
    says, working = f"as % of the people of {base.area}", f"{samples:,} / {base.population:,}"
    share = work.put(f"percent/{base.area}", says, working, _share(work, base.area, samples, base.population))
    people = base.population
    for row in alike:
        if row.population is None:
            raise BadInputs(f"{row.area}: no population")
        value = work.whole(share * row.population / 100)
        inside += work.put(f"samples/{row.area}", f"Samples in {row.area}", f"{share}% of {row.population:,}", value)
        people += row.population
    work.put("inside", "Samples in areas estimated apart", "added", inside)
    return inside, people


def beside_thesis(steps: dict[str, Step], region: Decimal, rounding: Rounding = "cut") -> dict[str, Step]:
    """The totals beside the 631,460 samples that the thesis gives for the middle of 2020."""
    work = Working(rounding)
    known = Decimal(int(thesis()["database"]))
    work.put(
        "thesis_percent", "Thesis, as % of the region", f"{known:,} / {region:,}", work.tenth(100 * known / region)
    )
    for key, step in steps.items():
        if key.startswith("total/"):
            area, more = key.partition("/")[2], step.value - known
            work.put(f"since_thesis/{area}", f"Above the thesis, by {area}", f"{step.value:,} - {known:,}", more)
            share = work.tenth(100 * more / region)
            work.put(f"since_thesis_percent/{area}", "as % of the region", f"{more:,} / {region:,}", share)
    return work.steps
