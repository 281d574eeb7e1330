"""What stands in the addresses of this room, made for the tests of all routes."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from clinic.followup.following import REPORT, signed_visit
from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.world import Place, any_of_clinic
from waterneedle.clinic.followup import actions, actions_events, actions_recall
from waterneedle.clinic.followup.models import Alarm, CheckIn

_GRAVE = {"pain": 3, "bruise": "none", "felt": [], "said": "I cannot breathe"}


def checkin(place: Place) -> UUID:
    return _asked(place).uid


def answer(place: Place) -> UUID:
    return actions.answer(checkin=_asked(place), answers=_GRAVE, said_by="patient", now=timezone.now(), by=place.access).uid


def alarm(place: Place) -> UUID:
    return Alarm.objects.get(answer__uid=place.made["answer"] if "answer" in place.made else answer(place)).uid


def _asked(place: Place) -> CheckIn:
    signed(place.access, place.patient, *EVERY_PRODUCT)
    return actions.ask(visit=signed_visit(place.access, place.patient), kind="next_day", week=0, now=timezone.now())


def event(place: Place) -> UUID:
    return actions_events.report(patient=place.patient, by=place.access, **REPORT).uid


def followup__kind(place: Place) -> str:
    return "json"


def followup__visit(place: Place) -> UUID:
    signed(place.access, place.patient, *EVERY_PRODUCT)
    return signed_visit(place.access, place.patient).uid


@any_of_clinic
def recall(place: Place) -> UUID:
    followup__visit(place)
    what = {"kind": "days", "asked": {"since": "2020-01-01"}, "said": "days", "why": "a notice"}
    return actions_recall.open_recall(**what, by=place.access, quarantine=False).uid
