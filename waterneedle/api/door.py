"""The way in for a program: `Authorization: Bearer wn_…`, no cookie, no session.

    @door("check", "POST")
    def check(request): ...          # request.token, request.clinic

The method is looked at first, then the token, then how often it was used; only then is anything read.
"""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from waterneedle.api import actions
from waterneedle.api.answers import JSON, Refused, refusal
from waterneedle.clinic.accounts.access import Declared, declares

LARGEST = 256 * 1024  # bytes of a document: some hundred injections; more would keep the clinic's server from its people
CLOSED = "this token is not known, has expired or was revoked"

View = Callable[[HttpRequest], HttpResponse]


def door(scope: str, *methods: str) -> Callable[[View], View]:
    """A view that a token with `scope` opens, for `methods` alone. The view may raise `Refused`."""

    def decorate(view: View) -> View:
        @csrf_exempt  # there is no cookie that another site could use
        @functools.wraps(view)
        def opened(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                take(request, methods)
                request.token = _token(request, scope)
                request.clinic = request.token.clinic
                return view(request, **kwargs)
            except Refused as refused:
                return refusal(refused)

        return declares(opened, Declared("token", why=scope))

    return decorate


def take(request: HttpRequest, methods: tuple[str, ...]) -> None:
    """Refuse any other method than `methods`."""
    if request.method not in methods:
        raise Refused(405, f"this address takes {' and '.join(methods)} only", Allow=", ".join(methods))


def content(request: HttpRequest) -> bytes:
    """The JSON document that was sent, still to be read. Refuses other kinds, a length that is not said, and too much."""
    if request.content_type != JSON or request.content_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise Refused(415, "send JSON in UTF-8, with the header Content-Type: application/json")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(415, "send the document as it is, without Content-Encoding")
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit()):
        raise Refused(411, "say how many bytes follow, with the header Content-Length")
    if len(length) > 12 or int(length) > LARGEST:
        raise Refused(413, f"expected a document of at most {LARGEST >> 10} KiB")
    try:
        return request.read(LARGEST)
    except OSError:
        raise Refused(400, "the document broke off before its end") from None


def _token(request: HttpRequest, scope: str) -> actions.Token:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise Refused(401, "a token is needed: Authorization: Bearer wn_…", WWW_Authenticate="Bearer")
    used = actions.use(secret.strip(), scope=scope, now=timezone.now(), per_minute=settings.API_PER_MINUTE)
    if used is None or used.refused == "closed":
        raise Refused(401, CLOSED, WWW_Authenticate='Bearer error="invalid_token"')
    if used.refused == "often":
        raise Refused(429, f"at most {settings.API_PER_MINUTE} requests a minute for each token; come again in {used.wait_s} s",
                      Retry_After=str(used.wait_s))
    if used.refused == "scope":
        raise Refused(403, f"this token does not open {scope}", WWW_Authenticate='Bearer error="insufficient_scope"')
    return used.token
