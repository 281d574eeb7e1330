"""The page of a patient behind a link: notices, aftercare of each visit on the web and on paper, forms, and how the pain went.

The door is that of a check-in. Nothing can be written here but the wish for a form's link to be sent again, or for no messages
any more, and, out of turn, how it is (views_unasked.py).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import public, staff
from waterneedle.clinic.followup import aftercare, door, pages, queries_page
from waterneedle.clinic.followup.models import PatientPage
from waterneedle.clinic.followup.queries import arrangement_of
from waterneedle.clinic.followup.queries_events import may_be_asked
from waterneedle.clinic.followup.views_patient import gone
from waterneedle.clinic.intake import actions_forms
from waterneedle.clinic.intake.forms_patient import DoorForm
from waterneedle.clinic.outbox import links, opting
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record
from waterneedle.clinic.visits.models import Signature
from waterneedle.clinic.web.downloads import file
from waterneedle.clinic.web.middleware import use_language

View = Callable[..., HttpResponseBase]


class Behind:
    """What stands behind the link of a request: the page, its secret, and the moment of the request."""

    def __init__(self, secret: str, page: PatientPage, now: datetime) -> None:
        self.secret, self.page, self.now = secret, page, now

    @property
    def path(self) -> str:
        return reverse("followup_page", kwargs={"secret": self.secret})

    def url(self, name: str, **more: Any) -> str:
        return reverse(f"followup_{name}", kwargs={"secret": self.secret, **more})


def signed(patient: Patient, visit: UUID) -> Signature:
    """The signature of a visit that the patient may read of; another one's, or one that is not signed, is not there."""
    found = queries_page.signatures_of(patient).filter(visit__uid=visit).first()
    if found is None:
        raise Http404
    return found


def by_link(*, opened: bool = True) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @public(why="single-use link")
        @never_cache
        @functools.wraps(view)
        def shown(request: HttpRequest, secret: str, **kwargs: Any) -> HttpResponseBase:
            behind = _behind(secret)
            if behind is None:
                return gone(request)
            use_language(request, behind.page.language)
            request.clinic = behind.page.clinic
            if opened and not door.is_open(request, behind.page.uid):
                return redirect(behind.path)
            with timezone.override(behind.page.clinic.tzinfo):
                response = view(request, behind, **kwargs)
            if opened:
                door.keep_open(response, request, behind.page.uid, behind.path)
            return response

        return shown

    return decorate


@by_link(opened=False)
def page(request: HttpRequest, behind: Behind) -> HttpResponse:
    """The door; then everything that the patient may read."""
    if door.is_open(request, behind.page.uid) and request.method != "POST":
        response = render(request, "followup/link/page.html", queries_page.page_of(behind.page.patient) | {
            "language": behind.page.language, "secret": behind.secret})
        door.keep_open(response, request, behind.page.uid, behind.path)
        return response
    asked = DoorForm(request.POST or None)
    if request.method == "POST" and asked.is_valid():
        said = asked.cleaned_data
        if pages.knock(page=behind.page, name=said["name"], born=said["born"], now=behind.now):
            response = redirect(behind.path)
            door.keep_open(response, request, behind.page.uid, behind.path)
            return response
        if _behind(behind.secret) is None:
            return gone(request)
        asked.add_error(None, _("This does not fit what is on file. Look at both again, or ask the clinic."))
    return render(
        request, "followup/link/door_page.html", {"form": asked, "language": behind.page.language},
        status=422 if request.method == "POST" else 200)


@by_link()
def sheet(request: HttpRequest, behind: Behind, visit: UUID) -> HttpResponse:
    """The aftercare sheet of one visit, on the web."""
    signature = signed(behind.page.patient, visit)
    return render(request, "followup/link/sheet.html", {
        "sheet": aftercare.values(signature), "language": behind.page.language, "back": behind.path,
        "pdf": behind.url("sheet_pdf", visit=visit),
        "tell": arrangement_of(behind.page.clinic).is_on and behind.url("tell", visit=visit)})


@by_link()
@require_safe
def sheet_pdf(request: HttpRequest, behind: Behind, visit: UUID) -> HttpResponse:
    signature = signed(behind.page.patient, visit)
    made = aftercare.aftercare_pdf(signature, get_language() or "")
    return file(made, "application/pdf", f"aftercare-{signature.visit.day}.pdf")


@by_link()
@require_POST
def form_again(request: HttpRequest, behind: Behind, form: UUID) -> HttpResponse:
    """Have the link of a form that waits sent once more, to the address on file."""
    row = get_object_or_404(queries_page.open_forms(behind.page.patient, behind.now), uid=form)
    try:
        actions_forms.send_again(form=row, by=pages.by_link(behind.page))
        messages.success(request, _("A new link is on its way to you."))
    except (actions_forms.Gone, actions_forms.CannotBeSent):
        messages.error(request, _("This form cannot be sent. Please call the clinic."))
    return redirect(behind.path)


@by_link()
@require_POST
def wish(request: HttpRequest, behind: Behind) -> HttpResponse:
    """No messages any more, or messages again."""
    by, patient = pages.by_link(behind.page), kept_record(behind.page.patient)
    if request.POST.get("wish") == "none":
        opting.opt_out(patient=patient, by=by, now=behind.now)
        messages.success(request, _("We write to you no more. Whoever has something to tell you calls."))
    else:
        opting.opt_in(patient=patient, by=by, now=behind.now)
        messages.success(request, _("We write to you again."))
    return redirect(behind.path)


@staff("forms.write")
@require_POST
def send_page(request: HttpRequest) -> HttpResponse:
    """Send the patient the link of their page."""
    try:
        pages.send(patient=request.patient, by=request.access)
        messages.success(request, _("The link is on its way."))
    except pages.NoAddress:
        messages.error(request, _("There is no e-mail address or no date of birth on file."))
    return redirect("patients:patient", clinic=request.clinic.slug, patient=request.patient.uid)


@staff("chart.read")
@require_safe
def aftercare_pdf(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The aftercare sheet, to be printed in the clinic, in the patient's language."""
    signature = signed(request.patient, visit)
    queries_page.note_printed(request, signature)
    return file(aftercare.aftercare_pdf(signature), "application/pdf", f"aftercare-{signature.visit.day}.pdf")


def _behind(secret: str) -> Behind | None:
    now = timezone.now()
    link = links.find(secret, purpose=pages.PURPOSE, now=now)
    if link is None:
        return None
    rows = PatientPage.objects.filter(clinic=link.clinic, uid=link.about, patient=link.patient, ended_at=None)
    row = rows.select_related("clinic", "patient__clinic").first()
    return Behind(secret, row, now) if row is not None and may_be_asked(row.patient) else None
