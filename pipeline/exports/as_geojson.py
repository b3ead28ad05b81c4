"""GeoJSON (RFC 7946): a point for each place of each document, with what the document says of it.

A place that a reviewer rejected has no point. A place without coordinates is kept with an empty geometry, which
mapping programs pass over and tables show.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.batch.judged import Judged
from pipeline.exports.english import label_en, meaning, names, place_en
from pipeline.exports.export import Documents
from pipeline.exports.facts import statuses
from pipeline.exports.points import point_of
from pipeline.privacy import mask, masked
from pipeline.records import Count, Place, Record


def write(documents: Documents, out: Path) -> None:
    """Write one FeatureCollection, a feature a line."""
    with out.open("w", encoding="utf-8") as stream:
        stream.write('{"type": "FeatureCollection", "features": [')
        separator = "\n"
        for one, repost in documents:
            for feature in _features(one, repost):
                stream.write(separator + json.dumps(feature, ensure_ascii=False))
                separator = ",\n"
        stream.write("\n]}\n")


def _features(one: Judged, repost: bool) -> Iterator[dict[str, Any]]:
    record, proposed = masked(one.record), masked(one.proposed)
    for place, status in statuses("places", record.places, proposed.places, one.confirmed):
        if not status["holds"]:
            continue
        point = point_of(place.adcode)
        geometry = {"type": "Point", "coordinates": [point.longitude, point.latitude]} if point else None
        said = {**_of_document(record, proposed, repost), **_of_place(record, place)}
        said["precision"] = point.precision if point else None
        said["place_status"] = status["status"]
        yield {"type": "Feature", "geometry": geometry, "properties": said}


def _of_document(record: Record, proposed: Record, repost: bool) -> dict[str, Any]:
    page, judged = record.document, record.classification
    return {
        "path": record.source.path,
        "id": record.id,
        "cluster": record.cluster,
        "repost": repost,
        "title": mask(page.title or "") or None,
        "publisher": mask(page.publisher or "") or None,
        "published": page.published,
        "archived_url": record.source.archived_url,
        "label": judged.label,
        "label_en": label_en(judged.label),
        "label_proposed": proposed.classification.label,
        "needs_review": judged.needs_review,
        "campaign": judged.campaign,
        "reasons": "; ".join(dict.fromkeys(fact.code for fact in record.justifications)) or None,
        "reasons_en": "; ".join(dict.fromkeys(meaning(fact.code) or "" for fact in record.justifications)) or None,
        "groups_en": "; ".join(meaning(group) or "" for group in record.groups) or None,
        "circumstances": "; ".join(fact.code for fact in record.circumstances) or None,
        "circumstances_en": "; ".join(meaning(fact.code) or "" for fact in record.circumstances) or None,
    }


def _of_place(record: Record, place: Place) -> dict[str, Any]:
    counts = [count for count in record.counts if _here(record, place, count)]
    samples = [count.value for count in counts if count.kind == "samples"]
    return {
        "adcode": place.adcode,
        "name": place.name,
        "name_en": place_en(place.adcode, place.name_en),
        "township": place.township,
        "village": mask(place.village or "") or None,
        "quote": place.text,
        "page": place.page,
        "counts": "; ".join(f"{count.text} ({count.kind})" for count in counts) or None,
        # The largest, not the sum: posts give parts beside totals.
        "largest_samples": max(samples, default=None),
    }


def _here(record: Record, place: Place, count: Count) -> bool:
    """Whether a count is for this place; a count without a place is for the only one of its document."""
    return names(place, count.place) if count.place else len(record.places) == 1
