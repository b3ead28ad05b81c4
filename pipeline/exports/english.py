"""English for readers who know no Chinese: meanings of codes, and names of places down to the county."""

from __future__ import annotations

from pipeline.language.gazetteer import load_gazetteer
from pipeline.language.glosses import LABELS_EN, gloss
from pipeline.records import Label, Place, Record


def label_en(label: Label) -> str:
    """What a label means."""
    return LABELS_EN[label]


def meaning(code: str | None) -> str | None:
    """What a code means, None where there is no code."""
    return gloss(code) if code else None


def place_en(adcode: str | None, given: str | None) -> str | None:
    """The English chain of a unit, smallest first: as the record gives it, else from the gazetteer.

    >>> place_en("540325", None), place_en("999999", None), place_en(None, None)
    ("Zhag'yab County, Qamdo, Tibet AR", None, None)
    """
    if given or not adcode:
        return given
    try:
        return load_gazetteer().english(adcode)
    except KeyError:  # a code that a reviewer mistyped
        return None


def count_place(record: Record, words: str | None) -> tuple[str | None, str | None]:
    """Adcode and English name of the county a count is for.

    Where the record knows the place by other words (全县, 各村) or the count names none: that of the only county the
    record speaks of, and nothing where it speaks of several.
    """
    for place in record.places if words else ():
        if names(place, words or ""):
            return place.adcode, place_en(place.adcode, place.name_en)
    if len({place.adcode for place in record.places}) == 1:
        return record.places[0].adcode, place_en(record.places[0].adcode, record.places[0].name_en)
    return None, None


def names(place: Place, words: str) -> bool:
    """Whether the words are this place: as quoted, as its village or township, or as the end of its full name."""
    if words in {place.text, place.village, place.township}:
        return True
    return place.township is None and place.village is None and place.name.endswith(words)
