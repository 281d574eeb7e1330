"""A reaction in the clinic: from the button that stamps the time to what heads the next chart."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.stock.models import KitCheck
from waterneedle.clinic.stock.queries import kits
from waterneedle.clinic.tasks.actions import finish_cause, open_task, open_while
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import leads
from waterneedle.clinic.visits import signs
from waterneedle.clinic.visits.models import Injection, Status, Strike, Today, Visit
from waterneedle.clinic.visits.models_after import Outcome, Reaction, ReactionEntry
from waterneedle.clinic.visits.rows import injections_of
from waterneedle.clinic.web import words
from waterneedle.safety.issues import parameter

TASK = "visits.reaction"
SAME_HOURS = 6  # who presses again within so many hours, while nobody has ended it, means the same reaction; our judgement
DUE_HOURS = 24
KIT_TASK, KIT_DUE_MINUTES = "visits.kit_used", 30
INJECTED_HOURS = 24  # so long before a reaction what went in is told with it; our judgement
# A sign of illness is not a signature.
_IN_THE_TRAIL = {ReactionEntry.SIGN: "notice", ReactionEntry.EMERGENCY_CALL: "call", ReactionEntry.MISTAKE: "retract"}
MOST_SIGNS = 4  # in the header, where space is dear


@dataclass(frozen=True)
class Sign:
    id: str
    word: str
    seen_at: datetime.datetime | None  # None: not seen


@dataclass(frozen=True)
class SignGroup:
    word: str
    signs: tuple[Sign, ...]


@dataclass(frozen=True)
class Dose:
    """What an auto-injector gives, and from which body weight on."""

    mg: Decimal
    from_kg: int


# --- facts


def doses() -> tuple[Dose, ...]:
    """The doses that are offered, the smallest first."""
    given = parameter("emergency_kit", "epinephrine_mg")
    return tuple(Dose(Decimal(str(mg)), int(name.split("_")[1])) for name, mg in sorted(given.items(), key=lambda one: one[1]))


def sign_groups(entries: Iterable[ReactionEntry]) -> tuple[SignGroup, ...]:
    """What may be tapped, with when it was seen first."""
    seen: dict[str, datetime.datetime] = {}
    for one in entries:
        if one.kind == ReactionEntry.SIGN:
            seen.setdefault(one.said, one.at)
    headings = (_("Breathing"), _("Circulation"), _("Skin"), pgettext("signs", "Other"))
    return tuple(
        SignGroup(word, tuple(Sign(one, signs.in_words(one), seen.get(one)) for one in signs.of_group(group)))
        for group, word in zip(signs.GROUPS, headings, strict=True)
    )


# --- writing


@transaction.atomic
def begin(*, patient: Patient, by: Person, at: datetime.datetime | None = None) -> Reaction:
    """The button: the time is stamped, or `at`, when it was pressed before anybody said who it is; and its visit is named.

    It is the way back as well: pressed again while the reaction lasts it leads to what is on record of it, or the epinephrine
    would be missing on the sheet.
    """
    now = timezone.now()
    Patient.objects.select_for_update().only("pk").get(pk=patient.pk)
    begun = of_patient(patient).that_were().filter(began_at__gt=now - datetime.timedelta(hours=SAME_HOURS)).first()
    if begun is not None and end_of(begun) is None:
        return begun
    made = stamp(patient=patient, by=by, visit=_visit_of(patient, now), at=at)
    open_task(
        clinic=by.clinic, kind=TASK, cause=str(made.uid), about=made.uid, patient=patient, by=by, role=Role.PRACTITIONER,
        needs="chart.read", title=gettext_noop("Somebody reacted in the clinic: look at what is on record, and report it"),
        due_at=now + datetime.timedelta(hours=DUE_HOURS),
    )
    return made


@transaction.atomic
def note_sign(*, reaction: Reaction, said: str, by: Person) -> None:
    """A sign, the first time that it is seen."""
    if not signs.is_sign(said):
        raise ValueError(f"{said!r} is not offered as a sign")
    Reaction.objects.select_for_update().only("pk").get(pk=reaction.pk)
    if not reaction.entries.filter(kind=ReactionEntry.SIGN, said=said).exists():
        add_entry(reaction=reaction, kind=ReactionEntry.SIGN, said=said, by=by)


@transaction.atomic
def end(
    *, reaction: Reaction, outcome: str, by: Person, at: datetime.datetime | None = None, corrects: bool = False
) -> None:
    """It is over, with its outcome; the first that says so is right, unless another `corrects` it: then the last one counts."""
    Reaction.objects.select_for_update().only("pk").get(pk=reaction.pk)
    before = end_of(reaction)
    if corrects or before is None:
        add_entry(reaction=reaction, kind=ReactionEntry.END, said=Outcome(outcome), at=at, by=by)
        if Outcome.DIED in (outcome, before and before.said):
            _tell_of_death(reaction, by)


@transaction.atomic
def take_back(*, reaction: Reaction, why: str, by: Person) -> None:
    """There was none, or it was somebody else's: it stays readable, and counts nowhere. The first reason is kept."""
    Reaction.objects.select_for_update().only("pk").get(pk=reaction.pk)
    if not reaction.entries.filter(kind=ReactionEntry.MISTAKE).exists():
        add_entry(reaction=reaction, kind=ReactionEntry.MISTAKE, said=why, by=by)
        finish_cause(clinic=by.clinic, kind=TASK, cause=str(reaction.uid), by=by)
        ended = end_of(reaction)
        if ended is not None and ended.said == Outcome.DIED:
            _tell_of_death(reaction, by)


def deaths_are_told_to(told: Callable[..., None]) -> None:
    """Have `told(patient=…, by=…)` called, in the transaction, when a reaction ended in death, and when that is said no more."""
    if told not in _told_of_deaths:
        _told_of_deaths.append(told)


_told_of_deaths: list[Callable[..., None]] = []


def _tell_of_death(reaction: Reaction, by: Person) -> None:
    for told in _told_of_deaths:
        told(patient=reaction.patient, by=by)


@transaction.atomic
def stamp(
    *, patient: Patient, by: Person, visit: Visit | None = None, at: datetime.datetime | None = None
) -> Reaction:
    """The button: stamps the time, before anything is asked."""
    row = Reaction.objects.create(
        clinic=by.clinic, patient=patient, visit=visit, began_at=at or timezone.now(), made_by=by.user)
    audit.append(by=by, action="begin", kind="reaction", uid=row.uid, patient=patient.uid)
    return row


@transaction.atomic
def add_entry(
    *, reaction: Reaction, kind: str, by: Person, said: str = "", dose_mg: Decimal | None = None,
    at: datetime.datetime | None = None,
) -> ReactionEntry:
    """A sign, a dose of epinephrine, the emergency call or a note, at its minute."""
    row = ReactionEntry.objects.create(
        clinic=by.clinic, case=reaction, kind=kind, said=said.strip(), dose_mg=dose_mg, at=at or timezone.now(), made_by=by.user
    )
    if kind == ReactionEntry.EPINEPHRINE:
        open_task(
            clinic=by.clinic, kind=KIT_TASK, cause=str(reaction.uid), by=by, role=Role.PRACTITIONER, needs="stock.write",
            title=gettext_noop("Epinephrine was given: fill up the emergency kit, and check it before the next injection"),
            due_at=timezone.now() + datetime.timedelta(minutes=KIT_DUE_MINUTES))
    action = _IN_THE_TRAIL.get(kind, kind)
    audit.append(by=by, action=action, kind="reaction", uid=reaction.uid, patient=reaction.patient.uid)
    return row


def _visit_of(patient: Patient, now: datetime.datetime) -> Visit | None:
    """The visit that it most likely comes from: of the last day on which something is charted the one with a needle in. Where
    nothing is charted, the newest of today."""
    day, found = now.astimezone(patient.clinic.tzinfo).date(), injected_around(patient, now)
    charted = [(one.day, any(each.is_in for each in injections), one.pk, one) for one, injections in found if injections]
    if charted:
        return max(charted, key=lambda one: one[:3])[3]
    return next((one for one, _injections in reversed(found) if one.day == day), None)


@leads(TASK)
def address(task: Task) -> str:
    where = {"clinic": task.clinic.slug, "patient": task.patient.uid, "reaction": task.about}
    return reverse("visits:reaction", kwargs=where)


@open_while(TASK)
def lasts(task: Task) -> bool:
    """Whether nobody has said how it ended: until then what is on record of it is not whole."""
    row = Reaction.objects.filter(clinic_id=task.clinic_id, uid=task.about).that_were().first()
    return row is not None and end_of(row) is None


@open_while(KIT_TASK)
def is_not_filled_up(task: Task) -> bool:
    """Whether no kit was found complete since the last dose, where the clinic has kits on its books."""
    given = ReactionEntry.objects.filter(clinic_id=task.clinic_id, case__uid=task.cause, kind=ReactionEntry.EPINEPHRINE)
    last = given.order_by("made_at").last()
    if last is None or not kits(task.clinic, last.made_at.astimezone(task.clinic.tzinfo).date()):
        return False
    since = KitCheck.objects.filter(clinic_id=task.clinic_id, made_at__gt=last.made_at)
    return not any(one.is_complete_on(one.day) for one in since)


@leads(KIT_TASK)
def address_of_kits(task: Task) -> str:
    return reverse("stock:kits", kwargs={"clinic": task.clinic.slug})


# --- reading


def epinephrine_after_a_check() -> QuerySet[ReactionEntry]:
    """What was given after a kit was checked (`stock.queries.kits_are_emptied_by`): nobody writes down from which kit."""
    return ReactionEntry.objects.filter(
        clinic_id=OuterRef("clinic_id"), dose_mg__isnull=False, at__gt=OuterRef("made_at"))


def of_patient(patient: Patient):
    """The reactions of a patient, the newest first."""
    rows = Reaction.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient))
    return rows.order_by("-began_at", "-pk")


def injected_around(patient: Patient, began_at: datetime.datetime) -> list[tuple[Visit, list[Injection]]]:
    """The visits of the day of a reaction and of the day before that stand, the oldest first, each with what went in within a day
    of it, and with what is only planned on that day: in the haste it may be in and not be noted yet."""
    day, since = began_at.astimezone(patient.clinic.tzinfo).date(), began_at - datetime.timedelta(hours=INJECTED_HOURS)
    rows = Visit.objects.filter(
        clinic_id=patient.clinic_id, patient_id__in=records_of(patient), day__range=(day - datetime.timedelta(days=1), day))
    rows = rows.exclude(strikes__struck_at__isnull=False).select_related("clinic", "patient").order_by("day", "pk")
    return [(visit, [one for one in injections_of(visit) if _may_be_in(one, since, day)]) for visit in rows]


def _may_be_in(one: Injection, since: datetime.datetime, day: datetime.date) -> bool:
    return one.given_at > since if one.is_in else one.status == Status.PLANNED and one.visit.day == day


def end_of(reaction: Reaction) -> ReactionEntry | None:
    """What was said last of how it ended; None while it lasts."""
    return reaction.entries.filter(kind=ReactionEntry.END).select_related("made_by").order_by("-pk").first()


def not_ended(clinic: Clinic, until: datetime.datetime) -> list[Reaction]:
    """Those begun by then of which nobody has said how they ended, the oldest first."""
    ended = ReactionEntry.objects.filter(clinic_id=OuterRef("clinic_id"), case=OuterRef("pk"), kind=ReactionEntry.END)
    rows = Reaction.objects.that_were().filter(~Exists(ended), clinic=clinic, began_at__lte=until)
    return list(rows.select_related("patient").order_by("began_at", "pk"))


def running(clinic: Clinic, now: datetime.datetime) -> list[Reaction]:
    """Those of the last hours that nobody has ended: whoever is in the house has to know who needs help."""
    since = now - datetime.timedelta(hours=SAME_HOURS)
    return [one for one in not_ended(clinic, now) if one.began_at > since]


def died_here(clinic_id: int, records: Sequence[int]) -> bool:
    """Whether a reaction of the patient ended in death, by what was said last of it."""
    last = ReactionEntry.objects.filter(clinic_id=OuterRef("clinic_id"), case=OuterRef("pk"), kind=ReactionEntry.END)
    rows = _of_clinic(clinic_id, records).annotate(ended=Subquery(last.order_by("-pk").values("said")[:1]))
    return rows.filter(ended=Outcome.DIED).exists()


@dataclass(frozen=True)
class OfVisit:
    """A reaction in a visit, to be read beside it: what was noted of it, and when, in order."""

    reaction: Reaction
    entries: tuple[ReactionEntry, ...]

    @property
    def ended_at(self) -> datetime.datetime | None:
        return next((one.at for one in reversed(self.entries) if one.kind == ReactionEntry.END), None)

    @property
    def lines(self) -> list[tuple[datetime.datetime, str]]:
        return [(one.at, entry_in_words(one)) for one in self.entries]


def reactions_of(visit: Visit) -> list[OfVisit]:
    """Those that happened in it, without those that were none."""
    rows = Reaction.objects.filter(clinic_id=visit.clinic_id, visit=visit).that_were().order_by("began_at", "pk")
    entries = ReactionEntry.objects.order_by("at", "pk")
    return [OfVisit(one, tuple(one.entries.all())) for one in rows.prefetch_related(Prefetch("entries", entries))]


def entry_in_words(one: ReactionEntry) -> str:
    if one.kind == ReactionEntry.EPINEPHRINE:
        given = _("epinephrine %(dose)s given") % {"dose": words.amount(one.dose_mg, "mg")}
        return f"{given} ({one.said})" if one.said else given
    if one.kind == ReactionEntry.EMERGENCY_CALL:
        return _("emergency number called")
    if one.kind == ReactionEntry.MISTAKE:
        return _("no reaction of this patient: %(why)s") % {"why": one.said}
    if one.kind == ReactionEntry.END:
        return _("ended: %(outcome)s") % {"outcome": outcome_in_words(one.said)}
    return signs.in_words(one.said)


def outcome_in_words(said: str) -> str:
    return str(Outcome(said).label) if said in Outcome.values else said


def last_reaction(patient: Patient, records: Sequence[int]) -> str | None:
    """What heads every page of the patient: the newest of a reaction in the clinic, one that was charted, one that was told."""
    found = newest_reaction(patient, records)
    return found and _("reaction %(day)s: %(said)s") % {"day": words.day(found[0]), "said": found[1]}


def newest_reaction(patient: Patient, records: Sequence[int] | None = None) -> tuple[datetime.date, str] | None:
    """The newest that this room knows of: its day, and what it was."""
    records = records_of(patient) if records is None else records
    found = [_NEWEST[one](patient, records) for one in set(_known(patient.clinic_id, records))]
    return max((one for one in found if one is not None), key=lambda one: one[0], default=None)


def has_reacted(patient: Patient) -> bool:
    """Whether there was ever a reaction: in the clinic, told at a visit, or known to a room above."""
    of = (patient.clinic_id, records_of(patient))
    return _of_clinic(*of).exists() or _of_answers(*of).exists() or any(answers(patient) for answers in _known_above)


def reactions_are_known_by(answers: Callable[[Patient], bool]) -> None:
    """Let a room above say whether a patient had a reaction that it knows of."""
    if answers not in _known_above:
        _known_above.append(answers)


_known_above: list[Callable[[Patient], bool]] = []


def _in_clinic(patient: Patient, records: Sequence[int]) -> tuple[datetime.date, str] | None:
    newest = next(iter(_newest(patient.clinic_id, records)), None)
    if newest is None:
        return None
    entries = list(ReactionEntry.objects.filter(clinic_id=patient.clinic_id, case=newest).order_by("at", "pk"))
    seen = [signs.in_words(one.said) for one in entries if one.kind == ReactionEntry.SIGN]
    said = seen[:MOST_SIGNS] + (["…"] if len(seen) > MOST_SIGNS else [])
    said += [_("epinephrine")] if any(one.kind == ReactionEntry.EPINEPHRINE for one in entries) else []
    return newest.began_at.astimezone(patient.clinic.tzinfo).date(), words.listed(said) or _("not described")


def _charted(patient: Patient, records: Sequence[int]) -> tuple[datetime.date, str] | None:
    found = next(iter(_reacted(patient.clinic_id, records)), None)
    return found and (found.visit.day, f"{found.reaction} ({found.place})")


def _told(patient: Patient, records: Sequence[int]) -> tuple[datetime.date, str] | None:
    """What the patient said of the injection before, asked at a later visit: it counts by the day on which it was told."""
    found = next(iter(_said(patient.clinic_id, records)), None)
    return found and (found.visit.day, found.reacted_how or _("not described"))


_NEWEST = {"in the clinic": _in_clinic, "charted": _charted, "told": _told}


@prepared
def _known(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    """Where there is anything, by a name of `_NEWEST`: most patients have had no reaction, and are asked about once."""
    where = (_of_clinic, _of_injections, _of_answers)
    names = [rows(clinic_id, records).order_by().values_list(Value(name), flat=True)
             for rows, name in zip(where, _NEWEST, strict=True)]
    return names[0].union(*names[1:])


@prepared
def _newest(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    return _of_clinic(clinic_id, records).order_by("-began_at", "-pk")[:1]


@prepared
def _reacted(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    return _of_injections(clinic_id, records).select_related("visit").order_by("-visit__day", "pk")[:1]


@prepared
def _said(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    return _of_answers(clinic_id, records).select_related("visit").order_by("-made_at", "-pk")[:1]


def _of_clinic(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    return Reaction.objects.that_were().filter(clinic_id=clinic_id, patient_id__in=records)


def _of_injections(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    given = Injection.objects.filter(clinic_id=clinic_id, patient_id__in=records, status__in=(Status.GIVEN, Status.STOPPED))
    return given.filter(_not_struck(), reaction__gt="")  # as the index has it


def _of_answers(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    # By way of the visits of the patient: else every answer of the clinic would be gone through.
    visits = Visit.objects.filter(clinic_id=clinic_id, patient_id__in=records)
    return Today.objects.filter(_not_struck(), clinic_id=clinic_id, visit_id__in=visits.values("pk"), reacted_last=True)


def _not_struck() -> Any:
    return ~Exists(Strike.objects.filter(
        clinic_id=OuterRef("clinic_id"), visit_id=OuterRef("visit_id"), struck_at__isnull=False))
