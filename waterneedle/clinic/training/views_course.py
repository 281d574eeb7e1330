"""Courses: what the law asks, the modules, the checklist, the questions, and what the exam says about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle import knowledge
from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.practitioners.queries import today_in
from waterneedle.clinic.training import actions_course, exam, items, queries, questions, syllabus, verifying
from waterneedle.clinic.training.forms import CourseForm, EnrolForm, ModuleForm, QuestionForm, SkillForm
from waterneedle.clinic.training.models import Course, Module, OwnQuestion


@staff("training.read")
def courses(request: HttpRequest) -> HttpResponse:
    """Every course, who is on one, and the certificates; for who learns, what is theirs."""
    everybody = request.scope == ALL
    page = {"everybody": everybody, "courses": queries.courses(request.clinic) if everybody else [],
            "enrolments": queries.enrolments(request).filter(ended_at=None),
            "certificates": [{"row": one, "state": verifying.state_of(one, timezone.now())}
                             for one in queries.certificates(request)[:50]]}
    return render(request, "training/courses.html", page)


@staff("training.write")
def templates(request: HttpRequest) -> HttpResponse:
    """What the law on file asks, place by place, to begin a course from."""
    page = {"places": syllabus.places(today_in(request.clinic)), "here": request.clinic.jurisdiction.upper()}
    return render(request, "training/templates.html", page)


@staff("training.write")
def new(request: HttpRequest, place: str) -> HttpResponse:
    day = today_in(request.clinic)
    law = syllabus.asked(place, day)
    if law is None:
        raise Http404
    form = CourseForm(request.POST or None, initial={"title": _term(law.code), "valid_months": 24})
    if request.method == "POST" and form.is_valid():
        made = actions_course.make_course(jurisdiction=law.code, on=day, by=request.access, **form.cleaned_data)
        messages.success(request, _("The course is laid out. Change what you want."))
        return redirect("training:course", clinic=request.clinic.slug, course=made.uid)
    page = {"law": law, "modules": syllabus.modules_of(law), "form": form}
    return render(request, "training/new.html", page, status=422 if request.method == "POST" else 200)


@staff("training.read")
def course(request: HttpRequest, course: UUID) -> HttpResponse:
    return course_page(request, queries.course_of(request, course))


@staff("training.write")
def edit(request: HttpRequest, course: UUID) -> HttpResponse:
    row = queries.course_of(request, course)
    form = CourseForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        changed = {name: form.cleaned_data[name] for name in form.cleaned_data}
        row.refresh_from_db()
        actions_course.change_course(course=row, fields=changed, by=request.access)
        return _to(request, row)
    page = {"course": row, "form": form, "title": row.title}
    return render(request, "training/form.html", page, status=422 if request.method == "POST" else 200)


@staff("training.write")
def new_module(request: HttpRequest, course: UUID) -> HttpResponse:
    row = queries.course_of(request, course)
    form = ModuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions_course.add_module(course=row, fields=form.cleaned_data, by=request.access)
        return _to(request, row)
    page = {"course": row, "form": form, "title": _("A new module")}
    return render(request, "training/form.html", page, status=422 if request.method == "POST" else 200)


@staff("training.write")
def module(request: HttpRequest, course: UUID, module: UUID) -> HttpResponse:
    row = queries.course_of(request, course)
    found = get_object_or_404(Module, clinic=request.clinic, course=row, uid=module)
    form = ModuleForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions_course.change_module(module=found, fields=form.cleaned_data, by=request.access)
        return _to(request, row)
    page = {"course": row, "form": form, "title": found.title}
    return render(request, "training/form.html", page, status=422 if request.method == "POST" else 200)


@staff("training.write")
@require_POST
def add_skill(request: HttpRequest, course: UUID) -> HttpResponse:
    row = queries.course_of(request, course)
    form = SkillForm(request.POST)
    if not form.is_valid():
        return course_page(request, row, skill_form=form, status=422)
    actions_course.add_skill(course=row, by=request.access, **form.cleaned_data)
    return _to(request, row)


@staff("training.write")
def bank(request: HttpRequest, course: UUID) -> HttpResponse:
    """The questions: how many the knowledge gives on each topic, a few to look at, and the course's own."""
    row = queries.course_of(request, course)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions_course.add_question(course=row, by=request.access, **form.cleaned_data)
        return redirect("training:bank", clinic=request.clinic.slug, course=row.uid)
    day = today_in(request.clinic)
    topics = []
    for topic, word in questions.TOPICS.items():
        made = exam.bank(row, [topic], language=request.LANGUAGE_CODE, on=day)
        topics.append({"word": word, "count": len(made), "some": questions.item.spread(made, 3)})
    own = OwnQuestion.objects.filter(clinic=request.clinic, course=row, retired_at=None).order_by("topic", "pk")
    page = {"course": row, "topics": topics, "own": own, "form": form}
    return render(request, "training/bank.html", page, status=422 if request.method == "POST" else 200)


@staff("training.write")
@require_POST
def retire(request: HttpRequest, course: UUID, question: UUID) -> HttpResponse:
    row = queries.course_of(request, course)
    found = get_object_or_404(OwnQuestion, clinic=request.clinic, course=row, uid=question)
    actions_course.retire_question(question=found, by=request.access)
    return redirect("training:bank", clinic=request.clinic.slug, course=row.uid)


@staff("training.write")
def figures(request: HttpRequest, course: UUID) -> HttpResponse:
    row = queries.course_of(request, course)
    return render(request, "training/figures.html", {"course": row, "items": items.of_course(row), "few": items.FEW})


def course_page(request: HttpRequest, row: Course, *, status: int = 200, **forms: Any) -> HttpResponse:
    day = today_in(request.clinic)
    modules = list(row.modules.order_by("number"))
    law = syllabus.asked(row.jurisdiction, day)
    everybody = request.scope == ALL
    page = {
        "course": row, "modules": [{"row": one, "reading": queries.reading(one.reading)} for one in modules], "law": law,
        "compared": syllabus.compared(law, syllabus.hours_of(modules)) if law else [], "skills": row.skills.order_by("number"),
        "enrolments": queries.enrolments(request).filter(course=row), "everybody": everybody,
        "may_write": request.access.may("training.write"), "skill_form": forms.get("skill_form") or SkillForm(),
        "enrol_form": forms.get("enrol_form") or EnrolForm(clinic=request.clinic),
    }
    return render(request, "training/course.html", page, status=status)


def _term(code: str) -> str:
    place = knowledge.jurisdictions()[code]
    return f"{(place.term or _('Point injection therapy')).capitalize()}, {place.name}"


def _to(request: HttpRequest, row: Course) -> HttpResponse:
    return redirect("training:course", clinic=request.clinic.slug, course=row.uid)
