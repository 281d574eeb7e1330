"""The documents of the contract as records: the plan that `check` reads and the assessment it answers.

Shapes are those of `contracts/plan.schema.json` and `contracts/assessment.schema.json`; a test holds the two together.
Absent and null mean "not known", an empty list means "none". Where the schema allows absence but not null, the field is `UNSET`.
"""
import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

NotNegative = Annotated[float, Meta(ge=0)]
Volume = Annotated[float, Meta(gt=0, le=60)]
Depth = Annotated[float, Meta(ge=0, le=150)]
Named = Annotated[str, Meta(min_length=1)]
Side = Literal["left", "right", "midline", "bilateral"]
Severity = Literal["block", "warn", "note"]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the parts of a document: frozen, and strict about its fields."""


class Practitioner(Part, kw_only=True):
    profession: Literal[
        "acupuncturist", "physician", "naturopath", "nurse", "heilpraktiker", "korean_medicine_doctor", "student", "other"
    ] | None = None
    license_expires: datetime.date | None = None
    training_hours: NotNegative | None = None
    hands_on_hours: NotNegative | None = None
    certified_on: datetime.date | None = None
    certificate_expires: datetime.date | None = None
    emergency_training_hours: NotNegative | None = None
    cpr_expires: datetime.date | None = None
    qualifications: tuple[str, ...] | None = None
    supervised_by: str | None = None


class Pregnancy(Part, kw_only=True):
    status: Literal["pregnant", "possible", "not_pregnant", "unknown", "not_applicable"]
    weeks: Annotated[float, Meta(ge=0, le=45)] | None = None


class Condition(Part, kw_only=True):
    name: Named
    region: str | None = None
    side: Side | None = None


class Allergy(Part, kw_only=True):
    substance: Named
    reaction: str | None = None
    severity: Literal["mild", "moderate", "severe", "unknown"] | None = None


class Medication(Part, kw_only=True):
    name: Named


class Observation(Part, kw_only=True):
    name: str
    value: float | str
    unit: str | None = None
    date: datetime.date | None = None


class Patient(Part, kw_only=True):
    birth_date: datetime.date | None = None
    sex: Literal["female", "male", "intersex", "unknown"] | None = None
    height_cm: Annotated[float, Meta(gt=20, le=260)] | None = None
    weight_kg: Annotated[float, Meta(gt=0.3, le=500)] | None = None
    pregnancy: Pregnancy | None = None
    conditions: tuple[Condition, ...] | None = None
    allergies: tuple[Allergy, ...] | None = None
    medications: tuple[Medication, ...] | None = None
    observations: tuple[Observation, ...] | None = None
    tolerated: tuple[str, ...] | None = None


class Consent(Part, kw_only=True):
    signed_on: datetime.date
    covers: tuple[str, ...] | UnsetType = UNSET
    signed_by: Literal["patient", "guardian"] | None = None
    interpreter: str | None = None


class Site(Part, kw_only=True):
    """Exactly one of point, muscle and region."""

    point: str | UnsetType = UNSET
    muscle: str | UnsetType = UNSET
    region: str | UnsetType = UNSET
    side: Side | None = None
    skin: Literal["intact", "infected", "inflamed", "broken", "scar", "tattoo", "plaque", "unknown"] | None = None
    level: str | None = None

    def __post_init__(self) -> None:
        if (self.point, self.muscle, self.region).count(UNSET) != 2:
            raise ValueError("Expected exactly one of `point`, `muscle` and `region`")


class Dose(Part, kw_only=True):
    amount: Annotated[float, Meta(gt=0)]
    unit: str


class Strength(Part, kw_only=True):
    amount: Annotated[float, Meta(gt=0)]
    unit: str | None = None
    per_ml: Annotated[float, Meta(gt=0)] | None = None


class CustomIngredient(Part, kw_only=True):
    substance: str
    potency: str | None = None


class CustomProduct(Part, kw_only=True):
    name: Named
    category: str | None = None
    strength: Strength | None = None
    ingredients: tuple[CustomIngredient, ...] | None = None
    allergens: tuple[str, ...] | None = None
    preservatives: tuple[str, ...] | None = None


class Container(Part, kw_only=True):
    kind: Literal["ampoule", "single_dose_vial", "multi_dose_vial", "prefilled_syringe"] | None = None
    lot: str | None = None
    expires: Annotated[str, Meta(pattern=r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$")] | None = None
    opened: bool | None = None
    opened_on: datetime.date | None = None
    used_for_another_patient: bool | None = None
    returned_fluid: bool | None = None
    beyond_use: datetime.date | None = None
    labelled: bool | None = None

    def __post_init__(self) -> None:
        if self.expires is not None and len(self.expires) != len("YYYY-MM"):
            try:
                datetime.date.fromisoformat(self.expires)
            except ValueError:
                raise ValueError(f"Expected `expires` to be a day that exists, got {self.expires}") from None


class Content(Part, kw_only=True):
    product: Named | CustomProduct
    volume_ml: Volume | None = None
    container: Container | None = None
    dose: Dose | None = None
    purpose: Literal["treatment", "comfort"] | None = None


class Needle(Part, kw_only=True):
    gauge: Annotated[float, Meta(ge=14, le=36)] | None = None
    length_mm: Annotated[float, Meta(gt=0, le=150)] | None = None
    used_before: bool | None = None
    diameter_mm: Annotated[float, Meta(gt=0, le=3)] | None = None


class Injection(Part, kw_only=True):
    """One puncture; a `bilateral` site means two punctures, each with the given volume."""

    site: Site
    contents: tuple[Content, ...]
    id: str | UnsetType = UNSET
    route: Literal["ID", "SC", "IM", "IV", "IA", "other"] | None = None
    needle: Needle | None = None
    depth_mm: Depth | None = None
    depth_max_mm: Depth | None = None
    angle_deg: Annotated[float, Meta(ge=0, le=90)] | None = None
    sensation: Literal["none", "de_qi", "electric", "severe_pain"] | None = None
    aspirated_blood: bool | None = None
    technique: Literal["injection", "needle_only"] | None = None
    volume_ml: Volume | None = None
    direction: str | None = None
    status: Literal["planned", "given", "stopped", "not_done"] | None = None

    def __post_init__(self) -> None:
        if self.technique == "needle_only":
            if self.contents:
                raise ValueError("Expected `contents` to be empty where `technique` is needle_only")
        elif not self.contents:
            raise ValueError("Expected `contents` of length >= 1")


class RecordedCheck(Part, kw_only=True):
    rule: str
    note: Named
    by: str | None = None
    on: datetime.date | None = None


class PreviousInjection(Part, kw_only=True):
    product: str
    date: datetime.date | None = None
    volume_ml: Annotated[float, Meta(gt=0)] | None = None
    reaction: str | None = None


class EmergencyKit(Part, kw_only=True):
    epinephrine_expires: datetime.date | None = None
    oxygen: bool | None = None


class Today(Part, kw_only=True):
    identity_confirmed: bool | None = None
    fever_or_infection: bool | None = None
    new_medicines: bool | None = None
    eaten: bool | None = None
    lying_down: bool | None = None


class Plan(Part, kw_only=True):
    """The injections planned for one patient at one visit, with what the check needs to know."""

    date: datetime.date
    patient: Patient
    injections: tuple[Injection, ...]
    schema: Literal["waterneedle/plan/1"] | UnsetType = UNSET
    jurisdiction: str | None = None
    practitioner: Practitioner | None = None
    consent: Consent | None = None
    indication: str | None = None
    checks: tuple[RecordedCheck, ...] | None = None
    previous: tuple[PreviousInjection, ...] | None = None
    emergency_kit: EmergencyKit | None = None
    today: Today | None = None
    language: str | None = None


class IssueSource(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    url: str | None = None
    certainty: str | None = None


class DetectedIssue(msgspec.Struct, frozen=True, kw_only=True):
    """One cause for concern, what to do about it, the injections it is about, and where it comes from."""

    rule: str
    severity: Severity
    injections: tuple[str, ...]
    message: str
    remedy: str | None = None
    missing: tuple[str, ...] = ()
    recorded: bool = False
    sources: tuple[IssueSource, ...]


class SubstanceDose(msgspec.Struct, frozen=True, kw_only=True):
    """What the visit would give in all of one substance. `amount` None: no strength on file."""

    substance: str
    amount: float | None
    unit: str
    molecules: float | None = None
    volume_ml: float | None = None


class NotUnderstood(msgspec.Struct, frozen=True, kw_only=True):
    field: str
    value: str
    did_you_mean: tuple[str, ...] = ()


class Assessment(msgspec.Struct, frozen=True, kw_only=True):
    schema: str = "waterneedle/assessment/1"
    verdict: Literal["block", "warn", "ok"]
    issues: tuple[DetectedIssue, ...]
    doses: tuple[SubstanceDose, ...]
    not_understood: tuple[NotUnderstood, ...]
    knowledge_version: str
