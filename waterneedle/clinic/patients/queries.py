"""Patients as they are shown: found by what somebody typed, one by uid, with what the header of every page says."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rapidfuzz.distance import JaroWinkler

from waterneedle import knowledge
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import ALL, TRAINEES, Scope
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.patients import finding
from waterneedle.clinic.patients.models import (
    Asked,
    FactKind,
    Guardian,
    HealthFact,
    Imported,
    Joined,
    Measure,
    NotDuplicate,
    Patient,
    Pregnancy,
    PregnancyStatus,
    SearchWord,
    Sex,
)
from waterneedle.clinic.patients.searching import phone_from_end, plain, understood, words_of
from waterneedle.clinic.web import words
from waterneedle.clinic.web.addresses import address

MOST_FOUND = 30
ALIKE = 0.90  # Jaro-Winkler similarity of two names from which they may be one; our own judgement
ADULT_AGE = 18  # the guardian of a minor signs; the law of a few places knows exceptions, which the clinic enters as a guardian

TraineePatients = Callable[[Access, Patient], bool]
_trainees: list[TraineePatients] = [lambda access, patient: False]
LastReaction = Callable[[Patient, Sequence[int]], str | None]
_last_reaction: list[LastReaction] = [lambda patient, records: None]


def trainee_patients_are_found_by(answers: TraineePatients) -> None:
    """Let a room above say whether a patient was treated by a trainee of the instructor who asks."""
    _trainees[:] = [answers]


def last_reactions_are_found_by(answers: LastReaction) -> None:
    """Let a room above say what the last reaction of a patient was, whose records (`records_of`) it gets."""
    _last_reaction[:] = [answers]


# --- one patient


def patient_in_reach(access: Access, uid: UUID, scope: Scope) -> Patient:
    """The patient of an address, or the record that it was joined into; 404 for what is not there or out of reach."""
    found = next(iter(_patient(access.clinic.pk, uid)), None)
    if found is None:
        raise Http404
    if found.read_as:
        found = kept_record(found)
    found.clinic = access.clinic
    if _is_in_reach(access, found, scope):
        return found
    raise Http404


def within_reach(access: Access, rows: Iterable[Any], scope: Scope, *, by_visit: bool = False) -> list[Any]:
    """Those of `rows` whose patient, or that of whose visit, the person reaches: for lists, whose address names no patient."""
    return [row for row in rows if _is_in_reach(access, row.visit.patient if by_visit else row.patient, scope)]


def _is_in_reach(access: Access, patient: Patient, scope: Scope) -> bool:
    return scope == ALL or (scope == TRAINEES and _trainees[0](access, patient))


def kept_record(patient: Patient) -> Patient:
    """The record that this one is read as: itself, unless it was joined into another."""
    joined = _joined_into(patient.clinic_id, patient.pk)
    return kept_record(joined[0].kept) if joined else patient


def records_of(patient: Patient) -> list[int]:
    """The numbers of all rows that are this person's record, the kept one first: facts of each of them count.

    The same from each of them: a visit that is charted when its record is joined into another knows what stands in both.
    """
    rows, joined = [patient.pk], set()
    for one in rows:
        for pair in _joined_with(patient.clinic_id, one):
            rows += [number for number in pair if number not in rows]
            joined.add(pair[1])
    return sorted(rows, key=lambda number: number in joined)


def records_as_found(patient: Patient) -> list[int]:
    """`records_of`, as it was when the address led to `patient`: for pages that show, which spares them a statement."""
    return [patient.pk] if getattr(patient, "holds", None) is False else records_of(patient)


@prepared
def _patient(clinic_id: int, uid: UUID) -> QuerySet[Any]:
    """With the number of what it is read as, and whether a record was joined into it."""
    joined = Joined.objects.filter(clinic_id=clinic_id, parted_at=None)
    into = joined.filter(other_id=OuterRef("pk")).values("kept_id")[:1]
    holds = Exists(joined.filter(kept_id=OuterRef("pk")))
    return Patient.objects.filter(clinic_id=clinic_id, uid=uid, retracted_at=None).annotate(read_as=Subquery(into), holds=holds)


@prepared
def _joined_into(clinic_id: int, other: int) -> QuerySet[Any]:
    rows = Joined.objects.filter(clinic_id=clinic_id, other_id=other, parted_at=None)
    return rows.select_related("kept").order_by("pk")[:1]


@prepared
def _joined_with(clinic_id: int, record: int) -> QuerySet[Any]:
    """The pairs (kept, other) of which `record` is one; two questions in one statement, as each has its index."""
    rows = Joined.objects.filter(clinic_id=clinic_id, parted_at=None).order_by().values_list("kept_id", "other_id")
    return rows.filter(kept_id=record).union(rows.filter(other_id=record), all=True)


_OF_TWO = (SearchWord, Joined, NotDuplicate, Imported)  # about the records themselves
_WHEN = ("made_at", "signed_at", "began_at", "answered_at", "raised_at", "sent_at")  # the first that a row has


def written_since(patient: Patient, moment: datetime.datetime) -> int:
    """How many entries of any room were written into the record itself since `moment`."""
    found = 0
    for relation in Patient._meta.get_fields(include_hidden=True):
        model = relation.related_model
        if not (relation.one_to_many or relation.one_to_one) or model in _OF_TWO:
            continue
        has = {field.name for field in model._meta.get_fields()}
        if when := next((name for name in _WHEN if name in has), ""):
            of_clinic = {"clinic_id": patient.clinic_id, relation.field.attname: patient.pk, f"{when}__gt": moment}
            found += model._base_manager.filter(**of_clinic).count()
    return found


# --- searching


def search(clinic: Clinic, text: str, *, day_first: bool = False, limit: int = MOST_FOUND) -> list[Patient]:
    """The patients that `text` may mean, by family name; empty when it asks for nothing.

    Every word must begin a word of the name, and a date must be the date of birth. Who was joined into another record is found by
    what stands in either, and shown as the one that is kept.
    """
    wanted = understood(text, day_first=day_first)
    found = Patient.objects.filter(clinic=clinic, retracted_at=None)
    rows = SearchWord.objects.filter(clinic=clinic)
    few = finding.by_beginnings(clinic.pk, wanted.words) if wanted.words else None
    if wanted.words or wanted.born:
        if few is not None:
            found = numbered(few)
        for word in () if few is not None else wanted.words:
            starts = rows.filter(kind=SearchWord.NAME, word__gte=word, word__lt=finding.first_after(word))
            found = found.filter(pk__in=starts.values("patient_id"))
        if wanted.born:
            found = found.filter(birth_date__in=wanted.born)
    elif wanted.phone_end or wanted.number is not None:
        ends = rows.filter(kind=SearchWord.PHONE, word__gte=wanted.phone_end, word__lt=finding.first_after(wanted.phone_end))
        by_phone = Q(pk__in=ends.values("patient_id")) if wanted.phone_end else Q(pk__in=[])
        found = found.filter(by_phone | Q(number=wanted.number) if wanted.number is not None else by_phone)
    else:
        return []
    shown = [kept for _row, kept in with_kept(found.order_by("family_name", "given_name", "pk")[:limit])]
    return list({one.pk: one for one in shown}.values())


def child_named(clinic: Clinic, name: str) -> Patient | None:
    """A patient of this name, in whichever order, who is not of age; None for nobody."""
    wanted, day = words_of(name), today_in(clinic)
    found = search(clinic, name) if wanted else []
    ages = [(one, one.age_on(day)) for one in found if words_of(one.given_name, one.family_name) == wanted]
    return next((one for one, age in ages if age is not None and age < ADULT_AGE), None)


def with_kept(patients: QuerySet[Patient]) -> list[tuple[Patient, Patient]]:
    """Each of `patients` with the record that it is read as, without those whose record is out of sight."""
    joined = Joined.objects.filter(clinic_id=OuterRef("clinic_id"), other_id=OuterRef("pk"), parted_at=None)
    rows = [(one, kept_record(one) if one.is_joined else one) for one in patients.annotate(is_joined=Exists(joined))]
    return [(one, kept) for one, kept in rows if kept.retracted_at is None]


def newest(clinic: Clinic) -> list[Patient]:
    """Those that were entered last, the last one first."""
    return _newest(clinic.pk)


@prepared
def _newest(clinic_id: int) -> QuerySet[Any]:
    return not_joined(Patient.objects.filter(clinic_id=clinic_id, retracted_at=None)).order_by("-pk")[:MOST_FOUND]


def numbered(numbers: Collection[int]) -> QuerySet[Patient]:
    """Those with these numbers, which were found in one clinic: to name it again would make SQLite read all of its patients."""
    return Patient.objects.filter(pk__in=numbers, retracted_at=None)


def not_joined(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    joined = Joined.objects.filter(clinic_id=OuterRef("clinic_id"), other_id=OuterRef("pk"), parted_at=None)
    return patients.filter(~Exists(joined))


# --- duplicates


@dataclass(frozen=True)
class Likeness:
    """A patient on file who may be the same person, and what speaks for it."""

    patient: Patient
    same_birth_date: bool
    same_phone: bool
    same_name: bool


def likely_duplicates(patient: Patient) -> list[Likeness]:
    """Who on file may be the same person as `patient` (saved or not): a like name with the same birth date or telephone, or
    the same name with the day and month of birth exchanged or unknown. A shared telephone alone is a family, not a duplicate.
    """
    if not patient.given_name:
        return []
    phone = phone_from_end(patient.phone)
    near = finding.near(
        patient.clinic_id, family=words_of(patient.family_name), given=words_of(patient.given_name), phone=phone,
        born=patient.birth_date)
    if patient.pk in near:
        near.remove(patient.pk)
    if not near:
        return []
    apart = _known_apart(patient) | {patient.pk}
    found: dict[int, Likeness] = {}
    for row, kept in with_kept(numbered(near)[:200]):
        if not {row.pk, kept.pk} & apart and (like := likeness(patient, row, phone)) is not None:
            found.setdefault(kept.pk, replace(like, patient=kept))
    return list(found.values())


def likeness(patient: Patient, row: Patient, phone: str) -> Likeness | None:
    """What speaks for two rows being one person, if anything; `phone` is that of `patient`, last digit first."""
    alike = _alike(patient, row)
    same_birth = patient.birth_date is not None and row.birth_date == patient.birth_date
    same_phone = bool(phone) and phone_from_end(row.phone) == phone
    exact = words_of(patient.given_name, patient.family_name) == words_of(row.given_name, row.family_name)
    birth_may_be = row.birth_date is None or patient.birth_date is None or _turned(patient.birth_date) == row.birth_date
    if alike and (same_birth or (same_phone and birth_may_be) or (exact and birth_may_be)):
        return Likeness(row, same_birth, same_phone, exact)
    return None


def _alike(one: Patient, other: Patient) -> bool:
    full, swapped = plain(f"{other.given_name} {other.family_name}"), plain(f"{other.family_name} {other.given_name}")
    asked = plain(f"{one.given_name} {one.family_name}")
    return max(JaroWinkler.similarity(asked, full), JaroWinkler.similarity(asked, swapped)) >= ALIKE


def _turned(day: datetime.date) -> datetime.date | None:
    """The same numbers with day and month exchanged, if that is a day."""
    return datetime.date(day.year, day.day, day.month) if day.day <= 12 else None


def _known_apart(patient: Patient) -> set[int]:
    if patient.pk is None:
        return set()
    rows = NotDuplicate.objects.filter(Q(one=patient) | Q(other=patient), clinic_id=patient.clinic_id).values_list(
        "one_id", "other_id"
    )
    return {row for pair in rows for row in pair} - {patient.pk}


# --- health


@dataclass(frozen=True)
class Health:
    """What is known of a patient's health, by kind: facts, `()` for "asked, none", None for what nobody asked."""

    facts: dict[str, tuple[HealthFact, ...] | None]
    pregnancy: Pregnancy | None
    measures: dict[str, Measure]  # the newest of each kind
    asked: dict[str, Asked] = field(default_factory=dict)


def health_of(patient: Patient, records: Sequence[int] | None = None) -> Health:
    """What is known now. `records` are those of `records_of`, where they have been read already."""
    records = records_of(patient) if records is None else records
    facts, asked = _facts_of(patient, records)
    measures = {one.kind: one for one in _measures(patient.clinic_id, records)}
    return Health(facts, pregnancy_of(patient, records), measures, asked)


def _facts_of(patient: Patient, records: Sequence[int]) -> tuple[dict[str, tuple[HealthFact, ...] | None], dict[str, Asked]]:
    known: dict[str, list[HealthFact]] = {}
    for fact in _facts(patient.clinic_id, records):
        known.setdefault(fact.kind, []).append(fact)
    asked = {one.kind: one for one in _asked(patient.clinic_id, records)}
    return {
        kind: tuple(known[kind]) if kind in known else () if kind in asked and asked[kind].none else None
        for kind in FactKind.values
    }, asked


def pregnancy_of(patient: Patient, records: Sequence[int]) -> Pregnancy | None:
    """What was last said of it; `records` as for `health_of`."""
    return next(iter(_pregnancy(patient.clinic_id, records)), None)


@prepared
def _facts(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    return HealthFact.objects.filter(clinic_id=clinic_id, patient_id__in=records, ended_at=None).order_by("made_at", "pk")


@prepared
def _asked(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    rows = Asked.objects.filter(clinic_id=clinic_id, patient_id__in=records, removed_at=None)
    return rows.order_by("pk")  # not by time: a clock may go back


@prepared
def _measures(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    rows = Measure.objects.filter(clinic_id=clinic_id, patient_id__in=records, removed_at=None)
    return rows.order_by("measured_on", "pk")


@prepared
def _pregnancy(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    return Pregnancy.objects.filter(clinic_id=clinic_id, patient_id__in=records, removed_at=None).order_by("-pk")[:1]


def guardians_of(patient: Patient) -> list[Guardian]:
    """Who speaks for the patient. From midnight of the day on which a child is of age nobody does who was entered before."""
    rows = Guardian.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient), ended_at=None).order_by("pk")
    zone, today = patient.clinic.tzinfo, today_in(patient.clinic)
    return [one for one in rows if not has_come_of_age(patient, since=one.made_at.astimezone(zone).date(), day=today)]


def needs_guardian(patient: Patient, day: datetime.date) -> bool | None:
    """Whether somebody else must sign for the patient on `day`; None when the date of birth is not known."""
    if patient.lacks_capacity:
        return True
    age = patient.age_on(day)
    return None if age is None else age < ADULT_AGE


def of_age_on(patient: Patient) -> datetime.date | None:
    """The day on which the patient is of age; None when the date of birth is not known. Born on 29 February: on 1 March, unless
    that year has such a day."""
    born = patient.birth_date
    if born is None:
        return None
    try:
        return born.replace(year=born.year + ADULT_AGE)
    except ValueError:
        return datetime.date(born.year + ADULT_AGE, 3, 1)


def has_come_of_age(patient: Patient, *, since: datetime.date, day: datetime.date) -> bool:
    """Whether the patient was a minor on the day `since` and speaks for themself on `day`."""
    kept = kept_record(patient)
    came = of_age_on(kept)
    return came is not None and not kept.lacks_capacity and since < came <= day


# --- the header of every page about a patient


@dataclass(frozen=True)
class Header:
    """What is always in sight, as `web/_patient_header.html` draws it. Without `clinical` the reader may not read a chart, and
    nothing of it is here."""

    name: str
    url: str
    age: str
    sex: str
    chosen_name: str = ""
    interpreter: str = ""
    clinical: bool = False
    allergies: tuple[str, ...] | None = None  # None: nobody has asked
    anticoagulants: tuple[str, ...] | None = None
    antiplatelets: tuple[str, ...] = ()  # they bruise; nobody who takes one is told to take no blood thinner
    pregnancy: str = ""
    pregnancy_severity: str = ""
    last_reaction: str = ""


def header(patient: Patient, access: Access, records: Sequence[int] | None = None, *, opened: bool = False) -> Header:
    """The header as `access` may see it; `records` as for `health_of`; `opened`: an emergency opens this chart to them."""
    url = address("patients:patient", clinic=access.clinic.slug, patient=patient.uid)
    language = dict(settings.LANGUAGES).get(patient.language, patient.language)
    seen = Header(
        name=patient.full_name, url=url,
        age=words.age(patient.birth_date, today_in(access.clinic)),
        sex=str(patient.get_sex_display()) if patient.sex != Sex.UNKNOWN else "",
        chosen_name=patient.preferred_name,
        interpreter=_("interpreter: %(language)s") % {"language": language} if patient.needs_interpreter else "")
    clinical = opened or access.may("chart.read")
    return replace(seen, clinical=True, **_clinical_lines(patient, records)) if clinical else seen


def _clinical_lines(patient: Patient, records: Sequence[int] | None) -> dict[str, Any]:
    records = records_as_found(patient) if records is None else records
    facts, _said = _facts_of(patient, records)
    medicines, allergies = facts[FactKind.MEDICATION], facts[FactKind.ALLERGY]
    answer = pregnancy_of(patient, records)
    return {
        "allergies": None if allergies is None else tuple(one.said for one in allergies),
        "anticoagulants": None if medicines is None else _of_class("anticoagulant", medicines),
        "antiplatelets": () if medicines is None else _of_class("antiplatelet", medicines),
        "pregnancy": pregnancy_in_words(answer) if answer else _pregnancy_unasked(patient),
        "pregnancy_severity": "warn" if _asks_for_care(patient, answer) else "",
        "last_reaction": _last_reaction[0](patient, records) or "",
    }


def _of_class(name: str, medicines: Iterable[HealthFact]) -> tuple[str, ...]:
    return tuple(one.said for one in medicines if name in {one.concept} | classes_of(one))


def pregnancy_in_words(answer: Pregnancy, *, headed: bool = False) -> str:
    """The answer and its day; `headed`: the word pregnancy stands before it already."""
    said = str(answer.get_status_display())
    if not headed and answer.status in (PregnancyStatus.UNKNOWN, PregnancyStatus.NOT_APPLICABLE):
        said = _("pregnancy: %(said)s") % {"said": said}
    if answer.weeks is not None:
        said = _("%(said)s, week %(weeks)s") % {"said": said, "weeks": words.number(answer.weeks)}
    return f"{said} ({words.day(answer.made_at, short=True)})"


def _pregnancy_unasked(patient: Patient) -> str:
    return "" if patient.sex == Sex.MALE else _("pregnancy not asked")


def _asks_for_care(patient: Patient, answer: Pregnancy | None) -> bool:
    if answer is None:
        return patient.sex != Sex.MALE
    return answer.status in (PregnancyStatus.PREGNANT, PregnancyStatus.POSSIBLE, PregnancyStatus.UNKNOWN)


ASSUMED_AGE = 40  # of a figure whose age nobody knows


def build_of(patient: Patient, day: datetime.date) -> tuple[str | None, float, float | None, float | None]:
    """Sex, age in years, height in cm and weight in kg of a figure, as far as known. Rounded: a picture is no measure."""
    measures, age = health_of(patient).measures, patient.age_on(day)
    height, weight = (measures.get(kind) for kind in ("height_cm", "weight_kg"))
    return (
        patient.sex if patient.sex in ("female", "male") else None,
        float(ASSUMED_AGE if age is None else max(0, age)),
        float(round(height.value)) if height else None,
        float(round(weight.value)) if weight else None,
    )


def today_in(clinic: Clinic) -> datetime.date:
    """The day that it is in the clinic."""
    return timezone.now().astimezone(clinic.tzinfo).date()


def classes_of(fact: HealthFact) -> frozenset[str]:
    """The classes of what the vocabulary made of a fact; nothing for free text."""
    concept = knowledge.vocabulary().get(fact.concept) if fact.concept else None
    return frozenset(concept.classes) if concept else frozenset()


def columns(patient: Patient) -> dict[str, Any]:
    """The demographics of a patient as plain values, in the order of the form."""
    return {
        name: getattr(patient, name)
        for name in (
            "given_name",
            "family_name",
            "preferred_name",
            "birth_date",
            "sex",
            "language",
            "needs_interpreter",
            "lacks_capacity",
            "phone",
            "email",
            "address",
        )
    }


def shown_columns(patient: Patient) -> list[tuple[str, str]]:
    """The demographics with their words, for people to compare."""
    return [(str(Patient._meta.get_field(name).verbose_name), _shown(patient, name)) for name in columns(patient)]


def _shown(patient: Patient, name: str) -> str:
    value = getattr(patient, name)
    if isinstance(value, datetime.date):
        return words.day(value)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(patient.get_sex_display()) if name == "sex" else str(value)
