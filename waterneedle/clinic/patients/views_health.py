"""What is known of a patient's health: entered, gone through, ended, taken back."""
from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients import actions, queries, vocabulary
from waterneedle.clinic.patients.forms import FactForm, MeasureForm, PregnancyForm
from waterneedle.clinic.patients.models import FactKind, HealthFact, Measure
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.web.notices import undoable

MOST_DIGITS = 18  # of the number of a row: what the database holds


@staff("chart.read")
def health(request: HttpRequest) -> HttpResponse:
    audit.read(request, request.patient, kind="health")
    return _page(request)


@staff("chart.write")
@require_POST
def add_fact(request: HttpRequest, kind: str) -> HttpResponse:
    form = _fact_form(request, _kind(kind), request.POST)
    if not form.is_valid():
        return _page(request, status=422, **{kind: form})
    actions.add_fact(patient=request.patient, kind=kind, by=request.access, **form.cleaned_data)
    return _back(request)


@staff("chart.write")
@require_POST
def end_fact(request: HttpRequest, fact: UUID) -> HttpResponse:
    row = _fact(request, fact)
    actions.end_fact(fact=row, why=request.POST.get("why", "")[:200], by=request.access)
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid, "fact": row.uid}
    back = f"?{urlencode({'back': _came_from(request)})}" if _came_from(request) else ""
    undoable(request, _("Ended. It stays in the history."), undo=reverse("patients:reopen_fact", kwargs=where) + back)
    return _back(request)


@staff("chart.write")
@require_POST
def reopen_fact(request: HttpRequest, fact: UUID) -> HttpResponse:
    actions.reopen_fact(fact=_fact(request, fact), by=request.access)
    return _back(request)


@staff("chart.write")
@require_POST
def say_none(request: HttpRequest, kind: str) -> HttpResponse:
    try:
        actions.say_none(patient=request.patient, kind=_kind(kind), by=request.access)
    except ValueError:
        return _page(request, status=422, problem=_("There are entries that hold. End them first, then say that there are none."))
    return _back(request)


@staff("chart.write")
@require_POST
def say_reviewed(request: HttpRequest, kind: str) -> HttpResponse:
    actions.say_reviewed(patient=request.patient, kind=_kind(kind), by=request.access)
    return _back(request)


@staff("chart.write")
@require_POST
def pregnancy(request: HttpRequest) -> HttpResponse:
    form = PregnancyForm(request.POST, prefix="pregnancy")
    if not form.is_valid():
        return _page(request, status=422, pregnancy=form)
    actions.say_pregnancy(patient=request.patient, by=request.access, **form.cleaned_data)
    return _back(request)


@staff("chart.write")
@require_POST
def measure(request: HttpRequest) -> HttpResponse:
    form = MeasureForm(request.POST, prefix="measure")
    if not form.is_valid():
        return _page(request, status=422, measure=form)
    actions.add_measure(patient=request.patient, by=request.access, **form.cleaned_data)
    return _back(request)


@staff("chart.write")
@require_POST
def retract_measure(request: HttpRequest) -> HttpResponse:
    """A figure that was entered in error, by its number in the form: it counts no more."""
    actions.retract_measure(measure=_measure(request), by=request.access)
    return _back(request)


@staff("chart.write")
@require_POST
def restore_measure(request: HttpRequest) -> HttpResponse:
    actions.restore_measure(measure=_measure(request), by=request.access)
    return _back(request)


@staff("chart.read")
@require_POST
def concepts(request: HttpRequest, kind: str) -> HttpResponse:
    """What the vocabulary has for the word that is being typed: the options of the field's list."""
    offered = vocabulary.offered(_kind(kind), request.POST.get("q", "")[:200], request.LANGUAGE_CODE)
    return render(request, "patients/_concepts.html", {"offered": offered})


def _page(request: HttpRequest, *, status: int = 200, problem: str = "", **forms: object) -> HttpResponse:
    today = queries.today_in(request.clinic)
    known = queries.health_of(request.patient)
    kinds = [
        {"kind": kind, "label": FactKind(kind).label, "facts": known.facts[kind], "asked": known.asked.get(kind),
         "form": forms.get(kind) or _fact_form(request, kind)}
        for kind in FactKind.values]
    page = about(request, "health") | {
        "kinds": kinds, "known": known,
        "measures": vocabulary.labelled(known.measures), "problem": problem, "ended": _ended(request),
        "retracted": _retracted(request),
        "pregnancy_form": forms.get("pregnancy") or PregnancyForm(prefix="pregnancy"),
        "measure_form": forms.get("measure") or MeasureForm(prefix="measure", initial={"measured_on": today}),
    }
    return render(request, "patients/health.html", page, status=status)


def _fact_form(request: HttpRequest, kind: str, data: QueryDict | None = None) -> FactForm:
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid, "kind": kind}
    return FactForm(data, prefix=kind, kind=kind, suggestions=reverse("patients:concepts", kwargs=where))


def _ended(request: HttpRequest) -> list[HealthFact]:
    rows = queries.records_of(request.patient)
    return list(HealthFact.objects.filter(clinic=request.clinic, patient_id__in=rows).exclude(ended_at=None)
                .select_related("ended_by").order_by("-ended_at")[:100])


def _retracted(request: HttpRequest) -> list[Measure]:
    rows = queries.records_of(request.patient)
    found = Measure.objects.filter(clinic=request.clinic, patient_id__in=rows).exclude(removed_at=None)
    return list(found.order_by("-removed_at", "-pk")[:100])


def _measure(request: HttpRequest) -> Measure:
    said = request.POST.get("measure", "")
    if not said.isascii() or not said.isdigit() or len(said) > MOST_DIGITS:
        raise Http404
    return get_object_or_404(Measure, clinic=request.clinic, pk=int(said), patient_id__in=queries.records_of(request.patient))


def _fact(request: HttpRequest, uid: UUID) -> HealthFact:
    return get_object_or_404(HealthFact, clinic=request.clinic, uid=uid, patient_id__in=queries.records_of(request.patient))


def _kind(kind: str) -> str:
    if kind not in FactKind.values:
        raise Http404
    return kind


def _back(request: HttpRequest) -> HttpResponse:
    """To the page of this clinic that the form came from and names, such as a struck visit; else to what is known."""
    asked, clinic = _came_from(request), f"{get_script_prefix()}c/{request.clinic.slug}/"
    if asked.startswith(clinic) and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return redirect(asked)
    return redirect("patients:health", clinic=request.clinic.slug, patient=request.patient.uid)


def _came_from(request: HttpRequest) -> str:
    return request.POST.get("back") or request.GET.get("back", "")
