"""One key, one effect: a write that is asked for again gives its first answer and does nothing.

    @staff("stock.write")                        # every page of the staff has it; another says `@once` itself
    def receive(request): ...                    # a form holds {% load once %}{% once %}; a machine sends Idempotency-Key

    answer = do_once(clinic_id=…, key=key, asked=digest(body), act=lambda: …)    # the same without a page

The key, what was asked and the answer are written in the transaction of the effect: there is none without the other two.
Of two that come at once with one key, one waits and gets the answer of the other. Keys are forgotten after a week.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Any

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from waterneedle.clinic.audit.models import Once
from waterneedle.clinic.database.written import execute

FIELD, HEADER = "once", "Idempotency-Key"
LONGEST_KEY = 80
_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_NOT_ASKED = {FIELD, "csrfmiddlewaretoken", "unfinished"}  # the last: accounts/unfinished.py


class AskedOtherwise(ValueError):
    """This key was used for something else."""


class _Refused(Exception):
    """The view has answered that it did nothing: its answer is not kept, and the key is free."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a page has answered, as far as it can be given again."""

    status: int
    location: str = ""
    content_type: str = ""
    body: str = ""


msgspec.json.Decoder(Answer)  # met here, where one thread imports: see `knowledge/store.py`


def do_once(*, clinic_id: int | None, key: str, asked: bytes, act: Callable[[], Any]) -> Any:
    """What `act` answers (anything that can be written as JSON), or what it answered when it was asked first.

    Raises AskedOtherwise when the key was used with another `asked`. If `act` raises, the key is free again.
    """
    if not 0 < len(key) <= LONGEST_KEY:
        raise ValueError(f"a key has 1 to {LONGEST_KEY} characters, got {len(key)}")
    with transaction.atomic():
        if not _taken(clinic_id or 0, key, asked):
            answer = act()
            text = msgspec.json.encode(answer).decode()
            execute("UPDATE audit_once SET answer = %s WHERE clinic_id = %s AND key = %s", text, clinic_id or 0, key)
            return answer
        found = Once.objects.get(clinic_id=clinic_id or 0, key=key)
    if bytes(found.asked) != asked:
        raise AskedOtherwise(f"the key {key!r} was used for something else")
    return msgspec.json.decode(found.answer)


def once(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view whose POST has one effect for one key of one person. Without a key it is as it was.

    The view runs in a transaction: nothing slow belongs in it. What it answers with 4xx or 5xx it has not done.
    A view that has this already stays as it is: its key is taken once.
    """
    if getattr(view, "has_one_effect", False):
        return view

    @functools.wraps(view)
    def asked_once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = request.headers.get(HEADER) or request.POST.get(FIELD, "")
        if request.method != "POST" or not key:
            return view(request, *args, **kwargs)
        if len(key) > LONGEST_KEY - 33:
            return HttpResponse("the key is too long", status=400, content_type="text/plain")

        def act() -> Answer:
            response = view(request, *args, **kwargs)
            if response.status_code >= 400 or getattr(response, "streaming", False):
                raise _Refused(response)
            return _kept(response)

        try:
            clinic = getattr(request, "clinic", None)
            answer = do_once(clinic_id=clinic and clinic.id, key=_of_this_person(request, key), asked=_asked(request), act=act)
        except _Refused as refused:
            return refused.response
        except AskedOtherwise:
            return HttpResponse("this key was used for something else", status=409, content_type="text/plain")
        return _given(answer if isinstance(answer, Answer) else msgspec.convert(answer, Answer))

    asked_once.has_one_effect = True  # type: ignore[attr-defined]
    return asked_once


def _taken(clinic_id: int, key: str, asked: bytes) -> bool:
    """Whether the key was there already. PostgreSQL waits here for whoever is writing the same key."""
    written = execute(
        "INSERT INTO audit_once (clinic_id, key, asked, answer, at) VALUES (%s, %s, %s, '', %s) "
        "ON CONFLICT (clinic_id, key) DO NOTHING",
        clinic_id, key, asked, timezone.now(),
    )
    return written == 0


def _of_this_person(request: HttpRequest, key: str) -> str:
    user = getattr(request, "user", None)
    return f"{user.uid.hex if user is not None and user.is_authenticated else ''}:{key}"


def _asked(request: HttpRequest) -> bytes:
    """What is asked for: the address, and the form (files by name and size) or the body."""
    form = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_ASKED)
    files = sorted((name, [(one.name, one.size) for one in request.FILES.getlist(name)]) for name in request.FILES)
    body = b"" if request.content_type in _FORMS else request.body
    return hashlib.sha256(msgspec.json.encode((request.get_full_path(), form, files, body))).digest()


def _kept(response: Any) -> Answer:
    return Answer(
        status=response.status_code,
        location=response.headers.get("Location", ""),
        content_type=response.headers.get("Content-Type", ""),
        body=response.content.decode(response.charset),
    )


def _given(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.body, status=answer.status, content_type=answer.content_type or None)
    if answer.location:
        response["Location"] = answer.location
    return response
