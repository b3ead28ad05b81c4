"""Fit the classifier on annotated documents. The same documents in the same order give the same model."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import cast

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from pipeline import __version__
from pipeline.language.fitted.terms import char_vectorizer, word_vectorizer
from pipeline.language.label.classifier import view
from pipeline.language.label.model import (
    LABELS,
    MASS,
    Floats,
    LabelModel,
    Linear,
    View,
    softmax,
)
from pipeline.learning.gold import BadGold, GoldDocument
from pipeline.learning.perturb import OTHER_CUTS, continued, cut, formulated, furnished

SEED = 20161
FOLDS = 5
# Of those not marked for review, precision and recall of mass_collection should both reach this.
SURE = 0.98
# Added to the number of documents of each label among those that name no sample.
PRIOR = 0.1
# Copies of each document with page furniture left in; with two, furniture costs a third of what it does with none. The
# first has a formula of the authorities besides (figures: models/MODEL_CARD.md).
COPIES = 2


class TooFew(BadGold):
    """Too few documents, or of one label only; the message says what is needed."""


@dataclass(frozen=True)
class Settings:
    """What was chosen by cross-validation; figures in models/MODEL_CARD.md."""

    regularisation: float = 10.0
    character_scale: float = 1.5
    cue_scale: float = 0.1
    max_characters: int = 10_000
    max_words: int = 4_000
    max_told: int = 4_000
    whole_beside: float = 0.5  # weight of whole documents where beginnings are learned
    others_beside: float = 0.5  # weight of beginnings of other lengths there, and of what follows the first
    lean: float = 0.55  # towards mass_collection, in log-odds: a missed post is lost evidence


@dataclass(frozen=True)
class Sample:
    """A gold document with what the classifier sees of it, of copies with page furniture left in, of its beginning.

    `pieces`: beginnings of other lengths, and what follows the first.
    """

    document: GoldDocument
    view: View
    furnished: tuple[View, ...] = ()
    beginning: View | None = None
    pieces: tuple[View, ...] = ()


def samples(documents: Sequence[GoldDocument], copies: int = COPIES) -> list[Sample]:
    """Segment each document once; cross-validation uses the views many times."""
    return [
        Sample(d, seen(d), tuple(_copies(d, copies)), seen(cut(d)), tuple(map(seen, _pieces(d)))) for d in documents
    ]


def _copies(document: GoldDocument, number: int) -> Iterator[View]:
    """A document as worse pages would give it, in the first of them with a formula put in."""
    for copy in range(number):
        yield seen(furnished(document if copy else formulated(document), "train", copy))


def _pieces(document: GoldDocument) -> Iterator[GoldDocument]:
    """What else of a document teaches how a part of a post tells what the whole is."""
    yield from (cut(document, length) for length in OTHER_CUTS)
    if (rest := continued(document)) is not None:
        yield rest


def seen(document: GoldDocument) -> View:
    """What the classifier sees of a gold document."""
    return view(document.text, document.title, document.publisher)


def fit(train: Sequence[Sample], settings: Settings = Settings(), *, beginnings: bool = False) -> LabelModel:
    """A model without calibration: temperature 1, nothing marked for review. `beginnings`: also one for those."""
    told = [(view, sample.document.label) for sample in train for view in (sample.view, *sample.furnished)]
    views = [view for view, _ in told]
    characters = char_vectorizer(min_df=2, max_features=settings.max_characters)
    words = word_vectorizer(min_df=2, max_features=settings.max_words)
    about = word_vectorizer(min_df=2, max_features=settings.max_told)
    cues = DictVectorizer()
    parts = [
        characters.fit_transform([v.characters for v in views]),
        words.fit_transform([v.words for v in views]),
        about.fit_transform([v.told_words for v in views]),
        cues.fit_transform([v.cue_features for v in views]),
    ]
    # The scales decide how hard each kind of feature is held back; afterwards they are part of its weights.
    scales = np.ones(sum(part.shape[1] for part in parts))
    scales[: parts[0].shape[1]] = settings.character_scale
    scales[-parts[-1].shape[1] :] = settings.cue_scale
    labels = np.array([LABELS.index(label) for _, label in told])
    model = LabelModel(
        name=f"xueyang-label {__version__}, {len(train)} documents",
        characters=characters,
        words=words,
        told=about,
        cues={name: int(column) for name, column in cues.vocabulary_.items()},
        whole=_linear(hstack(parts, format="csr"), labels, scales, settings),
        beginning=None,
        off_topic=_shares(labels[[v.off_topic for v in views]]),
        temperature=1.0,
        review_between=(0.0, 0.0),
    )
    return replace(model, beginning=_beginning(model, train, scales, settings)) if beginnings else model


def _beginning(model: LabelModel, train: Sequence[Sample], scales: np.ndarray, settings: Settings) -> Linear:
    """Weights for posts of which only the beginning is there, from beginnings, whole documents and what follows.

    They do not lean: what they judge is marked for review unless it is surely no mass collection.
    """
    told = [
        (view, sample.document.label, weight)
        for sample in train
        for view, weight in (
            (sample.beginning, 1.0),
            (sample.view, settings.whole_beside),
            *((view, settings.others_beside) for view in sample.pieces),
        )
        if view is not None
    ]
    labels = np.array([LABELS.index(label) for _, label, _ in told])
    weights = np.array([weight for _, _, weight in told])
    return _linear(model.matrix([view for view, _, _ in told]), labels, scales, replace(settings, lean=0.0), weights)


def _linear(
    features: csr_matrix, labels: np.ndarray, scales: np.ndarray, settings: Settings, weight: np.ndarray | None = None
) -> Linear:
    """A regression on scaled features, its weights for unscaled ones."""
    regression = LogisticRegression(C=settings.regularisation, class_weight="balanced", max_iter=3000)
    regression.fit(features @ diags(scales, format="csr"), labels, sample_weight=weight)
    weights = np.zeros((len(LABELS), features.shape[1]))
    intercepts = np.full(len(LABELS), -20.0)  # a label that the training documents lack gets no probability
    weights[regression.classes_] = regression.coef_ * scales
    intercepts[regression.classes_] = regression.intercept_
    intercepts[MASS] += settings.lean
    return Linear(weights, intercepts)


def _shares(labels: np.ndarray) -> Floats:
    """The share of each label among posts that name no sample: `other`, and the others by a small prior only."""
    numbers = np.bincount(labels, minlength=len(LABELS)) + PRIOR
    numbers[LABELS.index("other")] += 1
    return cast(Floats, numbers / numbers.sum())


def train(
    train_on: Sequence[Sample], settings: Settings = Settings(), fitting: Callable[[int], None] = lambda done: None
) -> LabelModel:
    """A calibrated model: temperature and review threshold come from cross-validation within the documents given.

    `fitting` is told before each fit how many are done.
    """
    done = count()

    def fit_next(part: Sequence[Sample]) -> LabelModel:
        fitting(next(done))
        return fit(part, settings)

    logits = held_out_logits(train_on, fit_next)
    labels = np.array([LABELS.index(sample.document.label) for sample in train_on])
    told = np.array([not sample.view.off_topic for sample in train_on])
    temperature = best_temperature(logits[told], labels[told])
    review_between = review_band(softmax(logits / temperature), labels)
    fitting(next(done))
    model = fit(train_on, settings, beginnings=True)
    return replace(model, temperature=temperature, review_between=review_between)


def folds(all_samples: Sequence[Sample]) -> list[tuple[list[int], list[int]]]:
    """Indices of training and test documents; documents of one origin are never on both sides."""
    return _folds([sample.document for sample in all_samples])


def _folds(documents: Sequence[GoldDocument]) -> list[tuple[list[int], list[int]]]:
    labels = [document.label for document in documents]
    groups = [document.group for document in documents]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a label with fewer documents than folds
        split = list(StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED).split(labels, labels, groups))
    return [(list(map(int, inside)), list(map(int, outside))) for inside, outside in split]


def enough(documents: Sequence[GoldDocument]) -> None:
    """Raise TooFew where the documents cannot be parted so that a model of two labels can be made of each part."""
    labels = Counter(document.label for document in documents)
    try:
        if all(len({documents[i].label for i in inside}) > 1 for inside, _ in _folds(documents)):
            return
    except ValueError:  # fewer documents of every label than folds
        pass
    told = ", ".join(f"{number} {label}" for label, number in labels.most_common()) or "none"
    raise TooFew(
        f"too few documents to train on ({told}): at least {FOLDS} from different sources of each of two labels are "
        "needed; leave GOLD out to add yours to the gold of corpora/gold/"
    )


def held_out_logits(all_samples: Sequence[Sample], make: Callable[[list[Sample]], LabelModel]) -> Floats:
    """For each document the logits of a model that has not seen its group (documents x labels, calibrated by it)."""
    logits = np.zeros((len(all_samples), len(LABELS)))
    for inside, outside in folds(all_samples):
        model = make([all_samples[i] for i in inside])
        logits[outside] = model.logits([all_samples[i].view for i in outside]) / model.temperature
    return logits


def best_temperature(logits: Floats, labels: np.ndarray) -> float:
    """The temperature that makes held-out probabilities most likely (Guo et al. 2017, temperature scaling)."""

    def loss(log_temperature: float) -> float:
        chosen = softmax(logits / np.exp(log_temperature))[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chosen, 1e-12)).mean())

    return round(float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x)), 4)


def review_band(scores: Floats, labels: np.ndarray) -> tuple[float, float]:
    """The narrowest band of scores of mass_collection outside which it is right and found in at least SURE.

    Narrowest: fewest of these documents lie in it. (0, 1), everything, where no band is enough.
    """
    score, found, truth = scores[:, MASS], scores.argmax(axis=1) == MASS, labels == MASS
    best = (len(labels) + 1, 0.0, 1.0)
    for low in range(50):
        for high in range(50, 100):
            sure = (score <= low / 100) | (score >= high / 100)
            hits = int((found & truth & sure).sum())
            enough = hits >= SURE * max((found & sure).sum(), (truth & sure).sum(), 1)
            if enough and (marked := int((~sure).sum())) < best[0]:
                best = (marked, low / 100, high / 100)
    return best[1:]
