"""The door of a link of this room: open in one browser, for the addresses of that link alone, for a while."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from waterneedle.clinic.intake.kept_open import KeptOpen

OPEN_FOR_S = 2 * 3600  # without a request; then first name and date of birth are asked again
_KEPT = KeptOpen("followup")


def is_open(request: HttpRequest, uid: UUID) -> bool:
    return _KEPT.is_open(request, uid, OPEN_FOR_S)


def keep_open(response: HttpResponseBase, request: HttpRequest, uid: UUID, path: str) -> None:
    """Leave the door to what has this `uid` open below `path`."""
    _KEPT.keep(response, request, uid, path=path, for_s=OPEN_FOR_S)
