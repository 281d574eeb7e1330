"""For anybody: whether a certificate is genuine and in force, and what the clinic publishes so that others can tell."""

from __future__ import annotations

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from waterneedle.clinic.accounts.access import public
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.sealing import InvalidToken
from waterneedle.clinic.training import badge, keys, queries, verifying
from waterneedle.clinic.training.forms import FileForm, NameForm
from waterneedle.clinic.training.models import SigningKey

STATUS_OF_PAGE = {"unknown": 404}


@public(why="whether a certificate is in force, for whoever is shown one")
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Hand in a file or its text, and read what it is."""
    form = FileForm(request.POST or None, request.FILES or None)
    page = {"form": form}
    if request.method == "POST" and form.is_valid():
        held = form.cleaned_data["file"]
        content = held.read() if held else form.cleaned_data["text"].strip().encode()
        verdict = verifying.by_file(content, timezone.now())
        page |= _shown(verdict, form.cleaned_data["name"], whole=True)
    return render(request, "training/public/check.html", page, status=422 if form.is_bound and not form.is_valid() else 200)


@public(why="secret link")
@never_cache
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """What the certificate behind this address is now, and of it what its holder allows."""
    verdict = verifying.by_code(code, timezone.now())
    form = NameForm(request.POST or None)
    name = form.cleaned_data["name"] if request.method == "POST" and form.is_valid() else ""
    page = _shown(verdict, name, whole=False) | {"form": form, "code": code}
    return render(request, "training/public/verify.html", page, status=STATUS_OF_PAGE.get(verdict.state, 200))


@public(why="secret link")
@never_cache
@require_safe
def badge_json(request: HttpRequest, code: str) -> HttpResponse:
    """The certificate in JSON, where its holder lets everybody have it."""
    verdict = verifying.by_code(code, timezone.now())
    if verdict.certificate is None or not verdict.certificate.shows_file:
        raise Http404
    return HttpResponse(msgspec.json.encode(badge.as_json(verdict.certificate.badge)), content_type="application/json")


@public(why="public keys")
@require_safe
def did(request: HttpRequest, slug: str) -> HttpResponse:
    """The did:web document of a clinic: every key that ever signed for it."""
    clinic = _clinic(slug)
    document = keys.did_document(clinic)
    if document is None:
        raise Http404
    return HttpResponse(msgspec.json.encode(document), content_type="application/did+json")


@public(why="list of revocations")
@never_cache
@require_safe
def status(request: HttpRequest, slug: str) -> HttpResponse:
    """The signed list of what is revoked now."""
    clinic = _clinic(slug)
    key = SigningKey.objects.filter(clinic=clinic, retired_at=None).first()
    if key is None:
        raise Http404
    try:
        listed = badge.status_list(key, keys.status_url(clinic), queries.revoked_indices(clinic), timezone.now())
    except InvalidToken:  # no list is better than one that nobody signed
        return HttpResponse(status=503)
    return HttpResponse(listed, content_type="application/vc+jwt")


def _shown(verdict: verifying.Verdict, name: str, *, whole: bool) -> dict:
    """What the page may show. Who hands in the file itself has read what is in it."""
    row = verdict.certificate
    shown = {"verdict": verdict, "row": row, "asked_name": name}
    if row is not None:
        shown |= {"shows_name": whole or row.shows_name, "shows_course": whole or row.shows_course,
                  "shows_file": not whole and row.shows_file, "is_theirs": _same(name, row.holder)}
    return shown


def _same(name: str, holder: str) -> bool:
    return " ".join(name.split()).casefold() == " ".join(holder.split()).casefold()


def _clinic(slug: str) -> Clinic:
    found = Clinic.objects.filter(slug=slug).first()
    if found is None:
        raise Http404
    return found
