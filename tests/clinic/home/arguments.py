"""What stands in the addresses of this room, made for the tests of all routes."""

from __future__ import annotations

from uuid import UUID

from clinic.world import ELSEWHERE, Place
from waterneedle.clinic.home import sharps


def container(place: Place) -> UUID:
    name = ELSEWHERE if place.clinic.slug == "hill" else "here"
    return sharps.open_container(code=f"{name} 1", place=f"{name} room", by=place.access).uid
