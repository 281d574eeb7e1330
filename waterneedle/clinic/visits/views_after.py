"""After the last puncture: a reaction, from the button on every page of a patient to the sheet for the ambulance."""

from __future__ import annotations

import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import signed_in, staff
from waterneedle.clinic.accounts.queries import clinics_where
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.patients.queries import search, today_in, within_reach
from waterneedle.clinic.visits import day, on_paper_after, reactions, signs
from waterneedle.clinic.visits.beside import beside_reaction
from waterneedle.clinic.visits.forms_after import EndForm, EpinephrineForm, MistakeForm, NoteForm
from waterneedle.clinic.visits.models_after import Reaction, ReactionEntry
from waterneedle.clinic.web.downloads import file

PRESSED = "visits.reaction"
PRESSED_BEFORE = datetime.timedelta(minutes=15)  # so long after the first press it is still this reaction; our judgement
MOST_TYPED = 80  # characters of a name, as in the search above
DESK_HOURS = 12  # how long who reads no charts may go on with a reaction: our judgement


@staff("reaction.write")
@require_POST
def begin_reaction(request: HttpRequest) -> HttpResponse:
    """The button: it stamps the time, and asks afterwards. The time is that of the first press, who it is may be asked then."""
    return _shown(request, reactions.begin(patient=request.patient, by=request.access, at=_pressed_at(request)))


@staff("reaction.write")
def who_reacted(request: HttpRequest) -> HttpResponse:
    """The button of a page without a patient: who is here, those first who are being observed, and by POST who else is found. The
    time of the press is kept, through the search too."""
    at, today = _pressed_at(request) or timezone.now(), today_in(request.clinic)
    observed = within_reach(request.access, (one for one in day.watched(request.clinic) if not one.is_struck), request.scope)
    here = within_reach(request.access, day.not_left(request.clinic, today), request.scope, by_visit=True)
    known = {one.patient_id for one in observed}
    of_today = {one.visit.patient_id: one.visit.patient for one in here if one.visit.day == today}
    others = {number: patient for number, patient in of_today.items() if number not in known}
    unsaid = {one.visit.patient_id: one.visit.patient for one in here if one.visit.patient_id not in {*known, *of_today}}
    return render(request, "visits/after/who.html", {
        "observed": observed, "here": others.values(), "unsaid": unsaid.values(), "at": at,
        "pressed": signing.dumps(at.isoformat(), salt=PRESSED),
        "wanted": request.POST.get("q", ""), "found": _found(request), "may_find": _may_find(request)})


@signed_in
@require_safe
def reacted(request: HttpRequest) -> HttpResponse:
    """The button of a page of no clinic, and of the pages of errors: to who reacts in the clinic where one may say so. Where
    those are several, it is asked which one, and the time of the press is kept."""
    found = clinics_where(request.user, "reaction.write")
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect("visits:who_reacted", clinic=found[0].slug)
    pressed = signing.dumps(timezone.now().isoformat(), salt=PRESSED)
    return render(request, "visits/after/where.html", {"clinics": found, "pressed": pressed})


@staff("reaction.write")
def reaction(request: HttpRequest, reaction: UUID) -> HttpResponse:
    row = _reaction(request, reaction)
    audit.read(request, request.patient, kind="reaction", uid=row.uid)
    return _page(request, row)


@staff("reaction.write")
@require_POST
def add_sign(request: HttpRequest, reaction: UUID) -> HttpResponse:
    row = _reaction(request, reaction)
    if not signs.is_sign(said := request.POST.get("said", "")):
        return _page(request, row, status=422, problem=_("There is no such sign."))
    reactions.note_sign(reaction=row, said=said, by=request.access)
    return _shown(request, row)


@staff("reaction.write")
@require_POST
def add_epinephrine(request: HttpRequest, reaction: UUID) -> HttpResponse:
    row = _reaction(request, reaction)
    form = EpinephrineForm(request.POST, reaction=row, prefix="epinephrine")
    if not form.is_valid():
        return _page(request, row, status=422, epinephrine=form)
    said = form.cleaned_data
    reactions.add_entry(
        reaction=row, kind=ReactionEntry.EPINEPHRINE, dose_mg=form.dose_mg, said=said["where"], at=said["clock"],
        by=request.access,
    )
    messages.success(request, _("Epinephrine is on record."))
    return _shown(request, row)


@staff("reaction.write")
@require_POST
def add_call(request: HttpRequest, reaction: UUID) -> HttpResponse:
    row = _reaction(request, reaction)
    reactions.add_entry(reaction=row, kind=ReactionEntry.EMERGENCY_CALL, by=request.access)
    return _shown(request, row)


@staff("reaction.write")
@require_POST
def add_note(request: HttpRequest, reaction: UUID) -> HttpResponse:
    row = _reaction(request, reaction)
    form = NoteForm(request.POST, reaction=row, prefix="note")
    if not form.is_valid():
        return _page(request, row, status=422, note=form)
    said = form.cleaned_data
    reactions.add_entry(reaction=row, kind=ReactionEntry.NOTE, said=said["said"], at=said["clock"], by=request.access)
    return _shown(request, row)


@staff("chart.write")
@require_POST
def end_reaction(request: HttpRequest, reaction: UUID) -> HttpResponse:
    """It is over: the outcome, and when."""
    row = _reaction(request, reaction)
    form = EndForm(request.POST, reaction=row, prefix="end")
    if not form.is_valid():
        return _page(request, row, status=422, end=form)
    reactions.end(
        reaction=row, outcome=form.cleaned_data["outcome"], at=form.cleaned_data["clock"], by=request.access,
        corrects="corrects" in request.POST)
    return _shown(request, row)


@staff("chart.write")
@require_POST
def mistake(request: HttpRequest, reaction: UUID) -> HttpResponse:
    """It was none, or that of another patient: with the reason it counts nowhere."""
    row = _reaction(request, reaction)
    form = MistakeForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422, mistake=form)
    reactions.take_back(reaction=row, why=form.cleaned_data["why"], by=request.access)
    return _shown(request, row)


@staff("reaction.write")
@require_safe
def reaction_sheet(request: HttpRequest, reaction: UUID) -> HttpResponse:
    """What the ambulance takes along, printed by whoever has a hand free: an action of its own in the trail, with the hash of
    the file."""
    row = _reaction(request, reaction)
    made = on_paper_after.ambulance_pdf(row)
    with transaction.atomic():
        audit.append(
            by=request.access, action="print", kind="reaction", uid=row.uid, patient=request.patient.uid,
            after=sha256(made).digest(),
        )
    return file(made, "application/pdf", "reaction.pdf")


def _reaction(request: HttpRequest, uid: UUID) -> Reaction:
    """One of this patient's; who reads no charts reads the one of this day."""
    rows = reactions.of_patient(request.patient).select_related("patient", "clinic", "visit")
    if not request.access.may("chart.read"):
        rows = rows.filter(began_at__gt=timezone.now() - datetime.timedelta(hours=DESK_HOURS))
    return get_object_or_404(rows, uid=uid)


def _pressed_at(request: HttpRequest) -> datetime.datetime | None:
    """When the button was pressed before it was asked who it is; None where that is too long ago, or made up."""
    try:
        at = datetime.datetime.fromisoformat(signing.loads(request.POST.get("pressed", ""), salt=PRESSED))
    except signing.BadSignature:
        return None
    return at if at > timezone.now() - PRESSED_BEFORE else None


def _may_find(request: HttpRequest) -> bool:
    return request.access.scope("demographics.read") == ALL


def _found(request: HttpRequest) -> list[Patient]:
    """Who is not noted as being here."""
    wanted = request.POST.get("q", "")[:MOST_TYPED]
    return search(request.clinic, wanted, day_first=request.LANGUAGE_CODE == "es") if wanted and _may_find(request) else []


def _shown(request: HttpRequest, row: Reaction) -> HttpResponse:
    return redirect("visits:reaction", clinic=request.clinic.slug, patient=request.patient.uid, reaction=row.uid)


def _page(request: HttpRequest, row: Reaction, *, status: int = 200, problem: str = "", **forms: Any) -> HttpResponse:
    entries = list(row.entries.select_related("made_by").order_by("at", "pk"))
    page = about(request, "reaction") | {
        "reaction": row,
        "events": [
            {"when": one.at, "title": reactions.entry_in_words(one), "text": str(one.made_by), "severity": _severity(one)}
            for one in entries
        ],
        "groups": reactions.sign_groups(entries),
        "called": next((one for one in entries if one.kind == ReactionEntry.EMERGENCY_CALL), None),
        "doses": reactions.doses(),
        "problem": problem,
        "epinephrine_form": forms.get("epinephrine") or EpinephrineForm(reaction=row, prefix="epinephrine"),
        "note_form": forms.get("note") or NoteForm(reaction=row, prefix="note"),
        "end": (ended := reactions.end_of(row)),
        "end_said": reactions.outcome_in_words(ended.said) if ended else "",
        "mistaken": next((one for one in entries if one.kind == ReactionEntry.MISTAKE), None),
        "mistake_form": forms.get("mistake") or MistakeForm(),
        "end_form": forms.get("end") or EndForm(reaction=row, prefix="end"),
        "earlier": _earlier(request, row),
        "beside": beside_reaction(request, row),
    }
    return render(request, "visits/after/reaction.html", page, status=status)


def _earlier(request: HttpRequest, row: Reaction) -> list[tuple[Reaction, bool]]:
    """The others of the patient, and whether each was one: somebody may have said that it was none."""
    if not request.access.may("chart.read"):
        return []
    rows = reactions.of_patient(request.patient).exclude(pk=row.pk)
    were = set(rows.that_were().values_list("pk", flat=True))
    return [(one, one.pk in were) for one in rows]


_GRAVITY = {ReactionEntry.EPINEPHRINE: "block", ReactionEntry.EMERGENCY_CALL: "block", ReactionEntry.SIGN: "warn"}


def _severity(one: ReactionEntry) -> str:
    return _GRAVITY.get(one.kind, "")
