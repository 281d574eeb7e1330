"""Adverse events as they are shown and counted: the newest version of each, of visits that stand."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.appointments.models import Booking, Room
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.followup.models import (
    SITE_INFECTIONS,
    AdverseEvent,
    Answer,
    CheckIn,
    CheckInKind,
    EventKind,
    EventOutcome,
    EventVersion,
)
from waterneedle.clinic.followup.sites import fluids_of, given_at
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits.models import Fill, Injection, Status
from waterneedle.clinic.visits.on_paper import site_in_words
from waterneedle.clinic.visits.reactions import died_here, newest_reaction
from waterneedle.clinic.web import words
from waterneedle.outcomes.rates import Rate, rate

GIVEN = (Status.GIVEN, Status.STOPPED)
REACTIONS = (EventKind.ALLERGY, EventKind.ANAPHYLAXIS, EventKind.FAINTING)


def newest_versions(clinic_id: int) -> QuerySet[EventVersion]:
    """What is known now of each event that counts, the last entered on top."""
    newest = EventVersion.objects.filter(clinic_id=OuterRef("clinic_id"), event=OuterRef("event")).order_by("-number")
    rows = EventVersion.objects.filter(clinic_id=clinic_id, number=Subquery(newest.values("number")[:1]), is_mistake=False)
    rows = rows.exclude(event__visit__strikes__struck_at__isnull=False)
    return rows.select_related("event__patient", "event__visit", "injection__syringe").order_by("-event__made_at", "-pk")


def events_of(patient: Patient) -> QuerySet[EventVersion]:
    return newest_versions(patient.clinic_id).filter(event__patient_id__in=records_of(patient))


def may_be_asked(patient: Patient) -> bool:
    """Whether anybody is asked how this patient is: not of a record that should not be there, and nobody writes to the dead."""
    return not may_not_be_asked(patient, records_of(patient))


def may_not_be_asked(patient: Patient, records: Sequence[int]) -> bool:
    """The opposite, for who has read the `records` already."""
    return patient.retracted_at is not None or _died(patient.clinic_id, records)


def has_died(patient: Patient) -> bool:
    return _died(patient.clinic_id, records_of(patient))


def _died(clinic_id: int, records: Sequence[int]) -> bool:
    """By an adverse event, or by a reaction in the clinic."""
    died = newest_versions(clinic_id).filter(event__patient_id__in=records, outcome=EventOutcome.DIED)
    return died.exists() or died_here(clinic_id, records)


def versions_of(event: AdverseEvent) -> list[EventVersion]:
    """All that was ever said of it, the newest first."""
    rows = EventVersion.objects.filter(clinic_id=event.clinic_id, event=event).select_related("injection__syringe", "made_by")
    return list(rows.order_by("-number"))


@dataclass(frozen=True)
class Given:
    """What went in at the injection of an event, or at all that it may have been, in words."""

    site: str
    products: str
    lots: str
    vials: str


def suspected(version: EventVersion) -> tuple[Injection, ...]:
    """The injection that an event names; where nobody knows which it was, all of its visit."""
    if version.injection:
        return (version.injection,)
    return given_at(version.event.visit).injections if version.event.visit else ()


def given_of(injections: Sequence[Injection]) -> Given | None:
    if not injections:
        return None
    fills = [fill for one in injections for fill in fluids_of(one)]
    return Given(
        site=_each(site_in_words(vars(one)) for one in injections),
        products=_each(fill.vial.lot.item.name for fill in fills),
        lots=_each(fill.vial.lot.number for fill in fills),
        vials=_each(fill.vial.code for fill in fills),
    )


def _each(found: Iterable[str]) -> str:
    return words.told(dict.fromkeys(found))


def injections_to_choose(patient: Patient, visit: Any = None, most: int = 60) -> list[tuple[str, str]]:
    """(uid, words) of what went into the patient, that of the visit first, then the latest."""
    rows = Injection.objects.filter(
        clinic_id=patient.clinic_id, patient_id__in=records_of(patient), status__in=GIVEN, removed_at=None
    ).exclude(visit__strikes__struck_at__isnull=False)
    rows = rows.select_related("visit", "syringe").prefetch_related("syringe__fills__vial__lot__item")
    found = sorted(rows.order_by("-visit__day", "seq")[:most], key=lambda one: visit is None or one.visit_id != visit.pk)
    return [(str(one.uid), _said(one)) for one in found]


def _said(one: Injection) -> str:
    what = given_of([one])
    parts = (words.day(one.visit.day), what.site, what.products, what.lots and _("lot %(lot)s") % {"lot": what.lots})
    return " · ".join(part for part in parts if part)


# --- what the next visit has to know


def had_a_reaction(patient: Patient) -> bool:
    """Whether an adverse event of this patient may come again within minutes of an injection."""
    return events_of(patient).filter(kind__in=REACTIONS).exists()


# --- what heads the next chart


def last_reaction(patient: Patient, records: Sequence[int]) -> str | None:
    """The newest of what the visits know and of the adverse events, in words, with its day."""
    found = [one for one in (newest_reaction(patient, records), _newest_event(patient, records)) if one is not None]
    if not found:
        return None
    day, said = max(found, key=lambda one: one[0])
    return _("reaction %(day)s: %(said)s") % {"day": words.day(day), "said": said}


def _newest_event(patient: Patient, records: Sequence[int]) -> tuple[datetime.date, str] | None:
    of = (patient.clinic_id, records)
    newest = next(iter(_newest_version(*of)), None) if _any_event(*of) else None  # most patients have none, which is soon asked
    if newest is None:
        return None
    when = newest.onset_at or newest.answered_at or newest.event.made_at
    site = f" ({newest.injection})" if newest.injection else ""
    return when.astimezone(patient.clinic.tzinfo).date(), f"{newest.get_kind_display()}{site}"


@prepared
def _any_event(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    return AdverseEvent.objects.filter(clinic_id=clinic_id, patient_id__in=records).values_list("pk", flat=True)[:1]


@prepared
def _newest_version(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    rows = newest_versions(clinic_id).filter(event__patient_id__in=records)
    return rows.annotate(answered_at=F("event__answer__answered_at"))[:1]


# --- rates


@dataclass(frozen=True)
class Line:
    """One product, lot, point or person with its rate."""

    name: str
    rate: Rate


@dataclass(frozen=True)
class Rates:
    """How often, by what: of the injections of a span of days, whatever has its denominator. `apart` are events that name no
    injection and so stand in no rate but the first."""

    whole: Rate | None
    tables: list[tuple[str, list[Line]]] = field(default_factory=list)
    apart: int = 0
    asked: int = 0
    answered: int = 0


def rates(clinic: Clinic, *, since: datetime.date, until: datetime.date, of: str = "all") -> Rates:
    """Events for each injection given, from `since` to `until`; `of` is `all`, `serious` or `infections`."""
    given = Injection.objects.filter(
        clinic=clinic, status__in=GIVEN, removed_at=None, visit__clinic=clinic, visit__day__gte=since, visit__day__lte=until
    ).exclude(visit__strikes__struck_at__isnull=False)
    events = [one for one in _events(clinic, since, until) if _counts(one, of)]
    hit = list({one.injection_id for one in events if one.injection_id})
    of_events = given.filter(pk__in=hit)
    counted, counted_events = _counted(given), _counted(of_events)
    fills = Fill.objects.filter(
        clinic=clinic, syringe__clinic=clinic, syringe__visit__clinic=clinic,
        syringe__visit__day__gte=since, syringe__visit__day__lte=until)
    fills = fills.exclude(syringe__visit__strikes__struck_at__isnull=False)
    checkins = CheckIn.objects.filter(clinic=clinic, visit__day__gte=since, visit__day__lte=until)
    checkins = checkins.exclude(visit__strikes__struck_at__isnull=False).exclude(kind=CheckInKind.UNASKED)  # not asked for
    return Rates(
        whole=rate(len(hit), sum(counted.room.values())),
        tables=[
            (_("Product"), _lines(_drawn(fills, "vial__lot__item__name"), _held(of_events, "vial__lot__item__name"))),
            (_("Lot"), _lines(_drawn(fills, "vial__lot__number"), _held(of_events, "vial__lot__number"))),
            (_("Point"), _lines(counted.point, counted_events.point)),
            (_("Practitioner"), _lines(counted.practitioner, counted_events.practitioner)),
            (_("Room"), _lines(counted.room, counted_events.room, _("not known"))),
        ],
        apart=sum(one.injection_id is None for one in events),
        asked=checkins.count(),
        answered=Answer.objects.filter(clinic=clinic, checkin__in=checkins.values("pk")).count(),
    )


def _events(clinic: Clinic, since: datetime.date, until: datetime.date) -> Iterable[EventVersion]:
    of_visit = Q(injection__visit__day__gte=since, injection__visit__day__lte=until)
    apart = Q(injection=None) & (
        Q(event__visit__day__gte=since, event__visit__day__lte=until)
        | Q(event__visit=None, event__made_at__gte=_midnight(clinic, since), event__made_at__lt=_midnight(clinic, until, 1))
    )
    return newest_versions(clinic.pk).filter(of_visit | apart)


def _midnight(clinic: Clinic, day: datetime.date, later: int = 0) -> datetime.datetime:
    return datetime.datetime.combine(day + datetime.timedelta(days=later), datetime.time(), clinic.tzinfo)


def _counts(one: EventVersion, of: str) -> bool:
    return of == "all" or (of == "serious" and one.is_serious) or (of == "infections" and one.kind in SITE_INFECTIONS)


def _rooms(visit: Any, clinic_id: Any) -> QuerySet[Any]:
    """The name of the room that a visit was booked in, as a subquery."""
    booked = Booking.objects.filter(clinic_id=clinic_id, visit_uid=visit, room__isnull=False)
    return booked.order_by("-pk").values("room__name")[:1]


def room_of(visit: Any) -> Room | None:
    """The room that a visit was booked in; None for a visit without a booking, or a clinic that names no rooms."""
    booked = Booking.objects.filter(clinic_id=visit.clinic_id, visit_uid=visit.uid, room__isnull=False)
    found = booked.select_related("room").order_by("-pk").first()
    return found and found.room


@dataclass(frozen=True)
class _Counted:
    """Injections by the name of each point (of those at a point), practitioner and room."""

    point: Counter[str | None] = field(default_factory=Counter)
    practitioner: Counter[str | None] = field(default_factory=Counter)
    room: Counter[str | None] = field(default_factory=Counter)


def _counted(given: QuerySet[Injection]) -> _Counted:
    """All of it at once: in a large clinic a year has half a million of them."""
    found, by = _Counted(), ("point", "visit__practitioner__user__name", "room")
    roomed = given.annotate(room=Subquery(_rooms(OuterRef("visit__uid"), OuterRef("clinic_id"))))
    for point, practitioner, room, count in roomed.order_by().values_list(*by).annotate(count=Count("pk")):
        if point:
            found.point[point] += count
        found.practitioner[practitioner] += count
        found.room[room] += count
    return found


def _drawn(fills: QuerySet[Fill], by: str) -> Counter[str | None]:
    """Injections given from the syringes of `fills`. Two vials of one lot in a syringe are one lot."""
    syringe = {"clinic_id": OuterRef("clinic_id"), "syringe_id": OuterRef("syringe_id")}
    again = Fill.objects.filter(**syringe, pk__lt=OuterRef("pk"), **{by: OuterRef(by)})
    given = Injection.objects.filter(**syringe, status__in=GIVEN, removed_at=None).order_by()
    count = Subquery(given.values("syringe_id").annotate(count=Count("pk")).values("count"))
    summed = fills.exclude(Exists(again)).annotate(count=count).order_by().values_list(by).annotate(of=Sum("count"))
    return Counter({name: of for name, of in summed if of})


def _held(given: QuerySet[Injection], by: str) -> Counter[str | None]:
    """How many of these few injections held each."""
    held = given.exclude(syringe=None).order_by().values_list(f"syringe__fills__{by}").annotate(of=Count("pk", distinct=True))
    return Counter(dict(held))


def _lines(counted: Counter[str | None], events: Counter[str | None], unknown: str = "–") -> list[Line]:
    """Of the injections of each name, how many stand in an event; what happened most often first."""
    found = [Line(name or unknown, rate(events[name], of)) for name, of in counted.items()]
    return sorted(found, key=lambda one: (-one.rate.share, -one.rate.of, one.name))


def in_words(found: Rate) -> str:
    """`3 of 200 injections`."""
    return ngettext("%(events)s of %(count)d injection", "%(events)s of %(count)d injections", found.of) % {
        "events": found.events, "count": found.of}
