"""Two infections at the site within 60 days that share something: the owner is asked to look.

What two share is the lot, the vial, the room, or who injected. 60 days: slow infections of the skin have shown up to 59 days
after.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.followup.models import SITE_INFECTIONS, EventVersion
from waterneedle.clinic.followup.queries_events import newest_versions, room_of
from waterneedle.clinic.followup.sites import fluids_of
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.visits.models import Injection

TASK = "followup.cluster"
WITHIN = datetime.timedelta(days=60)
LOOK_WITHIN = datetime.timedelta(days=1)
TITLES = {
    "lot": gettext_noop("Two infections at the site from one lot within 60 days"),
    "vial": gettext_noop("Two infections at the site from one vial within 60 days"),
    "room": gettext_noop("Two infections at the site from one room within 60 days"),
    "injector": gettext_noop("Two infections at the site by one injector within 60 days"),
}


def look(version: EventVersion, *, by: Person | Who, now: datetime.datetime) -> None:
    """Open a task for the owner for everything that `version` shares with another infection of these days."""
    if version.kind not in SITE_INFECTIONS or version.is_mistake or version.injection is None:
        return
    own, day = set(_shared(version.injection)), version.injection.visit.day
    others = newest_versions(version.clinic_id).filter(
        kind__in=SITE_INFECTIONS, injection__visit__day__gte=day - WITHIN, injection__visit__day__lte=day + WITHIN
    )
    for other in others.exclude(event_id=version.event_id).exclude(event__patient_id=version.event.patient_id):
        for what, row in sorted(own & set(_shared(other.injection))):
            pair = sorted((version.event_id, other.event_id))
            open_task(
                clinic=version.event.clinic, kind=TASK, cause=f"{what} {row} {pair[0]} {pair[1]}", role=Role.OWNER, by=by,
                title=TITLES[what], due_at=now + LOOK_WITHIN, about=version.event.uid, needs="quarantine.write")


def _shared(injection: Injection) -> Iterator[tuple[str, int]]:
    """What an injection can have in common with another one: (what, number of the row)."""
    for fill in fluids_of(injection):
        yield "lot", fill.vial.lot_id
        yield "vial", fill.vial_id
    if room := room_of(injection.visit):
        yield "room", room.pk
    if injection.visit.practitioner_id:
        yield "injector", injection.visit.practitioner_id


