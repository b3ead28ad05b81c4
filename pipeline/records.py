"""The record: what xueyang says about one archived document, each fact tied to words and places on the page.

The models here are the contract with spreadsheets, databases and scripts; `docs/record.schema.json` is generated
from them. Field names are never renamed. Offsets count Unicode code points of `document.text`; boxes are
x0, top, x1, bottom in PDF points from the top left of the page; pages count from 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Label = Literal["mass_collection", "health_screening", "casework", "research", "other"]
Campaign = Literal["tibet_population", "male_ancestry", "xinjiang_population", "unspecified"]
SourceType = Literal["wechat_account", "government_website", "news_website", "other"]
TextLayer = Literal["embedded", "ocr", "mixed"]
Script = Literal["simplified", "traditional", "mixed"]
CountKind = Literal["samples", "target", "database", "coverage"]
Qualifier = Literal["exact", "about", "more_than", "nearly", "less_than", "range"]
JustificationCode = Literal[
    "crime_fighting", "counter_terrorism", "case_solving", "public_security_control", "social_stability",
    "special_campaign", "population_management", "id_upgrade", "anti_trafficking", "missing_persons",
    "unidentified_remains", "protect_public", "social_governance", "data_foundation", "public_service",
]  # fmt: skip
Group = Literal[
    "men", "women", "children", "elderly", "monastics", "herders", "farmers", "migrants", "workers",
    "residents", "vehicle_owners", "tenants", "key_persons",
]  # fmt: skip
OrganisationKind = Literal["police", "health", "school", "government", "company", "monastery", "other"]
OrganisationRole = Literal["collector", "partner", "supplier", "site", "other"]
Aspect = Literal["method", "venue", "consent", "medical_staff", "programme", "alongside"]
CircumstanceCode = Literal[
    "finger_prick", "blood_card", "saliva", "venous", "hair", "rapid_dna",
    "monastery", "school", "construction_site", "residential_compound", "pasture", "home_visits", "field",
    "police_station", "village_committee", "workplace", "market", "hotel", "fixed_point", "mobile_point",
    "checkpoint", "health_facility", "id_office", "rental_housing", "detention",
    "doubts_dispelled", "cooperation", "informed", "voluntary", "refusal", "forced", "resampled",
    "doctors_nurses", "village_doctors", "health_institution",
    "basic_information", "police_into_homes", "male_lineage_system", "health_checks", "household_register_check",
    "five_informations", "police_construction", "two_concentrations", "id_documents", "vehicle_registration",
    "precise_registration", "police_campaign",
    "fingerprints", "portrait", "iris", "voiceprint", "phone_data",
]  # fmt: skip
PurchasePart = Literal["whole", "lot", "item"]
PurchaseStatus = Literal["planned", "tendered", "awarded", "contracted", "failed"]
AmountKind = Literal["budget", "ceiling", "award", "contract"]

# A count with a lower score is shown as doubtful (how many of those are right: docs/counts.md).
DOUBTFUL = 0.8

Box = Annotated[tuple[float, float, float, float], Field(description="x0, top, x1, bottom in points from the top left")]


class Model(BaseModel):
    """Immutable, and closed: an unknown field is a mistake, not data to carry along."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Located(Model):
    """A quotation with its place: `document.text[start:end] == text`; all null where only title or publisher say it."""

    text: str
    start: int | None = None
    end: int | None = None
    page: int | None = None
    boxes: tuple[Box, ...] = ()


class Source(Model):
    """The archived file itself."""

    path: str = Field(description="relative to the path given; container!/inner for files inside a container")
    sha256: str
    bytes: int
    media_type: str
    pages: int
    text_layer: TextLayer
    archived_url: str | None = None
    archived_at: str | None = Field(None, description="ISO 8601, UTC")
    original_url: str | None = Field(None, description="the page's own address, where archived_url is an archive's")


class DocumentInfo(Model):
    """What the page says about itself, and its cleaned body."""

    title: str | None
    publisher: str | None
    source_type: SourceType
    published: str | None = Field(None, description="ISO date, to the precision the page gives")
    script: Script
    text: str


class Evidence(Located):
    """A sentence that carried the decision. `weight` is its share in log-odds; positive speaks for the label given."""

    weight: float


class Classification(Model):
    """What the document shows. `scores` sum to 1."""

    label: Label
    campaign: Campaign | None
    scores: dict[Label, float]
    needs_review: bool
    model: str
    evidence: tuple[Evidence, ...] = ()


class Count(Located):
    """A number of DNA samples, or of people sampled, as the post states it (coverage: a percentage)."""

    kind: CountKind
    value: int | float
    upper: int | float | None = None
    qualifier: Qualifier
    place: str | None = None
    as_of: str | None = Field(None, description="YYYY, YYYY-MM or YYYY-MM-DD")
    score: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="0 to 1: how likely the number counts what `kind` says, if the label is right; "
        "null where rules alone read it (tables, lists and forms) and where a reviewer decided",
    )

    @property
    def doubtful(self) -> bool:
        """Whether the program itself is not sure of it."""
        return self.score is not None and self.score < DOUBTFUL


class Place(Located):
    """An administrative unit in which samples were taken, or whose police took them."""

    adcode: str = Field(description="six digits, GB/T 2260 as in force today")
    name: str = Field(description="full chain down to county level")
    township: str | None = None
    village: str | None = None
    name_en: str | None = None


class Justification(Located):
    """A reason given for the collection."""

    code: JustificationCode


class Organisation(Located):
    """A body that took part in the collection."""

    name: str
    kind: OrganisationKind
    adcode: str | None = None
    role: OrganisationRole


class Circumstance(Located):
    """How, where, with what and under what conditions samples were taken, and the programme they were part of."""

    aspect: Aspect
    code: CircumstanceCode


class Procurement(Located):
    """A purchase by the police connected with DNA: the whole of it, one of its lots, or one item of its list.

    `text` is the amount as it stands, else the words that tell of the purchase.
    """

    part: PurchasePart
    status: PurchaseStatus
    lot: str | None = Field(None, description="number or name of the lot, as it stands")
    buyer: str | None = None
    supplier: str | None = Field(None, description="who was awarded it; of a single source planned, who shall be")
    product: str | None = None
    quantity: int | float | None = None
    unit: str | None = Field(None, description="unit of the quantity, as it stands")
    unit_price: int | float | None = Field(None, description="yuan")
    amount: int | float | None = Field(None, description="yuan")
    amount_kind: AmountKind | None = None


class Record(Model):
    """Everything said about one archived document."""

    id: str = Field(description="the sha256 of the file")
    source: Source
    document: DocumentInfo
    classification: Classification
    counts: tuple[Count, ...] = ()
    places: tuple[Place, ...] = ()
    justifications: tuple[Justification, ...] = ()
    groups: tuple[Group, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    circumstances: tuple[Circumstance, ...] = ()
    procurements: tuple[Procurement, ...] = ()
    cluster: str
    warnings: tuple[str, ...] = ()


class Failure(Model):
    """A file that gave no record. `reason` is a code, `message` a sentence for people."""

    path: str
    sha256: str | None
    reason: str
    message: str


def schema() -> dict[str, Any]:
    """The JSON Schema of a record, as kept in docs/record.schema.json."""
    return Record.model_json_schema(mode="serialization") | {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "xueyang record",
    }


def write_lines(path: Path, models: Iterable[BaseModel]) -> None:
    """Write one JSON object a line, UTF-8."""
    with path.open("w", encoding="utf-8") as out:
        for model in models:
            out.write(json.dumps(model.model_dump(mode="json"), ensure_ascii=False) + "\n")


def read_records(path: Path) -> Iterator[Record]:
    """Records of a records.jsonl, one at a time. Raises pydantic.ValidationError on a line that is none."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield Record.model_validate_json(line)


if __name__ == "__main__":
    print(json.dumps(schema(), ensure_ascii=False, indent=2))
