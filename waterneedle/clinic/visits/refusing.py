"""Who answers for a student does not stand for a visit, and says why: with a fresh proof of their own, as a countersignature is.

    refuse(visit=…, proof=proof.uid, session_key=…, by=access, why="The side is missing.", seen=what_was_read(…))

The task to countersign ends with it, the student gets one that says what is to be mended, and the owner is told: a student has
treated, and nobody stands for it. The student answers with an amendment, which asks again (`signing.amend`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext, gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.contents import documents
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.intake.documents import digest
from waterneedle.clinic.tasks.actions import ends_with_words, open_task
from waterneedle.clinic.visits.cosigning import MEND, end_tasks, open_refusals, proved_statement
from waterneedle.clinic.visits.models import Amendment, Refusal, Signature, Strike, Visit
from waterneedle.clinic.visits.signing import NotSigned

SCHEMA = "waterneedle/refusal/1"
OWNER = "visits.refused"
DUE_HOURS = 24  # our judgement, as for the countersignature
ends_with_words(OWNER)


@transaction.atomic
def refuse(*, visit: Visit, proof: UUID, session_key: str, by: Person, why: str, seen: str = "") -> Refusal:
    """Refuse to countersign. Raises what `cosign` raises, and NotSigned where it is not said why."""
    if not why.strip():
        raise NotSigned(gettext("say why"))
    signature, method, said = proved_statement(visit, proof, session_key, by, seen, schema=SCHEMA, why=why.strip())
    row = Refusal.objects.create(**said)
    audit.append(
        by=by, action="withhold", kind="countersignature", uid=row.uid, patient=visit.patient.uid, after=bytes.fromhex(row.hash),
        detail={"visit": str(visit.uid), "proof": method},
    )
    end_tasks(visit, by)
    _ask_to_mend(row, signature, by)
    _tell_owner(row, signature, by)
    return row


def _ask_to_mend(row: Refusal, signature: Signature, by: Person) -> None:
    visit = row.visit
    open_task(
        clinic=visit.clinic, kind=MEND, cause=str(row.uid), patient=visit.patient, about=visit.uid, by=by,
        owner=signature.signed_by, role=Role.PRACTITIONER, needs="chart.read", note=row.why,
        title=gettext_noop("Your visit was not countersigned: amend it, and ask again"),
        due_at=row.signed_at + datetime.timedelta(hours=DUE_HOURS),
    )


def _tell_owner(row: Refusal, signature: Signature, by: Person) -> None:
    """Who and of whom; why it was refused stands in the chart, which an owner who does not treat does not read."""
    visit = row.visit
    open_task(
        clinic=visit.clinic, kind=OWNER, cause=str(row.uid), patient=visit.patient, about=visit.uid, by=by, role=Role.OWNER,
        needs="clinic.write", note=f"{signature.signed_name} → {row.signed_name}"[:500],
        title=gettext_noop("Who answers for a student refused to countersign a visit: ask both what is to be done"),
        due_at=row.signed_at + datetime.timedelta(hours=DUE_HOURS),
    )


@documents(kind="countersignature", action="withhold")
def refusals_recorded() -> Iterator[tuple[str, bytes]]:
    """(uid, hash) of every refusal as its document is now."""
    for uid, text in Refusal.objects.values_list("uid", "document").iterator(chunk_size=1000):
        yield str(uid), bytes.fromhex(digest(text))


def refusals_of(visit: Visit, amendments: Iterable[Amendment]) -> list[Refusal]:
    """All of a visit, the first one first, each with `answer`: the one of its `amendments` that asked again, or None."""
    rows = Refusal.objects.filter(clinic_id=visit.clinic_id, visit=visit).order_by("pk")
    return with_answers(rows, amendments)


def with_answers(refusals: Iterable[Refusal], amendments: Iterable[Amendment]) -> list[Refusal]:
    answers, rows = {one.answers_id: one for one in amendments if one.answers_id}, list(refusals)
    for one in rows:
        one.answer = answers.get(one.pk)
    return rows


def refused(clinic: Clinic) -> list[Refusal]:
    """Those of a clinic that no student has answered yet, the oldest first; of a struck visit nothing is to be mended."""
    struck = Strike.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("visit"), struck_at__isnull=False)
    rows = open_refusals().filter(~Exists(struck), clinic=clinic)
    return list(rows.select_related("visit__patient", "visit__practitioner__user").order_by("signed_at", "pk"))
