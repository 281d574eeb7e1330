"""The countersignature of who answers for a student, or the refusal of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.visits import cosigning, proving, queries, refusing, signing
from waterneedle.clinic.visits.drafts import ChangedMeanwhile, NotCharted
from waterneedle.clinic.visits.forms import CosignForm, RefuseForm
from waterneedle.clinic.visits.models import Signature, Visit
from waterneedle.clinic.visits.reactions import reactions_of
from waterneedle.clinic.visits.saying import refusal
from waterneedle.clinic.visits.views_sign import at_the_signature, passkey_for


@staff("cosign.write")
def cosign(request: HttpRequest, visit: UUID) -> HttpResponse:
    """What the student signed, and the proof of who stands for it. Whoever does not answer for it finds nothing here."""
    return _answer(request, visit, CosignForm)


@staff("cosign.write")
def refuse(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The same, and the proof of who does not stand for it, with why."""
    return _answer(request, visit, RefuseForm)


@staff("cosign.write")
def passkey(request: HttpRequest, visit: UUID) -> HttpResponse:
    """GET: what the browser asks the passkey. POST of its answer: a proof for this visit, by its id."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    signature = cosigning.awaited(row)
    if signature is None or not cosigning.answers_for(request.user, signature):
        raise Http404
    return passkey_for(request, row)


def _answer(request: HttpRequest, visit: UUID, kind: type[CosignForm]) -> HttpResponse:
    row = queries.visit_of(request.clinic, request.patient, visit)
    signature = cosigning.asked(row)
    if signature is None or not cosigning.answers_for(request.user, signature):
        raise Http404
    if cosigning.awaited(row) is None:
        return _answered_before(request, row, kind)
    form = kind(request.POST or None, has_code=proving.has_code(request.user))
    if request.method == "POST" and form.is_valid():
        return _written(request, row, signature, form)
    if request.method == "GET":
        audit.read(request, request.patient, kind="visit", uid=row.uid)
    return _page(request, row, signature, form, status=422 if request.method == "POST" else 200)


def _written(request: HttpRequest, row: Visit, signature: Signature, form: CosignForm) -> HttpResponse:
    said, refuses = form.cleaned_data, isinstance(form, RefuseForm)
    proof = proving.proof_of(request, row, form)
    if proof is None:
        return _page(request, row, signature, form, status=422)
    with_proof = {
        "visit": row, "proof": proof, "session_key": request.session.session_key, "by": request.access, "seen": said["seen"]}
    try:
        if refuses:
            refusing.refuse(why=said["why"], **with_proof)
        else:
            cosigning.cosign(note=said["note"], **with_proof)
    except (signing.AlreadySigned, cosigning.AlreadyRefused):
        return _answered_before(request, row, type(form))
    except signing.NotProved:
        form.add_error("password", _("The proof is older than two minutes. Prove again who you are."))
        return _page(request, row, signature, form, status=422)
    except ChangedMeanwhile:
        form.add_error(None, _("Something was added to this visit since you have read it. Read it again, then answer."))
        return _page(request, row, signature, form, status=422)
    except NotCharted as problem:
        form.add_error(None, refusal(problem))
        return _page(request, row, signature, form, status=422)
    refused = _("Not countersigned. %(who)s is asked to mend it, and the owner is told.") % {"who": signature.signed_name}
    messages.success(request, refused if refuses else _("Countersigned."))
    return _to_visit(request, row)


def _answered_before(request: HttpRequest, row: Visit, kind: type[CosignForm]) -> HttpResponse:
    """To the visit, which says what was answered; with a word where it is not what is asked for now, as in a second tab."""
    is_countersigned = cosigning.countersignature_of(row) is not None
    if request.method == "POST" and is_countersigned is (kind is RefuseForm):
        said = (_("The visit is countersigned already: nothing was refused.") if is_countersigned else
                _("The countersignature was refused already: nothing was countersigned."))
        messages.error(request, said)
    return _to_visit(request, row)


def _page(request: HttpRequest, row: Visit, signature: Signature, form: CosignForm, *, status: int) -> HttpResponse:
    shown, amendments = queries.draft(row, request.LANGUAGE_CODE), cosigning.amendments_of(row)
    page = about(request, "visits") | {
        "visit": row, "signature": signature, "draft": shown, "form": form, "refuses": isinstance(form, RefuseForm),
        "proved": bool(form.is_bound and form.data.get("proof") and not form.errors.get("password")),
        "has_passkey": proving.has_passkey(request.user), "strike": queries.strike_of(row),
        "amendments": amendments, "refusals": refusing.refusals_of(row, amendments), "reactions": reactions_of(row),
        "seen": cosigning.what_was_read(signature, amendments),
        **at_the_signature(signing.as_signed(signature), shown, request.LANGUAGE_CODE),
    }
    return render(request, "visits/cosign.html", page, status=status)


def _to_visit(request: HttpRequest, row: Visit) -> HttpResponse:
    return redirect("visits:visit", clinic=request.clinic.slug, patient=request.patient.uid, visit=row.uid)
