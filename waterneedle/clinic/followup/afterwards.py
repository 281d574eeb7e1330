"""What the patient has answered since, on the page of the next visit: whoever plans it reads it before the needle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

from waterneedle.clinic.followup.models import Answer, Bruise, Level
from waterneedle.clinic.followup.queries import answers_of_clinic, document_of
from waterneedle.clinic.followup.questions import symptoms_asked
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits.models import Visit

MOST = 3  # the newest; all of them stand under “Afterwards”


def afterwards(request: HttpRequest, visit: Visit) -> SafeString:
    """Of a draft alone: a signed visit stands as it was signed."""
    if not visit.is_draft or not request.access.may("followup.read"):
        return SafeString("")
    rows = answers_of_clinic(request.clinic).filter(patient_id__in=records_of(request.patient)).exclude(visit=visit)[:MOST]
    found = [{"answer": one, "said": list(_reported(one))} for one in rows]
    page: dict[str, Any] = {"rows": found, "clinic": request.clinic, "patient": request.patient}
    page["asks"] = any(one["answer"].level not in (Level.SELF_CARE, Level.NONE) for one in found)  # read first on a small screen
    return mark_safe(get_template("followup/_afterwards.html").render(page, request)) if found else SafeString("")


def _reported(answer: Answer) -> Iterator[str]:
    """What was ticked, in words."""
    if answer.bruise and answer.bruise != Bruise.NONE:
        yield f"{answer._meta.get_field('bruise').verbose_name}: {answer.get_bruise_display()}"
    yield from (str(one["words"]) for one in symptoms_asked(document_of(answer)) if one["present"])
