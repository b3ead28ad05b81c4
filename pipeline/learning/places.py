"""Fit the model that tells which mentions of places are of the collection (`pipeline.language.places.model`).

The annotation says which places a document tells, not by which of its mentions: every mention of such a place counts
as telling it (choosing among them in rounds, as for the groups, gained nothing on unread files).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

import numpy as np

from pipeline.language.fitted.windows import WindowModel
from pipeline.language.places.choice import Choice
from pipeline.language.places.component import choice_of
from pipeline.language.places.features import place_mentions
from pipeline.language.places.gazetteer import township_stem
from pipeline.language.places.model import PLACE_CLASSES, PLACE_WINDOWS
from pipeline.language.places.villages import village_stem
from pipeline.language.script import matching_copy
from pipeline.learning.gold import GoldDocument
from pipeline.learning.passages import Passage, context_of, telling_of_text
from pipeline.learning.windows import Features, Judged

# What was chosen by cross-validation over files that no writer of rules had read. The rules' own answer is no term:
# they were written from most of the documents the model learns from, where they are right more often than elsewhere.
REGULARISATION = 0.05
Key = tuple[str, str, str]


def tells_places(source: GoldDocument | Passage) -> TypeGuard[GoldDocument]:
    """Whether a text says where the samples of a collection are taken: passages do not."""
    return isinstance(source, GoldDocument) and source.label == "mass_collection"


def choice_in(source: GoldDocument) -> Choice:
    """What a document tells of places."""
    return choice_of(source.text, context_of(source))


def place_key(adcode: str, township: str | None, village: str | None) -> Key:
    """What tells a place apart, whichever of its names stands: 旁多鄉 is 旁多乡, 金星 is 金星村."""
    return adcode, township_stem(matching_copy(township or "")), village_stem(matching_copy(village or ""))


def places_in(source: GoldDocument) -> Judged:
    """A document as the model sees it: the mentions of places in it, and which are of its collection's."""
    told = telling_of_text(source)
    found = place_mentions(choice_in(source), told)
    wanted = {place_key(place.adcode, place.township, place.village) for place in source.places}
    named = [place_key(at.site.code[:6], at.site.township, at.site.village) for at in found]
    return Judged(told.post, [at.stretch for at in found], np.array([key in wanted for key in named], dtype=np.int64))


class PlaceFeatures:
    """The features of many documents, laid out once; models are fitted on some of them."""

    def __init__(self, texts: Sequence[Judged]) -> None:
        self.features = Features(texts, PLACE_CLASSES, PLACE_WINDOWS)

    def fit(self, inside: Sequence[int]) -> WindowModel | None:
        """A model of the texts with these numbers; None where all mentions in them are of the collection, or none."""
        rows = np.isin(self.features.rows, inside)
        if len(np.unique(self.features.truth[rows])) < 2:
            return None
        return self.features.fit(inside, REGULARISATION)
