"""Files that a person takes along: never shown in the page, never kept by the browser."""
from __future__ import annotations

from django.http import HttpResponse


def file(content: bytes, kind: str, name: str) -> HttpResponse:
    """`content` as a download called `name`, which is ours and holds nothing that a person typed."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
