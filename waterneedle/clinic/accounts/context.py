"""What every template may show: the clinic of the address, what the person may do there, and the end of their session."""
from __future__ import annotations

import functools
import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.queries import clinics_where
from waterneedle.clinic.accounts.session import seconds_left
from waterneedle.clinic.web import navigation
from waterneedle.clinic.web.navigation import Shown


def clinic(request: HttpRequest) -> dict[str, Any]:
    """`clinic`, `access` and an emergency access in force on a page of a clinic (None elsewhere); whether this is the demo.

    `session` is what the page's script needs to know of the session; None for who is not signed in. `alarm_outside` is asked
    for by pages of no clinic alone.
    """
    names = ("clinic", "access", "break_glass")
    found: dict[str, Any] = {name: getattr(request, name, None) for name in names}
    return found | {
        "demo": settings.DEMO, "session": SimpleLazyObject(lambda: of_session(request)),
        "alarm_outside": SimpleLazyObject(lambda: alarm_outside(request))}


def alarm_outside(request: HttpRequest) -> Shown | None:
    """The button for a reaction on a page of no clinic: of who may say in some clinic that somebody reacts."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    known = navigation.alarm_outside()
    return known if clinics_where(request.user, navigation.alarm_permission()) else None


def of_session(request: HttpRequest) -> dict[str, Any] | None:
    """What the page's script needs to know of the session; None for who is not signed in."""
    # Who brings no cookie is nobody: no query for them.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return None
    ends_in_s, said = seconds_left(request), _words(get_language())
    return {"address": reverse("session"), "user": request.user.uid, "ends_in_s": ends_in_s, "words": said}


@functools.lru_cache(maxsize=20)
def _words(language: str | None) -> str:
    """What the page's script says when the session ends, in the language that is active."""
    return json.dumps({
        "soon": _("You will be signed out in a minute. Press a key or click to stay."),
        "title": _("You were signed out"),
        "text": _("Nothing was done here for a while. What you typed is still on this page, behind this cover: sign in again, "
                  "then come back to it."),
        "signIn": _("Sign in in a new tab"),
    })
