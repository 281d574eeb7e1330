"""The rows of one visit that its page, the check and the signature need, by a number of statements that grows with nothing.

    charted = read(visit)
    charted.injections, charted.syringes, charted.today, charted.reasons, charted.earlier

Each statement names the clinic, which leads every index: without it a table of all visits would be gone through.
"""

from __future__ import annotations

import datetime
import functools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record, records_of
from waterneedle.clinic.stock.models import LotState
from waterneedle.clinic.visits.models import Fill, Injection, Reason, Signature, Status, Strike, Syringe, Today, Visit, VisitState
from waterneedle.clinic.visits.models_after import Reaction, ReactionEntry
from waterneedle.clinic.visits.standing import may_be_kept

IN = (Status.GIVEN, Status.STOPPED)
REACTION_FOLLOWS = datetime.timedelta(hours=12)  # past midnight, too, a reaction is looked at for as long; our judgement


class Earlier(NamedTuple):
    """One fluid of a puncture of a visit before: `volume_ml` and `drawn_ml` of the injection and of the fluid in its syringe."""

    day: datetime.date
    reaction: str
    volume_ml: Decimal | None
    injection: int
    drawn_ml: Decimal
    product: str
    item: str


class Reacted(NamedTuple):
    """A reaction in the clinic, by its button, and what was seen and done in it: (kind, words), in the order of noting."""

    began_at: datetime.datetime
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Charted:
    """The rows of one visit as they stand, and those of the patient that the check of it reads."""

    visit: Visit
    records: list[int]  # the numbers of all rows that are this patient
    answers: list[Today]  # each time that something was answered, the newest first
    injections: list[Injection]
    syringes: list[Syringe]
    wasted: list[Syringe]  # put down unused
    reasons: list[Reason]
    earlier: list[Earlier]
    reactions: list[Reacted]
    at: datetime.datetime  # of what is only planned: now, unless it is asked what would hold at another time

    @functools.cached_property
    def patient(self) -> Patient:
        return patient_of(self.visit, self.records)

    @functools.cached_property
    def days(self) -> tuple[datetime.date, ...]:
        """The days of its punctures, one that is planned being of now."""
        return tuple(sorted({self.day_of(one) for one in self.injections if one.status != Status.NOT_DONE}))

    @functools.cached_property
    def day(self) -> datetime.date:
        """The day that the check judges by: that of the visit, and before the first puncture of a draft the one that it is."""
        return _day_of(self.visit, self.injections, self.at)

    @functools.cached_property
    def today(self) -> Today | None:
        """What the patient said on the day of the last puncture."""
        if self.days:
            return self.said_on(self.days[-1])
        return self.said_on(_day(self.visit, self.at)) if self.visit.is_draft else next(iter(self.answers), None)

    def day_of(self, one: Injection) -> datetime.date:
        return _day(self.visit, one.given_at or self.at)

    def said_on(self, day: datetime.date) -> Today | None:
        """The answers that count on a day: those given on it. Of a visit that is written down later those of then."""
        return _said_on(self.visit, self.answers, day)


def read(visit: Visit, records: list[int] | None = None, at: datetime.datetime | None = None) -> Charted:
    """`records` are those of `records_of` for its patient, where they have been read already; what is planned is of `at`."""
    records = records_of(visit.patient) if records is None else records
    syringes, moment = _drawn_up(visit), at or timezone.now()
    injections = _punctures(visit, syringes)
    day = _day_of(visit, injections, moment)
    return Charted(
        visit=visit,
        records=records,
        answers=_answers(visit.clinic_id, visit.pk),
        injections=injections,
        syringes=[one for one in syringes if one.removed_at is None],
        wasted=[one for one in syringes if one.wasted],
        reasons=reasons_of(visit, records, day),
        earlier=earlier_of(visit, records, day),
        reactions=reactions_since(visit, records, day),
        at=moment,
    )


def patient_of(visit: Visit, records: Sequence[int]) -> Patient:
    """Who it is that a visit is of: of a person with two records the kept one says so, also to a visit that is charted on the
    other."""
    return visit.patient if records[0] == visit.patient_id else kept_record(visit.patient)


def steps_entered(visit: Visit) -> list[VisitState]:
    """Each step that was entered, in the order of entering, without slips."""
    return _steps(visit.clinic_id, visit.pk)


def steps_dated(visit: Visit) -> list[tuple[str, datetime.datetime]]:
    """The same as (step, moment), for who asks no person."""
    return _steps_dated(visit.clinic_id, visit.pk)


def answers_of(visit: Visit, at: datetime.datetime | None = None) -> Today | None:
    """What was answered on the day of `at`, or today: the newest row. What was said on another day is asked again."""
    return _said_on(visit, _answers(visit.clinic_id, visit.pk), _day(visit, at or timezone.now()))


def answered(visit: Visit) -> tuple[Today | None, Today | None]:
    """What was answered last, today, and what stood before it on the same day; None for nothing."""
    found, day = _answers(visit.clinic_id, visit.pk), _day(visit, timezone.now())
    last = _said_on(visit, found, day)
    return last, last and _said_on(visit, [one for one in found if one.pk < last.pk], day)


def syringes_of(visit: Visit) -> list[Syringe]:
    """The syringes that were drawn up, in their order, each with its `contents`."""
    return [one for one in _drawn_up(visit) if one.removed_at is None]


def injections_of(visit: Visit) -> list[Injection]:
    """The punctures of a visit in the order of charting, without those taken back, each with its syringe and its contents."""
    return _punctures(visit, _drawn_up(visit))


def reasons_of(visit: Visit, records: Sequence[int] | None = None, day: datetime.date | None = None) -> list[Reason]:
    """The answers to warnings that hold on a day, that of the visit: its own, and standing ones of the patient."""
    own = _reasons(visit.clinic_id, visit.pk)
    found = _standing(visit.clinic_id, records_of(visit.patient) if records is None else records, day or visit.day, visit.made_at)
    answered = {one.rule for one in own}
    kept = {one.rule: one for one in found if one.visit_id != visit.pk and one.rule not in answered and may_be_kept(one.rule)}
    return [*kept.values(), *own]


def earlier_of(visit: Visit, records: Sequence[int], day: datetime.date) -> list[Earlier]:
    """What went in before, on this day too, of visits that are signed and not struck: the newest day first."""
    rows = [row for row in _earlier(visit.clinic_id, records, day, visit.pk) if row[-1] is not None]
    drawn: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    syringes = sorted({row[-1] for row in rows})
    for syringe_id, *fluid in _drawn(visit.clinic_id, syringes) if rows else ():
        drawn[syringe_id].append(tuple(fluid))
    return [Earlier(*row, *fluid) for *row, syringe_id in rows for fluid in drawn[syringe_id]]


def _day(visit: Visit, at: datetime.datetime) -> datetime.date:
    return at.astimezone(visit.clinic.tzinfo).date()


def _day_of(visit: Visit, injections: list[Injection], at: datetime.datetime) -> datetime.date:
    if visit.happened_at is not None or not visit.is_draft or any(one.given_at for one in injections):
        return visit.day
    return _day(visit, at)


def _said_on(visit: Visit, answers: list[Today], day: datetime.date) -> Today | None:
    return next((one for one in answers if visit.happened_at is not None or _day(visit, one.made_at) == day), None)


def reactions_since(visit: Visit, records: Sequence[int], day: datetime.date) -> list[Reacted]:
    """The reactions of the patient on a day and in the hours before it, in their order. Nothing is read for a visit that was read
    with `has_reacted`, which says that there was never one (`ever_reacted`)."""
    if not getattr(visit, "has_reacted", True):
        return []
    since = datetime.datetime.combine(day, datetime.time(), visit.clinic.tzinfo).astimezone(datetime.UTC) - REACTION_FOLLOWS
    found = _reactions(visit.clinic_id, records, since)
    entries: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for case, kind, said in _entries(visit.clinic_id, [number for number, _began_at in found]) if found else ():
        entries[case].append((kind, said))
    return [Reacted(began_at, tuple(entries[number])) for number, began_at in found]


def ever_reacted(clinic_id: int, records: Sequence[int]) -> Exists:
    """For the statement that reads a visit: nearly no patient has, and then nothing more is read of reactions."""
    return Exists(Reaction.objects.filter(clinic_id=clinic_id, patient_id__in=records))


def _punctures(visit: Visit, syringes: list[Syringe]) -> list[Injection]:
    known = {one.pk: one for one in syringes}
    rows = _injections(visit.clinic_id, visit.pk)
    for one in rows:
        one.visit, one.syringe = visit, known.get(one.syringe_id)
    return rows


def _drawn_up(visit: Visit) -> list[Syringe]:
    """Every syringe of a visit, those put down among them."""
    rows = _syringes(visit.clinic_id, visit.pk)
    drawn: dict[int, list[Fill]] = defaultdict(list)
    for one in _fills(visit.clinic_id, [one.pk for one in rows]) if rows else ():
        drawn[one.syringe_id].append(one)
    for one in rows:
        one.contents = drawn[one.pk]
    return rows


# --- the statements


@prepared
def _answers(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    return Today.objects.filter(clinic_id=clinic_id, visit_id=visit_id).order_by("-pk")


@prepared
def _steps(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    rows = VisitState.objects.filter(clinic_id=clinic_id, visit_id=visit_id, removed_at=None)
    return rows.select_related("made_by").order_by("pk")


@prepared
def _steps_dated(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    rows = VisitState.objects.filter(clinic_id=clinic_id, visit_id=visit_id, removed_at=None)
    return rows.order_by("pk").values_list("step", "made_at")


@prepared
def _syringes(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    return Syringe.objects.filter(clinic_id=clinic_id, visit_id=visit_id).order_by("drawn_at", "pk")


@prepared
def _fills(clinic_id: int, syringes: Sequence[int]) -> QuerySet[Any]:
    lot = {"clinic_id": OuterRef("clinic_id"), "lot_id": OuterRef("vial__lot_id")}
    decided = LotState.objects.filter(**lot).order_by("-made_at", "-pk")
    rows = Fill.objects.filter(clinic_id=clinic_id, syringe_id__in=syringes).select_related("vial__lot__item")
    return rows.annotate(
        lot_status=Subquery(decided.values("status")[:1]), lot_decided_at=Subquery(decided.values("made_at")[:1])).order_by("pk")


@prepared
def _injections(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    return Injection.objects.filter(clinic_id=clinic_id, visit_id=visit_id, removed_at=None).order_by("seq")


@prepared
def _reasons(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    rows = Reason.objects.filter(clinic_id=clinic_id, visit_id=visit_id, removed_at=None)
    return rows.select_related("made_by").order_by("made_at", "pk")


@prepared
def _standing(clinic_id: int, records: Sequence[int], day: datetime.date, made_at: datetime.datetime) -> QuerySet[Any]:
    # What was said of somebody else, in a visit that was struck, is no fact of this patient.
    visit = {"clinic_id": OuterRef("clinic_id"), "visit_id": OuterRef("visit_id")}
    rows = Reason.objects.filter(
        ~Exists(Strike.objects.filter(**visit, struck_at__isnull=False)),
        clinic_id=clinic_id, patient_id__in=records, review_on__gte=day, made_at__lte=made_at,
    )
    return rows.filter(removed_at=None).select_related("made_by").order_by("made_at", "pk")


@prepared
def _earlier(clinic_id: int, records: Sequence[int], day: datetime.date, number: int) -> QuerySet[Any]:
    visit = {"clinic_id": OuterRef("clinic_id"), "visit_id": OuterRef("visit_id")}
    rows = Injection.objects.filter(
        Exists(Signature.objects.filter(**visit)), ~Exists(Strike.objects.filter(**visit, struck_at__isnull=False)),
        Q(visit__day__lt=day) | Q(visit__day=day, visit_id__lt=number),
        clinic_id=clinic_id, patient_id__in=records, status__in=IN,
    )  # needles without a syringe too: asked here, SQLite would go through all syringes of the clinic where it has no statistics
    return rows.order_by("-visit__day", "seq", "pk").values_list("visit__day", "reaction", "volume_ml", "pk", "syringe_id")


@prepared
def _reactions(clinic_id: int, records: Sequence[int], since: datetime.datetime) -> QuerySet[Any]:
    rows = Reaction.objects.that_were().filter(clinic_id=clinic_id, patient_id__in=records, began_at__gte=since)
    return rows.order_by("began_at", "pk").values_list("pk", "began_at")


@prepared
def _entries(clinic_id: int, cases: Sequence[int]) -> QuerySet[Any]:
    rows = ReactionEntry.objects.filter(clinic_id=clinic_id, case_id__in=cases)
    return rows.order_by("pk").values_list("case_id", "kind", "said")


@prepared
def _drawn(clinic_id: int, syringes: Sequence[int]) -> QuerySet[Any]:
    rows = Fill.objects.filter(clinic_id=clinic_id, syringe_id__in=syringes)
    return rows.order_by("pk").values_list("syringe_id", "volume_ml", "vial__lot__item__product", "vial__lot__item__name")
