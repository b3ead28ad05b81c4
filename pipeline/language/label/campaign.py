"""Which programme a mass collection belongs to, from where it took place and whose blood was wanted.

The codes are those of the annotation guide: by region first (Tibet Autonomous Region, Xinjiang), elsewhere male
ancestry where the post names lineages or takes men only, else unspecified. Where places of several regions were found,
the publisher's decides, else the region of most, else of the first; a region as a whole (西藏) beside places elsewhere
is a mere mention. Where no place was found, the region's name in title or publisher decides; in the text it may be a
mere mention, and lineages come first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import regex
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import plain
from pipeline.language.label.cues import Cue, find_cues
from pipeline.language.reasons.vetoes import TAKES
from pipeline.language.script import matching_copy
from pipeline.language.sentences import STATEMENT_END
from pipeline.patterns import Pattern
from pipeline.records import Campaign, Place

TIBET, XINJIANG = "54", "65"
WHOLE_REGION = "0000"
# Men and branches of a clan as villagers call them, besides the cues of lineage.
KINSMEN = Pattern(
    r"(?<!不管|不论|不分|(?<!是)[个位名])男的(?!、?女|和女|跟女|还是女|也好)(?=[^。！？\n]{0,12}[采抽扎按都要去来口线老])|爷们|男同胞|[只光]要男|字辈|支系|家支|房支|"
    r"[一两三四五六七八九十几]大?个?大姓|[一两三四五六七八九十几]个姓|各姓各[房家]|各家各姓|哪一房"
)
# Men as such: of a post that samples women too, or tells of one man, they say nothing of lineages.
MEN = Pattern(r"男(?:性|人|子|生|同学|学生|青年|丁|娃|村民|居民|群众)")
ONE_MAN = Pattern(r"(?<![另每]|至少来)[一某][名位]\p{Han}{0,4}$")
WOMEN = Pattern(r"女(?!儿|婿|子免|[性生人孩]?(?:不|免|没|未|无|除外|照常))")
NEAR = 60
# Y chromosomes are men's: their database, samples and drive. A kit, or the method by which a case was solved or a
# laboratory works, may stand in a post about everybody.
Y_STR = r"(?<![A-Z])Y[\s\-‐–—－]{0,2}STR"
MALE_MARKERS = Pattern(
    rf"Y库|Y染色体(?:DNA)?(?:数据)?库|{Y_STR}(?:DNA)?(?:分型|检[验测])?(?:数据|信息|基因)?(?:库|血样|样本|采集|建设)"
    rf"|(?<!(?:[运利使采]用|借助|通过|凭借|依托|经过?|靠)[^，。；\n]{{0,6}}){Y_STR}"
    r"(?![^，。；\n]{0,8}(?:试剂|耗材|扩增|分型|位点|荧光|技术|方法|手段|检[验测](?!服务|建库|入库)|比[对中]|仪|培训))",
    regex.IGNORECASE,
)


@Language.factory("xueyang_campaign")
def make_campaign(nlp: Language, name: str) -> CampaignComponent:
    """The component that sets `doc._.campaign`."""
    return CampaignComponent()


class CampaignComponent:
    """Sets `doc._.campaign` where the best label is mass_collection, else None."""

    def __call__(self, doc: Doc) -> Doc:
        """Decide from the places found, then from the words."""
        if doc.cats and max(doc.cats, key=doc.cats.__getitem__) == "mass_collection":
            doc._.campaign = campaign(doc)
        return doc


def campaign(doc: Doc) -> Campaign:
    """The programme of a document that shows a mass collection."""
    publisher = matching_copy(doc._.context.publisher)
    head = f"{doc._.title_plain}\n{publisher}"
    whole = f"{head}\n{plain(doc)}"
    lineage = _names_lineage(plain(doc), doc._.cues or find_cues(plain(doc)))
    lineage |= _names_lineage(doc._.title_plain, find_cues(doc._.title_plain))
    lineage |= bool(MALE_MARKERS.search(whole) or KINSMEN.search(whole))
    told = head if lineage else whole
    region = _region(doc, publisher, lineage)
    if region == TIBET or (region is None and "西藏" in told):
        return "tibet_population"
    if region == XINJIANG or (region is None and "新疆" in told):
        return "xinjiang_population"
    return "male_ancestry" if lineage else "unspecified"


def _region(doc: Doc, publisher: str, lineage: bool) -> str | None:
    """The first two digits of the region that a collection took place in; None where no place tells.

    `lineage`: whether the post speaks of men. Then a whole region counts only where its sentence tells of samples.
    """
    places: Sequence[Place] = doc._.places or ()
    within = [place for place in places if not place.adcode.endswith(WHOLE_REGION)]
    own = {place.adcode[:2] for place in within if place.text and matching_copy(place.text) in publisher}
    if len(own) == 1:
        return own.pop()
    if not within:
        within = [place for place in places if not lineage or place.start is None or _of_samples(doc, place.start)]
    told = sorted(within, key=lambda place: (place.start is None, place.start or 0))
    votes = Counter(place.adcode[:2] for place in told)
    return max(votes, key=votes.__getitem__, default=None)


def _of_samples(doc: Doc, start: int) -> bool:
    """Whether the sentence of a place tells of samples."""
    copy = plain(doc)
    first = max((m.end() for m in STATEMENT_END.finditer(copy, 0, start)), default=0)
    end = STATEMENT_END.search(copy, start)
    return TAKES.search(copy, first, end.start() if end else len(copy)) is not None


def _names_lineage(copy: str, cues: Sequence[Cue]) -> bool:
    """Whether a text speaks of lineages, or of men as those who are wanted."""
    if any(cue.code == "lineage" and not MEN.match(copy, cue.start) for cue in cues):
        return True
    return any(_of_men_alone(copy, m.start(), m.end()) for m in MEN.finditer(copy))


def _of_men_alone(copy: str, start: int, end: int) -> bool:
    """Whether a word for men is neither of one man nor in a sentence that names women too."""
    first = max(0, start - NEAR)
    first = max((m.end() for m in STATEMENT_END.finditer(copy, first, start)), default=first)
    sentence = STATEMENT_END.split(copy[first : end + NEAR], maxsplit=1)[0]
    return ONE_MAN.search(copy[first:start]) is None and WOMEN.search(sentence) is None
