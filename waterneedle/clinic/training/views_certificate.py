"""One certificate: its state, its files, what its public page shows, its renewal and its revocation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.practitioners.actions import OwnPaper
from waterneedle.clinic.training import badge, certifying, on_paper, queries
from waterneedle.clinic.training.forms import HoursForm, ShowForm, WhyForm
from waterneedle.clinic.training.models import IssuedCertificate
from waterneedle.clinic.training.views_trainee import REFUSALS, reasons, sentence
from waterneedle.clinic.web.downloads import file


@staff("training.read")
def certificate(request: HttpRequest, certificate: UUID) -> HttpResponse:
    return _page(request, queries.certificate_of(request, certificate))


@staff("learning.write")
@require_POST
def show(request: HttpRequest, certificate: UUID) -> HttpResponse:
    row = queries.certificate_of(request, certificate)
    if row.enrolment.practitioner.user_id != request.user.pk:
        raise Http404
    form = ShowForm(request.POST)
    if form.is_valid():
        certifying.show(certificate=row, by=request.access, **form.cleaned_data)
        messages.success(request, _("Saved."))
    return _to(request, row)


@staff("training.write")
@require_POST
def revoke(request: HttpRequest, certificate: UUID) -> HttpResponse:
    row = queries.certificate_of(request, certificate)
    form = WhyForm(request.POST)
    if form.is_valid():
        certifying.revoke(certificate=row, why=form.cleaned_data["why"], by=request.access)
        messages.success(request, _("Revoked. It counts no more, and its public page says so."))
    else:
        messages.error(request, _("Say why."))
    return _to(request, row)


@staff("training.write")
@require_POST
def renew(request: HttpRequest, certificate: UUID) -> HttpResponse:
    row = queries.certificate_of(request, certificate)
    try:
        made = certifying.renew(certificate=row, by=request.access)
    except REFUSALS as problem:
        return _page(request, row, refused=reasons(problem), status=422)
    messages.success(request, _("Renewed."))
    return _to(request, made)


@staff("training.write")
@require_POST
def hours(request: HttpRequest, certificate: UUID) -> HttpResponse:
    """Continuing hours of its holder."""
    row = queries.certificate_of(request, certificate)
    form = HoursForm(request.POST)
    if form.is_valid():
        try:
            certifying.add_continuing(practitioner=row.enrolment.practitioner, by=request.access, **form.cleaned_data)
            messages.success(request, _("Entered."))
            return _to(request, row)
        except OwnPaper:
            form.add_error(None, _("Nobody vouches for their own training or certificate. Ask the owner to enter it."))
        except certifying.NotCertified as problem:
            form.add_error("on", sentence(problem))
    return _page(request, row, hours_form=form, status=422)


@staff("training.read")
@require_safe
def as_json(request: HttpRequest, certificate: UUID) -> HttpResponse:
    row = queries.certificate_of(request, certificate)
    return file(msgspec.json.encode(badge.as_json(row.badge)), "application/json", f"certificate-{row.paper.number}.json")


@staff("training.read")
@require_safe
def as_png(request: HttpRequest, certificate: UUID) -> HttpResponse:
    row = queries.certificate_of(request, certificate)
    return file(on_paper.picture(row), "image/png", f"certificate-{row.paper.number}.png")


@staff("training.read")
@require_safe
def as_pdf(request: HttpRequest, certificate: UUID) -> HttpResponse:
    row = queries.certificate_of(request, certificate)
    return file(on_paper.sheet(row, request.LANGUAGE_CODE), "application/pdf", f"certificate-{row.paper.number}.pdf")


def _page(request: HttpRequest, row: IssuedCertificate, *, status: int = 200, refused: Any = (), **forms: Any) -> HttpResponse:
    page = queries.shown(row, timezone.now()) | {
        "address": on_paper.address(row), "refused": refused, "may_write": request.access.may("training.write"),
        "is_mine": row.enrolment.practitioner.user_id == request.user.pk,
        "show_form": ShowForm(initial={"name": row.shows_name, "course": row.shows_course, "file": row.shows_file}),
        "hours_form": forms.get("hours_form") or HoursForm(), "now": timezone.now(),
        "continuing": queries.continuing(row)}
    return render(request, "training/certificate.html", page, status=status)


def _to(request: HttpRequest, row: IssuedCertificate) -> HttpResponse:
    return redirect("training:certificate", clinic=request.clinic.slug, certificate=row.uid)
