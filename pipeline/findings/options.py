"""What people type about scope and assumptions, checked: wrong names are told with the right ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast, get_args

import regex

from pipeline.findings.coverage import Assumptions
from pipeline.findings.reference import assumptions
from pipeline.findings.scope import TIBET, BadScope, Scope
from pipeline.language.places.gazetteer import load_gazetteer
from pipeline.records import Campaign, Label, SourceType

DATE = regex.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
# Least and greatest value of each assumption that makes sense; a spread of nought has no logarithm.
RANGES = {
    "population_sd": (0.0, 1.0),
    "between_sd": (0.01, 10.0),
    "typical_centre": (-10.0, 10.0),
    "typical_sd": (0.01, 10.0),
    "unseen_shift": (-5.0, 5.0),
    "totals_are_final": (0.0, 1.0),
    "population_year": (2010.0, 2020.0),
    "interval": (0.01, 0.999),
    "fewest_areas": (2.0, 1000.0),
}
Code = TypeVar("Code", bound=str)


class BadOption(Exception):
    """An option that cannot be; the message says why and what would do."""


def scope_of(
    regions: Sequence[str] | None,
    since: str | None,
    until: str | None,
    labels: Sequence[str] | None,
    sources: Sequence[str] | None,
    campaigns: Sequence[str] | None,
) -> Scope:
    """The scope that options describe. Raises BadOption."""
    for date in (since, until):
        if date is not None and not DATE.fullmatch(date):
            raise BadOption(f"{date}: no date; write 2021, 2021-03 or 2021-03-05")
    chosen = tuple(regions or (TIBET,))
    try:
        return Scope(
            () if "all" in chosen else chosen,
            since,
            until,
            cast(tuple[Label, ...], _codes(labels, get_args(Label)) or ("mass_collection",)),
            cast(tuple[SourceType, ...], _codes(sources, get_args(SourceType))),
            cast(tuple[Campaign, ...], _codes(campaigns, get_args(Campaign))),
        )
    except BadScope as error:
        raise BadOption(str(error)) from error


def _codes(given: Sequence[str] | None, known: Sequence[str]) -> tuple[str, ...]:
    wrong = [code for code in given or () if code not in known]
    if wrong:
        raise BadOption(f"{', '.join(wrong)}: not known; choose from {', '.join(known)}")
    return tuple(given or ())


def pools(codes: Sequence[str] | None) -> tuple[str, ...]:
    """Adcodes of a pool apart, checked. Raises BadOption."""
    wrong = [code for code in codes or () if code not in load_gazetteer().rows]
    if wrong:
        raise BadOption(f"{', '.join(wrong)}: no such adcode in the gazetteer; Lhasa is 540100")
    return tuple(codes or ())


def assumed(pairs: Sequence[str] | None) -> Assumptions:
    """The assumptions with changes given as NAME=VALUE. Raises BadOption."""
    changes: dict[str, float] = {}
    for pair in pairs or ():
        name, _, text = pair.partition("=")
        if name not in assumptions():
            raise BadOption(f"{name}: no such assumption; there are {', '.join(assumptions())}")
        low, high = RANGES[name]
        try:
            value = float(text)
        except ValueError:
            raise BadOption(f"{pair}: {text!r} is no number") from None
        if not low <= value <= high:
            raise BadOption(f"{pair}: {name} lies between {low:g} and {high:g}")
        if name == "population_year" and value not in (2010, 2020):
            raise BadOption(f"{pair}: there are censuses of 2010 and 2020")
        changes[name] = value
    return Assumptions.default(**changes)
