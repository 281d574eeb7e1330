"""The door of a link of this room: open in one browser, for the addresses of that link alone, for a while."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

OPEN_FOR_S = 2 * 3600  # without a request; then first name and date of birth are asked again
_SALT = "waterneedle.followup.door"


def is_open(request: HttpRequest, uid: UUID) -> bool:
    return request.get_signed_cookie(_name(uid), default="", salt=_SALT, max_age=OPEN_FOR_S) == str(uid)


def keep_open(response: HttpResponseBase, request: HttpRequest, uid: UUID, path: str) -> None:
    """Leave the door to what has this `uid` open below `path`."""
    response.set_signed_cookie(
        _name(uid), str(uid), salt=_SALT, max_age=OPEN_FOR_S, path=path, httponly=True, secure=request.is_secure(),
        samesite="Lax")


def _name(uid: UUID) -> str:
    return f"after_{uid.hex}"
