"""Writes about patients. Each is one transaction with its entry in the trail; `by` is a person at work, or who came by a link."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from waterneedle.clinic.accounts.models import Clinic, User
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.database.written import execute
from waterneedle.clinic.patients.models import (
    Asked,
    FactKind,
    Guardian,
    HealthFact,
    Joined,
    Measure,
    NotDuplicate,
    Patient,
    Pregnancy,
    PregnancyStatus,
    SearchWord,
    Speaker,
)
from waterneedle.clinic.patients.queries import columns, records_of
from waterneedle.clinic.patients.searching import phone_from_end, words_of
from waterneedle.safety import names

By = Person | Who
_TOLD: list[Callable[[Patient], None]] = []


def records_are_told_to(told: Callable[[Patient], None]) -> None:
    """Let a room above know, in the same transaction, that a record is read as another now, by itself again, or not at all."""
    if told not in _TOLD:
        _TOLD.append(told)


_guardian_ended: list[Callable[[Guardian], None]] = []


def guardians_that_end_are_told_to(told: Callable[[Guardian], None]) -> None:
    """Let a room above know, in the same transaction, of who speaks for a patient no more."""
    if told not in _guardian_ended:
        _guardian_ended.append(told)


def _tell(*patients: Patient) -> None:
    for told in _TOLD:
        for one in patients:
            told(one)
MOST_NAME_WORDS = 40  # of one patient: what is longer is no name


PROTECTING = ("lacks_capacity", "needs_interpreter")  # answers that ask for somebody else at a signature


class ChangedMeanwhile(ValueError):
    """Somebody else has changed the record since this form was opened. Nothing was written."""


# --- the person


@transaction.atomic
def create_patient(*, clinic: Clinic, fields: Mapping[str, Any], by: By) -> Patient:
    """A new record with the next chart number of the clinic."""
    # The clinic's row first: two records made at the same moment must queue for the number here. Without its key, which every row
    # of the clinic that is being written holds: who waits for that while holding the trail would never get on.
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    number = (Patient.objects.filter(clinic=clinic).aggregate(last=Max("number"))["last"] or 0) + 1
    patient = Patient.objects.create(clinic=clinic, number=number, **fields)
    _index(patient, there={})
    _wrote(by, "create", "patient", patient, patient, after=columns(patient))
    return patient


@transaction.atomic
def change_patient(*, patient: Patient, fields: Mapping[str, Any], version: int, by: By) -> Patient:
    """Change what is in `fields`; raises ChangedMeanwhile unless the record still has `version`."""
    before = columns(Patient.objects.get(pk=patient.pk))
    changed = Patient.objects.filter(pk=patient.pk, version=version).update(**fields, version=F("version") + 1)
    if not changed:
        raise ChangedMeanwhile(f"version {version} of this record is no longer the newest")
    patient.refresh_from_db()
    _index(patient)
    _wrote(
        by,
        "change",
        "patient",
        patient,
        patient,
        before=before,
        after=columns(patient),
        fields=sorted(name for name, value in columns(patient).items() if before[name] != value),
    )
    return patient


def note_first_signed(*, patient: Patient, at: datetime.datetime) -> None:
    """Note that the first visit was signed at `at`: from then on visits are shorter. Later ones change nothing."""
    if patient.first_signed_at is None:
        execute("UPDATE patients_patient SET first_signed_at = %s WHERE id = %s AND first_signed_at IS NULL", at, patient.pk)


@transaction.atomic
def take_back_visit(
    *, patient: Patient, visit: UUID, between: tuple[datetime.datetime, datetime.datetime],
    first_signed_at: datetime.datetime | None, by: By,
) -> None:
    """What a visit told of a patient, who was another one: of pregnancy, and that it was their first. And what was answered while
    it was charted, `between` two moments, and lets more through: that there are no allergies, that a list was gone through, that
    nobody is pregnant. Whoever said it, to ask again harms nobody. It stays on file."""
    now, of_patient = timezone.now(), {"clinic_id": patient.clinic_id, "patient_id__in": records_of(patient), "removed_at": None}
    asked = Asked.objects.filter(**of_patient, made_at__range=between)
    kinds = sorted(set(asked.values_list("kind", flat=True)))
    asked.update(removed_at=now)
    said = Pregnancy.objects.filter(**of_patient)
    meanwhile = Q(made_at__range=between) & ~Q(status__in=(PregnancyStatus.PREGNANT, PregnancyStatus.POSSIBLE))
    if said.filter(Q(visit=visit) | meanwhile).update(removed_at=now):
        kinds.append("pregnancy")
    for kind in kinds:
        _wrote(by, "retract", kind, "", patient, visit=str(visit))
    Patient.objects.filter(pk=patient.pk).update(first_signed_at=first_signed_at)


@transaction.atomic
def take_back_pregnancy(*, patient: Patient, visit: UUID, since: datetime.datetime, by: By) -> None:
    """What was said of pregnancy at a visit `since` a moment, by a slip: what stood before stands again. It stays on file."""
    said = Pregnancy.objects.filter(clinic_id=patient.clinic_id, patient__in=records_of(patient), visit=visit, made_at__gte=since)
    if said.filter(removed_at=None).update(removed_at=timezone.now()):
        _wrote(by, "retract", "pregnancy", "", patient, visit=str(visit))


@transaction.atomic
def retract_patient(*, patient: Patient, why: str, by: By) -> None:
    """Take a record out of sight that should not be there. It stays on file, and in the trail, with the reason."""
    _require_reason(why)
    Patient.objects.filter(pk=patient.pk).update(retracted_at=timezone.now(), retracted_why=why)
    patient.refresh_from_db(fields=["retracted_at", "retracted_why"])
    _wrote(by, "retract", "patient", patient, patient, why=why)
    _tell(patient)


@transaction.atomic
def restore_patient(*, patient: Patient, why: str, by: By) -> None:
    _require_reason(why)
    Patient.objects.filter(pk=patient.pk).update(retracted_at=None, retracted_why="")
    patient.refresh_from_db(fields=["retracted_at", "retracted_why"])
    _wrote(by, "restore", "patient", patient, patient, why=why)
    _tell(patient)


# --- who speaks for the patient


@transaction.atomic
def add_guardian(*, patient: Patient, fields: Mapping[str, Any], by: By) -> Guardian:
    guardian = Guardian.objects.create(clinic_id=patient.clinic_id, patient=patient, made_by=_user(by), **fields)
    _wrote(by, "create", "guardian", guardian, patient)
    return guardian


@transaction.atomic
def end_guardian(*, guardian: Guardian, by: By) -> None:
    """Somebody speaks for the patient no more. Rooms above take back what they were sent."""
    if not Guardian.objects.filter(pk=guardian.pk, ended_at=None).update(ended_at=timezone.now()):
        return
    for told in _guardian_ended:
        told(guardian)
    _wrote(by, "end", "guardian", guardian, guardian.patient)


# --- health


@transaction.atomic
def add_fact(
    *,
    patient: Patient,
    kind: str,
    said: str,
    by: By,
    said_by: str = Speaker.PATIENT,
    concept: str | None = None,
    **more: str,
) -> HealthFact:
    """A condition, an allergy or a medicine in somebody's words. What the vocabulary makes of it is found unless it is given."""
    said = said.strip()
    if concept is None:
        meant = names.concept(kind, said).ids
        concept = meant[0] if len(meant) == 1 else ""
    fact = HealthFact.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        kind=kind,
        said=said,
        concept=concept,
        said_by=said_by,
        made_by=_user(by),
        **more,
    )
    _wrote(by, "create", kind, fact, patient, after=_fact(fact))
    return fact


@transaction.atomic
def end_fact(*, fact: HealthFact, why: str, by: By) -> None:
    """A fact that no longer holds, or never did. It stays in the history with the reason."""
    ended = HealthFact.objects.filter(pk=fact.pk, ended_at=None).update(
        ended_at=max(timezone.now(), fact.made_at), ended_by=_user(by), ended_why=why  # the clock may have gone back
    )
    if ended:
        _wrote(by, "end", fact.kind, fact, fact.patient, before=_fact(fact), why=why)


@transaction.atomic
def reopen_fact(*, fact: HealthFact, by: By) -> None:
    """Take the end of a fact back."""
    if HealthFact.objects.filter(pk=fact.pk).exclude(ended_at=None).update(ended_at=None, ended_by=None, ended_why=""):
        _wrote(by, "reopen", fact.kind, fact, fact.patient, after=_fact(fact))


@transaction.atomic
def say_none(*, patient: Patient, kind: str, by: By, said_by: str = Speaker.PATIENT) -> None:
    """The answer "none" to one kind of fact. Raises ValueError while there are facts of that kind that hold."""
    if HealthFact.objects.filter(clinic_id=patient.clinic_id, patient=patient, kind=kind, ended_at=None).exists():
        raise ValueError(f"{kind}: there are entries that hold; end them first")
    _asked(patient, kind, True, by, said_by)


@transaction.atomic
def say_reviewed(*, patient: Patient, kind: str, by: By, said_by: str = Speaker.PATIENT) -> None:
    """The list of one kind was gone through and holds."""
    _asked(patient, kind, False, by, said_by)


@transaction.atomic
def say_pregnancy(
    *,
    patient: Patient,
    status: str,
    by: By,
    weeks: Decimal | None = None,
    said_by: str = Speaker.PATIENT,
    visit: UUID | None = None,
) -> Pregnancy:
    answer = Pregnancy.objects.create(
        clinic_id=patient.clinic_id, patient=patient, status=status, weeks=weeks, said_by=said_by, visit=visit, made_by=_user(by)
    )
    _wrote(by, "create", "pregnancy", "", patient, after={"status": status, "weeks": str(weeks)})
    return answer


@transaction.atomic
def add_measure(
    *,
    patient: Patient,
    kind: str,
    value: Decimal,
    measured_on: datetime.date,
    by: By,
    said_by: str = Speaker.OBSERVED,
) -> Measure:
    measure = Measure.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        kind=kind,
        value=value,
        measured_on=measured_on,
        said_by=said_by,
        made_by=_user(by),
    )
    _wrote(by, "create", "measure", "", patient, after=_figure(measure))
    return measure


@transaction.atomic
def retract_measure(*, measure: Measure, by: By) -> None:
    """A figure that was entered in error. It stays on file, and the one before it counts again."""
    if Measure.objects.filter(pk=measure.pk, removed_at=None).update(removed_at=timezone.now()):
        _wrote(by, "retract", "measure", "", measure.patient, before=_figure(measure))


@transaction.atomic
def restore_measure(*, measure: Measure, by: By) -> None:
    """It holds after all."""
    if Measure.objects.filter(pk=measure.pk).exclude(removed_at=None).update(removed_at=None):
        _wrote(by, "restore", "measure", "", measure.patient, after=_figure(measure))


# --- two records of one person


@transaction.atomic
def join(*, kept: Patient, other: Patient, why: str, by: By) -> Joined:
    """Read `other` as `kept` from now on. Neither is changed, so `part` undoes it. Raises ValueError for one record, for two
    clinics, and for records that are joined already."""
    _require_reason(why)
    if lost := lost_by_joining(kept, other):
        raise ValueError(f"the kept record does not say {', '.join(lost)} as the other does")
    if kept.clinic_id != other.clinic_id or kept.pk == other.pk:
        raise ValueError("two records of one clinic are joined")
    # In the order of their numbers: two people who join the same two the other way round must queue here.
    list(Patient.objects.select_for_update().filter(pk__in=[kept.pk, other.pk]).order_by("pk"))
    if Joined.objects.filter(clinic_id=kept.clinic_id, other__in=[kept, other], parted_at=None).exists():
        raise ValueError("one of the two is joined into another record already")
    joined = Joined.objects.create(clinic_id=kept.clinic_id, kept=kept, other=other, why=why, made_by=_user(by))
    for one, two in ((kept, other), (other, kept)):
        _wrote(by, "join", "patient", one, one, why=why, other=str(two.uid), kept=one is kept)
    _tell(kept)
    return joined


def lost_by_joining(kept: Patient, other: Patient) -> list[str]:
    """The answers of `other` that protect the patient and would not be read any more: of the person, the kept record counts."""
    return [name for name in PROTECTING if getattr(other, name) and not getattr(kept, name)]


@transaction.atomic
def part(*, joined: Joined, why: str, by: By) -> None:
    """Part two records again that were joined by mistake."""
    _require_reason(why)
    parted = Joined.objects.filter(pk=joined.pk, parted_at=None).update(
        parted_at=timezone.now(), parted_by=_user(by), parted_why=why
    )
    if parted:
        for one, two in ((joined.kept, joined.other), (joined.other, joined.kept)):
            _wrote(by, "part", "patient", one, one, why=why, other=str(two.uid))
        _tell(joined.kept, joined.other)


@transaction.atomic
def say_two_people(*, one: Patient, other: Patient, by: By) -> None:
    """Two records that look alike are two people: do not ask again."""
    first, second = sorted((one, other), key=lambda patient: patient.pk)
    NotDuplicate.objects.get_or_create(clinic_id=first.clinic_id, one=first, other=second, defaults={"made_by": _user(by)})
    _wrote(by, "not-duplicate", "patient", one, one, other=str(other.uid))


# --- inside


def found_by(patient: Patient) -> set[tuple[str, str]]:
    """The words by which a patient is found, with their kinds."""
    names = (patient.given_name, patient.family_name, patient.preferred_name, patient.full_name, patient.name)
    words = sorted(words_of(*names))[:MOST_NAME_WORDS]
    phone = phone_from_end(patient.phone)
    return {(SearchWord.NAME, word) for word in words} | ({(SearchWord.PHONE, phone)} if phone else set())


def _index(patient: Patient, there: dict[tuple[str, str], int] | None = None) -> None:
    """Let the patient be found by the names and the telephone number of now. `there` are the rows by which they are found; None:
    to be looked up."""
    wanted = found_by(patient)
    rows = SearchWord.objects.filter(clinic_id=patient.clinic_id, patient=patient)
    if there is None:
        there = {(row.kind, row.word): row.pk for row in rows}
    if gone := [pk for key, pk in there.items() if key not in wanted]:
        rows.filter(pk__in=gone).delete()
    SearchWord.objects.bulk_create(
        [
            SearchWord(clinic_id=patient.clinic_id, patient=patient, kind=kind, word=word)
            for kind, word in sorted(wanted - there.keys())
        ]
    )


def _asked(patient: Patient, kind: str, none: bool, by: By, said_by: str) -> None:
    if kind not in FactKind.values:
        raise ValueError(f"kind must be one of {FactKind.values}, got {kind!r}")
    Asked.objects.create(clinic_id=patient.clinic_id, patient=patient, kind=kind, none=none, said_by=said_by, made_by=_user(by))
    _wrote(by, "none" if none else "review", kind, "", patient)


def _fact(fact: HealthFact) -> dict[str, str]:
    return {
        name: getattr(fact, name)
        for name in ("kind", "said", "concept", "region", "side", "reaction", "severity", "note", "said_by")
    }


def _figure(measure: Measure) -> dict[str, str]:
    return {"kind": measure.kind, "value": str(measure.value), "on": measure.measured_on.isoformat()}


def _user(by: By) -> User | None:
    return getattr(by, "user", None)


def _require_reason(why: str) -> None:
    if not why.strip():
        raise ValueError("a reason must be given")


def _wrote(
    by: By,
    action: str,
    kind: str,
    row: Any,
    patient: Patient,
    *,
    before: Any = None,
    after: Any = None,
    **detail: Any,
) -> None:
    audit.append(
        by=by,
        action=action,
        kind=kind,
        uid=getattr(row, "uid", ""),
        patient=patient.uid,
        before=audit.digest(before) if before is not None else None,
        after=audit.digest(after) if after is not None else None,
        detail=detail,
    )
