"""Who may inject what today, and why; the papers that say so."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle import knowledge
from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL, OWN
from waterneedle.clinic.practitioners import actions, queries
from waterneedle.clinic.practitioners.forms import PAPER_FORMS, PractitionerForm, QuestionForm, WithdrawForm
from waterneedle.clinic.practitioners.models import PAPERS, Practitioner


@staff("credentials.read")
def practitioners(request: HttpRequest) -> HttpResponse:
    """Everybody who treats, with whether they may today, and the question of one product and route."""
    question = QuestionForm(request.GET or None)
    asked = question.cleaned_data if question.is_bound and question.is_valid() else {}
    day = queries.today_in(request.clinic)
    rows = [{"practitioner": one.practitioner, "answer": _answer(request, one, asked, day), "lapses": queries.lapses(one, day)}
            for one in _in_reach(request)]
    page = {"rows": rows, "question": question if question.is_bound else QuestionForm(), "day": day,
            "place": knowledge.jurisdictions().get(request.clinic.jurisdiction.upper())}
    return render(request, "practitioners/practitioners.html", page)


@staff("credentials.read")
def practitioner(request: HttpRequest, practitioner: UUID) -> HttpResponse:
    return _page(request, _found(request, practitioner))


@staff("people.write")
def new(request: HttpRequest) -> HttpResponse:
    form = PractitionerForm(request.POST or None, clinic=request.clinic)
    if request.method == "POST" and form.is_valid():
        made = actions.add_practitioner(by=request.access, **form.cleaned_data)
        return redirect("practitioners:practitioner", clinic=request.clinic.slug, practitioner=made.uid)
    return render(request, "practitioners/edit.html", {"form": form}, status=422 if request.method == "POST" else 200)


@staff("people.write")
def edit(request: HttpRequest, practitioner: UUID) -> HttpResponse:
    row = _found(request, practitioner)
    known = {"profession": row.profession, "supervised_by": row.supervised_by}
    form = PractitionerForm(request.POST or None, clinic=request.clinic, practitioner=row, initial=known)
    if request.method == "POST" and form.is_valid():
        actions.change_practitioner(practitioner=row, by=request.access, **form.cleaned_data)
        return redirect("practitioners:practitioner", clinic=request.clinic.slug, practitioner=row.uid)
    page = {"form": form, "practitioner": row}
    return render(request, "practitioners/edit.html", page, status=422 if request.method == "POST" else 200)


@staff("credentials.write")
@require_POST
def add_paper(request: HttpRequest, practitioner: UUID, kind: str) -> HttpResponse:
    row = _writable(request, practitioner)
    form = PAPER_FORMS[_kind(kind)](request.POST, prefix=kind)
    if not form.is_valid():
        return _page(request, row, status=422, **{kind: form})
    try:
        actions.add_paper(practitioner=row, kind=kind, fields=form.cleaned_data, by=request.access)
    except actions.OwnPaper:
        form.add_error(None, _("Nobody vouches for their own training or certificate. Ask the owner to enter it."))
        return _page(request, row, status=422, **{kind: form})
    except actions.OnFileAlready:
        form.add_error("course", _("This course is on file with this day: its hours would count twice."))
        return _page(request, row, status=422, **{kind: form})
    messages.success(request, _("Entered. It counts from now on."))
    return redirect("practitioners:practitioner", clinic=request.clinic.slug, practitioner=row.uid)


@staff("credentials.write")
@require_POST
def withdraw(request: HttpRequest, practitioner: UUID, kind: str, paper: UUID) -> HttpResponse:
    row = _writable(request, practitioner)
    found = get_object_or_404(PAPERS[_kind(kind)], clinic=request.clinic, practitioner=row, uid=paper, withdrawn_at=None)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        actions.withdraw_paper(paper=found, kind=kind, why=form.cleaned_data["why"], by=request.access)
        messages.success(request, _("Withdrawn. It no longer counts."))
    else:
        messages.error(request, _("Say why it is withdrawn."))
    return redirect("practitioners:practitioner", clinic=request.clinic.slug, practitioner=row.uid)


def _page(request: HttpRequest, row: Practitioner, *, status: int = 200, **forms: Any) -> HttpResponse:
    day = queries.today_in(request.clinic)
    known = queries.on_file(row)
    kinds = [{"kind": kind, "word": capfirst(PAPERS[kind]._meta.verbose_name), "papers": known.papers[kind],
              "form": forms.get(kind) or PAPER_FORMS[kind](prefix=kind)} for kind in PAPERS]
    page = {"practitioner": row, "kinds": kinds, "day": day, "verdict": _answer(request, known, {}, day),
            "lapses": queries.lapses(known, day), "withdrawn": queries.withdrawn_of(row), "may_write": _may_write(request, row),
            "place": knowledge.jurisdictions().get(request.clinic.jurisdiction.upper())}
    return render(request, "practitioners/practitioner.html", page, status=status)


def _answer(request: HttpRequest, known: queries.OnFile, asked: dict, day: Any) -> queries.Permission:
    return queries.may_inject(known, request.clinic.jurisdiction, asked.get("product") or None, asked.get("route") or None, day,
                              language=request.LANGUAGE_CODE)


def _in_reach(request: HttpRequest) -> list[queries.OnFile]:
    """All of the clinic; for an instructor those whom they answer for, and themself."""
    rows = queries.all_on_file(request.clinic)
    if request.access.scope("credentials.read") == ALL:
        return rows
    mine = request.user.pk
    return [one for one in rows if one.practitioner.user_id == mine
            or (one.practitioner.supervised_by and one.practitioner.supervised_by.user_id == mine)]


def _found(request: HttpRequest, uid: UUID) -> Practitioner:
    found = next((one.practitioner for one in _in_reach(request) if one.practitioner.uid == uid), None)
    if found is None:
        raise Http404
    return found


def _may_write(request: HttpRequest, row: Practitioner) -> bool:
    scope = request.access.scope("credentials.write")
    return scope == ALL or (scope == OWN and row.user_id == request.user.pk)


def _writable(request: HttpRequest, uid: UUID) -> Practitioner:
    row = _found(request, uid)
    if not _may_write(request, row):
        raise Http404
    return row


def _kind(kind: str) -> str:
    if kind not in PAPERS:
        raise Http404
    return kind
