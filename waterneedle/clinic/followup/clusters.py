"""Infections at the site within 60 days that share something: the owner is asked to look.

What two share is the lot, the vial, the room, or who injected; where nobody knows which injection of a visit it was, all of them
count, for the owner looks rather once too often. 60 days: slow infections of the skin have shown up to 59 days after.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.followup.models import SITE_INFECTIONS, EventVersion
from waterneedle.clinic.followup.queries_events import newest_versions, room_of, suspected
from waterneedle.clinic.followup.sites import fluids_of
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.tasks.models import State, Task
from waterneedle.clinic.visits.models import Visit

TASK = "followup.cluster"
WITHIN = datetime.timedelta(days=60)
LOOK_WITHIN = datetime.timedelta(days=1)
TITLE = gettext_noop("Infections at the site belong together: look at what they share")
WHAT = ("vial", "lot", "room", "injector")  # the narrowest first


class Shared(NamedTuple):
    """What an infection can have in common with another one: which of `WHAT`, and its row."""

    what: str
    row: Any


class Related(NamedTuple):
    """Another infection, and what both share."""

    version: EventVersion
    shared: frozenset[Shared]


def look(version: EventVersion, *, by: Person | Who, now: datetime.datetime) -> None:
    """Open one task for the owner if `version` shares something with another infection of these days; none while one is open."""
    found = related(version)
    open_now = Task.objects.filter(clinic_id=version.clinic_id, kind=TASK, about=str(version.event.uid)).exclude(state=State.DONE)
    if not found or open_now.exists():
        return
    shared = sorted({f"{one.what} {one.row.pk}" for each in found for one in each.shared})
    open_task(
        clinic=version.event.clinic, kind=TASK, cause=f"{version.event_id} {sha256(repr(shared).encode()).hexdigest()[:32]}",
        role=Role.OWNER, by=by, title=TITLE, due_at=now + LOOK_WITHIN, about=version.event.uid, needs="quarantine.write")


def related(version: EventVersion) -> list[Related]:
    """The infections of other patients within 60 days that share something with this one; none for what is no infection."""
    visit = visit_of(version)
    if version.kind not in SITE_INFECTIONS or version.is_mistake or visit is None:
        return []
    own, near = facts_of(version), (visit.day - WITHIN, visit.day + WITHIN)
    others = newest_versions(version.clinic_id).filter(
        Q(injection__visit__day__range=near) | Q(injection=None, event__visit__day__range=near), kind__in=SITE_INFECTIONS)
    others = others.exclude(event_id=version.event_id).exclude(event__patient_id=version.event.patient_id)
    found = (Related(one, own & facts_of(one)) for one in others)
    return [one for one in found if one.shared]


def facts_of(version: EventVersion) -> frozenset[Shared]:
    return frozenset(_facts(version))


def in_order(shared: Iterable[Shared]) -> list[Shared]:
    return sorted(shared, key=lambda one: (WHAT.index(one.what), one.row.pk))


def visit_of(version: EventVersion) -> Visit | None:
    return version.injection.visit if version.injection else version.event.visit


def _facts(version: EventVersion) -> Iterator[Shared]:
    visit = visit_of(version)
    if visit is None:
        return
    for injection in suspected(version):
        for fill in fluids_of(injection):
            yield Shared("lot", fill.vial.lot)
            yield Shared("vial", fill.vial)
    if room := room_of(visit):
        yield Shared("room", room)
    if visit.practitioner_id:
        yield Shared("injector", visit.practitioner)
