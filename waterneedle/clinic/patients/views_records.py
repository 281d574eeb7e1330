"""Two records of one person: compared, joined, parted; and a record that should not be there."""
from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.patients import actions, queries
from waterneedle.clinic.patients.forms import ReasonForm
from waterneedle.clinic.patients.models import Joined, Patient
from waterneedle.clinic.patients.pages import about


@staff("merge.write")
def duplicates(request: HttpRequest) -> HttpResponse:
    """Who may be the same person, and what was joined and parted before."""
    history = Joined.objects.filter(clinic=request.clinic, kept=request.patient).select_related("other", "made_by", "parted_by")
    page = about(request, "duplicates") | {
        "alike": queries.likely_duplicates(request.patient), "history": list(history.order_by("-made_at"))}
    return render(request, "patients/duplicates.html", page)


@staff("merge.write")
def compare(request: HttpRequest, other: UUID) -> HttpResponse:
    """Two records side by side; POST joins the other into this one, or says that they are two people."""
    row = get_object_or_404(Patient, clinic=request.clinic, uid=other, retracted_at=None)
    if row.pk == request.patient.pk:
        raise Http404
    form = ReasonForm(request.POST if request.POST.get("answer") == "join" else None)
    if request.method == "POST" and request.POST.get("answer") == "two":
        actions.say_two_people(one=request.patient, other=row, by=request.access)
        messages.success(request, _("Noted: two people. They will not be offered again."))
        return _back(request)
    if request.method == "POST" and form.is_valid():
        for name in actions.lost_by_joining(request.patient, row):
            form.add_error(None, _(
                "The other record says: %(what)s. Enter that in this record first, or there that it does not hold.") % {
                "what": Patient._meta.get_field(name).verbose_name})
    if request.method == "POST" and form.is_valid():
        try:
            actions.join(kept=request.patient, other=row, why=form.cleaned_data["why"], by=request.access)
        except ValueError:
            form.add_error(None, _("One of the two is joined into another record already. Part that first."))
        else:
            messages.success(request, _("Joined. Both records are read as one; this page parts them again."))
            return _back(request)
    mine, theirs = queries.shown_columns(request.patient), queries.shown_columns(row)
    pairs = [(word, one, other) for (word, one), (_word, other) in zip(mine, theirs, strict=True)]
    page = about(request, "duplicates") | {"other": row, "form": form, "pairs": pairs}
    return render(request, "patients/compare.html", page, status=422 if request.method == "POST" else 200)


@staff("merge.write")
@require_POST
def part(request: HttpRequest, other: UUID) -> HttpResponse:
    joined = get_object_or_404(Joined, clinic=request.clinic, kept=request.patient, other__uid=other, parted_at=None)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the two are parted again."))
    else:
        actions.part(joined=joined, why=form.cleaned_data["why"], by=request.access)
        messages.success(request, _("Parted: two records again, each with all that it had."))
        if since := queries.written_since(request.patient, joined.made_at):
            # Whom of the two they are about, nobody but a person can tell.
            messages.warning(request, ngettext(
                "%(count)d entry was written here while the two were joined, and stays in this chart. If it is about the other "
                "person, end it here and enter it there.",
                "%(count)d entries were written here while the two were joined, and stay in this chart. What of them is about "
                "the other person, end here and enter there.", since) % {"count": since})
    return _back(request)


@staff("merge.write")
def retract(request: HttpRequest) -> HttpResponse:
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.retract_patient(patient=request.patient, why=form.cleaned_data["why"], by=request.access)
        messages.success(request, _("The record is out of sight. It stays on file, with your reason."))
        return redirect("patients:patients", clinic=request.clinic.slug)
    page = about(request, "duplicates") | {"form": form}
    return render(request, "patients/retract.html", page, status=422 if request.method == "POST" else 200)


@staff("merge.write")
def retracted(request: HttpRequest) -> HttpResponse:
    """The records that were taken out of sight, each with its reason and the way back."""
    rows = Patient.objects.filter(clinic=request.clinic).exclude(retracted_at=None).order_by("-retracted_at")
    return render(request, "patients/retracted.html", {"rows": list(rows[:200])})


@staff("merge.write")
@require_POST
def restore(request: HttpRequest, record: UUID) -> HttpResponse:
    row = get_object_or_404(Patient, clinic=request.clinic, uid=record, retracted_at__isnull=False)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why the record comes back."))
        return redirect("patients:retracted", clinic=request.clinic.slug)
    actions.restore_patient(patient=row, why=form.cleaned_data["why"], by=request.access)
    return redirect("patients:patient", clinic=request.clinic.slug, patient=row.uid)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect("patients:duplicates", clinic=request.clinic.slug, patient=request.patient.uid)
