"""The signature: with a fresh proof of who signs it freezes the visit, takes stock, and writes the trail, in one transaction.

    gaps(visit)                                             what is still to be said, in order; empty: it can be signed
    proof = mint(visit=…, user=…, session_key=…, method=…)  after a password, a code or a passkey was proved
    sign(visit=…, proof=proof.uid, session_key=…, by=access)
"""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.models import Membership, User
from waterneedle.clinic.accounts.roles import scope
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.contents import documents
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.database.written import execute, insert, returned
from waterneedle.clinic.intake.documents import digest
from waterneedle.clinic.outbox.actions import enqueue_new
from waterneedle.clinic.patients.actions import note_first_signed, take_back_visit
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits import asked, became, cosigning, doubted
from waterneedle.clinic.visits.cosigning import ask_for_it, supervisor_of
from waterneedle.clinic.visits.document import charted_hash, document_of
from waterneedle.clinic.visits.drafts import AlreadySigned, ChangedMeanwhile, NotCharted, Struck, require_not_struck
from waterneedle.clinic.visits.drawing import let_go
from waterneedle.clinic.visits.heeded import came_of
from waterneedle.clinic.visits.incidents import open_of_deviation
from waterneedle.clinic.visits.models import (
    Amendment,
    Injection,
    Proof,
    ProofMethod,
    Signature,
    Status,
    Strike,
    Technique,
    Visit,
)
from waterneedle.clinic.visits.plan import assessed, shares
from waterneedle.clinic.visits.rows import Charted, ever_reacted, read
from waterneedle.clinic.visits.told import ask_whose_it_is, charted_between
from waterneedle.clinic.visits.warnings import stood
from waterneedle.safety.check import spoken
from waterneedle.safety.plan import Assessment

PROOF_MINUTES = 2


class NotSigned(NotCharted):
    """Base of what stands against a signature. Nothing was written."""


class NotFound(NotSigned):
    """The patient has no such visit."""


class NotProved(NotSigned):
    """There is no fresh proof of who signs: none was given, it is used, too old, or of another person, session or visit."""


class Incomplete(NotSigned):
    """Something is still to be said."""

    def __init__(self, found: list[Gap]) -> None:
        super().__init__("; ".join(one.said for one in found))
        self.gaps = found


class Deviation(NotSigned):
    """What was given had been barred by the check: it is signed with the reason why it was given."""


class ShortBook(NotSigned):
    """The shelf's book says that less was in the vials of `held` than was drawn: confirm the count, and the book is corrected."""

    def __init__(self, said: str, held: Sequence[stock.Held]) -> None:
        super().__init__(said)
        self.held = held


class Proved(NamedTuple):
    """A proof that was used up just now: the number of its row, and how it was given."""

    number: int
    method: str


@dataclass(frozen=True)
class Gap:
    """What is still to be said before a visit can be signed, and where: `field` of the injection `seq`, or of the visit."""

    field: str
    said: str
    seq: int | None = None

    @property
    def at(self) -> str:
        """The element of the page of the visit where it is said."""
        if self.field.startswith("reason "):
            return f"issue-{'' if self.seq is None else self.seq}-{self.field.removeprefix('reason ')}"
        return "line" if self.field == "injection" else self.field if self.seq is None else f"i{self.seq}"


# --- what stands against it


def gaps(visit: Visit) -> list[Gap]:
    """What is still to be said, in the order of the page."""
    charted = read(visit)
    return gaps_of(charted, assessed(charted))


def gaps_of(charted: Charted, assessment: Assessment) -> list[Gap]:
    """The same from rows that were read, and checked, already."""
    return [
        *_gaps_of_visit(charted),
        *_unasked(charted, assessment),
        *_gaps_of_plan(charted.injections),
        *(gap for one in charted.injections for gap in _gaps_of_injection(one)),
        *_unanswered(assessment, charted.injections),
    ]


def is_deviation(injections: list[Injection], assessment: Assessment) -> bool:
    """Whether something went in that the check barred, at the moment of the puncture or as it is known now."""
    return bool(_barred(injections, assessment))


def _barred(injections: list[Injection], assessment: Assessment) -> list[Injection]:
    barred = {seq for one in assessment.issues if one.severity == "block" for seq in one.injections or ("",)}
    return [one for one in injections if one.is_in and (one.blocked or "" in barred or str(one.seq) in barred)]


def _first_barred(charted: Charted, assessment: Assessment, now: datetime.datetime) -> datetime.datetime:
    """When the first of what was barred went in: an hour may lie between that and the beginning of the visit."""
    given_at = [one.given_at for one in _barred(charted.injections, assessment) if one.given_at]
    return min([*given_at, now])


def _gaps_of_visit(charted: Charted) -> Iterator[Gap]:
    visit, injections = charted.visit, charted.injections
    if visit.practitioner is None:
        yield Gap("practitioner", _("Say who injected."))
    if not injections and not visit.note.strip():
        yield Gap("injection", _("Nothing is charted yet: an injection, or a note."))


def _unasked(charted: Charted, assessment: Assessment) -> Iterator[Gap]:
    """One for all that was not asked on the day of a puncture: it leads to where it is answered."""
    if any(one.is_in and asked.is_open(assessment, one.seq) for one in charted.injections):
        names = asked.open_questions(charted)
        said = _("Say what the patient answered, or why it was not asked: %(what)s.") % {"what": asked.in_words(names)}
        yield Gap(asked.first_field(charted), said)


def _gaps_of_plan(injections: list[Injection]) -> Iterator[Gap]:
    """One for all that is only planned: it leads to the first."""
    planned = [one for one in injections if one.status == Status.PLANNED]
    if not planned:
        return
    said = ngettext(
        "%(site)s is only planned: given, stopped, or not done?",
        "%(count)d injections are only planned, the first of them %(site)s: given, stopped, or not done?", len(planned))
    yield Gap("status", said % {"count": len(planned), "site": planned[0].named}, planned[0].seq)


def _gaps_of_injection(one: Injection) -> Iterator[Gap]:
    if one.status != Status.GIVEN:
        return
    if one.technique == Technique.INJECTION and one.volume_ml is None:
        yield Gap("volume_ml", _("%(site)s: how many mL?") % {"site": one.named}, one.seq)
    if not one.side:
        yield Gap("side", _("%(site)s: which side?") % {"site": one.named}, one.seq)
    if one.technique == Technique.INJECTION and not one.route:
        yield Gap("route", _("%(site)s: by which route?") % {"site": one.named}, one.seq)
    if one.depth_mm is None:
        yield Gap("depth_mm", _("%(site)s: how deep?") % {"site": one.named}, one.seq)


def _unanswered(assessment: Assessment, injections: list[Injection]) -> Iterator[Gap]:
    if not any(one.is_in for one in injections):
        return
    for one in assessment.issues:
        if one.severity == "warn" and not one.recorded and one.rule != asked.RULE:
            seq = int(one.injections[0]) if one.injections else None
            yield Gap(f"reason {one.rule}", one.message, seq)


# --- the proof


@transaction.atomic
def mint(*, visit: Visit, user: User, session_key: str, method: str) -> Proof:
    """Note that `user` has just proved to be themself in this session: good for two minutes and one signature of this visit."""
    now = timezone.now()
    return Proof.objects.create(
        clinic_id=visit.clinic_id, visit=visit, user=user, session=_session(session_key), method=ProofMethod(method), made_at=now,
        until=now + datetime.timedelta(minutes=PROOF_MINUTES),
    )


def consume(visit: Visit, uid: UUID, session_key: str, by: Person, now: datetime.datetime) -> Proved:
    """Use the proof `uid` up: it counts once, for this visit, this person and this session. Raises NotProved."""
    used = returned(
        "UPDATE visits_proof SET used_at = %s WHERE clinic_id = %s AND uid = %s AND visit_id = %s AND user_id = %s "
        "AND session = %s AND used_at IS NULL AND until > %s RETURNING id, method",
        now, visit.clinic_id, uid, visit.pk, by.user.pk, _session(session_key), now,
    )
    if used is None:
        raise NotProved("prove who you are again: the proof is used or older than two minutes")
    return Proved(*used)


def _session(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


# --- signing


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What comes with a signature: the proof and session of who signs, why it was given all the same, and that it was counted."""

    proof: UUID
    session_key: str
    by: Person
    deviation_why: str = ""
    recount: bool = False  # corrects the book where it is short
    seen: str = ""  # `charted_hash` of what was read before signing; "" is not compared


def sign(*, visit: Visit, **wanted: Any) -> Signature:
    """Sign the visit, `wanted` as by `Wanted`. Raises NotProved, Incomplete, Deviation (a reason is needed), ShortBook."""
    with _transaction():
        (locked,) = _locked(visit.pk)
        return _sign(locked, records_of(locked.patient), Wanted(**wanted))


def sign_addressed(*, patient: Patient, uid: UUID, **wanted: Any) -> Signature:
    """The same for the visit of an address, read once, under its lock. Raises NotFound where the patient has no such visit."""
    with _transaction():
        records = records_of(patient)
        for locked in _locked_addressed(patient.clinic_id, records, uid):
            return _sign(locked, records, Wanted(**wanted))
    raise NotFound("there is no such visit")


def _transaction() -> AbstractContextManager[Any]:
    """That of the caller, or a new one. No savepoint, which costs as much as ten reads: whatever refuses a signature does so
    before the first row is written, and what goes wrong later ends the caller's transaction too."""
    return transaction.atomic() if connections[DEFAULT_DB_ALIAS].get_autocommit() else nullcontext()


def _sign(visit: Visit, records: list[int], wanted: Wanted) -> Signature:
    now, by = timezone.now(), wanted.by
    if _is_signed(visit.clinic_id, visit.pk):
        raise AlreadySigned("the visit is signed")
    if not visit.is_draft:
        raise Struck("the visit is struck")
    charted = read(visit, records)
    if wanted.seen and wanted.seen != charted_hash(charted):
        raise ChangedMeanwhile("somebody else has changed this visit")
    assessment = assessed(charted)
    if found := gaps_of(charted, assessment):
        raise Incomplete(found)
    if visit.practitioner.user_id != by.user.pk:
        raise NotSigned(gettext("%(who)s has injected, and signs") % {"who": visit.practitioner})
    deviates, why = is_deviation(charted.injections, assessment), wanted.deviation_why.strip()
    if deviates and not why:
        raise Deviation("the check barred what was given: say why it was given")
    held = _held(charted, wanted.recount)
    proved = consume(visit, wanted.proof, wanted.session_key, by, now)
    # From here on nothing refuses.
    stock.book(held, patient=visit.patient, by=by, cause=str(visit.uid))
    signature = _written(charted, assessment, proved, why if deviates else "", by, now)
    audit.append(
        by=by, action="sign", kind="visit", uid=visit.uid, patient=visit.patient.uid, after=bytes.fromhex(signature.hash),
        detail={"verdict": assessment.verdict, "deviation": deviates, "proof": proved.method},
    )
    if deviates:
        open_of_deviation(
            visit=visit, why=why, happened_at=_first_barred(charted, assessment, now), by=by, now=now)
    if signature.supervisor is not None:
        ask_for_it(visit=visit, supervisor=signature.supervisor, by=by, now=now)
    _append_due_job("visits.signed", visit, now)
    return signature


def _written(
    charted: Charted, assessment: Assessment, proved: Proved, why: str, by: Person, now: datetime.datetime
) -> Signature:
    """The row of the signature, which freezes all that belongs to the visit: it comes after all of that."""
    visit = charted.visit
    supervisor = supervisor_of(visit.practitioner)
    injected = any(one.is_in for one in charted.injections)
    text = document_of(
        charted, assessment=assessment, signed_by=by.user.uid, proved_by=proved.method, signed_at=now, deviation_why=why,
        supervised_by=supervisor, said_in=_as_read(charted, assessment))
    at_signature = stood(assessment, charted.reasons, visit.pk, injected=injected)
    note_first_signed(patient=visit.patient, at=now)
    execute("UPDATE visits_visit SET is_draft = %s WHERE id = %s", False, visit.pk)
    signature = Signature(
        clinic_id=visit.clinic_id, visit=visit, document=text, hash=digest(text), proof_id=proved.number, deviation_why=why,
        stood=at_signature | came_of(charted, at_signature, injected=injected), supervisor=supervisor,
        signed_name=by.user.name, signed_at=now, signed_by_id=by.user.pk,
    )
    insert(signature)
    return signature


def _as_read(charted: Charted, assessment: Assessment) -> tuple[str, Assessment] | None:
    """The language in which who signs has read the assessment, and the words; None where that is English or nothing was said."""
    language = spoken(get_language())
    return None if language == "en" or not assessment.issues else (language, assessed(charted, language=language))


_KNOWN = ("clinic", "patient", "practitioner__user")


@prepared
def _locked(number: int) -> QuerySet[Any]:
    return Visit.objects.select_related(*_KNOWN).select_for_update(of=("self",)).filter(pk=number)


@prepared
def _locked_addressed(clinic_id: int, records: Sequence[int], uid: UUID) -> QuerySet[Any]:
    rows = Visit.objects.select_related(*_KNOWN).select_for_update(of=("self",))
    rows = rows.annotate(has_reacted=ever_reacted(clinic_id, records))
    return rows.filter(clinic_id=clinic_id, patient_id__in=records, uid=uid)


@prepared
def _is_signed(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    return Signature.objects.filter(clinic_id=clinic_id, visit_id=visit_id).values_list("pk", flat=True)


def _held(charted: Charted, recount: bool) -> list[stock.Held]:
    """What went in and what was left in each syringe, by vial, held on the shelf. Raises ShortBook."""
    given: dict[int, Decimal] = defaultdict(Decimal)
    drawn: dict[int, Decimal] = defaultdict(Decimal)
    vials: dict[int, Vial] = {}
    for syringe in (*charted.syringes, *charted.wasted):
        for fill in syringe.contents:
            vials[fill.vial_id] = fill.vial
            drawn[fill.vial_id] += fill.volume_ml
    for one in charted.injections:
        for fill, ml in shares(one) if one.is_in else ():
            given[fill.vial_id] += ml or 0
    used = {vial: given[vial].quantize(Decimal("0.001")) for vial in vials}
    try:
        return stock.hold(
            [stock.Drawn(one, used[pk], max(drawn[pk] - used[pk], Decimal(0))) for pk, one in vials.items()], recount=recount)
    except stock.TooLittle as short:
        raise ShortBook(str(short), short.held) from short


def _append_due_job(kind: str, visit: Visit, now: datetime.datetime) -> None:
    """What rooms above do afterwards: they register who does jobs of this kind."""
    enqueue_new(kind=kind, key=str(visit.uid), clinic=visit.clinic, payload={"visit": str(visit.uid)}, due_at=now)


@documents(kind="visit", action="sign")
def signed_visits() -> Iterator[tuple[str, bytes]]:
    """(uid, hash) of every signed visit as its document is now."""
    rows = Signature.objects.values_list("visit__uid", "document")
    for uid, text in rows.iterator(chunk_size=1000):
        yield str(uid), bytes.fromhex(digest(text))


# --- after the signature


@transaction.atomic
def amend(*, visit: Visit, text: str, by: Person, answers: UUID | None = None) -> Amendment:
    """Add to a signed visit. The hash ties the words to the document they are about.

    With it a student, or for one who has left whoever may sign, may answer a refusal, by its uid: who answers for the student is
    asked again to countersign. All is read
    under the lock of the visit: of two at once one answers, and nothing is added to what is struck meanwhile.
    """
    require_not_struck(visit)
    signature = Signature.objects.filter(clinic_id=visit.clinic_id, visit=visit).first()
    if signature is None:
        raise NotSigned(gettext("the visit is a draft: change it itself"))
    if not text.strip():
        raise NotSigned(gettext("the amendment is empty"))
    refusal = cosigning.open_refusal(visit) if answers and cosigning.may_answer(by.user, signature) else None
    if refusal is not None and refusal.uid != answers:
        refusal = None
    hash_, now = digest(f"{signature.hash}\n{text.strip()}"), timezone.now()
    row = Amendment.objects.create(
        clinic_id=visit.clinic_id, visit=visit, text=text.strip(), hash=hash_, signed_name=by.user.name, made_at=now,
        made_by=by.user, answers=refusal,
    )
    detail = {"refusal": str(refusal.uid)} if refusal else {}
    audit.append(
        by=by, action="amend", kind="visit", uid=visit.uid, patient=visit.patient.uid, after=bytes.fromhex(hash_), detail=detail)
    if refusal is not None:
        cosigning.ask_again(visit=visit, refusal=refusal, by=by, now=now)
    return row


@transaction.atomic
def ask_to_strike(*, visit: Visit, why: str, by: Person) -> Strike:
    """Say that a visit stands on the wrong patient; it is struck when a second person says so too."""
    if not why.strip():
        raise NotSigned(gettext("say why"))
    row, made = Strike.objects.get_or_create(
        clinic_id=visit.clinic_id, visit=visit, defaults={"why": why.strip(), "asked_at": timezone.now(), "asked_by": by.user}
    )
    if made:
        said = {"why": row.why}
        audit.append(by=by, action="ask to strike", kind="visit", uid=visit.uid, patient=visit.patient.uid, detail=said)
        doubted.ask_for_a_second(row, by)
    return row


@transaction.atomic
def strike(*, visit: Visit, by: Person) -> Strike:
    """Strike the visit, as the second person: what was taken from the shelf for it is entered back. A draft has taken nothing,
    and takes no more writes. What became of what was drawn up is asked for, syringe by syringe (`became.py`)."""
    Visit.objects.select_for_update().only("pk").get(pk=visit.pk)
    row = Strike.objects.select_for_update().filter(clinic_id=visit.clinic_id, visit=visit).first()
    if row is None:
        raise NotSigned(gettext("nobody has asked to strike this visit"))
    if row.asked_by_id == by.user.pk:
        raise NotSigned(gettext("somebody else has to confirm it"))
    if not any(_treats(one, visit) for one in (by.user, row.asked_by)):
        raise NotSigned(gettext("one of the two has to be a practitioner"))
    if row.struck_at is None:
        was_draft = not _is_signed(visit.clinic_id, visit.pk)
        if was_draft:
            execute("UPDATE visits_visit SET is_draft = %s WHERE id = %s", False, visit.pk)
        row.struck_at, row.struck_by = timezone.now(), by.user
        row.save(update_fields=["struck_at", "struck_by"])  # from here on the visit and all of it is frozen
        doubted.is_decided(row, by)
        charted = read(visit)
        drawn_up = [*charted.syringes, *charted.wasted]
        for syringe in drawn_up if was_draft else ():
            let_go(syringe)
        stock.enter_back(cause=str(visit.uid), by=by)
        became.ask(visit, drawn_up, by)
        _take_back(visit, by)
        ask_whose_it_is(visit, by)
        cosigning.end_tasks(visit, by)
        _append_due_job("visits.struck", visit, row.struck_at)
        audit.append(by=by, action="strike", kind="visit", uid=visit.uid, patient=visit.patient.uid)
    return row


@transaction.atomic
def let_stand(*, visit: Visit, by: Person) -> None:
    """It is the right patient after all: nobody asks to strike it any more. What is struck stays struck."""
    Visit.objects.select_for_update().only("pk").get(pk=visit.pk)
    row = Strike.objects.filter(clinic_id=visit.clinic_id, visit=visit, struck_at=None).first()
    if row is not None:
        doubted.is_decided(row, by)
        row.delete()  # that it was asked for, and why, stands in the trail
        audit.append(
            by=by, action="take back", kind="visit", uid=visit.uid, patient=visit.patient.uid, detail={"asked": row.why})


def _treats(user: User, visit: Visit) -> bool:
    """Whether somebody signs here, or did."""
    roles = Membership.objects.filter(user=user, clinic_id=visit.clinic_id).values_list("role", flat=True)
    return any(scope(role, "sign.write") for role in roles)


def _take_back(visit: Visit, by: Person) -> None:
    """What the visit told of a patient who was another one; the signed visits that stay say which was the first."""
    others = Signature.objects.filter(clinic_id=visit.clinic_id, visit__patient_id=visit.patient_id)
    kept = others.exclude(visit__strikes__struck_at__isnull=False).order_by("signed_at").values_list("signed_at", flat=True)
    take_back_visit(
        patient=visit.patient, visit=visit.uid, between=charted_between(visit), first_signed_at=kept.first(), by=by)


def as_signed(signature: Signature) -> dict[str, Any]:
    """The document of a signed visit, ready to be shown, and whether it still has its hash."""
    return msgspec.json.decode(signature.document) | {"is_intact": digest(signature.document) == signature.hash}
