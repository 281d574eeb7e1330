"""What stands in the addresses of this room, made for the tests of all routes."""
from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from clinic.world import ELSEWHERE, Place
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.tasks import actions


def task(place: Place) -> UUID:
    mark = ELSEWHERE if place.clinic.slug == "hill" else "the pharmacy"
    made = actions.open_task(
        clinic=place.clinic, kind="tasks.note", cause=str(uuid7()), title=f"Call {mark}", due_at=timezone.now(),
        role=Role.ASSISTANT, by=place.access)
    return made.uid
