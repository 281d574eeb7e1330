"""One person on a course, as the instructor sees them: hours, skills, attempts, and the certificate at the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.practitioners.actions import OwnPaper
from waterneedle.clinic.practitioners.queries import today_in
from waterneedle.clinic.training import actions_learning, certifying, exam, progress, queries
from waterneedle.clinic.training.forms import AttendForm, EnrolForm, ObserveForm, WhyForm
from waterneedle.clinic.training.instructing import MayNotInstruct, must_be_able_to_instruct
from waterneedle.clinic.training.models import Attempt, Attendance, Enrolment, Skill
from waterneedle.clinic.training.views_course import course_page
from waterneedle.clinic.visits import proving

REFUSALS = (certifying.NotCertified, MayNotInstruct, OwnPaper)  # of who asks to certify or to renew


@staff("training.write")
@require_POST
def enrol(request: HttpRequest, course: UUID) -> HttpResponse:
    row = queries.course_of(request, course)
    form = EnrolForm(request.POST, clinic=request.clinic)
    if form.is_valid():
        try:
            made = actions_learning.enrol(course=row, by=request.access, **form.cleaned_data)
            return redirect("training:enrolment", clinic=request.clinic.slug, enrolment=made.uid)
        except actions_learning.NotWritten as problem:
            form.add_error(None, sentence(problem))
    return course_page(request, row, enrol_form=form, status=422)


@staff("training.read")
def enrolment(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    return _page(request, queries.enrolment_of(request, enrolment))


@staff("training.write")
@require_POST
def attend(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    row = queries.enrolment_of(request, enrolment)
    form = AttendForm(request.POST, course=row.course)
    if form.is_valid():
        try:
            actions_learning.attend(enrolment=row, by=request.access, **form.cleaned_data)
            messages.success(request, _("Entered."))
            return _to(request, row)
        except actions_learning.NotWritten as problem:
            form.add_error(None, sentence(problem))
    return _page(request, row, attend_form=form, status=422)


@staff("training.write")
@require_POST
def take_back(request: HttpRequest, enrolment: UUID, attendance: UUID) -> HttpResponse:
    row = queries.enrolment_of(request, enrolment)
    found = get_object_or_404(Attendance, clinic=request.clinic, enrolment=row, uid=attendance)
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why."))
        return _to(request, row)
    actions_learning.take_back(attendance=found, why=form.cleaned_data["why"], by=request.access)
    return _to(request, row)


@staff("training.write")
def observe(request: HttpRequest, enrolment: UUID, skill: UUID) -> HttpResponse:
    """The skill, and the signature of who has seen it."""
    row = queries.enrolment_of(request, enrolment)
    found = get_object_or_404(Skill, clinic=request.clinic, course_id=row.course_id, uid=skill)
    form = ObserveForm(request.POST or None, has_code=proving.has_code(request.user),
                       initial={"on": today_in(request.clinic), "place": request.clinic.name})
    if request.method == "POST" and form.is_valid() and _observed(request, row, found, form):
        messages.success(request, _("Signed."))
        return _to(request, row)
    page = {"enrolment": row, "skill": found, "form": form, "not_able": _not_able(request, row)}
    return render(request, "training/observe.html", page, status=422 if request.method == "POST" else 200)


@staff("training.write")
@require_POST
def allow(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    row = queries.enrolment_of(request, enrolment)
    try:
        actions_learning.allow_attempt(enrolment=row, by=request.access)
        messages.success(request, _("One more attempt is allowed."))
    except actions_learning.NotWritten as problem:
        messages.error(request, sentence(problem))
    return _to(request, row)


@staff("training.write")
@require_POST
def end(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    row = queries.enrolment_of(request, enrolment)
    form = WhyForm(request.POST)
    if form.is_valid():
        actions_learning.end_enrolment(enrolment=row, why=form.cleaned_data["why"], by=request.access)
    else:
        messages.error(request, _("Say why."))
    return _to(request, row)


@staff("training.write")
@require_POST
def certify(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    row = queries.enrolment_of(request, enrolment)
    try:
        made = certifying.certify(enrolment=row, by=request.access)
    except REFUSALS as problem:
        return _page(request, row, refused=reasons(problem), status=422)
    messages.success(request, _("Certified. It counts from now on."))
    return redirect("training:certificate", clinic=request.clinic.slug, certificate=made.uid)


def _observed(request: HttpRequest, row: Enrolment, skill: Skill, form: ObserveForm) -> bool:
    said = dict(form.cleaned_data)
    proof = proving.proved(request, password=said.pop("password"), code=said.pop("code", ""))
    if proof is None:
        form.add_error("password", _("This does not prove who you are. Try again."))
        return False
    try:
        actions_learning.observe(enrolment=row, skill=skill, proof=proof, by=request.access, **said)
    except (actions_learning.NotWritten, MayNotInstruct) as problem:
        form.add_error(None, sentence(problem))
        return False
    return True


def _page(request: HttpRequest, row: Enrolment, *, status: int = 200, refused: Any = (), **forms: Any) -> HttpResponse:
    mine = {"clinic": request.clinic, "enrolment": row}
    page = {
        "enrolment": row, "course": row.course, "progress": progress.of(row, today_in(request.clinic)), "refused": refused,
        "checklist": queries.checklist(row), "is_mine": row.practitioner.user_id == request.user.pk,
        "attended": Attendance.objects.filter(**mine).select_related("module", "made_by").order_by("on", "pk"),
        "attempts": Attempt.objects.filter(**mine).select_related("module").order_by("started_at", "pk"),
        "left": exam.attempts_left(row), "quizzes_open": exam.quizzes_open(row), "modules": row.course.modules.order_by("number"),
        "certificates": row.certificates.select_related("paper").order_by("-issued_at"),
        "may_write": request.access.may("training.write"), "not_able": _not_able(request, row),
        "attend_form": forms.get("attend_form") or AttendForm(course=row.course, initial={"on": today_in(request.clinic)}),
    }
    return render(request, "training/enrolment.html", page, status=status)


def _not_able(request: HttpRequest, row: Enrolment) -> str:
    """Why this person signs nothing for the trainee; empty: they may."""
    try:
        must_be_able_to_instruct(request.access, row.practitioner)
    except MayNotInstruct as problem:
        return sentence(problem)
    return ""


def reasons(problem: Exception) -> list[str]:
    """What stands against a certificate, one sentence for each."""
    return list(problem.missing) if isinstance(problem, certifying.NotCertified) else [sentence(problem)]


def sentence(problem: Exception) -> str:
    """What stands against it, as a sentence of its own."""
    said = str(problem)
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "。")) else ".")


def _to(request: HttpRequest, row: Enrolment) -> HttpResponse:
    return redirect("training:enrolment", clinic=request.clinic.slug, enrolment=row.uid)
