"""Around every request: headers, the end of a session, and no page without a declaration of who may open it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone

from waterneedle.clinic.accounts import session
from waterneedle.clinic.accounts.access import asks_as_script, declaration

Response = Callable[[HttpRequest], HttpResponseBase]


class Headers:
    """What every answer says to the browser; nothing is kept by it unless the answer itself said so."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "max-age=0, no-cache, no-store, must-revalidate, private")
        response.headers["Permissions-Policy"] = (
            "camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
            "microphone=(), geolocation=(), payment=(), usb=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class SessionLimits:
    """Ends a session that nobody used for a while, or that is a working day old."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        declared = declaration(view)
        if declared is not None and declared.unasked:
            return None
        # Who brings no cookie is nobody: no query for them.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return None
        why = session.ended(request)
        if why is None:
            session.stamp(request)
            return None
        logout(request)
        return None if declared and declared.kind == "public" else _signed_out(request, why)


class DeclaredAccess:
    """The door behind the door: the check at start has found such a view already."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()  # a page of a clinic runs in its zone

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if declaration(view) is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} does not declare who may open it")


def _signed_out(request: HttpRequest, why: str) -> HttpResponseBase:
    """To the sign-in page, and back afterwards. A script gets 401 alone: what was typed on its page must stay there."""
    if asks_as_script(request):
        return HttpResponse(status=401, headers={"X-Signed-Out": why})
    back = {"next": request.get_full_path()} if request.method in ("GET", "HEAD") else {}
    return HttpResponseRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'ended': why} | back)}")
