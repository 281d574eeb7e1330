"""Where each request comes from, kept for the entries that are written while it is answered."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from waterneedle.clinic.audit.who import Where, where


class FromWhere:
    """Sets `where` for the time of a request, and names the request in its answer, so that a log and the trail can be
    laid side by side.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        place = place_of(request)
        token = where.set(place)
        try:
            response = self.get_response(request)
        finally:
            where.reset(token)
        response["X-Request-ID"] = place.request_id
        return response


def place_of(request: HttpRequest) -> Where:
    agent = request.headers.get("User-Agent", "").encode("utf-8", "replace")
    return Where(
        ip=request.META.get("REMOTE_ADDR", "")[:45],
        agent=hashlib.sha256(agent).hexdigest()[:16] if agent else "",
        request_id=secrets.token_hex(8),
    )
