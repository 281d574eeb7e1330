"""Signing a visit, and reading one that is signed, with what was added to it since."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.stock.actions import Held
from waterneedle.clinic.visits import asked, cosigning, drafts, incidents, keeping, proving, queries, refusing, signing
from waterneedle.clinic.visits.beside import beside
from waterneedle.clinic.visits.document import issues_in
from waterneedle.clinic.visits.forms import AmendForm, KeepForm, SignForm, StrikeForm
from waterneedle.clinic.visits.live import steps
from waterneedle.clinic.visits.models import Amendment, Signature, Step, Visit
from waterneedle.clinic.visits.on_paper_visit import rule_in_words
from waterneedle.clinic.visits.page import visit_page
from waterneedle.clinic.visits.reactions import OfVisit, reactions_of
from waterneedle.clinic.visits.saying import missing_in_words, refusal
from waterneedle.clinic.visits.views_struck import about_the_strike
from waterneedle.clinic.web import words
from waterneedle.clinic.web.addresses import address
from waterneedle.safety.check import spoken

LONGEST_WHY = SignForm.base_fields["deviation_why"].max_length
LONGEST_CREDENTIAL = 20_000  # characters
STILL_HERE = datetime.timedelta(hours=6)  # so long after an injection somebody may lie there, over midnight too; our judgement


@staff("sign.write")
def sign(request: HttpRequest, visit: UUID) -> HttpResponse:
    """What is signed, what is still to be said before it, and the proof of who signs."""
    if request.method == "POST" and _signed_at_once(request, visit):
        return _to(request, visit)
    row = queries.visit_of(request.clinic, request.patient, visit)
    if not row.is_draft or queries.signature_of(row):
        return _to_visit(request, row)
    shown = queries.draft(row, request.LANGUAGE_CODE)
    form = _form(request, shown)
    if request.method != "POST":
        audit.read(request, request.patient, kind="visit", uid=row.uid)
        return _page(request, row, shown, form, status=200)
    may_be_signed = form.is_valid() and not shown.gaps
    answer = _signed(request, row, shown, form) if may_be_signed else _page(request, row, shown, form, status=422)
    # Of a double click the first has signed meanwhile, perhaps with the code that is not taken twice: that is no refusal.
    return _to_visit(request, row) if answer.status_code == 422 and queries.signature_of(row) else answer


def _signed_at_once(request: HttpRequest, visit: UUID) -> bool:
    """Whether the proof that the form carries has signed the visit. If not, nothing was written, and the page finds out why."""
    said = SignForm.with_a_proof(request.POST)
    if said is None:
        return False
    try:
        signing.sign_addressed(
            patient=request.patient, uid=visit, session_key=request.session.session_key, by=request.access, **said)
    except signing.NotCharted:
        return False
    return True


def _signed(request: HttpRequest, row: Visit, shown: queries.Draft, form: SignForm) -> HttpResponse:
    said = form.cleaned_data
    proof = proving.proof_of(request, row, form)
    if proof is None:
        return _page(request, row, shown, form, status=422)
    try:
        signing.sign(
            visit=row, proof=proof, session_key=request.session.session_key, by=request.access,
            deviation_why=said.get("deviation_why", ""), recount=said.get("recount", False), seen=said["seen"],
        )
    except drafts.AlreadySigned:
        return _to_visit(request, row)
    except signing.NotProved:
        form.add_error("password", _("The proof is older than two minutes. Prove again who you are."))
        return _page(request, row, shown, _again(request, shown, form), status=422)
    except signing.Deviation:
        form.add_error("deviation_why", _("Say why it was given."))
        return _page(request, row, shown, _again(request, shown, form, proof=proof), status=422)
    except signing.ShortBook as short:
        form = _again(request, shown, form, proof=proof, is_short=True)
        lot = _("the book of the lot has less than was drawn: count the lot first")
        form.add_error("recount", [_short_in_words(one) for one in short.held] or [capfirst(lot)])
        return _page(request, row, shown, form, status=422)
    except drafts.ChangedMeanwhile:
        form = _again(request, shown, form, proof=proof)
        form.add_error(None, _("Somebody else has changed this visit since you have read it. Read it again, then sign."))
        return _page(request, row, shown, form, status=422)
    except signing.NotSigned as problem:
        form.add_error(None, refusal(problem))
        return _page(request, row, shown, form, status=422)
    return _to_visit(request, row)


def _short_in_words(one: Held) -> str:
    lot = one.drawn.vial.lot
    return _(
        "%(product)s, lot %(lot)s, vial %(vial)s: by the shelf's book %(book)s were in it, and %(drawn)s were drawn. Count it."
    ) % {
        "product": lot.item, "lot": lot.number, "vial": one.vial.code, "book": words.amount(one.vial.volume_ml, "mL"),
        "drawn": words.amount(one.drawn.ml, "mL"),
    }


@staff("sign.write")
def passkey(request: HttpRequest, visit: UUID) -> HttpResponse:
    """GET: what the browser asks the passkey. POST of its answer: a proof for this visit, by its id."""
    return passkey_for(request, queries.visit_of(request.clinic, request.patient, visit))


def passkey_for(request: HttpRequest, row: Visit) -> HttpResponse:
    if request.method != "POST":
        return JsonResponse(proving.passkey_asked(request))
    method = proving.passkey_proved(request, request.POST.get("credential", "")[:LONGEST_CREDENTIAL])
    if method is None:
        return JsonResponse({"problem": _("This does not prove who you are. Try again.")}, status=422)
    minted = signing.mint(visit=row, user=request.user, session_key=request.session.session_key, method=method)
    return JsonResponse({"proof": str(minted.uid)})


def _form(request: HttpRequest, shown: queries.Draft, *, is_short: bool | None = None, data: Any = None) -> SignForm:
    asked_short = "recount" in request.POST if is_short is None else is_short
    return SignForm(
        data if data is not None else request.POST or None,
        initial={"deviation_why": shown.given_barred_why[:LONGEST_WHY]},  # read and confirmed, or written anew
        has_code=proving.has_code(request.user), deviates=shown.deviates, is_short=asked_short,
    )


def _again(
    request: HttpRequest, shown: queries.Draft, form: SignForm, *, proof: UUID | None = None, is_short: bool | None = None
) -> SignForm:
    """The form once more with its errors; a proof that is still good need not be given again."""
    data = request.POST.copy()
    data["proof"] = str(proof or "")
    again = _form(request, shown, is_short=is_short, data=data)
    again.is_valid()
    for field, errors in form.errors.items():
        if field in again.fields and field not in again.errors:
            again.add_error(field, errors)
    return again


def _page(request: HttpRequest, row: Visit, shown: queries.Draft, form: SignForm, *, status: int) -> HttpResponse:
    proved = bool(form.is_bound and form.data.get("proof"))
    page = about(request, "visits") | {
        "visit": row, "draft": shown, "form": form, "proved": proved, "has_passkey": proving.has_passkey(request.user),
        "strike": queries.strike_of(row),
    }
    return render(request, "visits/sign.html", page, status=status)


# --- signed


def signed_page(request: HttpRequest, row: Visit, signature: Signature, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The visit as it was signed, and what was added since."""
    amendments, shown = cosigning.amendments_of(row), queries.draft(row, request.LANGUAGE_CODE)
    standing, strike = _who_stands_for_it(request, row, signature, amendments), about_the_strike(row, forms.get("wrong"))
    page = about(request, "visits") | {
        "visit": row,
        "signature": signature,
        "document": (document := signing.as_signed(signature)),
        "draft": shown,
        **at_the_signature(document, shown, request.LANGUAGE_CODE),
        "amendments": amendments,
        **standing,
        **strike,
        "amend_form": forms.get("amend_form") or AmendForm(initial={"answers": standing.get("to_mend")}),
        "not_added": forms.get("not_added", ""),
        "strike_form": forms.get("strike_form") or StrikeForm(),
        "may_sign": request.access.may("sign.write"),
        "may_strike": request.access.may("chart.write"),
        "keep_form": forms.get("keep_form") or _keep_form(request, row),
        "beside": [] if "told" in strike else beside(request, row),  # a struck visit is about somebody else
        "reactions": (reactions := reactions_of(row)),
        **_where_the_patient_is(request, row, shown, reactions),
        "incident": bool(signature.deviation_why) and incidents.may_read(request.access, row.uid),
    }
    return render(request, "visits/signed.html", page, status=status)


def _who_stands_for_it(
    request: HttpRequest, row: Visit, signature: Signature, amendments: list[Amendment]
) -> dict[str, Any]:
    """Of a student's visit: who has countersigned it or refused to, or is asked; `to_mend` is the refusal that the reader may
    answer, being the student, or `for_student` who has left."""
    if signature.supervisor_id is None:
        return {}
    awaited, refusals = cosigning.awaited(row), refusing.refusals_of(row, amendments)
    is_open = bool(refusals) and refusals[-1].answer is None and request.access.may("sign.write")
    stands = cosigning.asked(row) if is_open and cosigning.may_answer(request.user, signature) else None
    return {
        "countersignature": cosigning.countersignature_of(row),
        "refusals": refusals,
        "awaited": awaited,
        "may_cosign": awaited is not None and request.access.may("cosign.write")
        and cosigning.answers_for(request.user, awaited),
        **({"to_mend": refusals[-1].uid, "asks_again": cosigning.whom_to_ask(stands),
            "for_student": signature.signed_name if signature.signed_by != request.user else ""} if stands is not None else {}),
    }


def at_the_signature(document: dict[str, Any], shown: queries.Draft, language: str) -> dict[str, Any]:
    """What was asked before, what the check said, and what was answered to it, as it stood when the visit was signed."""
    return {
        "answers": asked.answers_in_words(shown.today),
        "said": [one | {"missing": missing_in_words(one["missing"])} for one in issues_in(document, spoken(language))],
        "reasons": [(rule_in_words(one["rule"]), one["note"]) for one in document["reasons"]],
    }


def _keep_form(request: HttpRequest, row: Visit) -> KeepForm | None:
    may = request.access.may("chart.write") and keeping.may_be_kept(row)
    return KeepForm(fluids=keeping.fluids_of(row), auto_id="keep_%s") if may else None


def _where_the_patient_is(
    request: HttpRequest, row: Visit, shown: queries.Draft, reactions: list[OfVisit]
) -> dict[str, Any]:
    """The patient may still lie there when the visit of today is signed: the steps, and whether nobody has begun to watch.
    However a reaction ends, whoever had it is not here any more."""
    went_in = [each.one.given_at for each in shown.rows if each.one.is_in]
    is_over = row.day != today_in(request.clinic) and not any(at > timezone.now() - STILL_HERE for at in went_in)
    strike = queries.strike_of(row)
    if is_over or row.happened_at is not None or (strike is not None and strike.struck_at is not None):
        return {}
    last = max((entered.state for entered in shown.steps if entered.state), key=lambda state: state.pk, default=None)
    ended = max((one.ended_at for one in reactions if one.ended_at), default=None)
    was_taken = ended is not None and ended >= max(went_in, default=ended)
    has_left = was_taken or (last is not None and last.step == Step.LEFT)
    is_watched = shown.observation is not None and shown.observation.began_at >= max(went_in, default=shown.observation.began_at)
    is_unwatched = bool(went_in) and not (has_left or is_watched)
    return {"steps": steps(request, row, shown), "is_unwatched": is_unwatched, "may_write": request.access.may("chart.write")}


@staff("sign.write")
@require_POST
def amend(request: HttpRequest, visit: UUID) -> HttpResponse:
    row = queries.visit_of(request.clinic, request.patient, visit)
    signature = queries.signature_of(row)
    form = AmendForm(request.POST)
    if signature is None or not form.is_valid():
        return _to_visit(request, row) if signature is None else signed_page(request, row, signature, status=422, amend_form=form)
    try:
        added = signing.amend(visit=row, by=request.access, **form.cleaned_data)
        again = _("Added to the visit. Who answers for the student is asked again to countersign.")
        if signature.signed_by == request.user:
            again = _("Added to the visit. Who answers for you is asked again to countersign.")
        messages.success(request, again if added.answers_id else _("Added to the visit."))
    except signing.NotCharted as problem:  # struck meanwhile: what was typed is shown, for it stands nowhere else
        return signed_page(request, row, signature, status=422, amend_form=form, not_added=refusal(problem))
    return _to_visit(request, row)


@staff("chart.write")
@require_POST
def strike(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Say that the visit stands on the wrong patient; the second person who says so strikes it. One of the two treats."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    before = queries.strike_of(row)
    form = StrikeForm(request.POST)
    try:
        if before is None:
            if not form.is_valid():
                signature = queries.signature_of(row)
                wrong = {"status": 422, "strike_form": form}
                return signed_page(request, row, signature, **wrong) if signature else visit_page(request, row, **wrong)
            signing.ask_to_strike(visit=row, why=form.cleaned_data["why"], by=request.access)
            messages.success(request, _("Asked. A second person confirms it."))
        else:
            signing.strike(visit=row, by=request.access)
            messages.success(request, _("Struck. It stays readable."))
    except signing.NotSigned:
        messages.error(request, _("Somebody else has to confirm it, and one of the two is a practitioner."))
    return _to_visit(request, row)


@staff("chart.write")
@require_POST
def let_stand(request: HttpRequest, visit: UUID) -> HttpResponse:
    """It is the right patient after all."""
    row = queries.visit_of(request.clinic, request.patient, visit)
    signing.let_stand(visit=row, by=request.access)
    return _to_visit(request, row)


def _to_visit(request: HttpRequest, row: Visit) -> HttpResponse:
    return _to(request, row.uid)


def _to(request: HttpRequest, visit: UUID) -> HttpResponse:
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid, "visit": visit}
    return HttpResponseRedirect(address("visits:visit", **where))
