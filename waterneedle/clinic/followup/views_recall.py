"""Recall: who was given it, and in the same place the shelf, the notices and the calls."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.stencil import filled
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.followup import actions_recall, deaths, hits
from waterneedle.clinic.followup.forms_recall import ActForm, TraceForm
from waterneedle.clinic.followup.models import Recall
from waterneedle.clinic.followup.queries import is_reached
from waterneedle.clinic.followup.tracing import Found, trace
from waterneedle.clinic.followup.views import answer_address
from waterneedle.clinic.stock.models import Lot
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads


@staff("quarantine.write")
def recall(request: HttpRequest) -> HttpResponse:
    """Choose what to look for; with an answer, everybody who was given it, and what to do about it."""
    form = TraceForm(request.GET or None, clinic=request.clinic)
    found = None
    if form.is_bound and form.is_valid():
        found = trace(request.clinic, form.cleaned_data["kind"], form.asked())
        with transaction.atomic():
            audit.append(
                by=request.access, action="trace", kind="recall",
                detail={"of": form.cleaned_data["kind"], "injections": found.injections, "patients": found.patients})
    if found is not None:
        return filled(request, "followup/recall.html", _found_page, _found(request, form, found), by=(bool(found.people),))
    audit.read(request, None, kind="recall")  # which vials are open is there to choose from
    return render(request, "followup/recall.html", {"form": form}, status=422 if form.is_bound else 200)


@staff("quarantine.write")
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Draft the notices and tasks, and put the shelf into quarantine, for what stands in the address."""
    form, asked = TraceForm(request.GET, clinic=request.clinic), ActForm(request.POST)
    if not form.is_valid():
        return render(request, "followup/recall.html", _page(request, form, None, asked), status=422)
    if not asked.is_valid():
        found = trace(request.clinic, form.cleaned_data["kind"], form.asked())
        return render(request, "followup/recall.html", _page(request, form, found, asked), status=422)
    try:
        made = actions_recall.open_recall(
            kind=form.cleaned_data["kind"], asked=form.asked(), said=form.in_words(), by=request.access, **asked.cleaned_data)
    except actions_recall.NothingToDo:
        messages.info(request, _("Nobody was given this, and nothing of it is on the shelf."))
        return redirect("followup:recall", clinic=request.clinic.slug)
    return redirect("followup:recalled", clinic=request.clinic.slug, recall=made.uid)


@staff("quarantine.write")
def recalled(request: HttpRequest, recall: UUID) -> HttpResponse:
    """What was done: the lots, the notices as they are drafted, and a button that sends them."""
    row = get_object_or_404(Recall.objects.select_related("made_by"), clinic=request.clinic, uid=recall)
    patients = list(row.patients.select_related("patient__clinic").order_by("patient__family_name", "patient__given_name"))
    for one in patients:
        one.is_reached = is_reached(one.patient)
    audit.read(request, None, kind="recall", uid=row.uid)
    return render(request, "followup/recalled.html", {
        "recall": row, "patients": patients, "lots": Lot.objects.filter(clinic=request.clinic, uid__in=row.quarantined),
        "unsent": sum(one.sent_at is None and one.is_reached for one in patients)})


@staff("quarantine.write")
@require_POST
def send(request: HttpRequest, recall: UUID) -> HttpResponse:
    row = get_object_or_404(Recall, clinic=request.clinic, uid=recall)
    sent = actions_recall.send(recall=row, by=request.access)
    messages.success(request, ngettext("%(count)d letter is on its way.", "%(count)d letters are on their way.", sent) % {
        "count": sent})
    return redirect("followup:recalled", clinic=request.clinic.slug, recall=row.uid)


@staff("quarantine.write")
def recalls(request: HttpRequest) -> HttpResponse:
    rows = Recall.objects.filter(clinic=request.clinic).select_related("made_by").order_by("-made_at")[:200]
    return render(request, "followup/recalls.html", {"recalls": rows})


@leads(actions_recall.TASK)
def recall_address(task: Task) -> str:
    return reverse("followup:recalled", kwargs={"clinic": task.clinic.slug, "recall": task.about})


@leads(deaths.STILL_DUE)
def still_due_address(task: Task) -> str:
    return recall_address(task) if task.cause.startswith(actions_recall.TASK) else answer_address(task)


def _page(request: HttpRequest, form: TraceForm, found: Found | None, act: ActForm) -> dict[str, object]:
    """Without an answer the form; with one what was asked, in words: a list of all lots and vials takes longer than the trace."""
    return {"form": form} if found is None else _found_page(**_found(request, form, found)) | {"act": act}


def _found(request: HttpRequest, form: TraceForm, found: Found) -> dict[str, str]:
    injections = ngettext("%(count)s injection", "%(count)s injections", found.injections) % {"count": found.injections}
    patients = ngettext("%(count)s patient", "%(count)s patients", found.patients) % {"count": found.patients}
    rows = {"hits": hits.rows(request.clinic, found)} if found.people else {}
    return {"said": form.in_words(), "injections": injections, "patients": patients, "query": request.GET.urlencode()} | rows


def _found_page(**found: str) -> dict[str, object]:
    return {"found": found, "act": ActForm()}
