"""English words for the codes, for readers who know no Chinese. Meaning of the codes: the annotation guide."""

from functools import lru_cache

from pipeline.paths import PHRASEBOOK
from pipeline.records import Label

LABELS_EN: dict[Label, str] = {
    "mass_collection": "police-led collection of DNA or blood from a population",
    "health_screening": "blood or samples taken for health",
    "casework": "samples taken because of a case or an identification",
    "research": "samples taken for science",
    "other": "none of these",
}


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    lines = (PHRASEBOOK / "codes.csv").read_text(encoding="utf-8").splitlines()[1:]
    return dict(line.split(",", 1) for line in lines if line)


def gloss(code: str) -> str:
    """The meaning of a code (reason, group, campaign, count, body, source); the code itself where none is known."""
    return _codes().get(code, code)
