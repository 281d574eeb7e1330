"""Out of turn, from the page of a patient: how it is after a visit, asked and read as in a check-in, and at once what to do."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from waterneedle.clinic.audit.once import once
from waterneedle.clinic.followup import actions, queries_page
from waterneedle.clinic.followup.queries import arrangement_of, told_at_once
from waterneedle.clinic.followup.questions import CheckInForm
from waterneedle.clinic.followup.views_page import Behind, by_link, signed
from waterneedle.clinic.patients.models import Speaker
from waterneedle.clinic.patients.queries import needs_guardian, today_in


@by_link()
@once
def tell(request: HttpRequest, behind: Behind, visit: UUID) -> HttpResponse:
    """The questions about one visit. Where the clinic does not ask, nobody is there to hear, and there is no such page."""
    patient, arranged = behind.page.patient, arrangement_of(behind.page.clinic)
    if not arranged.is_on:
        raise Http404
    about = signed(patient, visit).visit
    today = today_in(patient.clinic)
    form = CheckInForm(
        request.POST or None, groups=actions.unasked_groups(about), by_guardian=bool(needs_guardian(patient, today)),
        days=(today - about.day).days)
    if request.method == "POST" and form.is_valid():
        speaker = Speaker.GUARDIAN if form.cleaned_data["guardian"] else Speaker.PATIENT
        try:
            made = actions.tell_unasked(
                visit=about, answers=form.cleaned_data, said_by=speaker, language=behind.page.language, now=behind.now)
            return redirect(behind.url("told", answer=made.uid))
        except actions.TooOften:
            form.add_error(None, _("You have told us many times today. Please call the clinic."))
    return render(request, "followup/link/tell.html", {
        "form": form, "visit": about, "arranged": arranged, "language": behind.page.language, "back": behind.path,
    }, status=422 if request.method == "POST" else 200)


@by_link()
def told(request: HttpRequest, behind: Behind, answer: UUID) -> HttpResponse:
    """What to do now, read again as often as they like."""
    row = queries_page.told_unasked(behind.page.patient, answer)
    if row is None:
        raise Http404
    return render(request, "followup/link/answered.html", {
        "answer": row, "triage": told_at_once(row), "arranged": arrangement_of(behind.page.clinic),
        "language": behind.page.language, "back": behind.path})
