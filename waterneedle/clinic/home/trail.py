"""The trail as people ask it: who looked at whom, in which time, ordered by what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import F, QuerySet

from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.audit.models import Entry, SignedHeads
from waterneedle.clinic.patients.models import Joined, Patient

# Nothing but these words orders the trail: a word from an address never becomes SQL.
SORTS = {
    "when": "at", "who": "user_name", "role": "role", "action": "action", "what": "kind", "patient": "patient_uid", "from": "ip"}
READS = ("read", "search", "export", "print")


@dataclass(frozen=True)
class Asked:
    """What is wanted of the trail of one clinic. `since` is in it, `until` is not."""

    clinic: Clinic
    since: datetime
    until: datetime
    person: UUID | None = None
    patient: Patient | None = None
    what: str = ""  # reads, writes, or everything
    sort: str = "when"
    descending: bool = True


@dataclass(frozen=True)
class State:
    """How the trail itself stands: when it was last checked and with which result, and when heads last left the house."""

    checked_at: datetime | None
    bad: int
    rows: int
    signed_at: datetime | None


def entries(asked: Asked) -> QuerySet[Entry]:
    found = Entry.objects.filter(clinic_id=asked.clinic.id, at__gte=asked.since, at__lt=asked.until).exclude(kind="chain")
    if asked.person is not None:
        found = found.filter(user_uid=asked.person)
    if asked.patient is not None:
        found = found.filter(patient_uid__in=uids_of(asked.patient))
    if asked.what == "reads":
        found = found.filter(action__in=READS)
    elif asked.what == "writes":
        found = found.exclude(action__in=READS)
    key = F(SORTS.get(asked.sort, "at"))
    order = key.desc(nulls_last=True) if asked.descending else key.asc(nulls_last=True)
    return found.order_by(order, "-at" if asked.descending else "at", "chain_id", "-seq" if asked.descending else "seq")


def uids_of(patient: Patient) -> list[UUID]:
    """The patient, and every record that was joined into theirs."""
    uids, fresh = {patient.uid}, [patient.pk]
    while fresh:
        joined = Joined.objects.filter(clinic_id=patient.clinic_id, kept_id__in=fresh, parted_at=None).select_related("other")
        found = [one.other for one in joined if one.other.uid not in uids]
        uids.update(one.uid for one in found)
        fresh = [one.pk for one in found]
    return sorted(uids)


def people(clinic: Clinic) -> list[User]:
    """Everybody who works or has worked in the clinic, by name."""
    ids = Membership.objects.filter(clinic=clinic).values("user_id")
    return list(User.objects.filter(id__in=ids).order_by("name", "id"))


def patients_of(clinic: Clinic, rows: Iterable[Entry]) -> dict[UUID, Patient]:
    """The patients whom `rows` are about, by uid."""
    uids = {row.patient_uid for row in rows if row.patient_uid}
    return {one.uid: one for one in Patient.objects.filter(clinic=clinic, uid__in=uids)}


def state(clinic: Clinic) -> State:
    checked = Entry.objects.filter(chain__name="installation", kind="trail", action="verify").order_by("-seq").first()
    said = msgspec.json.decode(checked.detail) if checked else {}
    signed = SignedHeads.objects.filter(scope=f"clinic/{clinic.id}").order_by("-number").first()
    return State(checked and checked.at, said.get("bad", 0), said.get("rows", 0), signed and signed.at)


HEADINGS = (
    "when (UTC)", "offset (min)", "who", "user", "role", "on behalf of", "action", "of what", "object", "patient", "chart number",
    "hash before", "hash after", "detail", "address", "browser", "request", "chain", "row")


def as_table(clinic: Clinic, rows: Iterable[Entry], *, charts: bool) -> Iterator[list[Any]]:
    """The rows of an export, under HEADINGS. Without `charts`, for who reads none, what a row about a patient holds in detail
    stays out: an indication, a level of urgency, why a medicine was ended."""
    numbers = dict(Patient.objects.filter(clinic=clinic).values_list("uid", "number"))
    for row in rows:
        yield [
            row.at.isoformat(), row.offset_min, row.user_name, row.user_uid, row.role, row.on_behalf, row.action, row.kind,
            row.object_uid, row.patient_uid, numbers.get(row.patient_uid, ""), _hex(row.before), _hex(row.after),
            row.detail if charts or row.patient_uid is None else "",
            row.ip, row.agent, row.request_id, row.chain_id, row.seq]


def _hex(value: Any) -> str:
    return bytes(value).hex() if value is not None else ""
