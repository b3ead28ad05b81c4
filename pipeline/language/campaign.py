"""Which programme a mass collection belongs to, from where it took place and whose blood was wanted.

The codes are those of the annotation guide: by region first (Tibet Autonomous Region, Xinjiang), elsewhere male
ancestry where the post names lineages or takes men only, else unspecified.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.language.context import plain
from pipeline.language.cues import find_cues
from pipeline.records import Campaign

TIBET, XINJIANG = "54", "65"


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
    regions = {place.adcode[:2] for place in doc._.places or ()}
    whole = f"{doc._.title_plain}\n{plain(doc)}"
    lineage = any(cue.code == "lineage" for cue in doc._.cues or find_cues(whole))
    if TIBET in regions or (not regions and "西藏" in whole):
        return "tibet_population"
    if XINJIANG in regions or (not regions and "新疆" in whole):
        return "xinjiang_population"
    return "male_ancestry" if lineage or "Y库" in whole else "unspecified"
