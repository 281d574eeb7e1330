"""From what a clinic knows to what may leave it: pseudonyms for numbers, moved dates, bands for ages, codes from the vocabulary.

Pure: values in, values out. What is not a code on file becomes `other`; who would stand in too small a cell is told of more
coarsely or not at all (`anonymity.py`).
"""
from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from waterneedle.registry.anonymity import NOT_TOLD, THRESHOLD, Known, age_band, coarsened, told_sex
from waterneedle.registry.identified import Course, Event, Injection, Patient, Score, Visit
from waterneedle.registry.pseudonyms import Pseudonyms
from waterneedle.registry.tables import MILLI, TABLES

OTHER = "other"
_LOT = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9./_-]{0,24}")  # as labels print them; a typed sentence is none
Row = dict[str, Any]
Extract = dict[str, list[Row]]


@dataclass(frozen=True)
class Vocabulary:
    """The codes that may leave. All else becomes `other`."""

    products: Collection[str]
    sites: Collection[str]  # points, muscles and regions
    indications: Collection[str]
    instruments: Collection[str]
    event_kinds: Collection[str]
    routes: Collection[str] = ("ID", "SC", "IM")
    techniques: Collection[str] = ("injection", "needle_only")
    severities: Collection[str] = ("mild", "moderate", "severe")
    causalities: Collection[str] = ("certain", "probable", "possible", "unlikely", "unclassified", "unassessable")


def extract(clinic_name: str, patients: Sequence[Patient], *, vocabulary: Vocabulary, pseudonyms: Pseudonyms, year: int,
            threshold: int = THRESHOLD, done: Callable[[int], None] = lambda count: None) -> Extract:
    """The rows of each table for one clinic. `year` is the one in which the extract is made. Rows come in no true order: by
    pseudonym. `done` is told after each patient how many are finished."""
    clinic = pseudonyms.clinic(clinic_name)
    ordered = sorted(patients, key=lambda patient: pseudonyms.number("patient", patient.uid))
    told = _told(ordered, vocabulary, pseudonyms, threshold)
    rows: Extract = {table: [] for table in TABLES}
    for count, (patient, known) in enumerate(zip(ordered, told, strict=True), start=1):
        if known is not None:
            for table, row in _Writer(clinic, patient, known, vocabulary, pseudonyms).rows():
                rows[table].append(row)
        done(count)
    inside = sum(known is not None for known in told)
    rows["lots"] = _lots(rows["injections"])
    counts = {"patients": inside, "left_out": len(told) - inside, "threshold": threshold}
    rows["clinics"] = [{"clinic": clinic, "year": year} | counts]
    return rows


def known_of(patient: Patient, vocabulary: Vocabulary) -> Known:
    """What whoever has the clinic's own table knows of a person, in the terms of the extract."""
    indications = sorted({_code(course.indication, vocabulary.indications) for course in patient.courses})
    return Known(told_sex(patient.sex), age_band(_years(patient.birth_date, patient.first_day)), "+".join(indications),
                 patient.first_day.toordinal())


def lot_told(lot: str) -> str:
    """The lot as the label prints it; `other` for what cannot be the number of a lot."""
    return lot if _LOT.fullmatch(lot) else (OTHER if lot else "")


@dataclass(frozen=True)
class _Writer:
    clinic: str
    patient: Patient
    known: Known
    vocabulary: Vocabulary
    pseudonyms: Pseudonyms

    def rows(self) -> Iterator[tuple[str, Row]]:
        yield "patients", self._of(self.patient.first_day) | {"sex": self.known.sex, "age_band": self.known.age_band}
        # Whose indications are not told is told of without courses: how many there are, and what was asked, would tell them.
        courses = () if self.known.indications == NOT_TOLD else self.patient.courses
        course_of = {uid: course for course in courses for uid in course.visits}
        for course in courses:
            yield from self._course(course)
        for visit in self.patient.visits:
            yield from self._visit(visit, course_of.get(visit.uid))
        for event in self.patient.events:
            yield "events", self._event(event)

    def _of(self, day: datetime.date) -> Row:
        moved = self._moved(day)
        return {"clinic": self.clinic, "year": moved.year, "patient": self.pseudonyms.number("patient", self.patient.uid)}

    def _moved(self, day: datetime.date) -> datetime.date:
        return day + datetime.timedelta(days=self.pseudonyms.shift_days(self.patient.uid))

    def _course(self, course: Course) -> Iterator[tuple[str, Row]]:
        days = {visit.uid: visit.day for visit in self.patient.visits}
        visits = [days[uid] for uid in course.visits]
        judged = _judged(course)
        number = self.pseudonyms.number("course", course.uid)
        instrument = _code(course.instrument, self.vocabulary.instruments) if judged else ""
        yield "courses", self._of(visits[0]) | {
            "course": number, "indication": _code(course.indication, self.vocabulary.indications), "sex": self.known.sex,
            "age_band": self.known.age_band, "began": self._moved(visits[0]), "instrument": instrument,
            "baseline_milli": _milli(judged[:1]), "last_milli": _milli(judged[1:][-1:]),
            "sessions": len(visits)} | followed(course, visits)
        for score in course.scores:
            yield "scores", self._of(score.day) | {
                "course": number, "session": score.session, "day": self._moved(score.day),
                "instrument": _code(score.instrument, self.vocabulary.instruments), "score_milli": round(score.score * MILLI)}

    def _visit(self, visit: Visit, course: Course | None) -> Iterator[tuple[str, Row]]:
        number = self.pseudonyms.number("visit", visit.uid)
        yield "visits", self._of(visit.day) | {
            "course": self.pseudonyms.number("course", course.uid) if course else None, "visit": number,
            "day": self._moved(visit.day), "session": course.visits.index(visit.uid) + 1 if course else None}
        for injection in visit.injections:
            yield from (("injections", row) for row in self._injection(injection, visit.day, number))

    def _injection(self, injection: Injection, day: datetime.date, visit: int) -> Iterator[Row]:
        vocabulary = self.vocabulary
        whole = self._of(day) | {
            "visit": visit, "injection": self.pseudonyms.number("injection", injection.uid), "day": self._moved(day),
            "site_kind": injection.site_kind, "site": _code(injection.site, vocabulary.sites),
            "route": _code(injection.route, vocabulary.routes), "technique": _code(injection.technique, vocabulary.techniques)}
        if not injection.fluids:
            yield whole | {"part": 0, "product": "", "lot": "", "volume_ul": 0}
        for part, fluid in enumerate(injection.fluids, start=1):
            yield whole | {"part": part, "product": _code(fluid.product, vocabulary.products), "lot": lot_told(fluid.lot),
                           "volume_ul": fluid.volume_ul}

    def _event(self, event: Event) -> Row:
        vocabulary = self.vocabulary
        return self._of(event.day) | {
            "visit": self.pseudonyms.number("visit", event.visit) if event.visit else None,
            "event": self.pseudonyms.number("event", event.uid), "day": self._moved(event.day),
            "kind": _code(event.kind, vocabulary.event_kinds), "severity": _code(event.severity, vocabulary.severities),
            "serious": event.serious, "causality": _code(event.causality, vocabulary.causalities),
            "product": _code(event.product, vocabulary.products) if event.product else "", "lot": lot_told(event.lot)}


def followed(course: Course, visits: Sequence[datetime.date]) -> Row:
    """How long a course was followed, and when relief came: in days and sessions since its first visit.

    Relief is the first score after a session that is better than the one before all of them by what matters. Who has had none was
    followed until the last score, and through the session before it: one that nobody was asked after says nothing. Who was never
    asked after a session was not followed.
    """
    judged = _judged(course)
    nothing = {"relief": False, "relief_session": None, "relief_days": None}
    later = [score for score in judged[1:] if score.session > 0]
    if not later or course.matters is None:
        return nothing | {"followed_days": 0, "followed_sessions": 0}
    sign = -1 if course.better == "lower" else 1
    first = judged[0].score
    for score in later:
        # A thousandth is the grain of a score: 7.0 to 5.0 is a change of 2, whatever binary fractions make of it.
        if round(sign * (score.score - first) * MILLI) >= round(course.matters * MILLI):
            days = max((score.day - visits[0]).days, 1)  # of the same day: a day at most
            return {"relief": True, "relief_session": score.session, "relief_days": days, "followed_days": days,
                    "followed_sessions": score.session}
    return nothing | {
        "followed_days": max((later[-1].day - visits[0]).days, 1), "followed_sessions": max(score.session for score in later)}


def _judged(course: Course) -> list[Score]:
    """The scores that a course is judged by; none where the first of them came after a session: it is no beginning."""
    scores = [score for score in course.scores if score.instrument == course.instrument]
    return scores if scores and scores[0].session == 0 else []


def _told(patients: Sequence[Patient], vocabulary: Vocabulary, pseudonyms: Pseudonyms, threshold: int) -> list[Known | None]:
    persons = [known_of(patient, vocabulary) for patient in patients]
    moved = [person.first_day + pseudonyms.shift_days(patient.uid) for person, patient in zip(persons, patients, strict=True)]
    return coarsened(persons, moved, threshold)


def _lots(injections: Iterable[Row]) -> list[Row]:
    counts: Counter[tuple[Any, ...]] = Counter()
    volumes: Counter[tuple[Any, ...]] = Counter()
    for row in injections:
        if row["lot"]:
            key = (row["clinic"], row["year"], row["product"], row["lot"])
            counts[key] += 1
            volumes[key] += row["volume_ul"]
    names = ("clinic", "year", "product", "lot", "injections", "volume_ul")
    return [dict(zip(names, (*key, counts[key], volumes[key]), strict=True)) for key in sorted(counts)]


def _milli(scores: Sequence[Score]) -> int | None:
    return round(scores[0].score * MILLI) if scores else None


def _code(code: str, allowed: Collection[str]) -> str:
    return code if code in allowed else OTHER


def _years(born: datetime.date | None, day: datetime.date) -> int | None:
    return None if born is None else day.year - born.year - ((day.month, day.day) < (born.month, born.day))
