"""How good xueyang is, measured on documents that the judging model has not seen.

The classifier: cross-validation, documents of one origin on one side; leave-one-author-out, which asks how it does on a
hand it has never read; the same documents damaged; fewer of them. With archived pages: whole runs, from PDF to facts,
each page judged by a model trained without it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

from pipeline.batch.planner import Task, files_under, plan
from pipeline.batch.worker import Work, judge, listed, read_task
from pipeline.language.build import assemble
from pipeline.language.label.classifier import strongest
from pipeline.language.label.model import LABELS, Floats, LabelModel, softmax
from pipeline.learning.fact_evaluation import fact_metrics
from pipeline.learning.facts import FactModels, fold_models
from pipeline.learning.gold import GoldDocument
from pipeline.learning.metrics import label_metrics, review_metrics, triage_metrics
from pipeline.learning.parallel import on_all_cores
from pipeline.learning.passages import read_passages
from pipeline.learning.perturb import DAMAGES
from pipeline.learning.plots import draw
from pipeline.learning.scoring import Facts
from pipeline.learning.training import Sample, fit, folds, samples, seen, train
from pipeline.reading.document import Limits, Unreadable
from pipeline.records import Record, write_lines

# Parts into which files of one author are dealt, to be read by a model of the others.
FILE_PARTS = 6
# Shares of the training documents whose models tell what more documents would bring.
CURVE = (0.25, 0.5, 0.75)
Progress = Callable[[str], None]
Models = list[tuple[LabelModel, list[int]]]  # each with the documents it has not seen


def evaluate_all(
    documents: Sequence[GoldDocument], pages: Path | None, out: Path, progress: Progress = lambda _: None
) -> str:
    """Measure, write `metrics.json` and plots beside `out`, and return the figures as text for people.

    Also writes the errors with their evidence (`errors.jsonl`); with `pages`, the cross-validated records
    (`cross_validated_records.jsonl`). `progress` is told what is measured next.
    """
    progress("reading the annotated documents")
    all_samples = samples(documents)
    truth = np.array([LABELS.index(d.label) for d in documents])
    progress("cross-validation")
    parts = folds(all_samples)
    trained = on_all_cores(lambda part: train([all_samples[i] for i in part[0]]), parts)
    models = [(model, outside) for model, (_, outside) in zip(trained, parts, strict=True)]
    scores = softmax(_held_out(models, [s.view for s in all_samples]))
    metrics: dict[str, Any] = {"documents": len(documents), "cross_validation": label_metrics(scores, truth)}
    metrics["review"] = review_metrics(scores, truth)
    metrics["triage"] = triage_metrics(scores, truth)
    for name, rows in _rows_by(documents, lambda d: d.file):
        part = label_metrics(scores[rows], truth[rows]) | {"triage": triage_metrics(scores[rows], truth[rows])}
        metrics.setdefault("by_file", {})[name] = part
    out.parent.mkdir(parents=True, exist_ok=True)
    _keep(out, metrics)
    progress("damaged documents")
    metrics["damaged"] = {name: label_metrics(softmax(logits), truth) for name, logits in _damaged(models, documents)}
    _keep(out, metrics)
    progress("fewer documents")
    metrics["learning_curve"] = [*_learning_curve(all_samples, truth), _point(all_samples, metrics)]
    progress("authors never seen")
    strict = softmax(files_never_seen(all_samples))
    metrics["leave_one_author_out"] = label_metrics(strict, truth)
    metrics["held_out_whole"] = {
        name: label_metrics(strict[rows], truth[rows]) for name, rows in _rows_by(documents, lambda d: d.file)
    }
    _keep(out, metrics)
    progress("facts")
    facts = fold_models(documents, read_passages(), [outside for _, outside in models])
    metrics["facts"] = fact_metrics(facts)
    _keep(out, metrics)
    if pages is not None:
        progress("whole runs")
        found = list(cross_validated_records(all_samples, models, pages, [fitted for fitted, _ in facts]))
        metrics["whole_runs"] = _whole_runs(found)
        records = sorted((record for _, record in found if record is not None), key=lambda record: record.source.path)
        write_lines(out.with_name("cross_validated_records.jsonl"), records)
    _write_errors(out.with_name("errors.jsonl"), all_samples, models, scores)
    _keep(out, metrics)
    draw(metrics, scores, truth, out.parent)
    return "\n".join(_lines(metrics))


def _keep(out: Path, metrics: dict[str, Any]) -> None:
    """Write what is measured so far: the whole takes half an hour."""
    out.write_text(json.dumps(metrics, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def files_never_seen(all_samples: Sequence[Sample]) -> Floats:
    """Logits for each document from a model trained on none of its file's, so on none of its author's.

    Files of several authors are left out alone, those of one author in FILE_PARTS parts.
    """
    documents = [sample.document for sample in all_samples]
    hands = Counter(file for file, _ in {(d.file, d.author) for d in documents})
    order = [name for name, _ in _rows_by(documents, lambda d: d.file) if hands[name] == 1]
    part_of = {name: place % FILE_PARTS for place, name in enumerate(order)}
    parts = [rows for _, rows in _rows_by(documents, lambda d: str(part_of.get(d.file, d.file)))]

    def unseen(rows: Sequence[int]) -> Floats:
        origins = {documents[i].group for i in rows}
        files = {documents[i].file for i in rows}
        inside = [s for s in all_samples if s.document.group not in origins and s.document.file not in files]
        return fit(inside).logits([all_samples[i].view for i in rows])

    logits = np.zeros((len(all_samples), len(LABELS)))
    for rows, found in zip(parts, on_all_cores(unseen, parts), strict=True):
        logits[rows] = found
    return logits


def cross_validated_records(
    all_samples: Sequence[Sample], models: Models, pages: Path, facts: Sequence[FactModels]
) -> Iterator[tuple[GoldDocument, Record | None]]:
    """Each gold document that has a page, with its record (None: not read), by models that have not seen it.

    `facts`: for each of `models` those of the facts.
    """
    files = {PurePosixPath(task.path).stem: task for task in tasks_under(pages)}
    nlp = assemble()
    for (model, outside), fitted in zip(models, facts, strict=True):
        nlp.get_pipe("xueyang_label").model = model  # type: ignore[attr-defined]
        fitted.into(nlp)
        for document in (all_samples[i].document for i in outside):
            if (task := files.get(document.id)) is None:
                continue
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


def _held_out(models: Models, views: Sequence[Any]) -> Floats:
    """Calibrated logits of every view from the model that has not seen its document."""
    logits = np.zeros((len(views), len(LABELS)))
    for model, outside in models:
        logits[outside] = model.logits([views[i] for i in outside]) / model.temperature
    return logits


def _damaged(models: Models, documents: Sequence[GoldDocument]) -> Iterator[tuple[str, Floats]]:
    for name, damage in DAMAGES.items():
        yield name, _held_out(models, [seen(damage(document)) for document in documents])


def _learning_curve(all_samples: Sequence[Sample], truth: np.ndarray) -> Iterator[dict[str, float]]:
    """Macro-F1 in the same folds with a share of the training documents, every fourth, second … left out."""
    parts = folds(all_samples)

    def unseen(share_and_part: tuple[float, tuple[list[int], list[int]]]) -> Floats:
        share, (inside, outside) = share_and_part
        order = np.random.default_rng(0).permutation(inside)[: round(share * len(inside))]
        return fit([all_samples[i] for i in order]).logits([all_samples[i].view for i in outside])

    for share in CURVE:
        logits = np.zeros((len(all_samples), len(LABELS)))
        for (_, outside), found in zip(parts, on_all_cores(unseen, [(share, part) for part in parts]), strict=True):
            logits[outside] = found
        macro = label_metrics(softmax(logits), truth)["macro_f1"]
        numbers = [round(share * len(inside)) for inside, _ in parts]
        yield {"documents": round(float(np.mean(numbers))), "macro_f1": macro}


def _point(all_samples: Sequence[Sample], metrics: dict[str, Any]) -> dict[str, float]:
    trained_on = round(float(np.mean([len(inside) for inside, _ in folds(all_samples)])))
    return {"documents": trained_on, "macro_f1": metrics["cross_validation"]["macro_f1"]}


def _write_errors(path: Path, all_samples: Sequence[Sample], models: Models, scores: Floats) -> None:
    """Documents that the held-out model got wrong, with what it was sure of and the sentences that led it there."""
    with path.open("w", encoding="utf-8") as lines:
        for model, outside in models:
            for i in outside:
                sample, guess = all_samples[i], int(scores[i].argmax())
                if LABELS[guess] == sample.document.label:
                    continue
                row = {
                    "id": sample.document.id,
                    "file": sample.document.file,
                    "title": sample.document.title,
                    "gold": sample.document.label,
                    "found": LABELS[guess],
                    "scores": {label: round(float(s), 3) for label, s in zip(LABELS, scores[i], strict=True)},
                    "evidence": [
                        {"text": sample.view.plain[a:b], "weight": weight}
                        for a, b, weight in strongest(model, model.encode(sample.view), guess)
                    ],
                    "note": sample.document.note,
                }
                lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def _whole_runs(found: Sequence[tuple[GoldDocument, Record | None]]) -> dict[str, Any]:
    facts = Facts()
    for document, record in found:
        facts.add(document, record)
    truth = [d.label for d, _ in found]
    # A page that gave no record counts as wrong, whatever its label.
    guess = [record.classification.label if record else "" for _, record in found]
    macro = f1_score(truth, guess, labels=[label for label in LABELS if label in truth], average="macro")
    unread = sum(record is None for _, record in found)
    return {"documents": len(found), "unread": unread, "macro_f1": round(float(macro), 4), "facts": facts.scores()}


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
    low, high = review["between"]
    yield f"needs_review from {low:.2f} to {high:.2f}: {marked}; mass_collection in the rest: {_figures(review)}"
    yield f"triage, 3 % mass collection: {_triage(metrics['triage'])}"
    for name, part in metrics["by_file"].items():
        whole = metrics["held_out_whole"][name]["macro_f1"]
        triage = f"; triage: {_triage(part['triage'])}" if part["triage"] else ""
        yield f"{name}: macro-F1 {part['macro_f1']:.3f}, held out whole {whole:.3f}{triage}"
    for name, part in metrics["damaged"].items():
        lost = metrics["cross_validation"]["macro_f1"] - part["macro_f1"]
        yield f"{name}: macro-F1 {part['macro_f1']:.3f} ({lost:.3f} lost)"
    curve = ", ".join(f"{point['documents']}: {point['macro_f1']:.3f}" for point in metrics["learning_curve"])
    yield f"learning curve (documents trained on: macro-F1): {curve}"
    yield from fact_lines(metrics["facts"])
    if runs := metrics.get("whole_runs"):
        yield f"whole runs over {runs['documents']} pages, {runs['unread']} not read: macro-F1 {runs['macro_f1']:.3f}"
        for name, s in runs["facts"].items():
            yield f"  {name:20} {_figures(s)}"


def fact_lines(facts: dict[str, Any]) -> Iterator[str]:
    """`fact_metrics` for people."""
    for name, ways in facts.items():
        for way, s in ways.items():
            yield f"{name}, {way}: counts invented in {s['invented']} of {s['not_mass_collection']} not mass_collection"
            for fact, figures in s.items():
                if isinstance(figures, dict) and figures.get("gold"):
                    yield f"  {fact:20} {_figures(figures)}"
            yield from _certainty(s.get("counts_by_score"))


def _certainty(part: dict[str, Any] | None) -> Iterator[str]:
    """Whether scores of counts are borne out, and what is left without the low ones."""
    if part is not None:
        yield f"  calibration error of the score of {part['scored']} counts: {part['calibration_error']:.3f}"
        for limit, s in part["kept_from"].items():
            yield f"  counts from {limit} or without score  {_figures(s)}"


def _triage(part: dict[str, float]) -> str:
    return f"{part['recall']:.0%} found in the first {part['share_read']:.1%}, work saved {part['work_saved']:.3f}"


def _figures(s: dict[str, float]) -> str:
    names = [name for name in ("accuracy", "precision", "recall", "f1") if name in s]
    return "  ".join(f"{name} {s[name]:.3f}" for name in names) + (f"  of {s['gold']}" if "gold" in s else "")
