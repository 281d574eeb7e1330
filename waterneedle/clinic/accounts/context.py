"""What every template may show: the clinic of the address, and what the person may do there."""
from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def clinic(request: HttpRequest) -> dict[str, Any]:
    """`clinic`, `access` and an emergency access in force on a page of a clinic (None elsewhere); whether this is the demo."""
    names = ("clinic", "access", "break_glass")
    return {name: getattr(request, name, None) for name in names} | {"demo": settings.DEMO}
