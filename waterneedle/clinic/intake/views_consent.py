"""Consent, as those see it who treat: prepared, read as it was signed, added to, taken back; and the clinic's words."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.intake import actions_consent, on_paper, queries, wording
from waterneedle.clinic.intake.forms import PrepareForm, WithdrawalForm, WordingForm
from waterneedle.clinic.intake.models import Consent, ConsentText, FormKind
from waterneedle.clinic.intake.views import CODE, HERE, LINK, back, deliver, language_of, languages_of
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.patients.queries import records_of, today_in
from waterneedle.clinic.web.downloads import file


@staff("chart.write")
def prepare(request: HttpRequest) -> HttpResponse:
    """Choose what a consent is to cover, and bring it to the patient."""
    form = _prepare_form(request)
    if request.method == "POST" and form.is_valid():
        return deliver(request, FormKind.CONSENT, _way(request), form.asked())
    page = about(request, "forms") | {"form": form}
    return render(request, "intake/prepare.html", page, status=422 if request.method == "POST" else 200)


@staff("chart.read")
def consent(request: HttpRequest, consent: UUID) -> HttpResponse:
    row = _consent(request, consent)
    audit.read(request, request.patient, kind="consent", uid=row.uid)
    return render(request, "intake/consent_shown.html", _shown(request, row))


@staff("chart.read")
def printed(request: HttpRequest, consent: UUID) -> HttpResponse:
    """As it was signed, on paper."""
    row = _consent(request, consent)
    audit.read(request, request.patient, kind="consent", uid=row.uid)
    return render(request, "intake/consent_printed.html", _shown(request, row))


@staff("chart.read")
@require_safe
def as_pdf(request: HttpRequest, consent: UUID) -> HttpResponse:
    """The same as a file, to be given away: an action of its own in the trail, with the hash of the file."""
    row = _consent(request, consent)
    made = on_paper.consent_pdf(row, queries.consent_shown(row, timezone.now()))
    with transaction.atomic():
        audit.append(
            by=request.access,
            action="export",
            kind="consent",
            uid=row.uid,
            patient=request.patient.uid,
            after=sha256(made).digest(),
        )
    return file(made, "application/pdf", f"consent-{row.signed_on}.pdf")


@staff("chart.write")
def add(request: HttpRequest, consent: UUID) -> HttpResponse:
    """Lines that are added later: the patient puts initials to them alone."""
    row = _consent(request, consent)
    standing = queries.standing_of(row, today_in(request.clinic), timezone.now())
    if standing.withdrawn_at or row.until < today_in(request.clinic):
        messages.error(request, _("This consent no longer holds. Prepare a new one."))
        return back(request)
    form = _prepare_form(request, without=tuple(standing.lines))
    for name in ("course", "until"):
        del form.fields[name]
    if request.method == "POST" and form.is_valid():
        return deliver(request, FormKind.LINES, _way(request), form.asked() | {"consent": str(row.uid)})
    page = about(request, "forms") | {"form": form, "consent": row}
    return render(request, "intake/prepare.html", page, status=422 if request.method == "POST" else 200)


@staff("chart.write")
@require_POST
def withdraw(request: HttpRequest, consent: UUID) -> HttpResponse:
    row = _consent(request, consent)
    standing = queries.standing_of(row, today_in(request.clinic), timezone.now())
    form = WithdrawalForm(request.POST, lines=standing.lines)
    if not form.is_valid():
        return render(request, "intake/consent_shown.html", _shown(request, row) | {"withdrawal": form}, status=422)
    actions_consent.withdraw(consent=row, by=request.access, **form.cleaned_data)
    messages.success(request, _("Taken back, from now on."))
    return redirect("intake:consent", clinic=request.clinic.slug, patient=request.patient.uid, consent=row.uid)


# --- the words of the clinic


@staff("clinic.write")
def wordings(request: HttpRequest) -> HttpResponse:
    """Which words of consent the clinic has, in each language."""
    newest: dict[str, ConsentText] = {}
    for text in ConsentText.objects.filter(clinic=request.clinic).order_by("version"):
        newest[text.language] = text
    rows = [{"code": code, "name": name, "text": newest.get(code)} for code, name in languages_of(request)]
    return render(request, "intake/wordings.html", {"rows": rows})


@staff("clinic.write")
def wording_page(request: HttpRequest, language: str) -> HttpResponse:
    """Change the words in one language. What was signed keeps its own."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    text = actions_consent.text_in_force(clinic=request.clinic, language=language, by=request.access)
    form = WordingForm(request.POST or None, wording=wording.read(text.words))
    if request.method == "POST" and form.is_valid():
        changed = actions_consent.change_text(clinic=request.clinic, language=language, words=form.words(), by=request.access)
        messages.success(request, _("Kept as version %(version)s.") % {"version": changed.version})
        return redirect("intake:wordings", clinic=request.clinic.slug)
    page = {"form": form, "text": text, "language": dict(settings.LANGUAGES)[language]}
    return render(request, "intake/wording.html", page, status=422 if request.method == "POST" else 200)


# --- inside


def _prepare_form(request: HttpRequest, without: tuple = ()) -> PrepareForm:
    text = actions_consent.text_in_force(clinic=request.clinic, language=request.LANGUAGE_CODE, by=request.access)
    return PrepareForm(
        request.POST or None,
        wording=wording.read(text.words),
        languages=languages_of(request),
        today=today_in(request.clinic),
        without=without,
        initial={"language": language_of(request)} | ({"lines": []} if without else {}),
    )


def _way(request: HttpRequest) -> str:
    way = request.POST.get("way", "")
    if way not in (LINK, HERE, CODE):
        raise Http404
    return way


def _consent(request: HttpRequest, uid: UUID) -> Consent:
    rows = Consent.objects.filter(clinic=request.clinic, patient_id__in=records_of(request.patient)).select_related(
        "clinic", "patient"
    )
    return get_object_or_404(rows.prefetch_related("added", "withdrawals"), uid=uid)


def _shown(request: HttpRequest, row: Consent) -> dict[str, Any]:
    found = queries.consent_shown(row, timezone.now())
    return about(request, "forms") | {"consent": row, "shown": found, "withdrawal": WithdrawalForm(lines=found.standing.lines)}
