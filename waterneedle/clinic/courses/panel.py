"""Where the patient stands, beside a visit: the open courses, each in a few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from waterneedle import knowledge
from waterneedle.clinic.courses import saying
from waterneedle.clinic.courses.evidence import ClaimRow
from waterneedle.clinic.courses.evidence import row_of as claim_row
from waterneedle.clinic.courses.measuring import Measured, measured_courses
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.visits.models import Visit


@dataclass(frozen=True)
class Row:
    """A course with its sentences, and the line of its scores."""

    known: Measured
    said: saying.Said
    title: str
    line: tuple[float, ...]
    low: float
    high: float
    evidence: ClaimRow  # what is known of treating this at all

    @property
    def done(self) -> int:
        return len(self.known.sessions)


def row_of(known: Measured) -> Row:
    instrument = known.judged.instrument
    line = tuple(one.value for one in known.judged.scores)
    low = instrument.minimum if instrument.minimum is not None else min(line, default=0)
    high = instrument.maximum if instrument.maximum is not None else max(line, default=1)
    claim = claim_row(knowledge.claims()[known.indication.claims[0]])
    return Row(known, saying.said(known), saying.in_language(known.indication.name), line, low, high, claim)


def rows_of(patient: Patient, *, only_open: bool = True) -> list[Row]:
    return [row_of(one) for one in measured_courses(patient) if one.ended is None or not only_open]


def panel(request: HttpRequest, visit: Visit | None = None) -> SafeString:
    """The section of the page of a visit."""
    if not request.access.may("chart.read"):
        return SafeString("")
    page: dict[str, Any] = {
        "rows": rows_of(request.patient), "clinic": request.clinic, "patient": request.patient,
        "may_write": request.access.may("chart.write")}
    return mark_safe(get_template("courses/_panel.html").render(page, request))
