"""What somebody at work has typed into a form and not sent yet: kept by the server alone, for that person alone.

    <form method="post" action="…" data-keep>       # its text fields, two seconds after the first key at the latest

The browser keeps nothing of a patient (docs/decisions/0039), so that a browser or a server which is killed would take every word
with it. A form is known by where it is sent to, and by a word of its own where two are sent to one address. Only what may be sent
may be kept and given back (`access.may_send`). When the form is sent and not refused, what was kept goes in the same transaction;
what nobody sends goes after a week. It is no part of a record, is in no export, and nobody reads it but who typed it, so that the
trail does not tell of it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from waterneedle.clinic.accounts.models import Clinic, Unfinished, User

FIELD = "unfinished"  # of a form that is sent: the key of what was kept of it
LONGEST, LONGEST_KEY = 60_000, 300
KEPT = timedelta(days=7)
_NEVER = {"password", "code", "proof", "csrfmiddlewaretoken"}  # the script leaves them out as well

Typed = dict[str, tuple[str, str]]  # by field: what stood there, what was typed
_typed = msgspec.json.Decoder(Typed)


def typed_in(text: str) -> Typed:
    """The fields in `text`. Raises ValueError for anything else, and for more than is kept."""
    if len(text) > LONGEST:
        raise ValueError(f"at most {LONGEST} characters are kept, got {len(text)}")
    try:
        return {name: said for name, said in _typed.decode(text).items() if name not in _NEVER}
    except msgspec.MsgspecError as wrong:
        raise ValueError(str(wrong)) from wrong


@transaction.atomic
def keep(*, clinic: Clinic, user: User, key: str, typed: Typed, now: datetime) -> None:
    """Keep what is typed in the form `key`, in place of what was kept of it; nothing typed is nothing kept."""
    if not typed:
        forget(clinic=clinic, user=user, key=key)
        return
    row = Unfinished(clinic=clinic, user=user, key=key, typed=msgspec.json.encode(typed).decode(), at=now)
    Unfinished.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["clinic", "user", "key"], update_fields=["typed", "at"])


def forget(*, clinic: Clinic, user: User, key: str) -> None:
    Unfinished.objects.filter(clinic=clinic, user=user, key=key).delete()


def found(*, clinic: Clinic, user: User, keys: Iterable[str], now: datetime) -> Mapping[str, Unfinished]:
    """What is kept of these forms, by key."""
    rows = Unfinished.objects.filter(clinic=clinic, user=user, key__in=list(keys), at__gt=now - KEPT)
    return {one.key: one for one in rows}


def forgotten_once_sent(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view whose POST, unless it is refused, forgets what was kept of the form that it was sent."""

    @functools.wraps(view)
    def sent(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if request.method == "POST" and response.status_code < 400 and (key := request.POST.get(FIELD)):
            forget(clinic=request.clinic, user=request.user, key=key)
        return response

    return sent
