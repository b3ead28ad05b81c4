"""Reference data: populations of two censuses, positions on the map, published tables. Nothing here is computed.

Read from `corpora/reference/`; its README says where each figure comes from. Where a population is not in the table,
there is none: nobody guesses.
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.paths import REFERENCE

REPORT158 = REFERENCE / "report158"


@dataclass(frozen=True)
class Population:
    """How many people a census counted in a unit, and in which unit, as some have changed since."""

    adcode: str
    year: int
    people: int
    unit_counted: str
    source: str
    note: str


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one table of corpora/reference, by column name."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=1)
def populations() -> dict[tuple[str, int], Population]:
    """By adcode and census year.

    >>> populations()["540329", 2020].people
    53185
    """
    return {
        (row["adcode"], int(row["year"])): Population(
            row["adcode"],
            int(row["year"]),
            int(row["population"]),
            row["unit_counted"],
            row["source"],
            row["note"],
        )
        for row in rows("populations.csv")
    }


def population(adcode: str, year: int) -> int | None:
    """People counted in the unit by the census of that year; None where the table has no figure."""
    found = populations().get((adcode, year))
    return found.people if found else None


@lru_cache(maxsize=1)
def centres() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the seat of a unit, by adcode; good to about 0.1 degree."""
    return {row["adcode"]: (float(row["longitude"]), float(row["latitude"])) for row in rows("centres.csv")}


@lru_cache(maxsize=1)
def assumptions() -> dict[str, Any]:
    """The named parameters of the estimate, with their values, reasons and alternatives."""
    return tomllib.loads((REFERENCE / "assumptions.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def thesis() -> dict[str, float]:
    """Figures of the 2020 thesis on China's DNA databases, as the Citizen Lab quotes them."""
    return {row["key"]: float(row["value"]) for row in rows("report158/thesis2020.csv")}
