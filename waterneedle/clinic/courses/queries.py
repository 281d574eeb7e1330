"""What the page of a course shows: the drawing, the same in a table, the figures behind the sentences, and the sessions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404

from waterneedle import knowledge
from waterneedle.clinic.courses import counting, plot
from waterneedle.clinic.courses.evidence import ClaimRow
from waterneedle.clinic.courses.evidence import row_of as claim_row
from waterneedle.clinic.courses.measuring import Measured, Score, Series, measured
from waterneedle.clinic.courses.models import Agreed, Course
from waterneedle.clinic.courses.panel import Row, row_of
from waterneedle.clinic.courses.saying import amount, forecast_of, in_language, whole
from waterneedle.clinic.intake.models import Answers
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits.models import Injection, Status
from waterneedle.clinic.web.words import day, moment, number
from waterneedle.knowledge import Instrument, Source

IMPRESSION = "global-impression"  # how much has changed, in the patient's own judgement
IN = (Status.GIVEN, Status.STOPPED)


@dataclass(frozen=True)
class Figures:
    """A change that matters, or the error of a score, as it is on file. Doubtful: measured with another scale.

    `points` are in words, in the unit of the score; empty where the source gives per cent alone.
    """

    kind: str
    points: str
    percent: str
    population: str
    source: Source
    counts: bool
    doubtful: bool


@dataclass(frozen=True)
class Question:
    """What is known of one question of the course, the one that it is judged by first."""

    name: str
    figures: tuple[Figures, ...]


@dataclass(frozen=True)
class SessionRow:
    number: int
    uid: UUID
    day: str
    sites: str


@dataclass(frozen=True)
class Page:
    """A course as its page and its paper show it."""

    row: Row
    picture: plot.Picture | None
    names: tuple[str, ...]
    table: tuple[tuple[str, str, tuple[str, ...]], ...]  # when, after how many sessions, each score
    sessions: tuple[SessionRow, ...]
    questions: tuple[Question, ...]
    unknown: tuple[str, ...]  # the questions of which nothing is on file
    agreements: tuple[Agreed, ...]
    like: counting.Like | None
    forecast: Any

    @property
    def lines(self) -> list[tuple[str, str, list[tuple[str, str]]]]:
        """The table with the name of its question beside each score, for a screen that shows no columns."""
        return [(when, sessions, list(zip(self.names, scores, strict=True))) for when, sessions, scores in self.table]
    asked: tuple[tuple[str, str], ...]  # instruments that can be entered here, with their names
    entered: tuple[tuple[UUID, str], ...]  # what was answered for this course and can be corrected, the newest first
    claims: tuple[ClaimRow, ...]  # what is said of treating this, and what is known

    @property
    def known(self) -> Measured:
        return self.row.known


def course_of(patient: Patient, uid: UUID) -> Course:
    """The course of an address, which is this patient's; 404 for any other."""
    rows = Course.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient), uid=uid)
    found = rows.select_related("clinic").first()
    if found is None:
        raise Http404
    found.patient = patient
    return found


def page_of(course: Course) -> Page:
    known = measured(course)
    sites, counts = _sites(known)
    shown = [one for one in known.series if one.scores]
    clinic, indication, seen = course.clinic, known.indication, counting.seen_beside(known)
    return Page(
        row=row_of(known),
        picture=plot.picture(known, counts),
        names=tuple(in_language(one.instrument.name) for one in shown),
        table=_table(known),
        sessions=tuple(
            SessionRow(place, one.uid, day(one.day), ", ".join(sites[one.visit_id]))
            for place, one in enumerate(known.sessions, 1)),
        questions=tuple(Question(in_language(one.name), _figures(known, one)) for one in _asked(known) if one.changes),
        unknown=tuple(in_language(one.name) for one in _asked(known) if not one.changes),
        agreements=tuple(Agreed.objects.filter(clinic=clinic, course=course).select_related("made_by").order_by("-number")),
        like=counting.like(seen, indication.id, known.band) if indication.matters else None,
        forecast=forecast_of(known, seen),
        claims=tuple(claim_row(knowledge.claims()[one]) for one in indication.claims),
        entered=tuple(
            (score.uid, f"{moment(score.at)} · {in_language(series.instrument.name)}: {whole(series.instrument, score)}")
            for score, series in sorted(_entered(known), key=lambda pair: pair[0].at, reverse=True)),
        asked=tuple((one, in_language(knowledge.instruments()[one].name)) for one in entered_here(known)),
    )


def entered(known: Measured, uid: UUID) -> Answers:
    """Answers that were given for this course; 404 for any other: those of a check-in or a trial are not corrected here."""
    if uid not in {score.uid for score, _series in _entered(known)}:
        raise Http404
    return Answers.objects.get(clinic_id=known.course.clinic_id, uid=uid)


def _entered(known: Measured) -> list[tuple[Score, Series]]:
    return [(score, one) for one in known.series for score in one.scores
            if score.uid is not None and score.about == str(known.course.uid)]


def entered_here(known: Measured) -> tuple[str, ...]:
    """The instruments that somebody can enter on the page of a course."""
    return tuple(dict.fromkeys([*(one.instrument.id for one in known.series), *known.indication.measured_here]))


def _table(known: Measured) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    shown = [one for one in known.series if one.scores]
    at: dict[Any, dict[int, str]] = defaultdict(dict)
    sessions: dict[Any, int] = {}
    for place, series in enumerate(shown):
        for one in series.scores:
            at[one.at][place] = whole(series.instrument, one)
            sessions[one.at] = one.sessions
    return tuple(
        (moment(when), str(sessions[when]), tuple(found.get(place, "–") for place in range(len(shown))))
        for when, found in sorted(at.items()))


def _sites(known: Measured) -> tuple[dict[int, list[str]], dict[int, int]]:
    visits = [one.visit_id for one in known.sessions]
    rows = Injection.objects.filter(clinic_id=known.course.clinic_id, visit_id__in=visits, status__in=IN)
    sites: dict[int, list[str]] = defaultdict(list)
    for one in rows.order_by("visit_id", "seq"):
        sites[one.visit_id].append(f"{one}{'' if one.volume_ml is None else f' {number(one.volume_ml)} mL'}")
    return sites, {visit: len(found) for visit, found in sites.items()}


def _asked(known: Measured) -> list[Instrument]:
    """Of which changes may be named: a score that itself tells of the change since the beginning is none of them."""
    found = (knowledge.instruments()[one] for one in entered_here(known))
    return [one for one in found if one.better != "neither" and one.id != IMPRESSION]


def _figures(known: Measured, instrument: Instrument) -> tuple[Figures, ...]:
    indication, sources = known.indication, knowledge.sources()
    counting_ones = {("mcid", indication.matters), ("sem", indication.error)}
    used = {(kind, figure.points, figure.source) for kind, figure in counting_ones if figure is not None}
    return tuple(
        Figures(one.kind, amount(instrument, one.points), number(one.percent), one.population, sources[one.citation.source],
                instrument == known.judged.instrument and (one.kind, one.points, one.citation.source) in used, one.transferred)
        for one in instrument.changes)
