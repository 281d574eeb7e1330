"""Containers for sharps, and the log of needle-stick injuries."""

from __future__ import annotations

import datetime
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.home import sharps
from waterneedle.clinic.home.forms import CollectForm, ContainerForm
from waterneedle.clinic.home.models import SharpsContainer
from waterneedle.clinic.web.notices import undoable

LOG_YEARS = 5  # that are shown; nothing of the log is deleted


@staff("stock.read")
@require_GET
def containers(request: HttpRequest) -> HttpResponse:
    return _page(request, ContainerForm())


@staff("stock.write")
@require_POST
def open_container(request: HttpRequest) -> HttpResponse:
    form = ContainerForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        sharps.open_container(by=request.access, **form.cleaned_data)
    except sharps.LabelTaken:
        form.add_error("code", _("A container with this label is in use."))
        return _page(request, form, status=422)
    return redirect("home:containers", clinic=request.clinic.slug)


@staff("stock.write")
@require_POST
def close_container(request: HttpRequest, container: UUID) -> HttpResponse:
    row = _container(request, container)
    if sharps.close_container(container=row, by=request.access):
        undo = reverse("home:container_not_full", kwargs={"clinic": request.clinic.slug, "container": row.uid})
        undoable(request, _("%(label)s is noted as full.") % {"label": row.code}, undo=undo)
    return redirect("home:containers", clinic=request.clinic.slug)


@staff("stock.write")
@require_POST
def container_not_full(request: HttpRequest, container: UUID) -> HttpResponse:
    """The way back from a press beside the right label."""
    try:
        sharps.not_full(container=_container(request, container), by=request.access)
    except sharps.TooLate:
        messages.error(request, _("This is no longer of this moment: it stays closed. Open another container."))
    return redirect("home:containers", clinic=request.clinic.slug)


@staff("stock.write")
@require_POST
def collect_container(request: HttpRequest, container: UUID) -> HttpResponse:
    row, form = _container(request, container), CollectForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say who took it, and with which receipt."))
    else:
        sharps.collect_container(container=row, by=request.access, **form.cleaned_data)
    return redirect("home:containers", clinic=request.clinic.slug)


@staff("clinic.write")
@require_GET
def sticks(request: HttpRequest) -> HttpResponse:
    """The log, for the owner: who was stuck is nobody else's to read."""
    now = timezone.now()
    with transaction.atomic():
        audit.append(by=request.access, action="read", kind="needle stick")
    sticks = sharps.sticks_between(request.clinic, now - datetime.timedelta(days=365 * LOG_YEARS), now)
    page = {"sticks": sticks, "years": LOG_YEARS}
    return render(request, "home/sticks.html", page)


def _container(request: HttpRequest, uid: UUID) -> SharpsContainer:
    return get_object_or_404(SharpsContainer, clinic=request.clinic, uid=uid)


def _page(request: HttpRequest, form: ContainerForm, *, status: int = 200) -> HttpResponse:
    page = {"in_use": sharps.in_use(request.clinic), "collected": sharps.collected(request.clinic), "form": form}
    return render(request, "home/sharps.html", page, status=status)
