"""Who of the people a post names is sampled: a fitted model (`windows`) of the words that name them.

Beside the rules of `groups`, which know fewer words (`groups.csv`); what else may name people is in `people.csv`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple, cast, get_args

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import body, keep, plain
from pipeline.language.cues import Cue
from pipeline.language.groups import find_groups
from pipeline.language.justifications import tells_of_collection
from pipeline.language.phrases import load_table
from pipeline.language.script import matching_copy
from pipeline.language.telling import telling
from pipeline.language.windows import MOST, Post, Stretch, WindowModel, placed_words
from pipeline.records import Group

GROUP_CLASSES = ("not sampled", "sampled")
GROUPS: tuple[Group, ...] = get_args(Group)
# A group is taken where a word for it reaches this probability; a rule's group is dropped where none of its words
# reaches the other (figures: models/MODEL_CARD.md).
TAKEN, DROPPED = 0.6, 0.1


class Mention(NamedTuple):
    """A word that names people of a group."""

    group: Group
    stretch: Stretch


def mentions(
    copy: str, title: str, cues: Sequence[Cue], words_at: Sequence[tuple[int, str]] | None = None
) -> tuple[Post, list[Mention]]:
    """A post (matching copies) under its title, and the words that name people in it."""
    post, _, near = telling(copy, title, cues, words_at)
    starts = [start for start, _ in post.bounds]
    named = {(hit.start, hit.end, hit.code): "" for hit in load_table("people").find(post.plain)}
    named |= {(hit.start, hit.end, hit.code): f"rule {hit.note}" for hit in load_table("groups").find(post.plain)}
    found: list[Mention] = []
    for (start, end, code), note in sorted(named.items()):
        number = bisect_right(starts, start) - 1
        if number < 0 or end > post.bounds[number][1]:
            continue
        own = (
            f"code {code}", f"note {code} {note}", f"samples {near[number]}", f"{code} {near[number]}",
            f"opening {number < 2}", f"word {post.plain[start:end]}",
        )  # fmt: skip
        found.append(Mention(cast(Group, code), Stretch(start, end, number, own)))
    return post, found[:MOST]


def weighed_groups(
    model: WindowModel,
    groups: Sequence[Group],
    copy: str,
    title: str,
    cues: Sequence[Cue],
    words_at: Sequence[tuple[int, str]] | None = None,
) -> tuple[Group, ...]:
    """The rules' groups that the model lets stand, and those that only it has seen, in the order of the record's codes.

    `copy`, `title`: the matching copies.
    """
    post, found = mentions(copy, title, cues, words_at)
    best: dict[Group, float] = {}
    for mention, score in zip(found, model.scores(post, [at.stretch for at in found])[:, 1], strict=True):
        best[mention.group] = max(best.get(mention.group, 0.0), float(score))
    kept = {group for group in groups if best.get(group, 1.0) >= DROPPED}
    kept |= {group for group, score in best.items() if score >= TAKEN}
    if "men" in kept and "women" not in kept:
        kept.discard("residents")
    return tuple(group for group in GROUPS if group in kept)


@Language.factory("xueyang_groups")
def make_groups(nlp: Language, name: str) -> Groups:
    """The component that leaves the groups in `doc._.groups`."""
    return Groups()


class Groups:
    """Finds from whom samples were taken: by rules, and by the fitted model where there is one."""

    def __init__(self, model: WindowModel | None = None) -> None:
        self.model = model

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc._.groups`: empty where the label says that there is no collection."""
        if not tells_of_collection(doc):
            return keep(doc, "groups", ())
        copy, context, cues = plain(doc), doc._.context, doc._.cues
        found = find_groups(body(doc), context, cues, copy=copy)
        if self.model is not None:
            title = matching_copy(context.title)
            found = weighed_groups(self.model, found, copy, title, cues, placed_words(doc))
        return keep(doc, "groups", found)

    def to_disk(self, path: Path, **_: Any) -> None:
        """Write the model, where there is one."""
        if self.model is not None:
            self.model.to_disk(Path(path))

    def from_disk(self, path: Path, **_: Any) -> Groups:
        """Read the model."""
        self.model = WindowModel.from_disk(Path(path), GROUP_CLASSES)
        return self
