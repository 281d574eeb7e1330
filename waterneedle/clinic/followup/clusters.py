"""Two infections at the site within 60 days that share something: the owner is asked to look.

What two share is the lot, the vial, the room, or who injected; where nobody knows which injection of a visit it was, all of them
count, for the owner looks rather once too often. 60 days: slow infections of the skin have shown up to 59 days
after.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.followup.models import SITE_INFECTIONS, EventVersion
from waterneedle.clinic.followup.queries_events import newest_versions, room_of
from waterneedle.clinic.followup.sites import fluids_of, given_at
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.visits.models import Visit

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
    visit = _visit(version)
    if version.kind not in SITE_INFECTIONS or version.is_mistake or visit is None:
        return
    own, near = set(_shared(version)), (visit.day - WITHIN, visit.day + WITHIN)
    others = newest_versions(version.clinic_id).filter(
        Q(injection__visit__day__range=near) | Q(injection=None, event__visit__day__range=near), kind__in=SITE_INFECTIONS)
    for other in others.exclude(event_id=version.event_id).exclude(event__patient_id=version.event.patient_id):
        for what, row in sorted(own & set(_shared(other))):
            pair = sorted((version.event_id, other.event_id))
            open_task(
                clinic=version.event.clinic, kind=TASK, cause=f"{what} {row} {pair[0]} {pair[1]}", role=Role.OWNER, by=by,
                title=TITLES[what], due_at=now + LOOK_WITHIN, about=version.event.uid, needs="quarantine.write")


def _visit(version: EventVersion) -> Visit | None:
    return version.injection.visit if version.injection else version.event.visit


def _shared(version: EventVersion) -> Iterator[tuple[str, int]]:
    """What an event can have in common with another one: (what, number of the row)."""
    visit = _visit(version)
    if visit is None:
        return
    for injection in (version.injection,) if version.injection else given_at(visit).injections:
        for fill in fluids_of(injection):
            yield "lot", fill.vial.lot_id
            yield "vial", fill.vial_id
    if room := room_of(visit):
        yield "room", room.pk
    if visit.practitioner_id:
        yield "injector", visit.practitioner_id


