"""Who learns: reading, quizzes, the exam, and the sandbox. All of it is their own; nobody else opens these pages."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.training import actions_learning, exam, queries, questions, sandbox
from waterneedle.clinic.training.forms import SandboxForm
from waterneedle.clinic.training.models import Attempt, Enrolment, Module, ReadFinding, SandboxPlan
from waterneedle.clinic.training.views_trainee import sentence
from waterneedle.outcomes.evidence import design_in_words


@staff("learning.write")
def study(request: HttpRequest, enrolment: UUID, module: UUID) -> HttpResponse:
    """One module: what it is about, what is to be read, and its quiz."""
    row, found = _module(request, enrolment, module)
    read = set(ReadFinding.objects.filter(clinic=request.clinic, enrolment=row).values_list("finding", flat=True))
    attempts = Attempt.objects.filter(clinic=request.clinic, enrolment=row, module=found).order_by("number")
    page = {
        "enrolment": row, "module": found, "attempts": attempts, "passed": any(one.passed for one in attempts),
        "reading": [{"finding": one, "design": design_in_words(one.design), "read": one.id in read,
                     "sources": questions.item.cited(one.sources)} for one in queries.reading(found.reading)]}
    return render(request, "training/study.html", page)


@staff("learning.write")
@require_POST
def read(request: HttpRequest, enrolment: UUID, module: UUID) -> HttpResponse:
    row, found = _module(request, enrolment, module)
    if request.POST.get("finding") not in found.reading:
        raise Http404
    try:
        actions_learning.note_read(enrolment=row, finding=request.POST["finding"], by=request.access)
    except actions_learning.NotWritten as problem:
        messages.error(request, sentence(problem))
    return redirect("training:study", clinic=request.clinic.slug, enrolment=row.uid, module=found.uid)


@staff("learning.write")
@require_POST
def begin_quiz(request: HttpRequest, enrolment: UUID, module: UUID) -> HttpResponse:
    row, found = _module(request, enrolment, module)
    return _begun(request, row, found)


@staff("learning.write")
@require_POST
def begin_exam(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    return _begun(request, _own(request, enrolment), None)


@staff("learning.write")
def paper(request: HttpRequest, enrolment: UUID, attempt: UUID) -> HttpResponse:
    """The questions, without what is right; after they are handed in, the marks and why."""
    row = _own(request, enrolment)
    found = get_object_or_404(Attempt.objects.select_related("module"), clinic=request.clinic, enrolment=row, uid=attempt)
    if request.method == "POST" and found.submitted_at is None:
        typed = {place: request.POST.get(f"q{place}", "") for place in range(len(found.paper))}
        answers = {place: int(said) for place, said in typed.items() if said.isdecimal() and len(said) == 1}
        try:
            found = exam.submit(attempt=found, answers=answers, by=request.access)
        except exam.NoAttempt as problem:
            messages.error(request, sentence(problem))
        return redirect("training:paper", clinic=request.clinic.slug, enrolment=row.uid, attempt=attempt)
    if found.submitted_at is None:
        asked = [{"number": place + 1, "name": f"q{place}", "text": one["text"], "answers": list(enumerate(one["answers"]))}
                 for place, one in enumerate(found.paper)]
        return render(request, "training/paper.html", {"enrolment": row, "attempt": found, "asked": asked})
    marked = [
        {"number": place + 1, "text": one["text"], "right": one["answers"][one["right"]], "is_right": said == one["right"],
         "said": one["answers"][said] if said is not None and said < len(one["answers"]) else "", "why": one["why"],
         "sources": one["sources"]} for place, (one, said) in enumerate(zip(found.paper, found.answers, strict=True))]
    page = {"enrolment": row, "attempt": found, "marked": marked, "left": exam.attempts_left(row)}
    return render(request, "training/marked.html", page)


@staff("learning.write")
def sandbox_page(request: HttpRequest, enrolment: UUID) -> HttpResponse:
    row = _own(request, enrolment)
    tried = SandboxPlan.objects.filter(clinic=request.clinic, enrolment=row)
    solved = set(tried.filter(solved=True).values_list("case", flat=True))
    met = set(tried.values_list("case", flat=True))
    page = {"enrolment": row, "cases": [{"case": one, "solved": one.id in solved, "tried": one.id in met}
                                        for one in sandbox.CASES.values()]}
    return render(request, "training/sandbox.html", page)


@staff("learning.write")
def case(request: HttpRequest, enrolment: UUID, case: str) -> HttpResponse:
    """One patient who does not exist: the story, the plan, and what the check says of it."""
    row = _own(request, enrolment)
    found = sandbox.CASES.get(case)
    if found is None:
        raise Http404
    made = _shown_plan(request, row, found)
    form = SandboxForm(request.POST or None, initial=made.said if made else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions_learning.try_case(enrolment=row, case=found.id, by=request.access, **form.cleaned_data)
            here = reverse("training:case", kwargs={"clinic": request.clinic.slug, "enrolment": row.uid, "case": found.id})
            return redirect(f"{here}?plan={made.uid}")
        except sandbox.NotATypedPlan as problem:
            for text, word in problem.wrong:
                form.add_error("lines", _("“%(line)s” was not understood: %(word)s") % {"line": text, "word": word})
        except actions_learning.NotWritten as problem:
            form.add_error(None, sentence(problem))
    page = {"enrolment": row, "case": found, "form": form, "made": made,
            "assessment": made and actions_learning.assessed(made, request.LANGUAGE_CODE)}
    return render(request, "training/case.html", page, status=422 if request.method == "POST" else 200)


def _shown_plan(request: HttpRequest, row: Enrolment, found: sandbox.Case) -> SandboxPlan | None:
    """The plan that was just put before the check."""
    try:
        uid = UUID(request.GET.get("plan", ""))
    except ValueError:
        return None
    return SandboxPlan.objects.filter(clinic=request.clinic, enrolment=row, case=found.id, uid=uid).first()


def _own(request: HttpRequest, uid: UUID) -> Enrolment:
    row = queries.enrolment_of(request, uid)
    if row.practitioner.user_id != request.user.pk:
        raise Http404
    return row


def _module(request: HttpRequest, enrolment: UUID, module: UUID) -> tuple[Enrolment, Module]:
    row = _own(request, enrolment)
    return row, get_object_or_404(Module, clinic=request.clinic, course_id=row.course_id, uid=module)


def _begun(request: HttpRequest, row: Enrolment, module: Module | None) -> HttpResponse:
    try:
        made = exam.begin(enrolment=row, module=module, by=request.access)
    except exam.NoAttempt as problem:
        messages.error(request, sentence(problem))
        return redirect("training:enrolment", clinic=request.clinic.slug, enrolment=row.uid)
    return redirect("training:paper", clinic=request.clinic.slug, enrolment=row.uid, attempt=made.uid)
