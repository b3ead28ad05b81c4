"""How far reviewers agree: Cohen's kappa on labels, and for each kind of fact the share judged alike.

Only documents and facts that two reviewers both judged themselves count: what one left standing is no judgment.
Kappa: Cohen 1960, Educational and Psychological Measurement 20:37. It says what agreement is left once chance is taken
out: 1 is full agreement, 0 what chance would give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import isnan
from typing import Any, NamedTuple

from pipeline.review.decisions import FACT_KINDS, Decision, Kind, active
from pipeline.review.facts import gloss_of

FIELDS: tuple[Kind, ...] = ("label", *FACT_KINDS)
# Where a fact stands on the page says nothing about agreement.
SAYS = (
    "kind",
    "value",
    "upper",
    "qualifier",
    "place",
    "as_of",
    "adcode",
    "township",
    "village",
    "code",
    "start",
    "end",
)
DELETED = "deleted"


@dataclass(frozen=True)
class Difference:
    """One thing that two reviewers judged differently."""

    document: str
    kind: Kind
    words: str
    said: dict[str, str]  # reviewer → what they said


@dataclass
class Pair:
    """Two reviewers: judgments of each field made by both, how many alike, kappa of the labels."""

    reviewers: tuple[str, str]
    both: dict[str, int] = field(default_factory=dict)
    alike: dict[str, int] = field(default_factory=dict)
    kappa: float | None = None  # None where fewer than two documents, or one label only
    differences: list[Difference] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """Documents whose label both decided."""
        return self.both.get("label", 0)


class Said(NamedTuple):
    """What a reviewer said of a label or fact."""

    exactly: str  # alike where this is
    shown: str  # in English
    words: str  # of the page


Judgments = dict[tuple[Kind, str], Said]  # (kind, fact) → what was said


def judgments(decisions: Sequence[Decision], reviewer: str) -> Judgments:
    """What one reviewer said of a document: the last word on the label and on each fact."""
    found: Judgments = {}
    for decision in active([d for d in decisions if d.reviewer == reviewer]):
        if decision.kind == "label" and decision.value:
            said = " · ".join(filter(None, (decision.value["label"], decision.value.get("campaign"))))
            found["label", ""] = Said(said, said.replace("_", " "), "")
        elif decision.kind in FACT_KINDS and decision.fact:
            value = decision.value or decision.before or {}
            deleted = decision.action == "delete"
            found[decision.kind, decision.fact] = Said(
                DELETED if deleted else said_of(value),
                DELETED if deleted else gloss_of(decision.kind, value),
                str(value.get("text") or value.get("code") or ""),
            )
    return found


def said_of(value: dict[str, Any]) -> str:
    """What a fact says, wherever it is drawn: the same for facts that are alike."""
    parts = ((name, value.get(name)) for name in SAYS)
    return ", ".join(f"{name} {part:.12g}" if isinstance(part, int | float) else f"{name} {part}"
                     for name, part in parts if part is not None)  # fmt: skip


def pairs(decisions: Mapping[str, Sequence[Decision]]) -> list[Pair]:
    """Every two reviewers who judged a document both. `decisions` are by document."""
    found: dict[tuple[str, str], Pair] = {}
    labels: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for document, made in decisions.items():
        reviewers = sorted({d.reviewer for d in made})
        said = {name: judgments(made, name) for name in reviewers}
        for two in combinations(reviewers, 2):
            pair = found.setdefault(two, Pair(two))
            labels.setdefault(two, []).extend(_compare(pair, document, said[two[0]], said[two[1]]))
    for two, pair in found.items():
        pair.kappa = kappa(labels[two])
    return [pair for pair in found.values() if any(pair.both.values())]


def _compare(pair: Pair, document: str, one: Judgments, other: Judgments) -> list[tuple[str, str]]:
    labels = []
    for key in one.keys() & other.keys():
        kind, a, b = key[0], one[key], other[key]
        if kind == "label":
            # A campaign that differs is shown, but kappa is of the five labels.
            labels.append((a.exactly.split(" · ")[0], b.exactly.split(" · ")[0]))
        alike = a.exactly == b.exactly
        pair.both[kind] = pair.both.get(kind, 0) + 1
        pair.alike[kind] = pair.alike.get(kind, 0) + alike
        if not alike:
            shown = (a.shown, b.shown) if a.shown != b.shown else (f"{a.shown}: {a.words}", f"{b.shown}: {b.words}")
            said = dict(zip(pair.reviewers, shown, strict=True))
            pair.differences.append(Difference(document, kind, a.words, said))
    # A fact that only one of two added, in a document both judged, is a difference too.
    if ("label", "") in one and ("label", "") in other:
        for mine, name in ((one, 0), (other, 1)):
            for key in (one.keys() ^ other.keys()) & mine.keys():
                if key[1].startswith("new:") and key[0] in FACT_KINDS:
                    pair.both[key[0]] = pair.both.get(key[0], 0) + 1
                    said = {pair.reviewers[name]: mine[key].shown, pair.reviewers[1 - name]: "not added"}
                    pair.differences.append(Difference(document, key[0], mine[key].words, said))
    return labels


def kappa(labels: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa; None where it is not defined.

    >>> kappa([("a", "a"), ("a", "a"), ("b", "b"), ("b", "a")])
    0.5
    """
    from sklearn.metrics import cohen_kappa_score

    if len({label for two in labels for label in two}) < 2:
        return None
    value = float(cohen_kappa_score([a for a, _ in labels], [b for _, b in labels]))
    return None if isnan(value) else round(value, 4)
