"""What rooms above say on the page of a visit, beside what was there before. They tell it by `stands_beside`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.safestring import SafeString

from waterneedle.clinic.visits.models import Visit

Said = Callable[[HttpRequest, Visit], SafeString]
_BESIDE: list[Said] = []


def stands_beside(said: Said) -> None:
    """Let what `said` answers (a section of the page; "" for nothing) stand on the page of every visit."""
    if said not in _BESIDE:
        _BESIDE.append(said)


def beside(request: HttpRequest, visit: Visit) -> list[SafeString]:
    return [found for said in _BESIDE if (found := said(request, visit))]
