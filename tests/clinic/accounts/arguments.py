"""What stands in the addresses of this room, made for the tests of all routes."""
from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from clinic.people import make_person
from clinic.world import ELSEWHERE, Place
from waterneedle.clinic.accounts import actions
from waterneedle.clinic.accounts.models import BreakGlass
from waterneedle.clinic.accounts.roles import Role


def person(place: Place) -> UUID:
    name = f"Paula {ELSEWHERE}" if place.clinic.slug == "hill" else "Paula Person"
    return make_person(place.clinic, name, Role.ASSISTANT).uid


def invitation(place: Place) -> UUID:
    invited, _token = actions.invite(
        clinic=place.clinic, email="ida@example.org", name="Ida", roles=[Role.ASSISTANT], by=place.access, now=timezone.now())
    return invited.uid


def use(place: Place) -> UUID:
    began = timezone.now()
    return BreakGlass.objects.create(
        clinic=place.clinic, user=place.access.user, patient_uid=place.patient.uid, reason="the patient lay on the floor",
        began_at=began, ends_at=began + timedelta(minutes=60)).uid
