"""The documents of the contract as records: the check-in that `triage` reads and the triage it answers."""
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from waterneedle.safety.plan import IssueSource, NotNegative, Part

Severity = Annotated[int, Meta(ge=0, le=10)]
Level = Literal["emergency", "urgent", "call_clinic", "self_care", "none"]


class Symptom(Part, kw_only=True):
    name: str
    site: str | None = None
    severity: Severity | None = None
    spreading: bool | None = None
    size_cm: NotNegative | None = None
    onset_hours: NotNegative | None = None
    present: bool | None = None


class CheckIn(Part, kw_only=True):
    """What a patient answers after a visit: the next day, about four weeks later, or whenever something happens."""

    hours_since_visit: NotNegative
    symptoms: tuple[Symptom, ...]
    schema: Literal["waterneedle/checkin/1"] | UnsetType = UNSET
    sites: tuple[str, ...] | None = None
    pain_now: Severity | None = None
    free_text: str | None = None
    products: tuple[str, ...] | None = None
    pregnant: bool | None = None
    language: str | None = None


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    rule: str
    message: str
    sources: tuple[IssueSource, ...]


class Triage(msgspec.Struct, frozen=True, kw_only=True):
    """What to do: the gravest level among the reasons, and advice in plain words."""

    schema: str = "waterneedle/triage/1"
    level: Level
    reasons: tuple[Reason, ...]
    advice: str
    not_understood: tuple[str, ...]
