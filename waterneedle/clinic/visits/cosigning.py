"""The countersignature of who answers for a student: with a fresh proof of their own, after the student has signed.

    awaited(visit)                        the signature that waits for it, or None
    cosign(visit=…, proof=proof.uid, session_key=…, by=access, note="", seen=what_was_read(signature, amendments))

Who answers for the student is kept in the student's signature, as it was on that day. That person countersigns, or who answers
for the student now, should the other one have left. Or they refuse to (`refusing.py`): then nothing is awaited until the student
answers with an amendment, which asks again; of a student who has left, anybody who may sign.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import CombinedExpression
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.contents import documents
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.intake.documents import canonical, digest
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.practitioners.models import Practitioner, Profession
from waterneedle.clinic.tasks.actions import finish_cause, open_task, open_while
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits.drafts import ChangedMeanwhile, NotCharted
from waterneedle.clinic.visits.models import Amendment, Countersignature, Refusal, Signature, Strike, Visit

SCHEMA = "waterneedle/countersignature/2"
TASK = "visits.countersign"
MEND = "visits.mend"  # the student's, once it was refused
DUE_HOURS = 24  # our judgement: while both still remember


class AlreadyRefused(NotCharted):
    """The countersignature was refused, and the student has not asked again."""


def supervisor_of(practitioner: Practitioner | None) -> Practitioner | None:
    """Who answers for a student; None for everybody else, and for a student nobody answers for."""
    if practitioner is None or practitioner.profession != Profession.STUDENT:
        return None
    return practitioner.supervised_by


def ask_for_it(*, visit: Visit, supervisor: Practitioner, by: Person, now: datetime.datetime) -> None:
    """The task of who answers for the student, in the transaction of the student's signature."""
    _ask(visit, supervisor, gettext_noop("Countersign the visit of your student"), str(visit.uid), by, now)


def ask_again(*, visit: Visit, refusal: Refusal, by: Person, now: datetime.datetime) -> None:
    """The refusal was answered, by the student or for them: their task ends, and who answers for them by now has one."""
    signature = _signatures(visit.clinic).get(visit=visit)
    supervisor = whom_to_ask(signature)
    finish_cause(clinic=visit.clinic, kind=MEND, cause=str(refusal.uid), by=by)
    if signature.signed_by_id == by.user.pk:
        title = gettext_noop("Your student has amended a visit that you did not countersign: read it again")
    else:
        title = gettext_noop("A visit that you did not countersign was amended for a student who has left: read it again")
    _ask(visit, supervisor, title, str(refusal.uid), by, now)


def may_answer(user: User, signature: Signature) -> bool:
    """Whether an amendment of `user`, who may sign, answers a refusal: the student's, and anybody's once the student signs here
    no longer. It says who made it, and who answers for the student reads it."""
    return signature.signed_by_id == user.pk or not Membership.objects.filter(
        clinic_id=signature.clinic_id, user_id=signature.signed_by_id, role=Role.PRACTITIONER, ended_at=None,
        user__is_active=True).exists()


def whom_to_ask(signature: Signature) -> Practitioner:
    """Who answers for the student by now, or who did on the day of the signature."""
    return supervisor_of(signature.visit.practitioner) or signature.supervisor


def _ask(visit: Visit, supervisor: Practitioner, title: str, cause: str, by: Person, now: datetime.datetime) -> None:
    open_task(
        clinic=visit.clinic, kind=TASK, cause=cause, patient=visit.patient, about=visit.uid, by=by, owner=supervisor.user,
        title=title, needs="cosign.write", due_at=now + datetime.timedelta(hours=DUE_HOURS),
    )


def end_tasks(visit: Visit, by: Person) -> None:
    """Nobody has to countersign the visit any more, nor to mend it so that somebody can."""
    refusals = [str(uid) for uid in Refusal.objects.filter(clinic_id=visit.clinic_id, visit=visit).values_list("uid", flat=True)]
    for kind, causes in ((TASK, [str(visit.uid), *refusals]), (MEND, refusals)):
        for cause in causes:
            finish_cause(clinic=visit.clinic, kind=kind, cause=cause, by=by)


def asked(visit: Visit) -> Signature | None:
    """The signature of a student, answered or not; None of anybody else's visit, and of one that was struck."""
    return _signatures(visit.clinic).filter(visit=visit).first()


def awaited(visit: Visit) -> Signature | None:
    """The signature of the visit that waits for a countersignature."""
    return awaiting(visit.clinic).filter(visit=visit).first()


def awaiting(clinic: Clinic) -> QuerySet[Signature]:
    """Every signature of a clinic that waits for its countersignature, the oldest first; struck visits wait for nothing, nor
    does one that was refused until it is asked for again."""
    of_visit = {"clinic_id": OuterRef("clinic_id"), "visit_id": OuterRef("visit_id")}
    return _signatures(clinic).filter(
        ~Exists(Countersignature.objects.filter(**of_visit)), ~Exists(open_refusals().filter(**of_visit)))


def _signatures(clinic: Clinic) -> QuerySet[Signature]:
    of_visit = {"clinic_id": OuterRef("clinic_id"), "visit_id": OuterRef("visit_id")}
    rows = Signature.objects.filter(
        ~Exists(Strike.objects.filter(**of_visit, struck_at__isnull=False)), clinic=clinic, supervisor__isnull=False)
    known = rows.select_related("visit__patient", "supervisor__user", "visit__practitioner__supervised_by")
    return known.order_by("signed_at", "pk")


def stood_for_by_nobody(visit: str = "pk") -> CombinedExpression:
    """Of rows that have the number of a `visit`: whether a student signed it and nobody has countersigned it."""
    of_visit = {"clinic_id": OuterRef("clinic_id"), "visit_id": OuterRef(visit)}
    signed = Signature.objects.filter(**of_visit, supervisor__isnull=False)
    return Exists(signed) & ~Exists(Countersignature.objects.filter(**of_visit))


def with_who_stands(rows: QuerySet[Visit]) -> QuerySet[Visit]:
    """The visits with `awaits` (a countersignature) and `is_refused` (that)."""
    refused = open_refusals().filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("pk"))
    return rows.annotate(awaits=stood_for_by_nobody(), is_refused=Exists(refused))


def why_not_again(visit: Visit) -> str:
    """Why nothing of a visit, read `with_who_stands`, is planned once more; "" where it may be."""
    if visit.is_refused:
        return gettext("The countersignature of that visit was refused, so it is not repeated. Chart anew what is right today.")
    return gettext("That visit waits for its countersignature, and is not repeated before it has it.") if visit.awaits else ""


def open_refusals() -> QuerySet[Refusal]:
    """Those that no student has answered yet."""
    return Refusal.objects.filter(~Exists(Amendment.objects.filter(clinic_id=OuterRef("clinic_id"), answers=OuterRef("pk"))))


def open_refusal(visit: Visit) -> Refusal | None:
    return open_refusals().filter(clinic_id=visit.clinic_id, visit=visit).first()


@open_while(TASK)
def is_awaited(task: Task) -> bool:
    return awaiting(task.clinic).filter(visit__uid=task.about).exists()


@open_while(MEND)
def is_to_be_mended(task: Task) -> bool:
    struck = Strike.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("visit"), struck_at__isnull=False)
    return open_refusals().filter(~Exists(struck), clinic=task.clinic, visit__uid=task.about).exists()


def answers_for(user: User, signature: Signature) -> bool:
    """Whether `user` answers for the student who signed: as it was on that day, or as it is now."""
    now = supervisor_of(signature.visit.practitioner)
    return user.pk in {one.user_id for one in (signature.supervisor, now) if one is not None}


@transaction.atomic
def cosign(*, visit: Visit, proof: UUID, session_key: str, by: Person, note: str = "", seen: str = "") -> Countersignature:
    """Countersign. Raises NotProved, AlreadySigned, AlreadyRefused, ChangedMeanwhile where something was added since what was
    `seen` ("" is not compared), and NotSigned where none is asked for or somebody else answers for it."""
    _signature, method, said = proved_statement(visit, proof, session_key, by, seen, schema=SCHEMA, note=note.strip())
    row = Countersignature.objects.create(**said)
    audit.append(
        by=by, action="countersign", kind="visit", uid=visit.uid, patient=visit.patient.uid, after=bytes.fromhex(row.hash),
        detail={"proof": method},
    )
    end_tasks(visit, by)
    return row


def proved_statement(
    visit: Visit, proof: UUID, session_key: str, by: Person, seen: str, *, schema: str, **words: str
) -> tuple[Signature, str, dict[str, Any]]:
    """What who answers for a student says of a visit, by a fresh proof: the signature it is about, the kind of the proof, and the
    fields of its row, with the document and its hash. Raises what `cosign` raises."""
    # late: signing asks for the countersignature
    from waterneedle.clinic.visits.signing import consume

    now = timezone.now()
    signature, amendments = _at_hand(visit, by, seen)
    proved = consume(visit, proof, session_key, by, now)
    text = canonical(words | {
        "schema": schema, "visit": str(visit.uid), "signature": signature.hash, "amendments": [one.hash for one in amendments],
        "signed_by": str(by.user.uid), "signed_at": now, "proved_by": proved.method,
    })
    return signature, proved.method, words | {
        "clinic_id": visit.clinic_id, "visit": visit, "document": text, "hash": digest(text), "proof_id": proved.number,
        "signed_name": by.user.name, "signed_at": now, "signed_by": by.user,
    }


def _at_hand(visit: Visit, by: Person, seen: str) -> tuple[Signature, list[Amendment]]:
    """The signature that waits for `by`, and what was added to it, under the lock of the visit: nobody else answers meanwhile."""
    # late: signing asks for the countersignature
    from waterneedle.clinic.visits.signing import AlreadySigned, NotSigned

    Visit.objects.select_for_update().only("pk").get(pk=visit.pk)
    if countersignature_of(visit) is not None:
        raise AlreadySigned("the visit is countersigned")
    if open_refusal(visit) is not None:
        raise AlreadyRefused("the countersignature was refused")
    signature = awaited(visit)
    if signature is None:
        raise NotSigned(gettext("no countersignature is asked for"))
    if not answers_for(by.user, signature):
        raise NotSigned(gettext("%(who)s answers for it") % {"who": signature.supervisor})
    amendments = amendments_of(visit)
    if seen and seen != what_was_read(signature, amendments):
        raise ChangedMeanwhile("something was added since it was read")
    return signature, amendments


def amendments_of(visit: Visit) -> list[Amendment]:
    return list(Amendment.objects.filter(clinic_id=visit.clinic_id, visit=visit).order_by("made_at", "pk"))


def what_was_read(signature: Signature, amendments: Iterable[Amendment]) -> str:
    """Stands for the visit with all that was added to it."""
    return digest("\n".join([signature.hash, *(one.hash for one in amendments)]))


@documents(kind="visit", action="countersign")
def countersigned_visits() -> Iterator[tuple[str, bytes]]:
    """(uid of the visit, hash) of every countersignature as its document is now."""
    rows = Countersignature.objects.values_list("visit__uid", "document")
    for uid, text in rows.iterator(chunk_size=1000):
        yield str(uid), bytes.fromhex(digest(text))


def countersignature_of(visit: Visit) -> Countersignature | None:
    return Countersignature.objects.filter(clinic_id=visit.clinic_id, visit=visit).first()


def is_of_a_trainee(access: Access, patient: Patient) -> bool:
    """Whether a student of this person treated the patient: that far an instructor reaches."""
    students = Q(practitioner__profession=Profession.STUDENT, practitioner__supervised_by__user=access.user)
    rows = Visit.objects.filter(clinic=access.clinic, patient_id__in=records_of(patient))
    return rows.filter(students | Q(signatures__supervisor__user=access.user)).exists()
