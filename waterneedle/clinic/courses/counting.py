"""How people like this went, from the clinic's own courses: counted when a visit is signed or something is answered.

What is counted of a clinic is read at most once a minute: figures of many people do not hang on the last one.

Each patient counts once for an indication, with the first course. Who has had no relief counts as followed through the last
session after which a score was given, never longer: a session that nobody was asked after says nothing.
"""

from __future__ import annotations

import functools
import math
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, F, QuerySet, Sum

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.courses.measuring import Measured, measured
from waterneedle.clinic.courses.models import Counted, Course
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.outcomes.change import Others
from waterneedle.outcomes.rates import Rate, rate

FEWEST = 20  # people below which nothing is said; our judgement. The forecast asks for more
FEWEST_AT_RISK = 5  # people still followed, below which the curve ends; our judgement, the same as that of the forecast


@dataclass(frozen=True)
class Step:
    """By a session: the share that has had relief, and its limits. While nobody has, the upper one is the exact one of none among
    those still followed: the formula of the curve knows no error before its first step."""

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
    forget(course.clinic_id)
    clear = Counted.objects.filter(clinic_id=course.clinic_id, course=course)
    known = measured(course)
    row = counted(known) if course.patient.retracted_at is None and _is_first(course) else None
    if row is None:
        clear.delete()
    else:
        Counted.objects.update_or_create(clinic_id=course.clinic_id, course=course, defaults=row)


def count_patient(patient: Patient) -> None:
    """Count all courses of a patient anew: a visit was signed or struck, something was answered, or records were joined."""
    for one in Course.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient)):
        one.patient = patient  # of a record that was joined into this one all counts that is known of the person
        count(one)


def counted(known: Measured) -> dict[str, Any] | None:
    """What a course adds; None for one that nothing can be told from: without a score before the first session there is no change
    since it, and from one that leaves no room for a change that matters there can be none."""
    first, later = known.judged.first, known.judged.later
    if known.indication.matters is None or (known.ended and known.ended.reason == "mistake"):
        return None
    if first is None or first.sessions > 0 or not later or not known.has_room:
        return None
    return {
        "indication": known.indication.id, "band": known.band, "sessions": known.followed,
        "relief_session": known.relief_session, "first_score": first.value, "last_score": later[-1].value}


def _is_first(course: Course) -> bool:
    same = Course.objects.filter(
        clinic_id=course.clinic_id, patient_id__in=records_of(course.patient), indication=course.indication)
    first = same.exclude(ends__reason="mistake").order_by("began_on", "pk").first()
    return first is not None and first.pk == course.pk


# --- read


class Row(NamedTuple):
    """How many people of an indication and band had relief after so many sessions, or none in so many; and their first scores."""

    indication: str
    band: str
    relief_session: int | None
    sessions: int
    people: int
    first_scores: float  # their sum
    squares: float  # the sum of their squares


Rows = tuple[Row, ...]
_CELL = ("indication", "band", "relief_session", "sessions")
_KEPT_S = 60.0
_rate = functools.lru_cache(maxsize=1024)(rate)  # an exact interval takes milliseconds, and many ask for the same
_kept: dict[int, tuple[float, Rows]] = {}


def rows_of(clinic: Clinic) -> Rows:
    """All counts of the clinic, not older than a minute."""
    until, rows = _kept.get(clinic.pk, (0.0, ()))
    if until < time.monotonic():
        rows = tuple(Row(*one) for one in _counts(clinic.pk))
        _kept[clinic.pk] = (time.monotonic() + _KEPT_S, rows)
    return rows


def forget(clinic_id: int | None = None) -> None:
    """Read the counts of a clinic, or of all, anew when they are asked for next."""
    if clinic_id is None:
        _kept.clear()
    else:
        _kept.pop(clinic_id, None)


@dataclass(frozen=True)
class Seen:
    """What was counted in the clinic, and which of it is this person's own: how somebody went so far is no evidence of how they
    will go."""

    everybody: Rows
    own: Rows = ()

    @functools.cached_property
    def others(self) -> Rows:
        return functools.reduce(_without, self.own, self.everybody)


def seen_beside(known: Measured) -> Seen:
    """What the clinic has seen, for somebody of whom so much is known."""
    course = known.course
    own = _own(course.clinic_id, records_of(course.patient), known.indication.id)
    return Seen(rows_of(course.clinic), tuple(Row(*one[:4], 1, one[4], one[4] * one[4]) for one in own))


def _without(rows: Rows, own: Row) -> Rows:
    """`rows` with one person fewer; the same where that person is not in them yet."""
    place = next((place for place, one in enumerate(rows) if one[:4] == own[:4]), None)
    if place is None:
        return rows
    left = Row(*own[:4], *(total - part for total, part in zip(rows[place][4:], own[4:], strict=True)))
    return rows[:place] + ((left,) if left.people else ()) + rows[place + 1 :]


def like(seen: Seen, indication: str, band: str) -> Like | None:
    """How others of this indication and band went; of the whole indication where the band has too few; None below FEWEST."""
    of_indication = [one for one in seen.others if one.indication == indication]
    same = [one for one in of_indication if one.band == band]
    is_same = _people(same) >= FEWEST
    chosen = same if is_same else of_indication
    people = _people(chosen)
    if people < FEWEST:
        return None
    steps = _steps(tuple(_count(one) for one in chosen))
    relieved = sum(one.people for one in chosen if one.relief_session is not None)
    return Like(people, is_same, _rate(relieved, people), steps, next((one.session for one in steps if one.share >= 0.5), None))


def forecast_for(seen: Seen, indication: str, band: str) -> Any:
    """The forecast for somebody new; None where too little is on file. What is the person's own under another band still weighs
    in it, through what the bands of an indication have in common."""
    found = _forecast(seen.everybody, indication, band)
    for one in seen.own:
        if found and one.band == band:
            found = found.without(one.relief_session or one.sessions, relieved=one.relief_session is not None)
    return found


def first_scores(seen: Seen, indication: str) -> Others | None:
    """Mean and spread of the first scores of others for an indication; None below FEWEST."""
    same = [one for one in seen.others if one.indication == indication]
    people = _people(same)
    if people < FEWEST:
        return None
    mean = sum(one.first_scores for one in same) / people
    variance = max(0.0, sum(one.squares for one in same) - people * mean * mean) / (people - 1)
    return Others(people, mean, math.sqrt(variance))


def _people(rows: Iterable[Row]) -> int:
    return sum(one.people for one in rows)


@functools.lru_cache(maxsize=512)
def _steps(counts: tuple[tuple[int | None, int, int], ...]) -> tuple[Step, ...]:
    """The curve of people, each count as session of relief, sessions followed and how many."""
    import numpy as np  # late: slow

    from waterneedle.outcomes.survival import Counts, kaplan_meier  # late: slow (numpy)

    events, censored = _by_session(counts)
    curve = kaplan_meier(Counts(np.arange(1, len(events) + 1), np.array(events), np.array(censored)))
    shares = [(int(time), curve.had_it_by(time)) for time in curve.counts.times]
    return tuple(_step(time, found, int(risk)) for (time, found), risk in zip(shares, curve.counts.at_risk, strict=True)
                 if risk >= FEWEST_AT_RISK)


def _step(time: int, found: tuple[float, float, float], risk: int) -> Step:
    share, low, high = found
    return Step(time, share, low, _rate(0, risk).high if share == 0 else high, risk)


@functools.lru_cache(maxsize=512)
def _forecast(rows: Rows, indication: str, band: str) -> Any:
    from waterneedle.outcomes.forecast import Cell, Key, forecast  # late: slow (numpy)

    cells: dict[Any, list[Row]] = defaultdict(list)
    for one in rows:
        cells[Key(one.indication, one.band)].append(one)
    longest = max((one.sessions for one in rows), default=0)
    counts = {key: Cell(*_by_session(map(_count, found), longest)) for key, found in cells.items()}
    return forecast(counts, Key(indication, band))


def _count(row: Row) -> tuple[int | None, int, int]:
    return row.relief_session, row.sessions, row.people


def _by_session(counts: Iterable[tuple[int | None, int, int]], longest: int = 0) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """How many had relief after each session, and how many were last seen there without any."""
    counts = list(counts)
    longest = longest or max((sessions for _relief, sessions, _people in counts), default=0)
    events, censored = [0] * longest, [0] * longest
    for relief, sessions, people in counts:
        if relief is None:
            censored[sessions - 1] += people
        else:
            events[relief - 1] += people
    return tuple(events), tuple(censored)


@prepared
def _counts(clinic_id: int) -> QuerySet[Any]:
    rows = Counted.objects.filter(clinic_id=clinic_id).order_by(*_CELL).values(*_CELL)
    sums = rows.annotate(people=Count("pk"), first=Sum("first_score"), squares=Sum(F("first_score") * F("first_score")))
    return sums.values_list(*_CELL, "people", "first", "squares")


@prepared
def _own(clinic_id: int, records: Sequence[int], indication: str) -> QuerySet[Any]:
    courses = Course.objects.filter(clinic_id=clinic_id, patient_id__in=records, indication=indication)
    return Counted.objects.filter(clinic_id=clinic_id, course__in=courses.values("pk")).values_list(*_CELL, "first_score")
