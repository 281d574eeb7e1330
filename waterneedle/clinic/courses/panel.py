"""Where the patient stands, beside a visit: the open courses and those of its day, each in a few lines."""

from __future__ import annotations

import datetime
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
from waterneedle.clinic.patients.queries import today_in
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


def rows_of(patient: Patient, day: datetime.date | None = None) -> list[Row]:
    """All courses of a patient, or those that are open and those that were on that day."""
    return [row_of(one) for one in measured_courses(patient) if day is None or _stands(one, day)]


def _stands(known: Measured, day: datetime.date) -> bool:
    return known.ended is None or known.course.began_on <= day <= known.ended.ended_on


def panel(request: HttpRequest, visit: Visit | None = None) -> SafeString:
    """The section of the page of a visit, or of today."""
    if not request.access.may("chart.read"):
        return SafeString("")
    day = visit.day if visit else today_in(request.clinic)
    page: dict[str, Any] = {
        "rows": rows_of(request.patient, day), "clinic": request.clinic, "patient": request.patient,
        "may_write": request.access.may("chart.write")}
    return mark_safe(get_template("courses/_panel.html").render(page, request))
