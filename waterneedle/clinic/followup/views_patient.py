"""What a patient sees behind the link of a check-in: the door, one page of questions, and at once what to do.

There is no sign-in. A link that does not open, whatever the reason, is answered in the same way. Once answered, what to do can be
read again in the browser that has answered, and nowhere else. Who had the questions open when somebody else answered, as the
other parent may, is heard too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import public
from waterneedle.clinic.courses.asking import asked_later
from waterneedle.clinic.followup import actions, door
from waterneedle.clinic.followup.models import Answer, CheckIn, CheckInKind
from waterneedle.clinic.followup.queries import arrangement_of, told_at_once
from waterneedle.clinic.followup.queries_events import may_be_asked
from waterneedle.clinic.followup.questions import CheckInForm
from waterneedle.clinic.intake.calling import closed
from waterneedle.clinic.intake.forms_patient import DoorForm
from waterneedle.clinic.outbox import links
from waterneedle.clinic.outbox.models import Link
from waterneedle.clinic.patients.models import Speaker
from waterneedle.clinic.patients.queries import needs_guardian, today_in
from waterneedle.clinic.visits.models import Strike
from waterneedle.clinic.web import words
from waterneedle.clinic.web.middleware import use_language

View = Callable[..., HttpResponseBase]


class Behind:
    """What stands behind the link of a request: the link, its check-in, its secret, and the moment of the request."""

    def __init__(self, secret: str, link: Link, checkin: CheckIn, now: datetime) -> None:
        self.secret, self.link, self.checkin, self.now = secret, link, checkin, now

    @property
    def path(self) -> str:
        return reverse("followup_link", kwargs={"secret": self.secret})

    def url(self, name: str) -> str:
        return reverse(f"followup_{name}", kwargs={"secret": self.secret})


def by_link(*, opened: bool = True, answered: bool = False, late: bool = False) -> Callable[[View], View]:
    """A page behind a link. With `opened` it shows only to who has passed the door; `answered` is for what comes after. `late`:
    who had it open while somebody else answered may still send what they have typed, and reads what to do about it."""

    def decorate(view: View) -> View:
        @public(why="single-use link")
        @never_cache
        @functools.wraps(view)
        def shown(request: HttpRequest, secret: str, **kwargs: Any) -> HttpResponseBase:
            behind = _behind(secret)
            if behind is None or (behind.checkin.answered_at is not None and not door.is_open(request, behind.checkin.uid)):
                return gone(request)
            checkin, is_late = behind.checkin, late and (answered or request.method == "POST")
            if checkin.answered_at is not None and behind.link.used_at is None and not is_late:
                return gone(request)
            use_language(request, checkin.language)
            request.clinic = checkin.clinic
            if opened and not door.is_open(request, checkin.uid):
                return redirect(behind.path)
            if (checkin.answered_at is not None) != answered and door.is_open(request, checkin.uid) and not is_late:
                return redirect(behind.url("answered" if checkin.answered_at else "checkin"))
            with timezone.override(checkin.clinic.tzinfo):
                try:
                    response = view(request, behind, **kwargs)
                except actions.Gone:  # answered from another window in this moment
                    return gone(request)
            if door.is_open(request, checkin.uid):
                door.keep_open(response, request, checkin.uid, behind.path)
            return response

        return shown

    return decorate


@by_link(opened=False)
def link(request: HttpRequest, behind: Behind) -> HttpResponse:
    """Ask who is there."""
    checkin = behind.checkin
    if request.method != "POST" and door.is_open(request, checkin.uid):
        return redirect(behind.url("checkin"))
    asked = DoorForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        said = asked.cleaned_data
        if actions.knock(checkin=checkin, name=said["name"], born=said["born"], now=behind.now):
            response = redirect(behind.url("checkin"))
            door.keep_open(response, request, checkin.uid, behind.path)
            return response
        if _behind(behind.secret) is None:
            return gone(request)
        asked.add_error(None, _("This does not fit what is on file. Look at both again, or ask the clinic."))
    return _page(request, behind, "followup/link/door.html", {"form": asked}, 422 if request.method == "POST" else 200)


@by_link(opened=False)
@require_POST
def language(request: HttpRequest, behind: Behind) -> HttpResponse:
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        actions.use_language(checkin=behind.checkin, language=chosen)
    return redirect(behind.path)


@by_link(late=True)
def checkin(request: HttpRequest, behind: Behind) -> HttpResponse:
    """Three taps, and more where it matters."""
    row = behind.checkin
    if request.method != "POST":
        return _questions(request, behind, form_of(row, initial=row.answers))
    form = form_of(row, data=request.POST)
    if not form.is_valid():
        return _questions(request, behind, form, 422)
    speaker = Speaker.GUARDIAN if form.cleaned_data["guardian"] else Speaker.PATIENT
    try:
        actions.answer(checkin=row, answers=form.cleaned_data, said_by=speaker, now=behind.now, link=behind.link)
        return redirect(behind.url("answered"))
    except actions.Gone:
        row.refresh_from_db()
        if row.answered_at is None:  # taken back, or too old
            raise
    return _also_told(request, behind, form, speaker)


@by_link()
@require_POST
def draft(request: HttpRequest, behind: Behind) -> HttpResponse:
    """Keep what is being tapped and typed, without a word about it."""
    form = form_of(behind.checkin, data=request.POST)
    typed = {name: field.widget.value_from_datadict(request.POST, {}, name) for name, field in form.fields.items()}
    typed = {name: value for name, value in typed.items() if value not in (None, "", [])}
    try:
        saved = actions.save_draft(checkin=behind.checkin, typed=typed, version=_version(request), now=behind.now)
    except actions.ChangedMeanwhile:
        return JsonResponse({}, status=409)
    except ValueError:
        return JsonResponse({}, status=413)
    return JsonResponse({"version": saved.version, "at": words.clock(saved.saved_at)})


@by_link(answered=True)
def answered(request: HttpRequest, behind: Behind) -> HttpResponse:
    """What to do now; for what is grave, whom to call first."""
    row = Answer.objects.get(clinic_id=behind.checkin.clinic_id, checkin=behind.checkin)
    return _page(request, behind, "followup/link/answered.html", {
        "answer": row, "triage": told_at_once(row), "arranged": arrangement_of(row.checkin.clinic)})


@by_link(answered=True, late=True)
def answered_too(request: HttpRequest, behind: Behind, answer: UUID) -> HttpResponse:
    """The same for what was told when somebody else had answered."""
    row = Answer.objects.filter(
        clinic_id=behind.checkin.clinic_id, visit_id=behind.checkin.visit_id, checkin__kind=CheckInKind.UNASKED, uid=answer)
    row = row.first()
    if row is None:
        raise Http404
    return _page(request, behind, "followup/link/answered.html", {
        "answer": row, "triage": told_at_once(row), "arranged": arrangement_of(behind.checkin.clinic)})


def form_of(row: CheckIn, **more: Any) -> CheckInForm:
    today = today_in(row.clinic)
    guardian, days = bool(needs_guardian(row.patient, today)), (today - row.visit.day).days
    measures = asked_later(row.patient) if row.kind == CheckInKind.WEEKS else ()
    return CheckInForm(more.pop("data", None), groups=row.groups, by_guardian=guardian, days=days, measures=measures, **more)


def gone(request: HttpRequest) -> HttpResponse:
    return closed(request)


def _questions(request: HttpRequest, behind: Behind, form: CheckInForm, status: int = 200) -> HttpResponse:
    return _page(request, behind, "followup/link/checkin.html", {
        "form": form, "version": behind.checkin.version, "saved_at": behind.checkin.saved_at, "autosave": behind.url("draft"),
        "visit": behind.checkin.visit, "arranged": arrangement_of(behind.checkin.clinic)}, status)


def _also_told(request: HttpRequest, behind: Behind, form: CheckInForm, speaker: str) -> HttpResponse:
    """What is sent after an answer is read like it: of two parents the second may be the one who saw what matters."""
    row, of_courses = behind.checkin, {one.name for one in form.measures}
    answers = {name: value for name, value in form.cleaned_data.items() if name not in of_courses}  # a score is given once
    if actions.is_said(checkin=row, answers=answers, said_by=speaker):  # sent twice
        return redirect(behind.url("answered")) if behind.link.used_at else gone(request)
    try:
        made = actions.tell_unasked(
            visit=row.visit, answers=answers, said_by=speaker, language=row.language, now=behind.now, groups=row.groups)
    except actions.TooOften:
        form.add_error(None, _("You have told us many times today. Please call the clinic."))
        return _questions(request, behind, form, 422)
    return redirect("followup_answered_too", secret=behind.secret, answer=made.uid)


def _page(request: HttpRequest, behind: Behind, template: str, page: dict[str, Any], status: int = 200) -> HttpResponse:
    here = {"language": behind.checkin.language}
    if behind.checkin.answered_at is None:
        here |= {"languages": settings.LANGUAGES, "language_url": behind.url("language")}
    return render(request, template, here | page, status=status)


def _behind(secret: str) -> Behind | None:
    now = timezone.now()
    found = links.known(secret, purpose=actions.PURPOSE)
    if found is None or found.revoked_at is not None or found.expires_at <= now or links.is_outgrown(found, now):
        return None
    rows = CheckIn.objects.filter(clinic=found.clinic, uid=found.about, patient=found.patient)
    row = rows.select_related("clinic", "patient", "visit").first()
    if row is None or row.ended_at or not may_be_asked(row.patient) or (found.used_at and row.answered_at is None):
        return None
    struck = Strike.objects.filter(clinic_id=row.clinic_id, visit=row.visit, struck_at__isnull=False)
    return None if struck.exists() else Behind(secret, found, row, now)


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1
