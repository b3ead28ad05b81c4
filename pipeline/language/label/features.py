"""What the classifier looks at: readable cues, alone, in the title, and together within a sentence.

N-grams say which words occur; these features say who does what to whom in one breath. `police+collect+blood` within a
sentence that names no suspect and no hospital is the mark of a collection; the same words scattered over a long
bulletin are not. Every feature has a name that a reader understands, so that a decision can be explained by it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.language.label.cues import Cue, find_cues
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
    "storyteller", "sport", "foreign", "no_such_work",
)  # fmt: skip


# What outweighs all that a text says.
GENRE = 3.0
# Who is sampled, in a sentence about samples: a population, or somebody in particular.
POPULATION = frozenset({"whole", "lineage", "visit", "told_to_come", "card_occasion"})
PARTICULAR = frozenset({"suspect", "case", "cold_case", "kin", "drunk", "nonhuman", "victims", "fraud"})
# The feature whose sentences are those about samples.
SAMPLE_SENTENCES = "share of sample sentences"
# 采集核酸样本216份: a text that names swabs, and neither blood nor DNA.
ONLY_SWABS = "swabs, no blood"
BLOOD = frozenset({"has:dna", "has:blood", "title:dna", "title:blood"})
Located = dict[str, tuple[float, Sequence[int]]]


def located_features(plain: str, title: str, publisher: str, cues: Sequence[Cue] | None = None) -> Located:
    """Named features of a post, from matching copies of its text and title. Values are between 0 and about 3.

    Each with the sentences of the text (by number) that it comes from; none: title, publisher.
    """
    cues = find_cues(plain) if cues is None else cues
    found = codes_by_sentence(plain, cues)
    where: dict[str, list[int]] = {}
    for i, codes in enumerate(found):
        for code in codes:
            where.setdefault(code, []).append(i)
    features: Located = {}
    length = max(len(plain), 60)
    for code, number in Counter(cue.code for cue in cues).items():
        features[f"has:{code}"] = 1.0, where.get(code, ())
        features[f"density:{code}"] = math.log1p(number * 400 / length) / 2, where.get(code, ())
    for cue in find_cues(title):
        features[f"title:{cue.code}"] = 1.0, ()
    for cue in find_cues(publisher):
        features[f"publisher:{cue.code}"] = 1.0, ()
    if not {"title:made_up", "publisher:made_up"}.isdisjoint(features):
        features["made up"] = GENRE, ()
    if "has:nucleic" in features and BLOOD.isdisjoint(features):
        features[ONLY_SWABS] = GENRE, where.get("nucleic", ())
    features.update(_sentence_features(found))
    return features


def _sentence_features(found: Sequence[frozenset[str]]) -> Located:
    """Pairs of cues in sentences about samples, and in those beside them."""
    sample = [i for i, codes in enumerate(found) if codes & SAMPLE]
    if not sample:
        return {"no sample sentence": (1.0, ())}
    features: Located = {SAMPLE_SENTENCES: (len(sample) / len(found), sample)}
    pairs: dict[str, list[int]] = {}
    for i in sample:
        here = found[i]
        around = here.union(*(found[j] for j in (i - 1, i + 1) if 0 <= j < len(found)))
        for name in _pairs(here, around):
            pairs.setdefault(name, []).append(i)
    for name, rows in pairs.items():
        features[name] = 1.0 + math.log1p(len(rows) - 1) / 2, rows
        features[f"share: {name}"] = len(rows) / len(sample), rows
    return features


def _pairs(here: frozenset[str], around: frozenset[str]) -> Iterator[str]:
    """What a sentence about samples says together with its cues and those of its neighbours."""
    drawn = "genetic" if "dna" in here or "blood" in here else "other"
    for role in ROLES:
        if role in here:
            yield f"{drawn} with {role}"
        elif role in around:
            yield f"{drawn} near {role}"
    if {"collect", "police"} <= around and not {"suspect", "case", "kin", "drunk", "nucleic"} & around:
        yield "police collect, no case near"
        if {"whole", "visit", "lineage"} & around:
            yield "police collect from a whole, no case near"
    if here & POPULATION and not here & PARTICULAR:
        yield "from a whole, no case in the sentence"
        if "health" not in around:
            yield "from a whole, no case in the sentence, no health near"
    if "health" in around and not {"police", "handover"} & around:
        yield "health without police"


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
