"""How long a session lasts: until nobody used it for a while, and at most a working day."""
from __future__ import annotations

import time

from django.conf import settings
from django.http import HttpRequest

BEGAN, SEEN = "began_at", "seen_at"  # in the session: seconds since 1970
_STAMP_EVERY_S = 30  # the session is written at most this often for being used


def ended(request: HttpRequest) -> str | None:
    """Why the session is over: `idle`, or `age`. None while it lasts."""
    now = time.time()
    if now - request.session.get(BEGAN, now) > settings.SESSION_HOURS * 3600:
        return "age"
    return "idle" if now - request.session.get(SEEN, now) > idle_s(request) else None


def idle_s(request: HttpRequest) -> int:
    """How long nobody may use it: shorter on a telephone, which is sooner left lying about than a desk."""
    return 60 * min(settings.IDLE_MINUTES, settings.IDLE_MINUTES_PHONE if _is_phone(request) else settings.IDLE_MINUTES)


def seconds_left(request: HttpRequest) -> int:
    now = time.time()
    idle = idle_s(request) - (now - request.session.get(SEEN, now))
    age = settings.SESSION_HOURS * 3600 - (now - request.session.get(BEGAN, now))
    return max(0, int(min(idle, age)))


def stamp(request: HttpRequest) -> None:
    """Note that the session is used: by a person, or with the header `X-Background` by a page that refreshes itself."""
    now = time.time()
    if BEGAN not in request.session:
        request.session[BEGAN] = now
    if "X-Background" not in request.headers and now - request.session.get(SEEN, 0) > _STAMP_EVERY_S:
        request.session[SEEN] = now


def _is_phone(request: HttpRequest) -> bool:
    """What the browser says of itself: by its hint, or by the word that those of telephones, and not of tablets, carry."""
    hint = request.headers.get("Sec-CH-UA-Mobile")
    return hint == "?1" if hint else "Mobi" in request.headers.get("User-Agent", "")
