"""No page without a declaration of who may open it."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponseBase

from waterneedle.clinic.accounts.access import declaration


class DeclaredAccess:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        # The check at start has found these already; this is the door behind the door.
        if declaration(view) is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} does not declare who may open it")
