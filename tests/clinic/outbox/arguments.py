"""What stands in the addresses of this room, made for the tests of all routes."""
from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from clinic.world import Place
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import Job


def job(place: Place) -> UUID:
    key = str(uuid7())
    send_letter(
        to=["pat@example.org"], subject="Your visit", text="Tomorrow at ten.", clinic=place.clinic, about="booking", key=key,
        due_at=timezone.now())
    return Job.objects.get(key=key).uid
