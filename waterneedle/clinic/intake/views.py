"""The forms of a patient, as the staff sees them: what is sent, filled in and signed, and not what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.intake import actions_consent, actions_forms, queries, wording
from waterneedle.clinic.intake.actions_forms import CannotBeSent, Gone
from waterneedle.clinic.intake.models import Form, FormKind
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.patients.queries import guardians_of, needs_guardian, records_of, today_in

LINK, HERE, CODE = "link", "here", "code"  # by a letter, on this device, on another one that reads a code


@staff("forms.read")
def forms(request: HttpRequest) -> HttpResponse:
    audit.read(request, request.patient, kind="forms")
    now, patient = timezone.now(), request.patient
    minor = bool(needs_guardian(patient, today_in(request.clinic)))
    sent = queries.forms_of(patient, now)
    page = about(request, "forms") | {
        "forms": sent,
        "measures": any(one.form.kind == FormKind.MEASURES for one in sent),
        "consents": queries.consents_of(patient, now),
        "languages": languages_of(request),
        "chosen": language_of(request),
        "lacks_birth_date": patient.birth_date is None,
        "lacks_guardian": minor and not any(one.may_consent for one in guardians_of(patient)),
    }
    return render(request, "intake/forms.html", page)


@staff("forms.write")
@require_POST
def send(request: HttpRequest, kind: str) -> HttpResponse:
    return deliver(request, _kind(kind), LINK)


@staff("forms.write")
@require_POST
def open_here(request: HttpRequest, kind: str) -> HttpResponse:
    """Hand this device over: whoever is signed in on it is signed out, and it shows the form alone."""
    return deliver(request, _kind(kind), HERE)


@staff("forms.write")
@require_POST
def code(request: HttpRequest, kind: str) -> HttpResponse:
    """The form for a tablet of the clinic or the patient's own phone, which reads the code."""
    return deliver(request, _kind(kind), CODE)


@staff("forms.write")
@require_POST
def again(request: HttpRequest, form: UUID, way: str) -> HttpResponse:
    """The same form once more, by another link, with all that was typed so far."""
    row = form_of(request, form)
    try:
        if way == LINK:
            actions_forms.send_again(form=row, by=request.access)
            messages.success(request, _("Sent. The link before this one opens no more."))
        elif way in (HERE, CODE):
            return _hand_over(request, row, actions_forms.open_again(form=row, by=request.access), way)
        else:
            raise Http404
    except Gone:
        messages.error(request, _("This form is closed. Send a new one."))
    except CannotBeSent:
        messages.error(request, _cannot_be_sent(request))
    return back(request)


@staff("forms.write")
@require_POST
def end(request: HttpRequest, form: UUID) -> HttpResponse:
    actions_forms.end_form(form=form_of(request, form), by=request.access)
    messages.success(request, _("Taken back. Its link opens no more."))
    return back(request)


def deliver(request: HttpRequest, kind: str, way: str, asked: Mapping[str, Any] | None = None) -> HttpResponse:
    """Bring a form to the patient. A consent for which nobody has chosen lines asks the usual ones."""
    language = language_of(request)
    if kind == FormKind.CONSENT and asked is None:
        text = actions_consent.text_in_force(clinic=request.clinic, language=language, by=request.access)
        asked = {"lines": [line.id for line in wording.read(text.words).lines if line.usual]}
    new = {"patient": request.patient, "kind": kind, "language": language, "asked": asked, "by": request.access}
    try:
        if way != LINK:
            form, secret = actions_forms.open_form(**new)
            return _hand_over(request, form, secret, way)
        actions_forms.send_form(**new)
        messages.success(request, _("On its way. The letter holds a link and nothing about health."))
    except CannotBeSent:
        messages.error(request, _cannot_be_sent(request))
    return back(request)


def form_of(request: HttpRequest, uid: UUID) -> Form:
    rows = Form.objects.filter(clinic=request.clinic, patient_id__in=records_of(request.patient))
    return get_object_or_404(rows.select_related("clinic", "patient"), uid=uid)


def languages_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The languages in which the clinic gives forms to patients."""
    return [one for one in settings.LANGUAGES if one[0] in request.clinic.languages] or list(settings.LANGUAGES)


def language_of(request: HttpRequest) -> str:
    """That was chosen for this form, else the patient's, else the first of the clinic."""
    known = [code for code, _name in languages_of(request)]
    wanted = (request.POST.get("language", ""), request.patient.language, *request.clinic.languages)
    return next((one for one in wanted if one in known), known[0])


def back(request: HttpRequest) -> HttpResponse:
    return redirect("intake:forms", clinic=request.clinic.slug, patient=request.patient.uid)


def _hand_over(request: HttpRequest, form: Form, secret: str, way: str) -> HttpResponse:
    path = reverse("intake_link", kwargs={"secret": secret})
    if way == HERE:
        logout(request)
        return redirect(path)
    address = settings.PUBLIC_URL + path
    drawn = mark_safe(
        segno.make(address, micro=False).svg_inline(scale=6, border=2, omitsize=True, svgclass=None, lineclass=None)
    )
    page = about(request, "forms") | {"address": address, "code": drawn, "form": form}
    return render(request, "intake/code.html", page)


def _kind(kind: str) -> str:
    if kind not in (FormKind.QUESTIONS, FormKind.CONSENT):
        raise Http404
    return kind


def _cannot_be_sent(request: HttpRequest) -> str:
    if request.patient.birth_date is None:
        return _("Enter the date of birth first: it is asked before the form opens.")
    return _("Nobody is reached. Enter an e-mail address of the patient, or of who speaks for them, or open the form here.")
