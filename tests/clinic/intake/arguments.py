"""What stands in the addresses of this room, made for the tests of all routes."""

from __future__ import annotations

from uuid import UUID

from clinic.intake.filling import handed
from clinic.intake.signing import signed
from clinic.world import Place
from waterneedle.clinic.intake.models import Said


def form(place: Place) -> UUID:
    """A questionnaire that was sent back, and says one thing."""
    filling = handed(place.access, place.patient)
    filling.knock(name=place.patient.given_name)
    filling.post("health/", has_asthma="yes")
    filling.post("pain/", drawing="[[1019,13,6]]")
    filling.send()
    return filling.form.uid


def said(place: Place) -> UUID:
    return Said.objects.get(form__uid=place.made["form"]).uid


def consent(place: Place) -> UUID:
    return signed(place.access, place.patient, "b12").uid


def intake__kind(place: Place) -> str:
    return "questions"


def intake__way(place: Place) -> str:
    return "code"


def intake__language(place: Place) -> str:
    return "en"
