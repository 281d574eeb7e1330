"""The owner's pages of the trail: who looked at whom."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.audit import keys
from waterneedle.clinic.audit.actions import append
from waterneedle.clinic.audit.who import MACHINE
from waterneedle.clinic.home import trail as trails
from waterneedle.clinic.home import trail_words
from waterneedle.clinic.home.forms import TrailForm
from waterneedle.clinic.patients.models import Patient

ON_A_PAGE = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


@staff("audit.read")
def trail(request: HttpRequest) -> HttpResponse:
    return _trail(request, None)


@staff("audit.read")
def trail_of(request: HttpRequest) -> HttpResponse:
    """The trail of one patient, reached from their page."""
    return _trail(request, request.patient)


@staff("audit.read")
def export(request: HttpRequest) -> HttpResponseBase:
    """The same rows as the page, all of them, as a file; that it was taken is in the trail."""
    form = _form(request)
    form.is_valid()
    asked = _asked(request, form, None)
    rows = trails.entries(asked)
    with transaction.atomic():
        append(by=request.access, action="export", kind="trail", patient=asked.patient and asked.patient.uid,
               detail={"rows": rows.count(), "since": asked.since, "until": asked.until})
    name = f"trail-{request.clinic.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    charts = request.access.scope("chart.read") == ALL
    response = StreamingHttpResponse(_csv(asked, charts=charts), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _trail(request: HttpRequest, patient: Patient | None) -> HttpResponse:
    form = _form(request)
    valid = form.is_valid()
    asked = _asked(request, form, patient)
    page = Paginator(trails.entries(asked), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    with transaction.atomic():
        append(by=request.access, action="read", kind="trail", patient=asked.patient and asked.patient.uid)
    return render(request, "home/trail.html", {
        "form": form, "page": page, "rows": _shown(request, rows), "patient": patient, "named": _named(request),
        "columns": _columns(request, asked), "state": trails.state(request.clinic), "places": _places(),
        "public_key": keys.ready().ring.public_key, "query": _query(request)}, status=200 if valid else 422)


def _form(request: HttpRequest) -> TrailForm:
    return TrailForm(request.GET, clinic=request.clinic, today=timezone.localdate(timezone=request.clinic.tzinfo))


def _asked(request: HttpRequest, form: TrailForm, patient: Patient | None) -> trails.Asked:
    sort = request.GET.get("sort", "-when")
    return form.asked(patient=patient, sort=sort.removeprefix("-"), descending=sort.startswith("-"))


def _named(request: HttpRequest) -> bool:
    """Whether patients may be shown by name; who reads the trail alone sees chart numbers."""
    return request.access.scope("demographics.read") == ALL


def _shown(request: HttpRequest, rows: list[Any]) -> list[dict[str, Any]]:
    patients = trails.patients_of(request.clinic, rows)
    actions, kinds = trail_words.action_words(), trail_words.kind_words()
    return [
        {
            "entry": row,
            "action": actions.get(row.action, row.action),
            "kind": kinds.get(row.kind, row.kind),
            "who": "" if row.role == MACHINE else row.user_name,
            "role": trail_words.role_words(row.role),
            "patient": patients.get(row.patient_uid),
        }
        for row in rows
    ]


def _columns(request: HttpRequest, asked: trails.Asked) -> list[dict[str, Any]]:
    words = {
        "when": _("When"), "who": _("Who"), "role": _("Role"), "action": _("Did"), "what": _("With what"),
        "patient": _("Patient"), "from": _("From where")}
    return [
        {
            "word": word,
            "url": f"?{_query(request, sort=_turned(asked, sort))}",
            "sort": ("descending" if asked.descending else "ascending") if asked.sort == sort else "",
        }
        for sort, word in words.items()
    ]


def _turned(asked: trails.Asked, sort: str) -> str:
    """The order that the head of a column leads to: the other way round if it is the order of the page, else A to Z
    or newest first.
    """
    descending = not asked.descending if asked.sort == sort else sort == "when"
    return f"-{sort}" if descending else sort


def _query(request: HttpRequest, **changed: str) -> str:
    """The filters of this page as the end of an address, without the page's number."""
    kept = {name: request.GET[name] for name in ("since", "until", "person", "chart", "what", "sort") if request.GET.get(name)}
    return urlencode(kept | changed)


def _places() -> list[str]:
    """Where signed heads are sent, in words; empty when there is no second place."""
    places = [_("a folder") if settings.AUDIT_HEADS_FOLDER else "", _("a mailbox") if settings.AUDIT_HEADS_MAIL else ""]
    return [place for place in places if place]


def _csv(asked: trails.Asked, *, charts: bool) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\N{BYTE ORDER MARK}" + writer.writerow(trails.HEADINGS)
    for row in trails.as_table(asked.clinic, trails.entries(asked).iterator(2000), charts=charts):
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text
