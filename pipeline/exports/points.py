"""Where a unit lies on the map. One point a county, prefecture or province; nothing finer is known."""

from __future__ import annotations

import csv
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.paths import GAZETTEER


class Point(NamedTuple):
    """Degrees; `precision` names the unit whose point it is, which is a larger one where its own is not known."""

    latitude: float
    longitude: float
    precision: Literal["county", "prefecture", "province"]


@lru_cache(maxsize=1)
def _points() -> dict[str, tuple[float, float]]:
    with (GAZETTEER / "coordinates.csv").open(encoding="utf-8", newline="") as lines:
        return {row["adcode"]: (float(row["latitude"]), float(row["longitude"])) for row in csv.DictReader(lines)}


def point_of(adcode: str) -> Point | None:
    """The point of a unit, or of the smallest unit around it that has one. None for an unknown code.

    >>> point_of("540325")
    Point(latitude=30.654, longitude=97.569, precision='county')
    """
    gazetteer = load_gazetteer()
    if adcode not in gazetteer.rows:
        return None
    for code in reversed(gazetteer.lineage(adcode)):
        if code in _points():
            level = gazetteer.unit(code).level
            return Point(*_points()[code], level)  # type: ignore[arg-type]
    return None
