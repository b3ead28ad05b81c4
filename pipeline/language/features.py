"""What the classifier looks at: readable cues, alone, in the title, and together within a sentence.

N-grams say which words occur; these features say who does what to whom in one breath. `police+collect+blood` within a
sentence that names no suspect and no hospital is the mark of a collection; the same words scattered over a long
bulletin are not. Every feature has a name that a reader understands, so that a decision can be explained by it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from pipeline.language.cues import Cue, find_cues
from pipeline.language.sentences import sentence_bounds

# A sentence that names what is drawn; only there do pairs of cues mean anything for the decision.
SAMPLE = frozenset({"dna", "blood", "nucleic", "handover"})
# Who, from whom, for what: told apart in each sample sentence and its neighbours.
ROLES = (
    "police", "health", "suspect", "case", "drunk", "kin", "research", "whole", "lineage", "visit", "people", "collect",
    "progress", "database", "basicinfo", "registration", "purpose", "refuse", "procure", "plan", "voluntary",
    "handover", "nonhuman", "fiction", "law", "science_explain", "nucleic", "negation", "fraud", "health_staff",
    "disease", "donation", "newborn", "suspect_rule", "cold_case", "victims", "proposal", "commercial", "animal",
    "ancient", "study", "abroad_press", "card_occasion", "told_to_come", "lead_collect", "police_keep", "nosample",
    "storyteller", "sport", "foreign",
)  # fmt: skip


def cue_features(plain: str, title: str, publisher: str, cues: Sequence[Cue] | None = None) -> dict[str, float]:
    """Named features of a post, from matching copies of its text and title. Values are between 0 and about 3."""
    cues = find_cues(plain) if cues is None else cues
    features: dict[str, float] = {}
    length = max(len(plain), 60)
    for code, number in Counter(cue.code for cue in cues).items():
        features[f"has:{code}"] = 1.0
        features[f"density:{code}"] = math.log1p(number * 400 / length) / 2
    for cue in find_cues(title):
        features[f"title:{cue.code}"] = 1.0
    for cue in find_cues(publisher):
        features[f"publisher:{cue.code}"] = 1.0
    features.update(_sentence_features(plain, cues))
    return features


def _sentence_features(plain: str, cues: Sequence[Cue]) -> dict[str, float]:
    """Pairs of cues in sentences about samples, and in those beside them."""
    found = codes_by_sentence(plain, cues)
    features: dict[str, float] = {}
    sample = [i for i, codes in enumerate(found) if codes & SAMPLE]
    if not sample:
        return {"no sample sentence": 1.0}
    features["share of sample sentences"] = len(sample) / len(found)
    pairs: Counter[str] = Counter()
    for i in sample:
        here = found[i]
        around = here.union(*(found[j] for j in (i - 1, i + 1) if 0 <= j < len(found)))
        drawn = "genetic" if "dna" in here or "blood" in here else "other"
        for role in ROLES:
            if role in here:
                pairs[f"{drawn} with {role}"] += 1
            elif role in around:
                pairs[f"{drawn} near {role}"] += 1
        if {"collect", "police"} <= around and not {"suspect", "case", "kin", "drunk", "nucleic"} & around:
            pairs["police collect, no case near"] += 1
            if {"whole", "visit", "lineage"} & around:
                pairs["police collect from a whole, no case near"] += 1
        if "health" in around and not {"police", "handover"} & around:
            pairs["health without police"] += 1
    for name, number in pairs.items():
        features[name] = 1.0 + math.log1p(number - 1) / 2
        features[f"share: {name}"] = number / len(sample)
    return features


def codes_by_sentence(plain: str, cues: Sequence[Cue]) -> list[frozenset[str]]:
    """For each sentence, the cue codes that occur in it."""
    bounds = sentence_bounds(plain)
    found: list[set[str]] = [set() for _ in bounds]
    order = sorted(cues, key=lambda cue: cue.start)
    at = 0
    for cue in order:
        while at < len(bounds) and bounds[at][1] <= cue.start:
            at += 1
        if at < len(bounds):
            found[at].add(cue.code)
    return [frozenset(codes) for codes in found]
