"""What was measured in a course, session by session: each score with how many sessions came before it.

A session is a visit at which a needle went in. A score counts for the course from the 30 days before its first day until 120 days
after its last, but not once the person was treated again. What has too few answers gives no score, and a gap stays a gap. "Pain
now" of the chart, asked before the first puncture, stands beside what the patient answered.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db.models import OuterRef, QuerySet, Subquery

from waterneedle import knowledge
from waterneedle.clinic.courses.models import Agreed, Course, Ended
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.intake.models import Answers
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits.models import Injection, Signature, Strike, Visit
from waterneedle.knowledge import Indication, Instrument
from waterneedle.outcomes import change

BEFORE = datetime.timedelta(days=30)  # how old a first score may be; our judgement
AFTER = datetime.timedelta(days=120)  # until when after the last day a score still belongs to the course; our judgement
PAIN_NOW = "pain-now-0-10"  # what the chart asks before the first puncture


@dataclass(frozen=True)
class Session:
    """A signed visit of the course: when the first needle went in, and the pain that was said before the first puncture."""

    visit_id: int
    uid: Any
    day: datetime.date
    at: datetime.datetime
    pain_before: int | None


@dataclass(frozen=True)
class Score:
    """One score and how many sessions came before it. `named` is what it is about, in the patient's words."""

    at: datetime.datetime
    sessions: int
    value: float
    named: str = ""
    parts: tuple[float, ...] = ()  # of a sum, which by itself says little: days with an infection, courses of antibiotics
    uid: Any = None  # of the answers; None for the pain that the chart asked
    about: str = ""


@dataclass(frozen=True)
class Series:
    """The scores of one instrument, the oldest first."""

    instrument: Instrument
    scores: tuple[Score, ...]

    @property
    def first(self) -> Score | None:
        """The last one before the first session, else the first there is."""
        before = [one for one in self.scores if one.sessions == 0]
        return before[-1] if before else next(iter(self.scores), None)

    @property
    def last(self) -> Score | None:
        """The newest one after a session; None while there is none."""
        return self.later[-1] if self.later else None

    @property
    def later(self) -> tuple[Score, ...]:
        first = self.first
        return tuple(one for one in self.scores if first is not None and one.sessions > 0 and one.at > first.at)


@dataclass(frozen=True)
class Measured:
    """A course with its sessions and its scores. The first of `series` is the one it is judged by."""

    course: Course
    agreed: Agreed
    ended: Ended | None
    indication: Indication
    sessions: tuple[Session, ...]
    series: tuple[Series, ...]

    @property
    def judged(self) -> Series:
        return self.series[0]

    @property
    def moved(self) -> change.Moved | None:
        """How far the score that counts has moved; None while there are not two of it."""
        first, last = self.judged.first, self.judged.last
        if first is None or last is None:
            return None
        return change.moved(self.judged.instrument, self.indication, first.value, last.value)

    @property
    def has_room(self) -> bool:
        """Whether a change that matters can be reached from where it began."""
        first = self.judged.first
        return first is None or change.has_room(self.judged.instrument, self.indication, first.value)

    @property
    def begins_late(self) -> bool:
        """Whether the first score came after a session: how it was before is not known then."""
        return self.judged.first is not None and self.judged.first.sessions > 0

    @property
    def band(self) -> str:
        first = self.judged.first
        return change.band(self.indication, first.value if first and not self.begins_late else None)

    @property
    def relief_session(self) -> int | None:
        first = self.judged.first
        if first is None:
            return None
        later = [(one.sessions, one.value) for one in self.judged.later]
        return change.relief_session(self.judged.instrument, self.indication, first.value, later)

    @property
    def followed(self) -> int:
        """The last session after which a score was given; 0 while there is none."""
        return max((one.sessions for one in self.judged.later), default=0)

    @property
    def missing(self) -> int:
        """After how many of the sessions nothing was answered that the course is judged by. After the newest one of an open
        course the answer is still to come."""
        if self.judged.instrument.over_days:
            return 0  # not asked after each
        known = {one.sessions for one in self.judged.scores}
        return sum(number not in known for number in range(1, len(self.sessions) + (self.ended is not None)))

    @property
    def is_due_for_review(self) -> bool:
        return self.ended is None and len(self.sessions) >= self.agreed.review_after

    @property
    def should_stop(self) -> bool:
        """The agreed number is reached, and what has changed does not matter as it stands: one good answer may be error. Where no
        change that matters has room, only who got worse is told to."""
        can_tell = self.has_room or (self.moved is not None and self.moved.points < 0)
        return self.is_due_for_review and can_tell and not (self.moved and self.moved.matters)

    @property
    def has_not_lasted(self) -> bool:
        """There was a change that matters, and it is there no more."""
        return self.relief_session is not None and not (self.moved and self.moved.matters)


def measured(course: Course, records: Sequence[int] | None = None) -> Measured:
    """Everything that is known of a course now."""
    rows = records_of(course.patient) if records is None else records
    return _put_together(course, _visits(course.clinic_id, rows), _answers(course.clinic_id, rows))


def measured_courses(patient: Patient) -> list[Measured]:
    """All courses of a patient, the newest first."""
    rows = records_of(patient)
    courses = _courses(patient.clinic_id, rows)
    if not courses:
        return []
    visits, answers = _visits(patient.clinic_id, rows), _answers(patient.clinic_id, rows)
    for one in courses:
        one.clinic, one.patient = patient.clinic, patient  # what is asked for by an old address belongs to the kept record
    found = [_put_together(one, visits, answers) for one in courses]
    return sorted(found, key=lambda one: (one.ended is None, one.course.began_on, one.course.pk), reverse=True)


def instruments_of(agreed: Agreed, indication: Indication) -> list[str]:
    """What is asked in a course, the one that it is judged by first."""
    known = knowledge.instruments()
    return [one for one in dict.fromkeys([indication.first, *agreed.measures]) if one in known]


def indication_of(course: Course) -> Indication:
    """The indication of a course; one that is no longer on file stands as the patient's own words."""
    known = knowledge.indications()
    return known.get(course.indication, known["other"])


def _put_together(course: Course, visits: Sequence[Any], answers: Sequence[Any]) -> Measured:
    agreed = _agreed(course.clinic_id, course.pk)[0]
    ended = next(iter(_ended(course.clinic_id, course.pk)), None)
    until = ended.ended_on if ended else datetime.date.max
    zone = course.clinic.tzinfo
    treated = sorted((session_of(one, zone) for one in visits), key=lambda one: (one.at, one.visit_id))
    after = [one for one in treated if ended is not None and (one.day > until or one.at > ended.made_at)]
    sessions = tuple(one for one in treated if one.day >= course.began_on and one not in after)
    indication = indication_of(course)
    asked = instruments_of(agreed, indication)
    begin = course.began_on - BEFORE
    end = until if ended is None else until + AFTER
    found: dict[str, list[Score]] = defaultdict(list)
    for instrument, value, at, named, given, uid, about in answers:
        # What was named before, or for another course, is another question: its answers are no beginning of this one.
        if after and at > after[0].at:
            continue  # what came of the next treatment
        if begin <= at.astimezone(zone).date() <= end and (not named or not agreed.named or named == agreed.named):
            parts = _parts(instrument, given)
            found[instrument].append(Score(at, sum(one.at < at for one in sessions), value, named, parts, uid, about))
    for number, one in enumerate(sessions):
        if one.pain_before is not None:
            found[PAIN_NOW].append(Score(one.at, number, float(one.pain_before)))
    extra = [one for one in indication.measured_here if found[one] and one not in asked]
    instruments = knowledge.instruments()
    series = tuple(
        Series(instruments[one], tuple(sorted(found[one], key=lambda score: score.at))) for one in [*asked, *extra])
    return Measured(course, agreed, ended, indication, sessions, series)


def session_of(row: Sequence[Any], zone: datetime.tzinfo) -> Session:
    """What is answered after the first needle is no answer before it. It went in before the signature and on the day of the
    visit, whenever it was written down."""
    visit_id, uid, day, signed_at, given_at, pain_before = row
    over_at = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(0), zone)
    return Session(visit_id, uid, day, min(given_at, signed_at, over_at), pain_before)


def _parts(instrument: str, given: str) -> tuple[float, ...]:
    known = knowledge.instruments().get(instrument)
    if known is None or known.scoring != "sum":
        return ()
    answers = msgspec.json.decode(given)
    return tuple(answers[item.id] for item in known.items if item.id in answers)


# --- the statements


@prepared
def _courses(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    return Course.objects.filter(clinic_id=clinic_id, patient_id__in=records)


@prepared
def _agreed(clinic_id: int, course: int) -> QuerySet[Any]:
    return Agreed.objects.filter(clinic_id=clinic_id, course_id=course).order_by("-number")[:1]


@prepared
def _ended(clinic_id: int, course: int) -> QuerySet[Any]:
    return Ended.objects.filter(clinic_id=clinic_id, course_id=course)


@prepared
def _visits(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    visit: dict[str, Any] = {"clinic_id": clinic_id, "visit_id": OuterRef("pk")}
    struck = Strike.objects.filter(**visit, struck_at__isnull=False)
    rows = Visit.objects.filter(clinic_id=clinic_id, patient_id__in=records)
    given = Injection.objects.filter(**visit, given_at__isnull=False).order_by("given_at")
    rows = rows.annotate(
        at=Subquery(Signature.objects.filter(**visit).values("signed_at")[:1]), struck=Subquery(struck.values("pk")[:1]),
        given_at=Subquery(given.values("given_at")[:1]))
    treated = rows.filter(at__isnull=False, given_at__isnull=False, struck=None)
    return treated.values_list("pk", "uid", "day", "at", "given_at", "pain_before")


@prepared
def _answers(clinic_id: int, records: Sequence[int]) -> QuerySet[Any]:
    rows = Answers.objects.filter(clinic_id=clinic_id, patient_id__in=records, replaced_by=None, score__isnull=False)
    return rows.values_list("instrument", "score", "answered_at", "named", "answers", "uid", "about")
