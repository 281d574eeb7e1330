"""The countersignature of who answers for a student: with a fresh proof of their own, after the student has signed.

    awaited(visit)                        the signature that waits for it, or None
    cosign(visit=…, proof=proof.uid, session_key=…, by=access, note="")

Who answers for the student is kept in the student's signature, as it was on that day. That person countersigns, or who answers
for the student now, should the other one have left.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic, User
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.contents import documents
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.intake.documents import canonical, digest
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.practitioners.models import Practitioner, Profession
from waterneedle.clinic.tasks.actions import finish_cause, open_task, open_while
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits.models import Countersignature, Signature, Strike, Visit

SCHEMA = "waterneedle/countersignature/1"
TASK = "visits.countersign"
DUE_HOURS = 24  # our judgement: while both still remember


def supervisor_of(practitioner: Practitioner | None) -> Practitioner | None:
    """Who answers for a student; None for everybody else, and for a student nobody answers for."""
    if practitioner is None or practitioner.profession != Profession.STUDENT:
        return None
    return practitioner.supervised_by


def ask_for_it(*, visit: Visit, supervisor: Practitioner, by: Person, now: datetime.datetime) -> None:
    """The task of who answers for the student, in the transaction of the student's signature."""
    open_task(
        clinic=visit.clinic, kind=TASK, cause=str(visit.uid), patient=visit.patient, about=visit.uid, by=by,
        owner=supervisor.user, title=gettext_noop("Countersign the visit of your student"), needs="cosign.write",
        due_at=now + datetime.timedelta(hours=DUE_HOURS),
    )


def awaited(visit: Visit) -> Signature | None:
    """The signature of the visit that waits for a countersignature."""
    return awaiting(visit.clinic).filter(visit=visit).first()


def awaiting(clinic: Clinic) -> QuerySet[Signature]:
    """Every signature of a clinic that waits for its countersignature, the oldest first; struck visits wait for nothing."""
    of_visit = {"clinic_id": OuterRef("clinic_id"), "visit_id": OuterRef("visit_id")}
    rows = Signature.objects.filter(
        ~Exists(Countersignature.objects.filter(**of_visit)), ~Exists(Strike.objects.filter(**of_visit, struck_at__isnull=False)),
        clinic=clinic, supervisor__isnull=False,
    )
    known = rows.select_related("visit__patient", "supervisor__user", "visit__practitioner__supervised_by")
    return known.order_by("signed_at", "pk")


@open_while(TASK)
def is_awaited(task: Task) -> bool:
    return awaiting(task.clinic).filter(visit__uid=task.about).exists()


def answers_for(user: User, signature: Signature) -> bool:
    """Whether `user` answers for the student who signed: as it was on that day, or as it is now."""
    now = supervisor_of(signature.visit.practitioner)
    return user.pk in {one.user_id for one in (signature.supervisor, now) if one is not None}


@transaction.atomic
def cosign(*, visit: Visit, proof: UUID, session_key: str, by: Person, note: str = "") -> Countersignature:
    """Countersign. Raises NotProved, AlreadySigned, and NotSigned where none is asked for or somebody else answers for it."""
    # late: signing asks for the countersignature
    from waterneedle.clinic.visits.signing import AlreadySigned, NotSigned, consume

    now = timezone.now()
    Visit.objects.select_for_update().only("pk").get(pk=visit.pk)
    if Countersignature.objects.filter(clinic_id=visit.clinic_id, visit=visit).exists():
        raise AlreadySigned("the visit is countersigned")
    signature = awaited(visit)
    if signature is None:
        raise NotSigned(gettext("no countersignature is asked for"))
    if not answers_for(by.user, signature):
        raise NotSigned(gettext("%(who)s answers for it") % {"who": signature.supervisor})
    proved = consume(visit, proof, session_key, by, now)
    text = canonical({
        "schema": SCHEMA, "visit": str(visit.uid), "signature": signature.hash, "note": note.strip(),
        "signed_by": str(by.user.uid), "signed_at": now, "proved_by": proved.method,
    })
    row = Countersignature.objects.create(
        clinic_id=visit.clinic_id, visit=visit, document=text, hash=digest(text), proof_id=proved.number, note=note.strip(),
        signed_name=by.user.name, signed_at=now, signed_by=by.user,
    )
    audit.append(
        by=by, action="countersign", kind="visit", uid=visit.uid, patient=visit.patient.uid, after=bytes.fromhex(row.hash),
        detail={"proof": proved.method},
    )
    finish_cause(clinic=visit.clinic, kind=TASK, cause=str(visit.uid), by=by)
    return row


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
