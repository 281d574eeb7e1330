"""What stands in the addresses of this room, made for the tests of all routes."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic.api.conftest import make_token


def api__token(place: Any) -> UUID:
    return make_token(place.clinic, place.access.user)[0].uid
