"""The address of who asks, where proxies stand in front: the one that the outermost of our own proxies has seen."""
from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class BehindProxies:
    """Puts that address into REMOTE_ADDR, the one place where everything else looks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        seen = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
        # What stands further left was written by who asks, and may say anything.
        if settings.PROXIES and len(seen) >= settings.PROXIES:
            request.META["REMOTE_ADDR"] = seen[-settings.PROXIES]
        return self.get_response(request)
