"""How good xueyang is, measured on documents that the judging model has not seen.

The classifier: cross-validation, documents of one origin on one side; and leave-one-author-out, which asks how it does
on a hand it has never read. With archived pages: whole runs, from PDF to facts, each page judged by a model trained
without it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix, f1_score, precision_recall_fscore_support

from pipeline.batch.planner import Task, files_under, plan
from pipeline.batch.worker import Work, judge, listed, read_task
from pipeline.language.build import assemble
from pipeline.language.labelmodel import LABELS, Floats, softmax
from pipeline.learning.gold import GoldDocument
from pipeline.learning.scoring import Facts
from pipeline.learning.training import Sample, fit, folds, held_out_logits, review_threshold, samples, train
from pipeline.reading.document import Limits, Unreadable
from pipeline.records import Record, write_lines

BINS = 10
Split = list[tuple[list[int], list[int]]]


def evaluate_all(documents: Sequence[GoldDocument], pages: Path | None, out: Path) -> str:
    """Measure, write `metrics.json` to `out`, and return the figures as text for people.

    With `pages`, also writes the cross-validated records beside it (`cross_validated_records.jsonl`).
    """
    all_samples = samples(documents)
    logits = held_out_logits(all_samples, train)
    truth = np.array([LABELS.index(d.label) for d in documents])
    metrics: dict[str, Any] = {"documents": len(documents), "cross_validation": label_metrics(softmax(logits), truth)}
    metrics["review"] = review_metrics(softmax(logits), truth)
    metrics["by_file"] = {
        name: label_metrics(softmax(logits[rows]), truth[rows]) for name, rows in _rows_by(documents, lambda d: d.file)
    }
    strict = leave_one_author_out(all_samples)
    metrics["leave_one_author_out"] = label_metrics(softmax(strict), truth)
    if pages is not None:
        found = list(cross_validated_records(all_samples, pages))
        metrics["whole_runs"] = _whole_runs(found)
        records = sorted((record for _, record in found if record is not None), key=lambda record: record.source.path)
        out.parent.mkdir(parents=True, exist_ok=True)
        write_lines(out.with_name("cross_validated_records.jsonl"), records)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(metrics, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return "\n".join(_lines(metrics))


def label_metrics(scores: Floats, truth: np.ndarray) -> dict[str, Any]:
    """Macro-F1 and figures by label from held-out scores (documents x labels) and true label indices."""
    guess = scores.argmax(axis=1)
    precision, recall, f1, number = precision_recall_fscore_support(
        truth, guess, labels=range(len(LABELS)), zero_division=0
    )
    present = number > 0
    return {
        "macro_f1": _round(f1[present].mean()),
        "accuracy": _round((guess == truth).mean()),
        "labels": {
            label: {"precision": _round(p), "recall": _round(r), "f1": _round(f), "gold": int(n)}
            for label, p, r, f, n in zip(LABELS, precision, recall, f1, number, strict=True)
        },
        "calibration_error": _round(calibration_error(scores, truth)),
        "confusion": confusion_matrix(truth, guess, labels=range(len(LABELS))).tolist(),
    }


def review_metrics(scores: Floats, truth: np.ndarray) -> dict[str, float]:
    """The share of documents marked for review, and how mass_collection fares among those not marked.

    The threshold is chosen on these same held-out scores, so precision and recall here are its aim, not a test of it.
    """
    threshold = review_threshold(scores, truth)
    sure = scores.max(axis=1) >= threshold
    wanted, found = truth[sure] == 0, scores[sure].argmax(axis=1) == 0
    hits = (wanted & found).sum()
    return {
        "below": threshold,
        "share_marked": _round(1 - sure.mean()),
        "precision": _round(hits / max(1, found.sum())),
        "recall": _round(hits / max(1, wanted.sum())),
    }


def calibration_error(scores: Floats, truth: np.ndarray) -> float:
    """Expected calibration error of the best label over ten equal-width bins (Guo et al. 2017)."""
    certainty, right = scores.max(axis=1), scores.argmax(axis=1) == truth
    bins = np.minimum((certainty * BINS).astype(int), BINS - 1)
    gaps = [abs(right[bins == b].mean() - certainty[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return float(sum(gaps))


def leave_one_author_out(all_samples: Sequence[Sample]) -> Floats:
    """Logits for each author's documents from a model trained on all the others."""
    logits = np.zeros((len(all_samples), len(LABELS)))
    for _, rows in _rows_by([s.document for s in all_samples], lambda d: d.author):
        origins = {all_samples[i].document.group for i in rows}
        inside = [s for s in all_samples if s.document.group not in origins]
        inside = [s for s in inside if s.document.author != all_samples[rows[0]].document.author]
        logits[rows] = fit(inside).logits([all_samples[i].view for i in rows])
    return logits


def cross_validated_records(all_samples: Sequence[Sample], pages: Path) -> Iterator[tuple[GoldDocument, Record | None]]:
    """Each gold document that has a page, with its record (None: not read), judged by a model that has not seen it."""
    files = {PurePosixPath(task.path).stem: task for task in tasks_under(pages)}
    nlp = assemble()
    for inside, outside in folds(all_samples):
        held_out = [all_samples[i].document for i in outside if all_samples[i].document.id in files]
        if held_out:
            nlp.get_pipe("xueyang_label").model = train([all_samples[i] for i in inside])  # type: ignore[attr-defined]
        for document in held_out:
            task = files[document.id]
            try:
                content, page = read_task(task, Limits(), "auto")
                yield document, judge(task.path, content, page, nlp)
            except Unreadable:
                yield document, None


def tasks_under(folder: Path) -> Iterator[Task]:
    """Every document under a folder, those in containers too."""
    work = Work()
    for task in plan(files_under([folder]), {}, "").tasks:
        if task.container:
            yield from (inner for inner in listed(task, work) if isinstance(inner, Task))
        else:
            yield task


def _whole_runs(found: Sequence[tuple[GoldDocument, Record | None]]) -> dict[str, Any]:
    facts = Facts()
    for document, record in found:
        facts.add(document, record)
    truth = [d.label for d, _ in found]
    # A page that gave no record counts as wrong, whatever its label.
    guess = [record.classification.label if record else "" for _, record in found]
    macro = f1_score(truth, guess, labels=[label for label in LABELS if label in truth], average="macro")
    unread = sum(record is None for _, record in found)
    return {"documents": len(found), "unread": unread, "macro_f1": _round(macro), "facts": facts.scores()}


def _rows_by(documents: Sequence[GoldDocument], key: Callable[[GoldDocument], str]) -> list[tuple[str, list[int]]]:
    rows: dict[str, list[int]] = {}
    for i, document in enumerate(documents):
        rows.setdefault(key(document), []).append(i)
    return sorted(rows.items())


def _lines(metrics: dict[str, Any]) -> Iterator[str]:
    for name in ("cross_validation", "leave_one_author_out"):
        part = metrics[name]
        yield f"{name}: macro-F1 {part['macro_f1']:.3f}, calibration error {part['calibration_error']:.3f}"
        for label, s in part["labels"].items():
            yield f"  {label:20} {_figures(s)}"
    review = metrics["review"]
    marked = f"{review['share_marked']:.0%} of documents"
    yield f"needs_review below {review['below']:.2f}: {marked}; mass_collection in the rest: {_figures(review)}"
    for name, part in metrics["by_file"].items():
        yield f"cross_validation, {name}: macro-F1 {part['macro_f1']:.3f}"
    if runs := metrics.get("whole_runs"):
        yield f"whole runs over {runs['documents']} pages, {runs['unread']} not read: macro-F1 {runs['macro_f1']:.3f}"
        for name, s in runs["facts"].items():
            yield f"  {name:20} {_figures(s)}"


def _figures(s: dict[str, float]) -> str:
    names = [name for name in ("accuracy", "precision", "recall", "f1") if name in s]
    return "  ".join(f"{name} {s[name]:.3f}" for name in names) + (f"  of {s['gold']}" if "gold" in s else "")


def _round(value: float) -> float:
    return round(float(value), 4)
