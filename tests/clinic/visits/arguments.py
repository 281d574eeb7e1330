"""What stands in the addresses of this room, made for the tests of all routes."""
from __future__ import annotations

from uuid import UUID

from clinic.world import Place
from waterneedle.clinic.visits import actions, reactions


def visit(place: Place) -> UUID:
    return actions.begin(patient=place.patient, by=place.access).uid


def reaction(place: Place) -> UUID:
    return reactions.begin(patient=place.patient, by=place.access).uid
