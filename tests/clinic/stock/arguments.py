"""What stands in the addresses of this room, made for the tests of all routes."""
from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from clinic.stock.shelf import make_item, make_lot
from clinic.world import ELSEWHERE, Place
from waterneedle.clinic.stock import actions


def lot(place: Place) -> UUID:
    mark = ELSEWHERE if place.clinic.slug == "hill" else "Cyanocobalamin"
    return make_lot(place.access, make_item(place.access, f"{mark} 1000 mcg/mL")).uid


def vial(place: Place) -> UUID:
    return actions.open_vial(lot=make_lot(place.access), by=place.access, at=timezone.now()).uid


def kit(place: Place) -> UUID:
    return actions.add_kit(place="Treatment room 1", by=place.access).uid
