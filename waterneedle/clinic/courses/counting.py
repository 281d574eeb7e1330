"""How people like this went, from the clinic's own courses: counted when a visit is signed or something is answered.

Each patient counts once for an indication, with the first course. Who has had no relief counts as followed through the last
session after which a score was given, never longer: a session that nobody was asked after says nothing.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.courses.measuring import Measured, measured
from waterneedle.clinic.courses.models import Counted, Course
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.outcomes.rates import Rate, rate

FEWEST = 20  # people below which nothing is said; our judgement, the same as that of the forecast
FEWEST_AT_RISK = 5  # people still followed, below which the curve ends; our judgement, the same as that of the forecast


@dataclass(frozen=True)
class Step:
    """By a session: the share that has had relief, and its limits."""

    session: int
    share: float
    low: float
    high: float
    at_risk: int


@dataclass(frozen=True)
class Like:
    """How people like this went: `people` of the same indication and band, or of the indication where those are too few."""

    people: int
    is_same_band: bool
    responders: Rate | None
    steps: tuple[Step, ...]
    median: int | None

    def by(self, session: int) -> Step | None:
        """The step at a session; beyond the last one with enough people, that one."""
        known = [one for one in self.steps if one.session <= session]
        return known[-1] if known else None


def count(course: Course) -> None:
    """Count a course anew, after anything it rests on has changed."""
    clear = Counted.objects.filter(clinic_id=course.clinic_id, course=course)
    known = measured(course)
    row = counted(known) if _is_first(course) else None
    if row is None:
        clear.delete()
    else:
        Counted.objects.update_or_create(clinic_id=course.clinic_id, course=course, defaults=row)


def count_patient(patient: Patient) -> None:
    """Count all courses of a patient anew: a visit was signed or struck, or something was answered."""
    for one in Course.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient)):
        one.patient = patient  # of a record that was joined into this one all counts that is known of the person
        count(one)


def counted(known: Measured) -> dict[str, Any] | None:
    """What a course adds; None for one that nothing can be told from."""
    first, later = known.judged.first, known.judged.later
    if known.indication.matters is None or first is None or not later or (known.ended and known.ended.reason == "mistake"):
        return None
    return {
        "indication": known.indication.id, "band": known.band, "sessions": max(one.sessions for one in later),
        "relief_session": known.relief_session, "first_score": first.value, "last_score": later[-1].value}


def _is_first(course: Course) -> bool:
    same = Course.objects.filter(
        clinic_id=course.clinic_id, patient_id__in=records_of(course.patient), indication=course.indication)
    first = same.exclude(ends__reason="mistake").order_by("began_on", "pk").first()
    return first is not None and first.pk == course.pk


# --- read


def like(clinic: Clinic, indication: str, band: str) -> Like | None:
    """How people of this indication and band went; of the whole indication where the band has too few; None below FEWEST."""
    return _like(tuple(_counts(clinic.pk, indication)), band)


def cells(clinic: Clinic) -> tuple[tuple[str, str, int | None, int, int], ...]:
    """All counts of the clinic: indication, band, session of relief or None, sessions followed, people."""
    return tuple(_all_counts(clinic.pk))


def forecast_for(clinic: Clinic, indication: str, band: str) -> Any:
    """The forecast for somebody new; None where too little is on file."""
    return _forecast(cells(clinic), indication, band)


def first_scores(clinic: Clinic, indication: str) -> list[float]:
    return _first_scores(clinic.pk, indication)


@functools.lru_cache(maxsize=512)
def _like(rows: tuple[tuple[str, int | None, int, int], ...], band: str) -> Like | None:
    from waterneedle.outcomes.survival import counted, kaplan_meier  # late: slow (numpy)

    same = [one for one in rows if one[0] == band]
    is_same = sum(one[3] for one in same) >= FEWEST
    chosen = same if is_same else rows
    people = sum(one[3] for one in chosen)
    if people < FEWEST:
        return None
    durations = [relief or sessions for _band, relief, sessions, number in chosen for _one in range(number)]
    observed = [relief is not None for _band, relief, _sessions, number in chosen for _one in range(number)]
    curve = kaplan_meier(counted(durations, observed))
    shares = [(int(time), curve.had_it_by(time)) for time in curve.counts.times]
    steps = tuple(Step(time, *found, int(risk)) for (time, found), risk in zip(shares, curve.counts.at_risk, strict=True)
                  if risk >= FEWEST_AT_RISK)
    median = next((one.session for one in steps if one.share >= 0.5), None)
    return Like(people, is_same, rate(sum(observed), people), steps, median)


@functools.lru_cache(maxsize=512)
def _forecast(rows: tuple[tuple[str, str, int | None, int, int], ...], indication: str, band: str) -> Any:
    from waterneedle.outcomes.forecast import Cell, Key, forecast  # late: slow (numpy)

    longest = max((row[3] for row in rows), default=0)
    events: dict[Any, list[int]] = defaultdict(lambda: [0] * longest)
    censored: dict[Any, list[int]] = defaultdict(lambda: [0] * longest)
    for named, of, relief, sessions, number in rows:
        into, place = (censored, sessions) if relief is None else (events, relief)
        into[Key(named, of)][place - 1] += number
    keys = {*events, *censored}
    return forecast({key: Cell(tuple(events[key]), tuple(censored[key])) for key in keys}, Key(indication, band))


@prepared
def _counts(clinic_id: int, indication: str) -> QuerySet[Any]:
    rows = Counted.objects.filter(clinic_id=clinic_id, indication=indication).order_by("band", "relief_session", "sessions")
    return rows.values("band", "relief_session", "sessions").annotate(people=Count("pk")).values_list(
        "band", "relief_session", "sessions", "people")


@prepared
def _all_counts(clinic_id: int) -> QuerySet[Any]:
    rows = Counted.objects.filter(clinic_id=clinic_id).order_by("indication", "band", "relief_session", "sessions")
    return rows.values("indication", "band", "relief_session", "sessions").annotate(people=Count("pk")).values_list(
        "indication", "band", "relief_session", "sessions", "people")


@prepared
def _first_scores(clinic_id: int, indication: str) -> QuerySet[Any]:
    return Counted.objects.filter(clinic_id=clinic_id, indication=indication).values_list("first_score", flat=True)
