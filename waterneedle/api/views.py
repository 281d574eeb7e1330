"""The doors: a plan to its assessment, a check-in to its triage, a person to the points on their body."""
from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from waterneedle.api import answers, openapi, query
from waterneedle.api.answers import Refused
from waterneedle.api.door import content, door, take
from waterneedle.clinic.accounts.access import public
from waterneedle.safety.check import check as check_plan
from waterneedle.safety.check import spoken
from waterneedle.safety.checkin import CheckIn
from waterneedle.safety.documents import InvalidDocument, read, written
from waterneedle.safety.plan import Plan

LANGUAGES = ("en", "es", "zh")
BODIES_KEPT = 16  # a body takes a fifth of a second to make, and its document some 300 kB to keep


@door("check", "POST")
def check(request: HttpRequest) -> HttpResponse:
    return _answered(request, Plan, check_plan)


@door("triage", "POST")
def triage(request: HttpRequest) -> HttpResponse:
    from waterneedle.safety.triage import triage as triage_of  # late: compiles its patterns

    return _answered(request, CheckIn, triage_of)


@door("body", "GET", "HEAD")
def body(request: HttpRequest) -> HttpResponse:
    found = _body(query.person(request.GET))
    # The same person has the same body until the next version; the browser asks whether that has come.
    return _kept(request, found, "private, max-age=3600")


@csrf_exempt
@public(why="what the doors are, not what is behind them")
def description(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description of the doors."""
    try:
        take(request, ("GET", "HEAD"))
    except Refused as refused:
        return answers.refusal(refused)
    return _kept(request, openapi.written(), "public, max-age=3600")


@csrf_exempt
@public(why="nothing is here")
def unknown(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address below /api/: a program gets its sentence as JSON, not a page."""
    return answers.refusal(Refused(404, "there is nothing at this address; /api/v1/openapi.json lists what there is"))


def _answered(request: HttpRequest, type_: type, answer: Callable[..., Any]) -> HttpResponse:
    """What `answer` says to the document that was sent, in its own language, else in that of the request."""
    try:
        asked = read(content(request), type_)
        language = spoken(asked.language or preferred(request.headers.get("Accept-Language", "")))
        response = answers.document(answer(asked, language=language))
    except InvalidDocument as error:
        raise Refused(422, error.message, error.field) from None
    response["Content-Language"] = language
    return response


def preferred(header: str) -> str | None:
    """The first language of an Accept-Language that words are on file in."""
    wanted = (code for code, weight in parse_accept_lang_header(header.lower()) if weight > 0)
    return next((code for code in wanted if code.split("-")[0] in LANGUAGES), None)


def _kept(request: HttpRequest, said: bytes, how: str) -> HttpResponse:
    """`said`, which who asked may keep; 304 if they have it already."""
    tag = f'"{hashlib.sha256(said).hexdigest()[:32]}"'
    response = HttpResponse(said, content_type=answers.JSON, headers={"ETag": tag, "Cache-Control": how})
    return get_conditional_response(request, etag=tag, response=response)


@functools.lru_cache(BODIES_KEPT)
def _body(person: query.Person) -> bytes:
    # late: slow (numpy), and of no use to who only checks
    from waterneedle.body import listing
    from waterneedle.body.segments import fit_measured

    figure = fit_measured(person.sex, person.age_years, person.height_cm, person.weight_kg, {})
    return written(listing.document({**person._asdict(), "measured_mm": {}}, figure, figure.points()))
