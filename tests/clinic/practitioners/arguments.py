"""What stands in the addresses of this room, made for the tests of all routes."""
from __future__ import annotations

from uuid import UUID

from clinic.people import make_person
from clinic.practitioners.papers import make_practitioner
from clinic.world import ELSEWHERE, Place
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.practitioners.models import Licence, Practitioner


def practitioner(place: Place) -> UUID:
    family = ELSEWHERE if place.clinic.slug == "hill" else "Petersen"
    user = make_person(place.clinic, f"P{len(place.made)}{Practitioner.objects.count()} {family}", Role.PRACTITIONER)
    return make_practitioner(user, place.access).uid


def practitioners__kind(place: Place) -> str:
    return "licence"


def paper(place: Place) -> UUID:
    return Licence.objects.get(clinic=place.clinic, practitioner__uid=place.made["practitioner"]).uid
