"""A record with its reviewers' decisions applied: pure functions, no database, no page.

A fact is known by a key made of where it stands and what it says. Decisions on it are read in the order they were
made; the last one holds, whoever made it. What nobody judged stays as proposed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.records import Classification, Count, Justification, Located, Place, Record
from pipeline.review.decisions import FACT_KINDS, Decision, Kind, active

State = Literal["proposed", "accepted", "corrected", "added", "deleted"]
MODELS: dict[str, type[Located]] = {"counts": Count, "places": Place, "justifications": Justification}


@dataclass(frozen=True)
class ReviewedFact:
    """One fact as it stands now. `value` is its JSON form: of a group, {"code": ...}."""

    kind: Kind
    key: str
    value: dict[str, Any]
    state: State
    proposed: dict[str, Any] | None = None  # None for a fact that a reviewer added
    reviewer: str | None = None
    at: str | None = None


@dataclass(frozen=True)
class Reviewed:
    """What holds of one document, and who decided."""

    record: Record
    facts: tuple[ReviewedFact, ...]
    label_by: Decision | None  # the decision that gave the label; None while it is the program's
    notes: tuple[Decision, ...]
    reviewers: tuple[str, ...]  # of label and facts; a note decides nothing

    @property
    def judged(self) -> bool:
        """Whether somebody decided the label."""
        return self.label_by is not None

    @property
    def confirmed(self) -> frozenset[str]:
        """What `fact_key` says of every fact that holds because a reviewer accepted, corrected or added it."""
        held = {"accepted", "corrected", "added"}
        return frozenset(fact_key(f.kind, f.value) for f in self.facts if f.state in held)


def proposals(record: Record) -> dict[str, tuple[Kind, dict[str, Any]]]:
    """Key → kind and JSON of every fact a reviewer may judge. Keys are unique within a document."""
    found: dict[str, tuple[Kind, dict[str, Any]]] = {}
    times: Counter[str] = Counter()
    for kind in FACT_KINDS:
        for fact in getattr(record, kind):
            value = {"code": fact} if kind == "groups" else fact.model_dump(mode="json")
            key = fact_key(kind, value)
            times[key] += 1
            found[key if times[key] == 1 else f"{key}#{times[key]}"] = (kind, value)
    return found


def fact_key(kind: Kind, value: dict[str, Any]) -> str:
    """Where a fact stands and what it says: the same for the same fact found by another model."""
    if kind == "groups":
        return f"groups:{value['code']}"
    where = f"{value['start']}-{value['end']}" if value.get("start") is not None else f"page:{value['text']}"
    says = {
        "counts": (value.get("kind"),),
        "places": (value.get("adcode"), value.get("township"), value.get("village")),
        "justifications": (value.get("code"),),
    }[kind]
    return ":".join([kind, where, *(str(part or "") for part in says)])


def apply(record: Record, decisions: Iterable[Decision]) -> Reviewed:
    """The record as its reviewers left it. `decisions` are those of the document, oldest first."""
    holding = active(list(decisions))
    facts = {
        key: ReviewedFact(kind, key, value, "proposed", proposed=value)
        for key, (kind, value) in proposals(record).items()
    }
    moved: dict[str, str] = {}
    for decision in holding:
        if decision.kind in FACT_KINDS and decision.fact is not None:
            key = moved.setdefault(decision.fact, _key_now(facts, decision, record.document.text))
            _decide(facts, key, decision, record.document.text)
    label_by = next((d for d in reversed(holding) if d.kind == "label"), None)
    everything = tuple(sorted(_without_doubles(list(facts.values())), key=_place_in_text))
    return Reviewed(
        record=_with(record, everything, label_by),
        facts=everything,
        label_by=label_by,
        notes=tuple(d for d in holding if d.kind == "note"),
        reviewers=tuple(sorted({d.reviewer for d in holding if d.kind != "note"})),
    )


def _key_now(facts: dict[str, ReviewedFact], decision: Decision, text: str) -> str:
    """The key of the fact decided on; of the same fact where a later reading of the page has put it elsewhere."""
    assert decision.fact is not None
    if decision.fact in facts or decision.before is None:
        return decision.fact
    key = fact_key(decision.kind, _where_now(decision.before, text))
    return key if key in facts else decision.fact


def _where_now(value: dict[str, Any], text: str) -> dict[str, Any]:
    """The fact at the nearest place where its words stand; without a place where the text has them no more.

    A later version of the program may read a page a little differently; the offsets decided on are of the text then.
    """
    start, words = value.get("start"), value.get("text")
    if start is None or words is None or text[start : value["end"]] == words:
        return value
    places = [m.start() for m in re.finditer(f"(?={re.escape(words)})", text)]
    if not places:
        return value | {"start": None, "end": None, "page": None, "boxes": []}
    nearest = min(places, key=lambda at: abs(at - start))
    return value | {"start": nearest, "end": nearest + len(words), "boxes": []}


def _decide(facts: dict[str, ReviewedFact], key: str, decision: Decision, text: str) -> None:
    """Let one decision hold. A fact that the program no longer proposes stays where a reviewer kept it."""
    known = facts.get(key)
    value = decision.value or (known.value if known else decision.before)
    if value is None or (known is None and decision.action == "delete"):
        return
    value = _where_now(value, text)
    proposed = known.proposed if known else None
    if decision.action == "delete":
        state: State = "deleted"
    elif proposed is None:
        state = "added"
    else:
        state = "accepted" if _says(value) == _says(proposed) else "corrected"
        if state == "accepted":
            value = proposed  # with the page and boxes of the reading as it is now
    if decision.kind == "counts" and state != "deleted":
        value = value | {"score": None}  # a person stands for it, not the program
    facts[key] = ReviewedFact(decision.kind, key, value, state, proposed, decision.reviewer, decision.at)


def _says(value: dict[str, Any]) -> dict[str, Any]:
    """What makes a fact the same: not where it is drawn, nor how sure the program was."""
    return {name: part for name, part in value.items() if name not in {"page", "boxes", "score"}}


def _without_doubles(facts: list[ReviewedFact]) -> list[ReviewedFact]:
    """Without proposals that nobody judged and that overlap a fact of their kind that a reviewer put there.

    A later model may propose the same fact a character longer than the one that was judged.
    """
    kept = [f for f in facts if f.state == "added"]
    return [f for f in facts if f.state != "proposed" or not any(_overlap(f, other) for other in kept)]


def _overlap(one: ReviewedFact, other: ReviewedFact) -> bool:
    a, b = one.value, other.value
    if one.kind != other.kind or a.get("start") is None or b.get("start") is None:
        return False
    same = all(a.get(name) == b.get(name) for name in ("kind", "code", "adcode"))
    return bool(same and a["start"] < b["end"] and b["start"] < a["end"])


def _with(record: Record, facts: Iterable[ReviewedFact], label_by: Decision | None) -> Record:
    changes: dict[str, Any] = {}
    for kind in FACT_KINDS:
        mine = [f for f in facts if f.kind == kind]
        if len(mine) == len(getattr(record, kind)) and all(f.state == "proposed" for f in mine):
            continue
        values = [f.value for f in mine if f.state != "deleted"]
        model = MODELS.get(kind)
        changes[kind] = tuple(model.model_validate(v) if model else v["code"] for v in values)
    if label_by is not None and label_by.value is not None:
        changes["classification"] = relabelled(record, label_by)
    return record.model_copy(update=changes) if changes else record


def relabelled(record: Record, label_by: Decision) -> Classification:
    """The classification with a reviewer's label. Scores stay the program's; its evidence only for its own label."""
    own, value = record.classification, label_by.value or {}
    update: dict[str, Any] = {"label": value["label"], "campaign": value.get("campaign"), "needs_review": False}
    if value["label"] != own.label:
        update["evidence"] = ()
    return own.model_copy(update=update)


def _place_in_text(fact: ReviewedFact) -> tuple[int, float, str]:
    start = fact.value.get("start")
    return FACT_KINDS.index(fact.kind), float("inf") if start is None else start, fact.key


def carried_over(own: Reviewed, original: Reviewed) -> Record:
    """A copy of a reviewed post whose label nobody judged: the original's label, and its facts where the words are the
    same and nobody judged the copy's own.

    Copies share a cluster; without this, a post rejected by a reviewer would come back into the figures through a
    repost of it.
    """
    record = own.record
    if original.label_by is None:
        return record
    changes: dict[str, Any] = {"classification": relabelled(record, original.label_by)}
    if takes_facts(own, original):
        changes |= _facts_of(original, record)
    return record.model_copy(update=changes)


def takes_facts(own: Reviewed, original: Reviewed) -> bool:
    """Whether a copy takes over the facts of the reviewed post too."""
    return not own.reviewers and own.record.document.text == original.record.document.text


def _facts_of(original: Reviewed, record: Record) -> dict[str, Any]:
    """Reviewed facts for a copy with the same words: its own page and boxes where it has the fact too."""
    own = proposals(record)
    changes: dict[str, Any] = {"groups": original.record.groups}
    for kind, model in MODELS.items():
        facts = []
        for fact in original.facts:
            if fact.kind == kind and fact.state != "deleted":
                _, here = own.get(fact.key, (kind, {"page": None, "boxes": ()}))
                facts.append(model.model_validate(fact.value | {"page": here["page"], "boxes": here["boxes"]}))
        changes[kind] = tuple(facts)
    return changes
