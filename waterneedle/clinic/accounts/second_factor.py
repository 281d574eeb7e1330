"""Whether a person proved more than a password in this session."""
from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

_PROVED = "second_factor_of"  # in the session: whose second factor was used, or set up, in it


def is_missing(request: HttpRequest) -> bool:
    """Whether this session must not open a clinic yet: a second factor is required, and none was used or set up in it."""
    if not settings.SECOND_FACTOR_REQUIRED or request.session.get(_PROVED) == request.user.pk:
        return False
    if any(one.get("method") == "mfa" for one in get_authentication_records(request, request.user)):
        request.session[_PROVED] = request.user.pk
        return False
    return True


def set_up(request: HttpRequest, user: Any, **extra: Any) -> None:
    """Receives `authenticator_added`: who sets a factor up has it in hand; the next sign-in asks for it."""
    request.session[_PROVED] = user.pk
