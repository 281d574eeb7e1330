"""What a door answers: a document, or one clear sentence about what is wrong, both as JSON."""
from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse

from waterneedle.safety.documents import written

JSON = "application/json"


class Refused(Exception):
    """A request that is not answered as asked: `status`, one sentence, and the field it is about (empty: the whole)."""

    def __init__(self, status: int, message: str, field: str = "", **headers: str) -> None:
        super().__init__(message)
        self.status, self.message, self.field = status, message, field
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def document(value: Any) -> HttpResponse:
    """`value` (records, mappings, lists), in the same bytes as the command line prints it."""
    return HttpResponse(written(value), content_type=JSON)


def refusal(refused: Refused) -> HttpResponse:
    said = {"error": {"field": refused.field, "message": refused.message}}
    return HttpResponse(msgspec.json.encode(said), status=refused.status, content_type=JSON, headers=refused.headers)
