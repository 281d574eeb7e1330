"""What stands in the addresses of this room, made for the tests of all routes."""

from __future__ import annotations

from uuid import UUID

from clinic.world import Place
from waterneedle.clinic.exports import actions_extract
from waterneedle.clinic.outbox.worker import drain_slow


def exports__extract(place: Place) -> UUID:
    made = actions_extract.ask_for_extract(clinic=place.access.clinic, by=place.access)
    drain_slow()
    return made.uid
