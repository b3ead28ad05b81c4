"""Which of the places a post names are those of its collection: a fitted model (`windows`) of their mentions.

Beside the rules of `places`, which it never takes a place from but where a closer one comes in its stead. A county
counts as mentioned also where 全县, 县局 or 各乡镇 speak of it; how mentions look is in `places.features`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.language.fitted.windows import WindowModel
from pipeline.language.places.choice import BOUGHT, Choice
from pipeline.language.places.features import PlaceMention, level, place_mentions
from pipeline.language.places.reading import Site
from pipeline.language.telling import Telling

PLACE_CLASSES = ("not sampled", "sampled")
PLACE_WINDOWS = ("next left", "left", "next right", "right", "clause", "rest of clause")
# A unit is taken where a mention of it reaches this probability, by level; none higher than a county.
TAKEN = {"county": 0.8, "township": 0.7, "village": 0.8}
# A unit that the rules list stays beside a part of it that comes new where it reaches this.
STAYS = 0.5
Key = tuple[str, str | None]


def key_of(site: Site) -> Key:
    """What tells a unit apart."""
    return site.code, site.village


def weighed_sites(model: WindowModel, choice: Choice, told: Telling) -> list[Site]:
    """The sites that the rules choose, and those that only the model has seen."""
    ruled = choice.sites()
    found = place_mentions(choice, told)
    listed = set(map(key_of, ruled))
    if all(key_of(at.site) in listed or level(at.site) not in TAKEN for at in found):
        return ruled  # nothing that could be added
    return with_likely(choice, ruled, found, model.scores(told.post, [at.stretch for at in found])[:, 1].tolist())


def with_likely(
    choice: Choice, ruled: Sequence[Site], found: Sequence[PlaceMention], scores: Sequence[float]
) -> list[Site]:
    """The rules' sites with the likely ones among the mentions, of which `scores` are the probabilities."""
    best: dict[Key, tuple[float, Site]] = {}
    whole: set[Key] = set()
    chances: dict[Key, float] = {}
    bought = BOUGHT.search(choice.reading.area.name) is not None
    for mention, score in zip(found, scores, strict=True):
        key = key_of(mention.site)
        if mention.apart:
            continue
        if key not in best or score > best[key][0]:
            best[key] = score, mention.site
        # 我公司承接开鲁县公安局…: the name alone does not keep a county; a purchase is for all of its buyer's.
        if bought or not mention.named:
            chances[key] = max(score, chances.get(key, 0.0))
        if mention.whole and score >= _asked(mention.site):
            whole.add(key)
    kept = {key_of(site): site for site in ruled}
    likely = {key: site for key, (score, site) in best.items() if key not in kept and score >= _asked(site)}
    parts = {code[:6] for code, village in (*kept, *likely) if len(code) == 9 or village}
    # A county is listed beside its parts only where more than its office is spoken of.
    likely = {
        key: site for key, site in likely.items() if key in whole or level(site) != "county" or key[0] not in parts
    }
    # Where villages are listed, their township is named to tell where they lie.
    with_villages = {code for code, village in (*kept, *likely) if village}
    added = {key: site for key, site in likely.items() if level(site) != "township" or site.code not in with_villages}
    if not added:
        return list(ruled)
    stays = [site for site in ruled if not _gives_way(choice, site, kept, added, chances)]
    return sorted([*stays, *added.values()], key=lambda site: (site.start is None, site.start or 0))


def _asked(site: Site) -> float:
    """The probability from which on a site is taken: above counties none is."""
    return TAKEN.get(level(site), 2.0)


def _gives_way(
    choice: Choice, site: Site, ruled: dict[Key, Site], added: dict[Key, Site], chances: dict[Key, float]
) -> bool:
    """Whether the rules' unit goes, since a part of it is listed now: not where it was counted as a whole."""
    if site.village or chances.get(key_of(site), 0.0) >= STAYS:
        return False
    if any(code[:6] == site.code and (code, village) != key_of(site) for code, village in ruled):
        return False
    return any(_within(choice, site, *key) for key in added)


def _within(choice: Choice, site: Site, code: str, village: str | None) -> bool:
    """Whether a unit is a part of the site."""
    if code == site.code:
        return village is not None
    return len(site.code) == 6 and choice.book.covers(site.code, code[:6])
