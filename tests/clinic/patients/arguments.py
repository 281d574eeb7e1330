"""What stands in the addresses of this room, made for the tests of all routes."""
from __future__ import annotations

from uuid import UUID

from clinic.patients.people import make_patient
from clinic.world import ELSEWHERE, Place, any_of_clinic
from waterneedle.clinic.patients import actions, actions_import
from waterneedle.clinic.patients.models import Patient


def a_patient(place: Place) -> Patient:
    mark = ELSEWHERE if place.clinic.slug == "hill" else "Harborside"
    return make_patient(place.access, f"Pat {mark}")


def guardian(place: Place) -> UUID:
    fields = {"name": "Gus Guardian", "relation": "father", "phone": "206 555 0100", "may_consent": True}
    return actions.add_guardian(patient=place.patient, fields=fields, by=place.access).uid


def kind(place: Place) -> str:
    return "allergy"


def fact(place: Place) -> UUID:
    return actions.add_fact(patient=place.patient, kind="allergy", said="latex", by=place.access).uid


@any_of_clinic
def other(place: Place) -> UUID:
    return a_patient(place).uid


def record(place: Place) -> UUID:
    taken_back = a_patient(place)
    actions.retract_patient(patient=taken_back, why="entered twice", by=place.access)
    return taken_back.uid


def source(place: Place) -> UUID:
    mark = ELSEWHERE if place.clinic.slug == "hill" else "Harborside"
    content = f"First name,Last name\nPat,{mark}\n".encode()
    return actions_import.begin_import(
        clinic=place.clinic, file_name=f"{mark}.csv", content=content, day_first=False, by=place.access).uid
