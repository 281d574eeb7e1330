"""What is typed and not sent yet: kept for, and given back to, who has typed it."""
from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts import unfinished
from waterneedle.clinic.accounts.access import may_send, staff
from waterneedle.clinic.web import words

MOST_FORMS = 100  # of one page


@require_POST
@staff("clinic.read")
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the fields `typed` of the form `key`."""
    key = request.POST.get("key", "")
    try:
        typed = unfinished.typed_in(request.POST.get("typed", ""))
    except ValueError as wrong:
        return HttpResponse(str(wrong), status=400, content_type="text/plain")
    if len(key) > unfinished.LONGEST_KEY or not may_send(request, key.split(" ")[0]):
        return HttpResponse(status=404)
    now = timezone.now()
    unfinished.keep(clinic=request.clinic, user=request.user, key=key, typed=typed, now=now)
    return JsonResponse({"at": words.clock(now)})


@require_POST
@staff("clinic.read")
def found(request: HttpRequest) -> HttpResponse:
    """What is kept of the forms `key` that stand on a page: by key, the fields and since when."""
    now = timezone.now()
    kept = unfinished.found(
        clinic=request.clinic, user=request.user, keys=request.POST.getlist("key")[:MOST_FORMS], now=now)
    return JsonResponse({
        key: {"typed": unfinished.typed_in(one.typed), "at": _when(one.at, now)}
        for key, one in kept.items() if may_send(request, key.split(" ")[0])})


def _when(at: datetime, now: datetime) -> str:
    return words.clock(at) if timezone.localdate(at) == timezone.localdate(now) else words.moment(at)
