"""What was sent and what was not; not what it says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.outbox import actions, opting, queries
from waterneedle.clinic.outbox.letters import can_send
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.outbox.reaching import addresses_of
from waterneedle.clinic.patients.queries import today_in

ON_A_PAGE = 50


@staff("messages.read")
def letters(request: HttpRequest) -> HttpResponse:
    """Letters that wait, that have gone, and everything that was given up."""
    which = request.GET.get("of", "waiting")
    which = which if which in queries.FILTERS else "waiting"
    page = Paginator(queries.jobs(request.clinic, which), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "outbox/letters.html", {
        "page": page, "which": which, "tabs": _tabs(request, which), "can_send": can_send(), "now": timezone.now(),
        "named": request.access.scope("demographics.read") == ALL,
        "follows": request.access.scope("followup.read") == ALL, "may_write": request.access.may("messages.write")})


@staff("messages.write")
@require_POST
def again(request: HttpRequest, job: UUID) -> HttpResponse:
    if actions.try_again(job=_found(request, job), now=timezone.now(), by=request.access):
        messages.success(request, _("It is tried again."))
    return redirect(_page(request, "dead"))


@staff("messages.write")
@require_POST
def leave(request: HttpRequest, job: UUID) -> HttpResponse:
    if actions.give_up(job=_found(request, job), now=timezone.now(), by=request.access):
        messages.success(request, _("It is left as it is."))
    return redirect(_page(request, "dead"))


@staff("demographics.write")
@require_POST
def wish(request: HttpRequest) -> HttpResponse:
    """The patient wants no messages any more, or wants them again."""
    if request.POST.get("wish") == "none":
        opting.opt_out(patient=request.patient, by=request.access, now=timezone.now())
    else:
        opting.opt_in(patient=request.patient, by=request.access, now=timezone.now())
    return redirect("patients:patient", clinic=request.clinic.slug, patient=request.patient.uid)


def section_of_person(request: HttpRequest) -> dict[str, Any]:
    """What the page of a person says of messages: where they go, or that there are none."""
    return {
        "opt_out": opting.opt_out_of(request.patient), "addresses": addresses_of(request.patient, today_in(request.clinic))}


def _found(request: HttpRequest, uid: UUID) -> Job:
    return get_object_or_404(Job, clinic=request.clinic, uid=uid)


def _page(request: HttpRequest, which: str) -> str:
    return f"{reverse('outbox:letters', kwargs={'clinic': request.clinic.slug})}?of={which}"


def _tabs(request: HttpRequest, which: str) -> list[dict[str, Any]]:
    words = {"waiting": _("Waiting"), "dead": _("Given up"), "gone": _("Gone")}
    counts = {"dead": queries.given_up(request.clinic)}
    return [
        {"url": _page(request, one), "word": words[one], "current": one == which, "count": counts.get(one)}
        for one in queries.FILTERS
    ]
