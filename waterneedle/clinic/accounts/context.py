"""What every template may show: the clinic of the address, and what the person may do there."""
from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def clinic(request: HttpRequest) -> dict[str, Any]:
    """`clinic` and `access` of a page of a clinic (None elsewhere), and whether this is the demo."""
    return {"clinic": getattr(request, "clinic", None), "access": getattr(request, "access", None), "demo": settings.DEMO}
