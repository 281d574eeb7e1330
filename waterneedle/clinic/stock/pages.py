"""The pages of the shelf, side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

_PAGES = (
    ("shelf", _("Shelf"), "stock.read"),
    ("kits", _("Emergency kits"), "stock.read"),
    ("temperatures", _("Temperatures"), "stock.write"),
    ("suppliers", _("Suppliers"), "stock.write"),
)


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """Those that the person may open, as `web/_tabs.html` takes them."""
    where = {"clinic": request.clinic.slug}
    return [
        {"url": reverse(f"stock:{name}", kwargs=where), "word": word, "current": name == current}
        for name, word, permission in _PAGES
        if request.access.may(permission)
    ]
