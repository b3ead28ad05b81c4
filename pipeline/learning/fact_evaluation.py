"""How well facts are told in texts that the fitted models have not seen, with them and by the rules alone.

The rules were written by people who had read the gold documents, not the passages: what the passages say of the rules
is the better measure. All are judged with the label that the annotation gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from pipeline.language.counts.component import read_counts
from pipeline.language.groups.groups import find_groups
from pipeline.language.groups.model import weighed_groups
from pipeline.language.places.component import places_of as sites_as_places
from pipeline.language.places.model import weighed_sites
from pipeline.language.reasons.justifications import find_justifications
from pipeline.language.reasons.model import weighed_reasons
from pipeline.learning.facts import FactModels, Text
from pipeline.learning.gold import GoldDocument
from pipeline.learning.groups import tells_groups
from pipeline.learning.metrics import certainty_error
from pipeline.learning.parallel import on_all_cores
from pipeline.learning.passages import Passage, context_of, telling_of_text
from pipeline.learning.places import choice_in, tells_places
from pipeline.learning.reasons import tells_reasons
from pipeline.learning.scoring import Tally, count_key, deep_place_key, span_tally, strict_key
from pipeline.records import DOUBTFUL, Count, Group, Justification, Place

# Told of counts: what is left where only those with at least such a score are kept, and those without a score.
KEPT_FROM = (0.5, DOUBTFUL, 0.9)

Parts = Sequence[tuple[FactModels, Sequence[Text]]]


def fact_metrics(models: Parts) -> dict[str, Any]:
    """Counts, reasons, groups and places of gold documents and of passages: by the rules, and by rules and model.

    Passages tell no places.
    """
    asked: list[Parts] = []
    for kind in (GoldDocument, Passage):
        part = [(model, [text for text in unseen if isinstance(text, kind)]) for model, unseen in models]
        asked += [[(FactModels(), unseen) for _, unseen in part], part]
    gold_rules, gold, passages_rules, passages = on_all_cores(_scores, asked)
    return {
        "gold": {"rules": gold_rules, "rules and model": gold},
        "passages": {"rules": passages_rules, "rules and model": passages},
    }


def _scores(parts: Parts) -> dict[str, Any]:
    return _count_scores(parts) | _reason_scores(parts) | _group_scores(parts) | _place_scores(parts)


def _count_scores(parts: Parts) -> dict[str, Any]:
    tally, strict, invented, others = Tally(), Tally(), 0, 0
    told: list[tuple[Text, tuple[Count, ...]]] = []
    for models, unseen in parts:
        for text in unseen:
            if text.counts is None:
                continue
            counts, _ = read_counts(text.text, context_of(text), None, {text.label: 1.0}, models.counts)
            told.append((text, counts))
            tally.add(map(count_key, text.counts), map(count_key, counts))
            strict.add(map(strict_key, text.counts), map(strict_key, counts))
            if text.label != "mass_collection":
                others += 1
                invented += bool(set(map(count_key, counts)) - set(map(count_key, text.counts)))
    return {
        "counts": tally.scores(),
        "counts_strict": strict.scores(),
        "invented": invented,
        "not_mass_collection": others,
    } | certainty_scores(told)


def certainty_scores(told: Sequence[tuple[Text, Sequence[Count]]]) -> dict[str, Any]:
    """Whether counts are right as often as their score says, and what is left without those of low score.

    Under `counts_by_score`; nothing where no count has a score.
    """
    right: dict[bool, list[tuple[float, bool]]] = {True: [], False: []}
    kept = {limit: Tally() for limit in KEPT_FROM}
    for text, counts in told:
        wanted = set(map(count_key, text.counts or ()))
        for count in counts:
            right[count.score is not None].append((count.score or 0.0, count_key(count) in wanted))
        for limit, tally in kept.items():
            tally.add(wanted, (count_key(c) for c in counts if c.score is None or c.score >= limit))
    if not right[True]:
        return {}
    certainty, held = np.array(right[True]).T
    without = [hit for _, hit in right[False]]
    return {
        "counts_by_score": {
            "calibration_error": round(certainty_error(certainty, held), 4),
            "scored": len(held),
            "without_score": len(without),
            "precision_without_score": round(float(np.mean(without)), 4) if without else None,
            "kept_from": {str(limit): tally.scores() for limit, tally in kept.items()},
        }
    }


def reasons_of(text: Text, models: FactModels) -> tuple[Justification, ...]:
    """The reasons found in a text, with the model where there is one."""
    found = find_justifications(text.text, context_of(text))
    if models.reasons is None:
        return found
    return weighed_reasons(models.reasons, found, telling_of_text(text), text.text, text.title)


def groups_of(text: Text, models: FactModels) -> tuple[Group, ...]:
    """The groups found in a text, with the model where there is one."""
    found = find_groups(text.text, context_of(text))
    return found if models.groups is None else weighed_groups(models.groups, found, telling_of_text(text))


def _reason_scores(parts: Parts) -> dict[str, Any]:
    tally, spans = Tally(), Tally()
    for models, unseen in parts:
        for text in filter(tells_reasons, unseen):
            wanted, found = text.justifications or (), reasons_of(text, models)
            tally.add((reason.code for reason in wanted), (reason.code for reason in found))
            span_tally(spans, wanted, found)
    return {"justifications": tally.scores(), "justification_spans": spans.scores()}


def places_of(text: GoldDocument, models: FactModels) -> tuple[Place, ...]:
    """The places found in a document, with the model where there is one."""
    choice = choice_in(text)
    if models.places is None:
        return sites_as_places(choice, choice.sites())
    return sites_as_places(choice, weighed_sites(models.places, choice, telling_of_text(text)))


def _group_scores(parts: Parts) -> dict[str, Any]:
    tally = Tally()
    for models, unseen in parts:
        for text in filter(tells_groups, unseen):
            tally.add(text.groups or (), groups_of(text, models))
    return {"groups": tally.scores()}


def _place_scores(parts: Parts) -> dict[str, Any]:
    tally, deep = Tally(), Tally()
    for models, unseen in parts:
        for text in unseen:
            if tells_places(text):
                found = places_of(text, models)
                tally.add((place.adcode for place in text.places), (place.adcode for place in found))
                deep.add(map(deep_place_key, text.places), map(deep_place_key, found))
    return {"places": tally.scores(), "places_deep": deep.scores()}
