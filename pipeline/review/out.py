"""Decisions as files: `decisions.jsonl` in the form of the gold, and `history.jsonl` with every row ever written.

Both leave the store, so private numbers in them are starred.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from pipeline.batch import where
from pipeline.learning.gold import BadGold, GoldDocument, read_gold
from pipeline.privacy import mask, masked
from pipeline.review.decisions import Decision, Decisions, by_document
from pipeline.review.reviewed import Reviewed, apply


def gold_documents(decisions: Decisions) -> Iterator[GoldDocument]:
    """Every document whose label a reviewer decided, in the annotation form, sorted by path.

    `origin` names the cluster, so that copies of a post never stand on both sides of a cross-validation; `note` tells
    who judged, where the page is from, and how many facts nobody judged.
    """
    made = by_document(decisions.all())
    seen = set()
    for record in decisions.records(set(made)):
        reviewed = apply(record, made[record.id])
        if not reviewed.judged or record.id in seen:
            continue
        seen.add(record.id)
        yield gold_document(reviewed)


def gold_document(reviewed: Reviewed) -> GoldDocument:
    """One reviewed document in the annotation form. Facts quoted from the page's head alone stay out of it."""
    record = masked(reviewed.record)
    page, judged = record.document, record.classification
    whole = f"{page.title or ''}\n{page.text}"
    keep = {"text", "kind", "value", "upper", "qualifier", "place", "as_of", "adcode", "name", "township", "village",
            "code"}  # fmt: skip

    def plain(fact: Any, *names: str) -> dict[str, Any]:
        return {k: v for k, v in fact.model_dump(mode="json").items() if k in keep and (k in names or not names)}

    open_facts = sum(fact.state == "proposed" for fact in reviewed.facts)
    told = [f"reviewed by {', '.join(reviewed.reviewers)}", record.source.archived_url or record.source.path]
    told += [f"{open_facts} facts as proposed, not judged"] if open_facts else []
    told += [str((note.value or {}).get("text", "")) for note in reviewed.notes]
    return GoldDocument.model_validate(
        {
            "id": f"R{record.id}",
            "title": page.title or "",
            "publisher": page.publisher or "",
            "source_type": page.source_type,
            "published": page.published,
            "text": page.text,
            "label": judged.label,
            "campaign": (judged.campaign or "unspecified") if judged.label == "mass_collection" else None,
            "counts": [plain(c) for c in record.counts if c.text in whole],
            "places": [plain(p, "adcode", "name", "township", "village") for p in record.places],
            "justifications": [plain(j) for j in record.justifications if j.text in whole],
            "groups": list(record.groups),
            "origin": f"cluster://{record.cluster}",
            "note": mask("; ".join(told)),
        }
    )


def history(decisions: Decisions) -> Iterator[dict[str, Any]]:
    """Every decision ever made, undone ones and undoings included, with the path of its document."""
    made = decisions.all()
    paths = {record.id: record.source.path for record in decisions.records({d.document for d in made if d.document})}
    for decision in made:
        yield {"path": paths.get(decision.document)} | _masked(decision)


def _masked(decision: Decision) -> dict[str, Any]:
    def starred(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: starred(v) for k, v in value.items()}
        return mask(value) if isinstance(value, str) else value

    row = decision.model_dump(mode="json")
    return row | {name: starred(row[name]) for name in ("value", "before")}


def lines(items: Iterator[GoldDocument] | Iterator[dict[str, Any]]) -> Iterator[str]:
    """JSON Lines."""
    for item in items:
        fields = item.model_dump(mode="json", exclude={"file", "hard"}) if isinstance(item, GoldDocument) else item
        yield json.dumps(fields, ensure_ascii=False) + "\n"


def write(decisions: Decisions, folder: Path) -> tuple[Path, int]:
    """Write both files into the folder; readers never see half a file. Returns the path of decisions.jsonl and its
    number of documents.
    """
    written = {}
    for name, items in (("history.jsonl", history(decisions)), ("decisions.jsonl", gold_documents(decisions))):
        part = folder / f".{name}.part"
        content = list(lines(items))
        part.write_text("".join(content), encoding="utf-8")
        part.replace(folder / name)
        written[name] = len(content)
    return folder / "decisions.jsonl", written["decisions.jsonl"]


def reviewed_gold(paths: Iterable[Path], store_url: str | None = None) -> list[GoldDocument]:
    """Reviewed documents for training, from decisions.jsonl files or run directories; of one id the last path's.

    `store_url`: the database that the run directory's decisions are in, where it is not its own. Raises BadGold, also
    where a path holds no decision on a label, NoRun, NoRecords and OSError.
    """
    found: dict[str, GoldDocument] = {}
    for path in paths:
        decided = _read(path, store_url)
        if not decided:
            # Training without what was to be added takes minutes and may replace the model that all commands use.
            raise BadGold(f"no decisions in {path}: no document's label was judged; review first, or leave --add out")
        found |= {document.id: document for document in decided}
    return list(found.values())


def with_reviewed(gold: Sequence[GoldDocument], reviewed: Sequence[GoldDocument]) -> list[GoldDocument]:
    """The documents to train on: a reviewed one takes the place of a gold one with its id or its words."""
    new = {document.id: document for document in reviewed}
    words = {_words(document) for document in reviewed}
    kept = [new.pop(d.id) if d.id in new else d for d in gold if d.id in new or _words(d) not in words]
    return kept + list(new.values())


def _words(document: GoldDocument) -> str:
    # A page read back breaks its lines elsewhere than the gold does.
    return "".join(document.text.split())


def _read(path: Path, store_url: str | None) -> list[GoldDocument]:
    if not path.is_dir():
        try:
            return read_gold([path])
        except UnicodeDecodeError as error:
            raise BadGold(f"{path}: no text") from error
    where.found(path, store_url)
    with where.reading(path):
        return _decided(Decisions.of(path, store_url), path)


def _decided(decisions: Decisions, path: Path) -> list[GoldDocument]:
    try:
        return [document.model_copy(update={"file": "decisions"}) for document in gold_documents(decisions)]
    except ValidationError as error:
        raise BadGold(f"{path}: {error.errors()[0]['msg']}") from error
    finally:
        decisions.close()
