"""The courses of a patient: the page of one, what is agreed, what is measured, asked and printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waterneedle import knowledge
from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.courses import actions, asking, on_paper, queries
from waterneedle.clinic.courses.forms import USUAL_PLANNED, USUAL_REVIEW, BeginForm, ChangeForm, EndForm, MeasureForm
from waterneedle.clinic.courses.measuring import PAIN_NOW, measured
from waterneedle.clinic.courses.models import Course
from waterneedle.clinic.courses.panel import panel as drawn_panel
from waterneedle.clinic.courses.panel import rows_of
from waterneedle.clinic.courses.saying import in_language
from waterneedle.clinic.intake.models import FormKind
from waterneedle.clinic.intake.views import deliver, language_of, languages_of
from waterneedle.clinic.patients.models import Speaker
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.web.downloads import file

WAYS = ("link", "here", "code")


@staff("chart.read")
def courses(request: HttpRequest) -> HttpResponse:
    """Every course of the patient, the open ones first."""
    audit.read(request, request.patient, kind="courses")
    return _page(request, "courses/courses.html", {"rows": rows_of(request.patient)})


@staff("chart.write")
def begin(request: HttpRequest) -> HttpResponse:
    """What it is for, the goal in the patient's words, how many sessions, and when it is looked at."""
    form = BeginForm(request.POST or None, initial={"planned": USUAL_PLANNED, "review_after": USUAL_REVIEW})
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.begin(patient=request.patient, by=request.access, **form.cleaned_data)
            messages.success(request, _("The course has begun. Ask the first questions before the first injection."))
            return _to(request, made)
        except actions.NotBegun:
            form.add_error("indication", _("A course for this is open. End it first, or go on with it."))
    return _page(request, "courses/begin.html", {"form": form}, status=422 if request.method == "POST" else 200)


@staff("chart.read")
def course(request: HttpRequest, course: UUID) -> HttpResponse:
    row = queries.course_of(request.patient, course)
    audit.read(request, request.patient, kind="course", uid=row.uid)
    return _course_page(request, row)


@staff("chart.read")
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """The few lines that stand beside a visit, by themselves."""
    audit.read(request, request.patient, kind="courses")
    return HttpResponse(drawn_panel(request))


@staff("chart.read")
@require_safe
def as_pdf(request: HttpRequest, course: UUID) -> HttpResponse:
    row = queries.course_of(request.patient, course)
    audit.read(request, request.patient, kind="course", uid=row.uid)
    return file(on_paper.course_pdf(row), "application/pdf", f"course-{row.began_on}.pdf")


@staff("chart.write")
def change(request: HttpRequest, course: UUID) -> HttpResponse:
    """Agree anew. What was agreed before stays on the page."""
    row = queries.course_of(request.patient, course)
    last = measured(row).agreed
    form = ChangeForm(request.POST or None, initial={name: getattr(last, name) for name in ChangeForm.Meta.fields})
    if request.method == "POST" and form.is_valid():
        try:
            actions.agree(course=row, by=request.access, measures=last.measures, **form.cleaned_data)
            messages.success(request, _("Agreed anew; what stood before is kept."))
        except actions.Over:
            messages.error(request, _("This course has ended."))
        return _to(request, row)
    return _page(request, "courses/change.html", {"form": form, "course": row}, status=422 if request.method == "POST" else 200)


@staff("chart.write")
@require_POST
def end(request: HttpRequest, course: UUID) -> HttpResponse:
    row = queries.course_of(request.patient, course)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _course_page(request, row, end_form=form, status=422)
    try:
        actions.end(course=row, by=request.access, **form.cleaned_data)
        messages.success(request, _("The course has ended."))
    except actions.Over:
        messages.error(request, _("This course has ended."))
    return _to(request, row)


@staff("chart.write")
def measure(request: HttpRequest, course: UUID, instrument: str) -> HttpResponse:
    """Enter one instrument: what was measured, or what the patient says now."""
    row = queries.course_of(request.patient, course)
    found = knowledge.instruments().get(instrument)
    known = measured(row)
    if found is None or instrument not in queries.entered_here(known):
        raise Http404
    form = MeasureForm(request.POST or None, instrument=found)
    if request.method == "POST" and form.is_valid():
        is_measured = instrument in known.indication.measured_here and instrument != PAIN_NOW
        said_by = Speaker.OBSERVED if is_measured else Speaker.PATIENT
        try:
            actions.measure(course=row, instrument=instrument, answers=form.answers(), by=request.access, said_by=said_by)
            messages.success(request, _("Entered."))
            return _to(request, row)
        except ValueError:
            form.add_error(None, _("This cannot be scored. Look at the numbers and their steps again."))
    page = {"form": form, "course": row, "title": in_language(found.name), "measures": in_language(found.measures),
            "note": found.note, "named": known.agreed.named if instrument in actions.ABOUT_SOMETHING else ""}
    return _page(request, "courses/measure.html", page, status=422 if request.method == "POST" else 200)


@staff("chart.write")
def correct(request: HttpRequest, course: UUID, answers: UUID) -> HttpResponse:
    """Enter what was really said in the place of a slip, or that it was not said at all. What stood there is kept."""
    row = queries.course_of(request.patient, course)
    slip = queries.entered(measured(row), answers)
    found = knowledge.instruments()[slip.instrument]
    given = {name: f"{value:g}" for name, value in slip.given.items()}
    form = MeasureForm(request.POST or None, instrument=found, initial=given)
    is_void = "void" in request.POST
    if request.method == "POST" and (is_void or form.is_valid()):
        try:
            actions.correct(course=row, row=slip, answers={} if is_void else form.answers(), by=request.access)
            messages.success(request, _("Corrected; what stood before is kept."))
            return _to(request, row)
        except actions.Corrected:
            messages.error(request, _("Somebody corrected this already."))
            return _to(request, row)
        except ValueError:
            form.add_error(None, _("This cannot be scored. Look at the numbers and their steps again."))
    page = {"form": form, "course": row, "title": in_language(found.name), "measures": in_language(found.measures),
            "note": found.note, "named": slip.named, "slip": slip}
    return _page(request, "courses/measure.html", page, status=422 if request.method == "POST" else 200)


@staff("forms.write")
@require_POST
def ask(request: HttpRequest, course: UUID, way: str) -> HttpResponse:
    """Have the patient answer the questions of the course: by a letter, on this device, or by a code."""
    row = queries.course_of(request.patient, course)
    if way not in WAYS:
        raise Http404
    return deliver(request, FormKind.MEASURES, way, asking.asked(row))


def _course_page(request: HttpRequest, row: Course, *, status: int = 200, **forms: Any) -> HttpResponse:
    page = {
        "page": queries.page_of(row), "end_form": forms.get("end_form") or EndForm(), "course": row,
        "may_write": request.access.may("chart.write"), "may_ask": request.access.may("forms.write"),
        "languages": languages_of(request), "chosen": language_of(request)}
    return _page(request, "courses/course.html", page, status=status)


def _page(request: HttpRequest, template: str, page: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, template, about(request, "courses") | page, status=status)


def _to(request: HttpRequest, row: Course) -> HttpResponse:
    return redirect("courses:course", clinic=request.clinic.slug, patient=request.patient.uid, course=row.uid)
