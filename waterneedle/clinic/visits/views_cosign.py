"""The countersignature of who answers for a student."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.visits import cosigning, proving, queries, signing
from waterneedle.clinic.visits.forms import CosignForm
from waterneedle.clinic.visits.models import Signature, Visit
from waterneedle.clinic.visits.saying import refusal
from waterneedle.clinic.visits.views_sign import at_the_signature, passkey_for


@staff("cosign.write")
def cosign(request: HttpRequest, visit: UUID) -> HttpResponse:
    """What the student signed, and the proof of who stands for it. Whoever does not answer for it finds nothing here."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    signature = cosigning.awaited(row)
    if signature is None or not cosigning.answers_for(request.user, signature):
        if cosigning.countersignature_of(row) is not None:
            return _to_visit(request, row)
        raise Http404
    form = CosignForm(request.POST or None, has_code=proving.has_code(request.user))
    if request.method == "POST" and form.is_valid():
        return _cosigned(request, row, signature, form)
    if request.method == "GET":
        audit.read(request, request.patient, kind="visit", uid=row.uid)
    return _page(request, row, signature, form, status=422 if request.method == "POST" else 200)


@staff("cosign.write")
def passkey(request: HttpRequest, visit: UUID) -> HttpResponse:
    """GET: what the browser asks the passkey. POST of its answer: a proof for this visit, by its id."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    signature = cosigning.awaited(row)
    if signature is None or not cosigning.answers_for(request.user, signature):
        raise Http404
    return passkey_for(request, row)


def _cosigned(request: HttpRequest, row: Visit, signature: Signature, form: CosignForm) -> HttpResponse:
    said = form.cleaned_data
    proof = proving.proof_of(request, row, form)
    if proof is None:
        return _page(request, row, signature, form, status=422)
    try:
        cosigning.cosign(
            visit=row, proof=proof, session_key=request.session.session_key, by=request.access, note=said["note"])
    except signing.AlreadySigned:
        return _to_visit(request, row)
    except signing.NotProved:
        form.add_error("password", _("The proof is older than two minutes. Prove again who you are."))
        return _page(request, row, signature, form, status=422)
    except signing.NotSigned as problem:
        form.add_error(None, refusal(problem))
        return _page(request, row, signature, form, status=422)
    messages.success(request, _("Countersigned."))
    return _to_visit(request, row)


def _page(request: HttpRequest, row: Visit, signature: Signature, form: CosignForm, *, status: int) -> HttpResponse:
    shown = queries.draft(row, request.LANGUAGE_CODE)
    page = about(request, "visits") | {
        "visit": row, "signature": signature, "draft": shown, "form": form, "proved": False,
        "has_passkey": proving.has_passkey(request.user), "strike": queries.strike_of(row),
        **at_the_signature(signing.as_signed(signature), shown, request.LANGUAGE_CODE),
    }
    return render(request, "visits/cosign.html", page, status=status)


def _to_visit(request: HttpRequest, row: Visit) -> HttpResponse:
    return redirect("visits:visit", clinic=request.clinic.slug, patient=request.patient.uid, visit=row.uid)
