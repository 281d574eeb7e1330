"""What the law of a place says about injecting at acupuncture points, in dated periods.

A period is never edited: when the law changes, a new one is added that begins where the old one ends.
"""
from datetime import date
from typing import Annotated, Literal

import msgspec

from waterneedle.knowledge.fact import Citation, Fact, NotNegative, Route, Sources
from waterneedle.knowledge.product import SubstanceClass

Profession = Literal[
    "acupuncturist", "physician", "naturopath", "nurse", "heilpraktiker", "korean_medicine_doctor", "student", "other",
]
SiteKind = Literal["acupuncture_point", "ashi_point", "trigger_point", "motor_point"]


class SubstanceLimit(Fact, kw_only=True):
    """A class of substance that is allowed only under a condition."""

    substance_class: SubstanceClass
    condition: Literal["comfort_only", "qualification", "maximum_percent", "routes_only"]
    qualification: str | None = None
    routes: tuple[Route, ...] | None = None
    maximum_percent: float | None = None
    note: str
    citation: Citation


class Period(Fact, kw_only=True):
    """The rules in force from `since` up to, not including, `until`. An absent key was not found out: it opens no gate."""

    since: date | None = None  # absent: in force at the time of reading, its beginning not seen
    until: date | None = None
    injection_permitted: bool | None = None
    professions: tuple[Profession, ...] | None = None
    routes_allowed: tuple[Route, ...] | None = None
    routes_forbidden: tuple[Route, ...] | None = None
    sites_allowed: tuple[SiteKind, ...] | None = None
    sites_forbidden: tuple[str, ...] | None = None
    training_hours: NotNegative | None = None
    hands_on_hours: NotNegative | None = None
    emergency_training_hours: NotNegative | None = None
    emergency_training_counts_in_total: bool | None = None
    training_topics: tuple[str, ...] | None = None
    training_topics_complete: bool | None = None
    certificate_required: bool | None = None
    cpr_required: bool | None = None
    supervised_injections: NotNegative | None = None
    substances_allowed: tuple[SubstanceClass, ...] | None = None
    substances_are_closed_list: bool | None = None
    substances_forbidden: tuple[SubstanceClass, ...] | None = None
    substance_limits: tuple[SubstanceLimit, ...] = ()
    emergency_kit: Literal["required", "permitted"] | None = None
    consent_required: bool | None = None
    record_content: tuple[str, ...] | None = None
    record_retention_years: NotNegative | None = None
    renewal: str | None = None
    filing: str | None = None
    left_open: tuple[str, ...] = ()  # what the source does not settle
    note: str | None = None
    sources: Sources

    def is_in_force(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


class Jurisdiction(Fact, kw_only=True):
    code: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
    name: str
    term: str | None = None  # the law's own name of the therapy
    read: Literal["verified", "partial"]
    periods: tuple[Period, ...]
    sources: Sources

    def period(self, on: date) -> Period | None:
        """The rules in force on that day, or None where no period covers it."""
        return next((period for period in self.periods if period.is_in_force(on)), None)
