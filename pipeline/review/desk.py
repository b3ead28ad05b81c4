"""What the page works on: the run directory's records, its decisions, the queue, the ranking learned so far."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from math import exp
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from pipeline.batch.store import FILES, Store
from pipeline.reading.document import Document
from pipeline.reading.stored import unpack
from pipeline.records import Label, Record
from pipeline.review.decisions import Decision, Decisions, Kind, active
from pipeline.review.facts import BadFact, fact_value, label_value
from pipeline.review.index import Entry, Filters, Index, Order, log_odds, random_place
from pipeline.review.pictures import Studio
from pipeline.review.ranking import Ranker
from pipeline.review.reviewed import Reviewed, apply, fact_key
from pipeline.review.stopping import Estimate, from_ranking, from_sample, sample_size

log = logging.getLogger(__name__)
LEARN_AFTER = 10  # label decisions
IN_ORDER = frozenset({"likely", "random", "sample"})  # orders that let judged posts stand for those left


class Desk:
    """One run directory under review. Safe to use from many threads."""

    def __init__(self, directory: Path, model: Path, roots: Sequence[Path] = (), store_url: str | None = None) -> None:
        self.directory, self.model, self.roots = directory, model, tuple(roots)
        self.decisions = Decisions(Store.of(directory, store_url))
        self.studio = Studio()
        self.ranks: dict[str, float] = {}
        self.learning = ""  # what the learner does, for people; empty while idle
        self.learned_from = 0
        self._ranker: Ranker | None = None
        self._index: tuple[float, Index] | None = None
        self._lock, self._learning_lock = Lock(), Lock()
        self._labels: tuple[int, dict[str, tuple[int, Decision]]] = (-1, {})

    def close(self) -> None:
        """Release database and processes."""
        self.studio.close()
        self.decisions.close()

    @property
    def index(self) -> Index:
        """The queue; made anew when a run has finished meanwhile."""
        try:
            stamp = (self.directory / "run.json").stat().st_mtime
        except OSError:
            stamp = 0.0
        with self._lock:
            if self._index is None or self._index[0] != stamp:
                self._index = stamp, Index.of(self.decisions.store.records())
                self._labels = -1, {}
            return self._index[1]

    def record(self, document: str) -> Record:
        """The record of a document. Raises KeyError where the run has none."""
        return self.decisions.store.record(self.index.paths[document])

    def reading(self, document: str) -> Document | None:
        """The document as it was read, to find page and boxes of new facts; None where it is not stored."""
        path = self.index.paths[document]
        with self.decisions.store.engine.connect() as connection:
            packed = connection.execute(select(FILES.c.reading).where(FILES.c.path == path)).scalar()
        try:
            return unpack(packed)[0] if packed else None
        except ValueError:
            return None

    def reviewed(self, document: str) -> Reviewed:
        """What holds of a document. Raises KeyError."""
        return apply(self.record(document), self.decisions.of_document(document))

    def label_decisions(self) -> dict[str, tuple[int, Decision]]:
        """By cluster: number of the first label decision that holds, and the last one."""
        made = self.decisions.all()
        number = len(made)  # rows are never taken away, but a slow writer's may come in before the last
        index = self.index
        known, labels = self._labels
        if known == number:
            return labels
        found: dict[str, tuple[int, Decision]] = {}
        for decision in active(made):
            entry = index.by_id.get(decision.document)
            if decision.kind == "label" and entry is not None:
                first = found[entry.cluster][0] if entry.cluster in found else decision.number
                found[entry.cluster] = first, decision
        self._labels = number, found
        return found

    def labels(self) -> dict[str, Label]:
        """Decided labels by cluster."""
        return {c: d.value["label"] for c, (_, d) in self.label_decisions().items() if d.value}

    def queue(self, filters: Filters, order: Order) -> list[Entry]:
        """The posts that pass the filters, in order."""
        return self.index.select(filters, order, self.labels(), self.ranks)

    # decisions

    def decide(self, document: str, reviewer: str, order: str | None, given: dict[str, Any]) -> Decision:
        """Check what a reviewer sent and write it down. Raises BadFact and KeyError (no such document or fact)."""
        kind, action = given.get("kind"), given.get("action")
        reviewed = self.reviewed(document)
        made: dict[str, Any] = {"document": document, "reviewer": reviewer, "ordered_by": order, "kind": kind}
        if kind == "label":
            own = reviewed.record.classification
            value = label_value(given.get("value") or {})
            made["before"] = {"label": own.label, "campaign": own.campaign}
            made |= {"action": "accept" if value == made["before"] else "change", "value": value}
        elif kind == "note":
            text = str((given.get("value") or {}).get("text") or "").strip()[:4000]
            if not text:
                raise BadFact("an empty note")
            made |= {"action": "add", "value": {"text": text}}
        elif kind in ("counts", "places", "justifications", "groups"):
            made |= self._fact(kind, str(action), reviewed, given)
        else:
            raise BadFact("no such decision")
        decision = self.decisions.add(Decision.model_validate(made))
        if kind == "label":
            self.learn_when_due()
        return decision

    def _fact(self, kind: Kind, action: str, reviewed: Reviewed, given: dict[str, Any]) -> dict[str, Any]:
        facts = {fact.key: fact for fact in reviewed.facts}
        if action == "add":
            document = reviewed.record.id
            value = fact_value(kind, given.get("value") or {}, reviewed.record, self.reading(document))
            key = fact_key(kind, value)
            known = facts.get(key) or facts.get(f"new:{key}")
            if known is None:
                return {"action": "add", "fact": f"new:{key}", "value": value}
            return {"action": "accept", "fact": known.key, "value": value, "before": known.value}
        fact = facts[str(given.get("fact"))]
        if fact.kind != kind:
            raise BadFact("no such fact")
        said: dict[str, Any] = {"fact": fact.key, "before": fact.value}
        if action == "accept":
            return said | {"action": "accept", "value": fact.value}
        if action == "delete":
            return said | {"action": "delete"}
        if action == "correct":
            wanted = {name: fact.value.get(name) for name in ("start", "end", "text")} | (given.get("value") or {})
            value = fact_value(kind, wanted, reviewed.record, self.reading(reviewed.record.id))
            return said | {"action": "correct", "value": value}
        raise BadFact("no such action")

    def accept_all(self, document: str, reviewer: str, order: str | None) -> None:
        """The label as it stands, and every fact that nobody judged."""
        reviewed = self.reviewed(document)
        own = reviewed.record.classification
        for fact in reviewed.facts:
            if fact.state == "proposed":
                self.decide(document, reviewer, order, {"kind": fact.kind, "action": "accept", "fact": fact.key})
        value = {"label": own.label, "campaign": own.campaign}
        self.decide(document, reviewer, order, {"kind": "label", "value": value})

    def undo(self, document: str, reviewer: str, number: int | None = None) -> bool:
        """Undo a reviewer's own decision, by default the last that holds; False where there is none."""
        own = [d for d in active(self.decisions.of_document(document)) if d.reviewer == reviewer]
        wanted = next((d for d in reversed(own) if number in (None, d.number)), None)
        if wanted is None:
            return False
        undoing = {"kind": wanted.kind, "action": "undo", "fact": wanted.fact, "undoes": wanted.number}
        self.decisions.add(Decision.model_validate({"document": document, "reviewer": reviewer, **undoing}))
        return True

    # learning and stopping

    def learn(self) -> bool:
        """Rank anew in the background; False where that is under way already."""
        if not self._learning_lock.acquire(blocking=False):
            return False
        self.learning = "learning"
        Thread(target=self._learn, daemon=True).start()
        return True

    def learn_when_due(self) -> None:
        """Rank anew once enough labels came since the last time; a page opened again has all of them to learn from."""
        if len(self.label_decisions()) - self.learned_from >= LEARN_AFTER:
            self.learn()

    def _learn(self) -> None:
        try:
            index, labels = self.index, self.labels()
            prior = {entry.id: log_odds(entry.score) for entry in index.entries}
            if self._ranker is None:
                self._ranker = Ranker(self.model)
            if not prior.keys() <= self._ranker.rows.keys():
                wanted = (r for r in self.decisions.store.records() if r.id in prior)
                self._ranker.prepare(wanted, lambda done: setattr(self, "learning", f"{done} of {len(prior)} read"))
            decided = {e.id: labels[e.cluster] == "mass_collection" for e in index.entries if e.cluster in labels}
            self.ranks = self._ranker.learn(decided, prior)
            self.learned_from = len(labels)
        except Exception:  # the page goes on with the ranking it has
            log.exception("learning failed")
        finally:
            self.learning = ""
            self._learning_lock.release()

    def draw_sample(self, reviewer: str, size: int) -> Decision:
        """A random sample of the posts not yet judged, written down so that all reviewers work on the same."""
        labels = self.labels()
        waiting = [e.id for e in self.index.entries if e.cluster not in labels]
        seed = uuid4().hex
        drawn = sorted(waiting, key=lambda document: random_place(document, seed))[: max(1, min(size, len(waiting)))]
        value = {"documents": drawn, "from": len(waiting), "seed": seed}
        made = {"document": "", "reviewer": reviewer, "kind": "sample", "action": "draw", "value": value}
        return self.decisions.add(Decision.model_validate(made))

    def sample(self) -> Decision | None:
        """The last sample drawn."""
        return next((d for d in reversed(self.decisions.all()) if d.kind == "sample"), None)

    def samples_seen(self) -> int:
        """How many samples were drawn, the last included; of the others those of which something was judged since."""
        drawn = [d for d in self.decisions.all() if d.kind == "sample"]
        decided, by_id = self.label_decisions(), self.index.by_id

        def seen(sample: Decision) -> bool:
            clusters = [by_id[i].cluster for i in (sample.value or {})["documents"] if i in by_id]
            return any(c in decided and decided[c][1].number > sample.number for c in clusters)

        return sum(seen(sample) for sample in drawn[:-1]) + bool(drawn)

    def estimate(self) -> Estimate:
        """How many relevant posts are unseen: from the sample once it is judged, from the ranking before."""
        decided, entries = self.label_decisions(), self.index.entries
        unjudged = sum(e.cluster not in decided for e in entries)
        order = sorted(decided.values(), key=lambda two: two[0])
        relevant = [(first, d.value is not None and d.value["label"] == "mass_collection", d) for first, d in order]
        sample = self.sample()
        if sample is not None and sample.value is not None:
            clusters = [self.index.by_id[i].cluster for i in sample.value["documents"] if i in self.index.by_id]
            if clusters and all(cluster in decided for cluster in clusters):
                judged = [(d.value or {})["label"] == "mass_collection" for _, d in (decided[c] for c in clusters)]
                before = sum(hit for first, hit, _ in relevant if first < sample.number)
                since = sum(hit for first, hit, _ in relevant if first > sample.number)
                return from_sample(sample.value["from"], judged, before, since, unjudged, self.samples_seen())
        ranked = [hit for _, hit, d in relevant if d.ordered_by in IN_ORDER]
        elsewhere = sum(hit for _, hit, d in relevant if d.ordered_by not in IN_ORDER)
        odds = (self.ranks.get(e.id, log_odds(e.score)) for e in entries if e.cluster not in decided)
        return from_ranking(ranked, unjudged, elsewhere, sum(1 / (1 + exp(-value)) for value in odds))

    def wanted_sample(self) -> int:
        """How large a sample would show the target, were nothing relevant in it."""
        estimate = self.estimate()
        judged = estimate.method == "sample"  # then the next sample is one more
        return sample_size(estimate.unjudged, estimate.found, max(1, self.samples_seen() + judged))
