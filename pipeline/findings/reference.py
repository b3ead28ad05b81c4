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

from pipeline.paths import GAZETTEER, REFERENCE

REPORT158 = REFERENCE / "report158"


@dataclass(frozen=True)
class Population:
    """How many people a census counted in a unit."""

    adcode: str
    year: int
    people: int
    today: bool  # the census counted the area that the unit has today
    source: str
    where: str
    grade: str  # exact, communique (preliminary count), compiled (in the boundaries of 2020), hundred (rounded)
    note: str


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one table of corpora/reference, by column name."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@lru_cache(maxsize=1)
def populations() -> dict[tuple[str, int], Population]:
    """By adcode and census year, with those of an older area of the unit.

    >>> populations()["540329", 2020].people
    53185
    """
    sources = {row["key"]: row for row in rows("population_sources.csv")}
    found = {}
    for row in rows("populations.csv"):
        source = sources[row["source"]]
        key = row["adcode"], int(row["year"])
        found[key] = Population(
            *key, int(row["population"]), row["area"] == "present", source["what"],
            source["where"], source["grade"], row["note"],
        )  # fmt: skip
    return found


def population(adcode: str, year: int) -> int | None:
    """People counted in the unit, as it is today, by the census of that year.

    None where the table has no figure, and where the census counted another area: 2,223,263 people of 2010 are those
    of a Yanbian without the Changbaishan zone, and no share may be taken of them.
    """
    found = populations().get((adcode, year))
    return found.people if found and found.today else None


@lru_cache(maxsize=1)
def gaps() -> dict[tuple[str, int], str]:
    """Why a unit has no usable figure, by adcode and census year; counties outside Tibet have none of 2010 at all."""
    return {(row["adcode"], int(row["year"])): row["reason"] for row in rows("population_gaps.csv")}


@lru_cache(maxsize=1)
def centres() -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the seat of a unit, by adcode; good to about 0.1 degree.

    The gazetteer's points for all of China; for Tibet and the prefectures, those that were looked over (centres.csv).
    """
    with (GAZETTEER / "coordinates.csv").open(encoding="utf-8", newline="") as lines:
        found = {row["adcode"]: (float(row["longitude"]), float(row["latitude"])) for row in csv.DictReader(lines)}
    return found | {row["adcode"]: (float(row["longitude"]), float(row["latitude"])) for row in rows("centres.csv")}


@lru_cache(maxsize=1)
def assumptions() -> dict[str, Any]:
    """The named parameters of the estimate, with their values, reasons and alternatives."""
    return tomllib.loads((REFERENCE / "assumptions.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def thesis() -> dict[str, float]:
    """Figures of the 2020 thesis on China's DNA databases, as the Citizen Lab quotes them."""
    return {row["key"]: float(row["value"]) for row in rows("report158/thesis2020.csv")}
