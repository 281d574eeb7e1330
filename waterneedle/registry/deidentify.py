"""From what a clinic knows to what may leave it: pseudonyms for numbers, moved dates, bands for ages, codes from the vocabulary.

Pure: values in, values out. What is not a code on file becomes `other`; who would stand in too small a cell is told of more
coarsely or not at all (`anonymity.py`). Courses and scores are told until a cut that depends on nothing about the person; every
visit is told by itself, with days moved on its own, so that nobody is found by how often or when they came.
"""
from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from waterneedle.registry.anonymity import AND, NOT_TOLD, THRESHOLD, Known, age_band, coarsened, told_alone, told_sex
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
    until_cut = [told_until(patient, pseudonyms.cut(patient.uid)) for patient in ordered]
    told = _told(ordered, until_cut, vocabulary, pseudonyms, threshold)
    alone = _visits_told(ordered, pseudonyms, threshold)
    rows: Extract = {table: [] for table in TABLES}
    given: list[tuple[str, Row]] = []  # rows of injections with the uid of whose they are
    happened: list[tuple[str, Row]] = []  # events likewise
    for count, (patient, courses, known) in enumerate(zip(ordered, until_cut, told, strict=True), start=1):
        if known is not None:
            for table, row in _Person(clinic, patient, courses, known, vocabulary, pseudonyms).rows():
                rows[table].append(row)
        for visit in patient.visits:
            if visit.uid in alone:
                one = _Visit(clinic, visit, vocabulary, pseudonyms)
                rows["visits"].append(one.of)
                given += [(patient.uid, row) for row in one.injections()]
        happened += [(patient.uid, _event(event, clinic, vocabulary, pseudonyms)) for event in patient.events
                     if (event.visit or event.uid) in alone]
        done(count)
    # By their numbers, never as they lie with their patient.
    rows["visits"].sort(key=lambda row: row["visit"])
    given.sort(key=lambda one: (one[1]["injection"], one[1]["part"]))
    happened.sort(key=lambda one: one[1]["event"])
    _count_patients(given, "new_in_lot", ("product", "lot"), threshold)
    for name, of in (("new_in_kind", ("kind",)), ("new_in_product", ("kind", "product")), ("new_in_lot", ("kind", "lot"))):
        _count_patients(happened, name, of, threshold)
    rows["injections"], rows["events"] = ([row for _uid, row in owned] for owned in (given, happened))
    rows["lots"] = _lots(rows["injections"])
    inside, visits = sum(known is not None for known in told), sum(len(patient.visits) for patient in ordered)
    counts = {"patients": inside, "left_out": len(told) - inside, "visits_left_out": visits - len(rows["visits"]),
              "threshold": threshold}
    rows["clinics"] = [{"clinic": clinic, "year": year} | counts]
    return rows


def known_of(patient: Patient, vocabulary: Vocabulary) -> Known:
    """What whoever has the clinic's own table knows of a person, in the terms of the extract."""
    return Known(told_sex(patient.sex), age_band(_years(patient.birth_date, patient.first_day)),
                 _indications(patient.courses, vocabulary), patient.first_day.toordinal(), len(patient.visits))


def told_until(patient: Patient, cut: int) -> tuple[Course, ...]:
    """The courses that had begun by the visit number `cut`, with the scores that were asked until that visit and before its first
    puncture; all of them where there were fewer visits. Relief is censored where nothing of the person could tell."""
    if len(patient.visits) < cut:
        return patient.courses
    last, before = patient.visits[cut - 1], frozenset(visit.uid for visit in patient.visits[:cut - 1])

    def until(course: Course) -> Course:
        sessions = sum(uid in before for uid in course.visits)
        scores = tuple(one for one in course.scores if one.session <= sessions and one.day <= last.day)
        return replace(course, visits=tuple(uid for uid in course.visits if uid in before or uid == last.uid), scores=scores)

    return tuple(until(course) for course in patient.courses if course.visits[0] in before or course.visits[0] == last.uid)


def shown_visits(patient: Patient, courses: Sequence[Course]) -> int:
    """How many visits these courses show at least to whoever takes it that scores are asked at visits alone."""
    began = {visit.uid: visit.day for visit in patient.visits}
    days = [began[course.visits[0]] for course in courses] + [score.day for course in courses for score in course.scores]
    return max(1, sum(visit.day <= max(days) for visit in patient.visits)) if days else 1


def lot_told(lot: str) -> str:
    """The lot as the label prints it; `other` for what cannot be the number of a lot."""
    return lot if _LOT.fullmatch(lot) else (OTHER if lot else "")


@dataclass(frozen=True)
class _Person:
    """The rows of one patient: sex, age band, courses and scores, all days moved by the same number."""

    clinic: str
    patient: Patient
    courses: tuple[Course, ...]
    known: Known
    vocabulary: Vocabulary
    pseudonyms: Pseudonyms

    def rows(self) -> Iterator[tuple[str, Row]]:
        yield "patients", self._of(self.patient.first_day) | {"sex": self.known.sex, "age_band": self.known.age_band}
        # Whose indications are not told is told of without courses: how many there are, and what was asked, would tell them.
        for course in () if self.known.indications == NOT_TOLD else self.courses:
            yield from self._course(course)

    def _of(self, day: datetime.date) -> Row:
        return _key(self.clinic, self._moved(day)) | {"patient": self.pseudonyms.number("patient", self.patient.uid)}

    def _moved(self, day: datetime.date) -> datetime.date:
        return _moved(day, self.patient.uid, self.pseudonyms)

    def _course(self, course: Course) -> Iterator[tuple[str, Row]]:
        began = next(visit.day for visit in self.patient.visits if visit.uid == course.visits[0])
        judged = _judged(course)
        number = self.pseudonyms.number("course", course.uid)
        instrument = _code(course.instrument, self.vocabulary.instruments) if judged else ""
        yield "courses", self._of(began) | {
            "course": number, "indication": _code(course.indication, self.vocabulary.indications), "sex": self.known.sex,
            "age_band": self.known.age_band, "began": self._moved(began), "instrument": instrument,
            "baseline_milli": _milli(judged[:1]), "last_milli": _milli(judged[1:][-1:])} | followed(course, began)
        for score in course.scores:
            yield "scores", self._of(score.day) | {
                "course": number, "session": score.session, "day": self._moved(score.day),
                "instrument": _code(score.instrument, self.vocabulary.instruments), "score_milli": round(score.score * MILLI)}


@dataclass(frozen=True)
class _Visit:
    """The rows of one visit, its day moved by a number of its own."""

    clinic: str
    visit: Visit
    vocabulary: Vocabulary
    pseudonyms: Pseudonyms

    @cached_property
    def of(self) -> Row:
        day = _moved(self.visit.day, self.visit.uid, self.pseudonyms)
        return _key(self.clinic, day) | {"visit": self.pseudonyms.number("visit", self.visit.uid), "day": day}

    def injections(self) -> Iterator[Row]:
        for injection in self.visit.injections:
            yield from (self.of | row for row in self._injection(injection))

    def _injection(self, injection: Injection) -> Iterator[Row]:
        vocabulary = self.vocabulary
        whole = {
            "injection": self.pseudonyms.number("injection", injection.uid), "site_kind": injection.site_kind,
            "site": _code(injection.site, vocabulary.sites), "route": _code(injection.route, vocabulary.routes),
            "technique": _code(injection.technique, vocabulary.techniques)}
        if not injection.fluids:
            yield whole | {"part": 0, "product": "", "lot": "", "volume_ul": 0}
        for part, fluid in enumerate(injection.fluids, start=1):
            yield whole | {"part": part, "product": _code(fluid.product, vocabulary.products), "lot": lot_told(fluid.lot),
                           "volume_ul": fluid.volume_ul}


def _event(event: Event, clinic: str, vocabulary: Vocabulary, pseudonyms: Pseudonyms) -> Row:
    """An event moves with its visit, by itself where none is known."""
    day = _moved(event.day, event.visit or event.uid, pseudonyms)
    return _key(clinic, day) | {
        "visit": pseudonyms.number("visit", event.visit) if event.visit else None,
        "event": pseudonyms.number("event", event.uid), "day": day,
        "kind": _code(event.kind, vocabulary.event_kinds), "severity": _code(event.severity, vocabulary.severities),
        "serious": event.serious, "causality": _code(event.causality, vocabulary.causalities),
        "product": _code(event.product, vocabulary.products) if event.product else "", "lot": lot_told(event.lot)}


def followed(course: Course, began: datetime.date) -> Row:
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
            days = max((score.day - began).days, 1)  # of the same day: a day at most
            return {"relief": True, "relief_session": score.session, "relief_days": days, "followed_days": days,
                    "followed_sessions": score.session}
    return nothing | {
        "followed_days": max((later[-1].day - began).days, 1), "followed_sessions": max(score.session for score in later)}


def _judged(course: Course) -> list[Score]:
    """The scores that a course is judged by; none where the first of them came after a session: it is no beginning."""
    scores = [score for score in course.scores if score.instrument == course.instrument]
    return scores if scores and scores[0].session == 0 else []


def _told(patients: Sequence[Patient], until_cut: Sequence[tuple[Course, ...]], vocabulary: Vocabulary, pseudonyms: Pseudonyms,
          threshold: int) -> list[Known | None]:
    persons = [known_of(patient, vocabulary) for patient in patients]
    records = [
        replace(person, first_day=person.first_day + pseudonyms.shift_days(patient.uid),
                indications=_indications(courses, vocabulary), visits=shown_visits(patient, courses))
        for person, patient, courses in zip(persons, patients, until_cut, strict=True)]
    return coarsened(persons, records, threshold)


def _visits_told(patients: Sequence[Patient], pseudonyms: Pseudonyms, threshold: int) -> frozenset[str]:
    """The uids of visits, and of events without one, that may be told."""
    found = [(place, visit.uid, visit.day) for place, patient in enumerate(patients) for visit in patient.visits]
    found += [(place, event.uid, event.day) for place, patient in enumerate(patients) for event in patient.events
              if not event.visit]
    owners, days = (np.array([one[column] if column == 0 else one[column].toordinal() for one in found], dtype=np.int64)
                    for column in (0, 2))
    moved = days + np.array([pseudonyms.shift_days(uid) for _place, uid, _day in found], dtype=np.int64)
    told = told_alone(owners, days, moved, threshold)
    return frozenset(uid for (_place, uid, _day), is_told in zip(found, told.tolist(), strict=True) if is_told)


def _count_patients(owned: Sequence[tuple[str, Row]], name: str, of: tuple[str, ...], threshold: int) -> None:
    """Say in each row whether it counts its patient among those with the same values `of`: the first by its number does. Where
    they are fewer than `threshold` the first row alone does, for how many rows one patient has would show."""
    patients: dict[tuple[str, ...], set[str]] = {}
    cells = [patients.setdefault(tuple(row[column] for column in of), set()) for _uid, row in owned]
    for cell, (uid, row) in zip(cells, owned, strict=True):
        row[name] = uid not in cell
        cell.add(uid)
    for cell, (_uid, row) in zip(cells, owned, strict=True):
        if len(cell) < threshold:
            row[name] = bool(cell)
            cell.clear()


def _key(clinic: str, day: datetime.date) -> Row:
    return {"clinic": clinic, "year": day.year}


def _moved(day: datetime.date, uid: str, pseudonyms: Pseudonyms) -> datetime.date:
    return day + datetime.timedelta(days=pseudonyms.shift_days(uid))


def _indications(courses: Iterable[Course], vocabulary: Vocabulary) -> str:
    return AND.join(sorted({_code(course.indication, vocabulary.indications) for course in courses}))


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
