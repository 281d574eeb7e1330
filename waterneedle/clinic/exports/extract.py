"""A clinic's rows of those who have agreed to leave them to a registry, ready to be made unrecognisable (`waterneedle.registry`).

Agreed has who signed, in the consent that is in force on the day, a line of the kind `registry` and has not taken it back. Signed
visits count that were not struck, and of them what went in; events as they are known now.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from django.db.models import Q

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.courses.measuring import Measured, measured_courses
from waterneedle.clinic.exports.lots import People, people_of
from waterneedle.clinic.followup.models import EventKind, EventVersion
from waterneedle.clinic.followup.queries_events import newest_versions
from waterneedle.clinic.intake.models import Consent
from waterneedle.clinic.intake.queries import newest_consent, standing_of
from waterneedle.clinic.patients.models import Joined, Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits import models as visits
from waterneedle.registry import identified
from waterneedle.registry.deidentify import OTHER, Vocabulary
from waterneedle.registry.tables import UL_PER_ML

LINE = "registry"  # kind of the line of a consent


def vocabulary() -> Vocabulary:
    """The codes on file: what a clinic has typed beside them does not leave it."""
    sites = (knowledge.points(), knowledge.muscles(), knowledge.regions(), knowledge.trigger_points())
    return Vocabulary(
        products=frozenset(knowledge.products()),
        sites=frozenset(code for codes in sites for code in codes),
        indications=frozenset(knowledge.indications()),
        instruments=frozenset(knowledge.instruments()),
        event_kinds=frozenset(EventKind.values),
    )


def agreed(clinic: Clinic, day: datetime.date) -> list[tuple[Patient, list[int]]]:
    """Patients who have agreed, as of `day`, each with the numbers of all rows that are their record."""
    joined = Joined.objects.filter(clinic=clinic, parted_at=None)
    signed = Consent.objects.filter(clinic=clinic, signed_on__lte=day, until__gte=day).values("patient_id")
    rows = Patient.objects.filter(clinic=clinic, retracted_at=None).exclude(pk__in=joined.values("other_id"))
    # Most have signed nothing that is in force: only the others are looked at one by one.
    rows = rows.filter(Q(pk__in=signed) | Q(pk__in=joined.values("kept_id"))).order_by("pk")
    found = ((patient, records_of(patient)) for patient in rows)
    return [(patient, records) for patient, records in found if has_agreed(patient, records, day)]


def has_agreed(patient: Patient, records: Sequence[int], day: datetime.date) -> bool:
    consent = newest_consent(patient, day, None, records)
    if consent is None or not consent.signed_on <= day <= consent.until:
        return False
    standing = standing_of(consent, day)
    return standing.withdrawn_at is None and any(line["kind"] == LINE for line in standing.lines.values())


def patients(clinic: Clinic, day: datetime.date, done: Callable[[int], None] = lambda count: None) -> list[identified.Patient]:
    """What may be made unrecognisable. Who has agreed but was never treated is not there. `done` is told how many are read."""
    people = people_of(clinic)
    events = defaultdict(list)
    for version in newest_versions(clinic.pk):
        events[version.event.patient_id].append(version)
    found = []
    for count, (patient, records) in enumerate(agreed(clinic, day), start=1):
        happened = [version for record in records for version in events[record]]
        one = _patient(clinic, patient, records, happened, people)
        found += [one] if one else []
        done(count)
    return found


# --- inside


def _patient(
    clinic: Clinic, patient: Patient, records: Sequence[int], events: Sequence[EventVersion], people: People
) -> identified.Patient | None:
    rows = visits.Visit.objects.filter(clinic=clinic, patient_id__in=records, signatures__isnull=False)
    rows = rows.exclude(strikes__struck_at__isnull=False).order_by("day", "pk").distinct()
    rows = rows.prefetch_related("injections__syringe__fills__vial__lot__item")
    made = tuple(identified.Visit(str(row.uid), row.day, tuple(_injection(one, people) for one in _given(row))) for row in rows)
    if not made:
        return None
    days = {visit.uid: visit.day for visit in made}
    courses = (_course(clinic, known, days) for known in reversed(measured_courses(patient)))
    return identified.Patient(
        str(patient.uid), patient.sex, patient.birth_date, made, tuple(one for one in courses if one),
        tuple(_event(clinic, version, days, people) for version in events))


def _given(visit: visits.Visit) -> Iterator[visits.Injection]:
    return (one for one in sorted(visit.injections.all(), key=lambda one: one.seq) if one.is_in)


def _injection(row: visits.Injection, people: People) -> identified.Injection:
    kind = "point" if row.point else "muscle" if row.muscle else "region"
    route = row.route or (row.syringe.route if row.syringe else "")
    return identified.Injection(str(row.uid), kind, row.site, route, row.technique, tuple(_fluids(row, people)))


def _fluids(row: visits.Injection, people: People) -> Iterator[identified.Fluid]:
    """What of each fluid in the syringe went in. A lot in the number of which somebody is named is not told."""
    fills = sorted(row.syringe.fills.all(), key=lambda fill: fill.pk) if row.syringe else []
    volumes = parted_ul(row.volume_ml or Decimal(0), [fill.volume_ml for fill in fills])
    for fill, volume_ul in zip(fills, volumes, strict=True):
        lot = fill.vial.lot
        yield identified.Fluid(lot.item.product, OTHER if people.are_in(lot.number) else lot.number, volume_ul)


def parted_ul(volume_ml: Decimal, of_ml: Sequence[Decimal]) -> list[int]:
    """`volume_ml` in whole microlitres, parted as the fluids are mixed, so that the parts sum to it.

    >>> parted_ul(Decimal("0.5"), [Decimal(1), Decimal(2)])
    [167, 333]
    """
    total, whole = sum(of_ml, Decimal(0)), int(volume_ml * UL_PER_ML)
    parts, given = [], 0
    for so_far in _sums(of_ml):
        parts.append(int((whole * so_far / total).to_integral_value()) - given)
        given += parts[-1]
    return parts


def _sums(numbers: Iterable[Decimal]) -> Iterator[Decimal]:
    total = Decimal(0)
    for number in numbers:
        total += number
        yield total


def _course(clinic: Clinic, known: Measured, days: dict[str, datetime.date]) -> identified.Course | None:
    sessions = tuple(str(session.uid) for session in known.sessions if str(session.uid) in days)
    if not sessions or (known.ended is not None and known.ended.reason == "mistake"):
        return None
    judged, matters = known.judged, known.indication.matters
    scores = [(judged.instrument, one) for one in (judged.first, *judged.later) if one is not None]
    scores += [(series.instrument, one) for series in known.series[1:] for one in series.scores]
    said = [identified.Score(_day(clinic, one.at), instrument.id, one.value, one.sessions) for instrument, one in scores]
    return identified.Course(
        str(known.course.uid), known.indication.id, sessions, tuple(said), judged.instrument.id,
        matters.points if matters and judged.instrument.better != "neither" else None, judged.instrument.better)


def _event(
    clinic: Clinic, version: EventVersion, days: dict[str, datetime.date], people: People
) -> identified.Event:
    event, injection = version.event, version.injection
    visit = str(event.visit.uid) if event.visit and str(event.visit.uid) in days else None
    began = _day(clinic, version.onset_at) if version.onset_at else days[visit] if visit else _day(clinic, event.made_at)
    fluids = list(_fluids(injection, people)) if injection else []
    product, lot = ({getattr(fluid, name) for fluid in fluids} for name in ("product", "lot"))
    return identified.Event(
        str(event.uid), visit, began, version.kind, version.severity, version.is_serious, version.causality,
        *(found.pop() if len(found) == 1 else "" for found in (product, lot)))  # of a mixture nobody knows which it was


def _day(clinic: Clinic, moment: datetime.datetime) -> datetime.date:
    return moment.astimezone(clinic.tzinfo).date()
