"""Who of the people a post names is sampled: a fitted model (`windows`) of the words that name them.

Beside the rules of `groups`, which know fewer words (`groups.csv`); what else may name people is in `people.csv`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import body, keep, plain
from pipeline.language.fitted.weighing import Weighed, log_odds
from pipeline.language.fitted.windows import MOST, Floats, Stretch
from pipeline.language.groups.figures import counted
from pipeline.language.groups.groups import SPOKEN_OF, find_groups, left_out, shares_verb
from pipeline.language.groups.vetoes import EITHER, UNLIKE, both_alike, grown_students, of_others, of_women, other_items
from pipeline.language.phrases import load_table
from pipeline.language.reasons.justifications import rather_mass, tells_of_collection
from pipeline.language.telling import Telling, phrases_told, telling_of
from pipeline.patterns import Pattern
from pipeline.records import Group

GROUP_CLASSES = ("not sampled", "sampled")
GROUPS: tuple[Group, ...] = get_args(Group)
# A group is taken from this probability on (figures: models/MODEL_CARD.md).
TAKEN = 0.4
# A group that the rules find and no word names is as likely as this to the model.
UNNAMED = 0.02
GROUP_FEATURES = 8 + 2 * len(GROUPS)
GROUP_WINDOWS = (
    "next left", "left", "next right", "right", "clause", "clause before", "rest of clause", "clause after", "sentence",
    "inside",
)  # fmt: skip

# 只采男性: whatever women the post speaks of, none of them is sampled.
MEN_ONLY = Pattern(
    r"[只仅][采抽扎](?:集|样)?[^，。；：“”「」\n女]{0,4}男(?!女)(?![^。\n]{0,40}女[^，。；\n不未没免]{0,8}[采抽扎])"
)


class Mention(NamedTuple):
    """A word that names people of a group."""

    group: Group
    stretch: Stretch


def mentions(told: Telling) -> list[Mention]:
    """The words that name people in a post and its title."""
    post, lead, near = told
    starts = [start for start, _ in post.bounds]
    named = {(hit.start, hit.end, hit.code): "" for hit in load_table("people").find(post.plain)}
    named |= {(hit.start, hit.end, hit.code): f"rule {hit.note}" for hit in load_table("groups").find(post.plain)}
    others = of_others(post.plain)
    # pupils and the old are served in other items of a digest; who is sampled is told of in them too
    aside = other_items(post.plain)
    grown = grown_students(post.plain[lead:], post.plain[:lead])
    found: list[Mention] = []
    for (start, end, code), note in sorted(named.items()):
        number = bisect_right(starts, start) - 1
        if number < 0 or end > post.bounds[number][1]:
            continue
        if any(left <= start < right for left, right in others):
            continue
        if code in UNLIKE and both_alike(post.plain, start):
            continue
        if code in {"children", "elderly"} and any(left <= start < right for left, right in aside):
            continue
        if code == "children" and grown:
            continue
        if left_out(post.plain, end) or of_women(post.plain, code, start):
            continue
        own = (
            f"code {code}", f"note {code} {note}", f"samples {near[number]}", f"{code} {near[number]}",
            f"opening {number < 2}", f"word {post.plain[start:end]}",
        )  # fmt: skip
        found.append(Mention(cast(Group, code), Stretch(start, end, number, own)))
    return found[:MOST]


def group_features(
    rules: Sequence[Group], found: Sequence[Mention], scores: Sequence[float]
) -> tuple[list[Group], Floats]:
    """The groups named, or that the rules find, and of each what the rules and the model say: groups x features.

    `scores`: how likely each mention is sampled.
    """
    best: dict[Group, float] = {}
    for mention, score in zip(found, scores, strict=True):
        best[mention.group] = max(best.get(mention.group, 0.0), float(score))
    named = [group for group in GROUPS if group in best or group in rules]
    times = Counter(mention.group for mention in found)
    rows = np.zeros((len(named), GROUP_FEATURES))
    for row, group in zip(rows, named, strict=True):
        own, ruled, code = best.get(group, UNNAMED), float(group in rules), GROUPS.index(group)
        sure = float(log_odds(np.array([own]))[0])
        other = max((score for name, score in best.items() if name != group), default=0.0)
        row[:8] = sure, ruled, sure * ruled, times[group] > 1, own >= other, other, len(best), len(rules)
        row[8 + code], row[8 + len(GROUPS) + code] = 1, ruled
    return named, rows


def weighed_groups(model: Weighed, groups: Sequence[Group], told: Telling) -> tuple[Group, ...]:
    """Who is sampled, by the rules' groups and the model's together, in the order of the codes."""
    found = mentions(told)
    scores = model.window.scores(told.post, [at.stretch for at in found])[:, 1]
    named, features = group_features(groups, found, scores.tolist())
    likely = model.weighing.probabilities(features)[:, 1]
    kept = {group for group, probability in zip(named, likely, strict=True) if probability >= TAKEN}
    if {"men", "women"} <= set(groups):  # 男性血样86份、女性血样31份: the model knows few women
        kept |= {"men", "women"}
    plain_text = told.post.plain
    counted_groups = {at.group for at in found if counted(plain_text, at.group, at.stretch.start, at.stretch.end)}
    kept |= counted_groups | {at.group for at in found if shares_verb(plain_text, at.stretch.start, at.stretch.end)}
    if "residents" in groups and EITHER.search(plain_text):
        kept.add("residents")
    if "men" in kept and "women" not in kept:
        kept.discard("residents")
    kept -= _of_reasons(told, found) - set(groups)
    if "women" not in counted_groups and MEN_ONLY.search(plain_text):
        kept.discard("women")
    return tuple(group for group in GROUPS if group in kept)


def _of_reasons(told: Telling, found: Sequence[Mention]) -> set[Group]:
    """Those whom the post names in reasons alone, as people to be managed or found: 加强流动人口管理, 找回走失老人.

    Where their number is to be known (摸清外来人员底数) they are those sampled.
    """
    spoken = [hit for hit in phrases_told(told) if hit.code in SPOKEN_OF]
    reasons = [(hit.start, hit.end) for hit in spoken if "底" not in told.post.plain[hit.start : hit.end]]
    named = {at.group for at in found}
    return named - {at.group for at in found if not any(left <= at.stretch.start < right for left, right in reasons)}


@Language.factory("xueyang_groups")
def make_groups(nlp: Language, name: str) -> Groups:
    """The component that leaves the groups in `doc._.groups`."""
    return Groups()


class Groups:
    """Finds from whom samples were taken: by rules, and by the fitted model where there is one."""

    model: Weighed | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.groups`: empty where the label says that there is no collection."""
        if not tells_of_collection(doc):
            return keep(doc, "groups", ())
        copy, context, cues = plain(doc), doc._.context, doc._.cues
        found = find_groups(body(doc), context, cues, copy=copy)
        if self.model is not None and rather_mass(doc):
            found = weighed_groups(self.model, found, telling_of(doc))
        return keep(doc, "groups", found)

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the model, where there is one."""
        if self.model is not None:
            self.model.to_disk(Path(path))

    def from_disk(self, path: Path, **_: Any) -> Groups:
        """Read the model, where there is one."""
        self.model = Weighed.from_disk(Path(path), GROUP_CLASSES, GROUP_FEATURES) if Path(path).exists() else None
        return self
