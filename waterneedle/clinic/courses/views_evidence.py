"""What is known of claims and protocols: the same pages for who treats, in the clinic, and for everybody, outside of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waterneedle.clinic.accounts.access import public, staff
from waterneedle.clinic.courses import evidence

ANYBODY = "what studies say is no secret"


@staff("clinic.read")
@require_safe
def all_evidence(request: HttpRequest) -> HttpResponse:
    return _all(request, "web/base.html")


@staff("clinic.read")
@require_safe
def claim(request: HttpRequest, claim: str) -> HttpResponse:
    return _claim(request, claim, "web/base.html")


@staff("clinic.read")
@require_safe
def protocol(request: HttpRequest, protocol: str) -> HttpResponse:
    return _protocol(request, protocol, "web/base.html")


@public(why=ANYBODY)
@require_safe
def public_evidence(request: HttpRequest) -> HttpResponse:
    return _all(request, "courses/evidence/public.html")


@public(why=ANYBODY)
@require_safe
def public_claim(request: HttpRequest, claim: str) -> HttpResponse:
    return _claim(request, claim, "courses/evidence/public.html")


@public(why=ANYBODY)
@require_safe
def public_protocol(request: HttpRequest, protocol: str) -> HttpResponse:
    return _protocol(request, protocol, "courses/evidence/public.html")


def _all(request: HttpRequest, base: str) -> HttpResponse:
    return _page(request, "courses/evidence/all.html", base, {"claims": evidence.claims(), "protocols": evidence.protocols()})


def _claim(request: HttpRequest, name: str, base: str) -> HttpResponse:
    return _page(request, "courses/evidence/claim.html", base, {"page": _found(evidence.claim_page, name)})


def _protocol(request: HttpRequest, name: str, base: str) -> HttpResponse:
    return _page(request, "courses/evidence/protocol.html", base, {"page": _found(evidence.protocol_page, name)})


def _found(page_of: Callable[[str], Any], name: str) -> Any:
    try:
        return page_of(name)
    except KeyError:
        raise Http404 from None


def _page(request: HttpRequest, template: str, base: str, page: dict[str, Any]) -> HttpResponse:
    return render(request, template, {"base": base, "is_public": base != "web/base.html"} | page)
