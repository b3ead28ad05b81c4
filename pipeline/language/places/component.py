"""Where a collection took place: the units in which samples were taken, or whose police took them.

A post names many places: destinations of a move, home towns, counties of other items of a digest. What it names is
read in `places.reading`, which of it counts is told by the rules of `places.choice` and, beside them, by a fitted model
(`places.model`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import Context, body, keep, plain
from pipeline.language.fitted.windows import WindowModel
from pipeline.language.label.cues import Cue, find_cues
from pipeline.language.places.area import publisher_area
from pipeline.language.places.choice import Choice
from pipeline.language.places.model import PLACE_CLASSES, weighed_sites
from pipeline.language.places.reading import Reading, Site
from pipeline.language.reasons.justifications import rather_mass
from pipeline.language.script import matching_copy
from pipeline.language.telling import telling_of
from pipeline.records import Place

__all__ = ["PlacesComponent", "choice_of", "find_places", "make_places", "places_of", "publisher_area"]


@Language.factory("xueyang_places")
def make_places(nlp: Language, name: str) -> PlacesComponent:
    """The component that leaves the places in `doc._.places`."""
    return PlacesComponent()


class PlacesComponent:
    """Finds where samples were taken, by rules and by the fitted model where there is one.

    Nothing is found in posts that tell of no samples (label `other`).
    """

    model: WindowModel | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.places`."""
        if doc.cats and max(doc.cats, key=doc.cats.__getitem__) == "other":
            return keep(doc, "places", ())
        choice = choice_of(body(doc), doc._.context, doc._.cues, plain(doc))
        weighed = self.model is not None and rather_mass(doc)
        sites = weighed_sites(self.model, choice, telling_of(doc)) if weighed else choice.sites()  # type: ignore[arg-type]
        return keep(doc, "places", places_of(choice, sites))

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the model, where there is one."""
        if self.model is not None:
            self.model.to_disk(Path(path))

    def from_disk(self, path: Path, **_: Any) -> PlacesComponent:
        """Read the model, where there is one."""
        self.model = WindowModel.from_disk(Path(path), PLACE_CLASSES) if Path(path).exists() else None
        return self


def find_places(
    text: str, context: Context, cues: Sequence[Cue] | None = None, copy: str | None = None
) -> tuple[Place, ...]:
    """The places of the collection a post tells of, in the order of the text, those of title and publisher last.

    >>> found = find_places("察雅县公安局在吉塘镇采集DNA血样。", Context())
    >>> [(p.adcode, p.township, p.text) for p in found]
    [('540325', '吉塘镇', '吉塘镇')]
    """
    choice = choice_of(text, context, cues, copy)
    return places_of(choice, choice.sites())


def choice_of(text: str, context: Context, cues: Sequence[Cue] | None = None, copy: str | None = None) -> Choice:
    """What a post tells of places; `cues` and `copy` (its matching copy) are found where they are not given."""
    copy = matching_copy(text) if copy is None else copy
    return Choice(Reading(text, copy, context), find_cues(copy) if cues is None else cues)


def places_of(choice: Choice, sites: Sequence[Site]) -> tuple[Place, ...]:
    """Sites of a post in the record's form."""
    return tuple(_place(choice.reading, site) for site in _joined(sites))


def _joined(sites: Sequence[Site]) -> Sequence[Site]:
    """A village that only title or publisher name, with the only township the text names of its county: one place.

    By the village's own account the township's police came.
    """
    if len(sites) != 2:
        return sites
    village, town = sorted(sites, key=lambda site: not site.village)
    if not village.village or village.township or village.start is not None:
        return sites
    if town.village or len(town.code) != 9 or town.code[:6] != village.code[:6]:
        return sites
    return (town._replace(village=village.village),)


def _place(reading: Reading, site: Site) -> Place:
    """The record's form of a site."""
    return Place(
        adcode=site.code[:6],
        name=reading.book.chain(site.code),
        township=site.township,
        village=site.village,
        name_en=reading.book.english(site.code),
        text=site.text,
        start=site.start,
        end=site.end,
    )
