"""What stands in the addresses of this room, made for the tests of all routes."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.visits.charting import make_syringe, plan
from clinic.world import ELSEWHERE, Place, any_of_clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.visits import actions, incidents, reactions, signing
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_kept import KeptProtocol


def visit(place: Place) -> UUID:
    why = f"{ELSEWHERE} knee" if place.clinic.slug == "hill" else "knee"
    return actions.begin(patient=place.patient, by=place.access, why=why).uid


def syringe(place: Place) -> UUID:
    return make_syringe(place.access, _visit(place)).uid


@any_of_clinic
def struck(place: Place) -> UUID:
    why = f"{ELSEWHERE} knee" if place.clinic.slug == "hill" else "knee"
    made = actions.begin(patient=place.patient, by=place.access, why=why)
    signing.ask_to_strike(visit=made, why=why, by=place.access)
    second = make_person(place.clinic, f"Dora of {place.clinic.slug}", Role.PRACTITIONER)
    signing.strike(visit=made, by=at_work(second, place.clinic))
    return made.uid


def injection(place: Place) -> UUID:
    return plan(place.access, _visit(place), make_syringe(place.access, _visit(place))).uid


@any_of_clinic
def kept(place: Place) -> UUID:
    name = f"{ELSEWHERE if place.clinic.slug == 'hill' else ''} knee {KeptProtocol.objects.count()}".strip()
    made = KeptProtocol.objects.create(clinic=place.clinic, name=name, kept_at=timezone.now(), kept_by=place.access.user)
    made.places.create(clinic=place.clinic, seq=1, point="ST36", side="left", technique="needle_only")
    return made.uid


def observation(place: Place) -> UUID:
    made = actions.begin(patient=place.patient, by=place.access)
    return actions.observe(visit=made, minutes=15, by=place.access).uid


@any_of_clinic
def incident(place: Place) -> UUID:
    said = f"{ELSEWHERE if place.clinic.slug == 'hill' else ''} two vials look alike".strip()
    return incidents.report(said=said, happened_at=timezone.now(), patient=place.patient, by=place.access).uid


def reaction(place: Place) -> UUID:
    return reactions.begin(patient=place.patient, by=place.access).uid


def _visit(place: Place) -> Visit:
    return Visit.objects.get(uid=place.made["visit"])
