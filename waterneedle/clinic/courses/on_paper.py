"""A course on paper: goal, where the patient stands, the scores drawn with the injections beneath, and the same in a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from waterneedle.clinic import paper
from waterneedle.clinic.courses import queries
from waterneedle.clinic.courses.models import Course
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.web import words

TEMPLATE = Path(__file__).with_name("course.typ")


def course_pdf(course: Course) -> bytes:
    return paper.render(TEMPLATE, course_values(course))


def course_values(course: Course) -> dict[str, Any]:
    page = queries.page_of(course)
    said, agreed, patient = page.row.said, page.known.agreed, course.patient
    ended = page.known.ended
    closed = _("Ended %(when)s: %(why)s") % {
        "when": words.day(ended.ended_on), "why": ended.get_reason_display()} if ended else ""
    sentences = [" · ".join(filter(None, (closed, ended.note if ended else ""))), said.alert, said.stands, said.matters,
                 said.missing, said.caution]
    return {
        "title": _("Course of treatment: %(what)s") % {"what": page.row.title},
        "language": get_language() or "en",
        "foot": _who(patient),
        "facts": [
            [_("Patient"), _who(patient)],
            [_("Goal"), agreed.goal],
            [_("Sessions"), _("%(done)d of %(planned)d, review after %(review)d") % {
                "done": page.row.done, "planned": agreed.planned, "review": agreed.review_after}],
            [_("From"), words.day(course.began_on)],
        ],
        "stands_heading": pgettext("course", "Where it stands"),
        "sentences": [one for one in sentences if one],
        "like_heading": _("How people like this went here"),
        "like": [one for one in (said.like, said.forecast) if one],
        "known_heading": _("What studies found"),
        "known": [f"“{one.statement.text}” {one.verdict} {one.counted}" for one in page.claims],
        "picture": _drawing(page),
        "table_heading": _("Scores"),
        "table_head": [_("When"), _("After sessions"), *page.names],
        "table": [[when, sessions, *scores] for when, sessions, scores in page.table],
        "sessions_heading": _("Sessions"),
        "sessions_head": [_("Session"), _("Day"), _("Injections")],
        "sessions": [[str(one.number), one.day, one.sites] for one in page.sessions],
    }


def _drawing(page: queries.Page) -> dict[str, Any] | None:
    picture = page.picture
    if picture is None:
        return None
    return {
        "width": picture.width, "height": picture.height, "left": picture.left, "right": picture.right,
        "beneath": picture.beneath, "first": picture.first_day, "last": picture.last_day,
        "said": _("Scores over the course, with the sessions beneath"),
        "level_said": _("The broken line is where a change that matters begins.") if picture.has_level else "",
        "strips": [
            {"name": one.name, "top": one.top, "bottom": one.bottom, "low": one.low, "high": one.high,
             "points": [[x, y] for x, y, _value in one.points], "level": one.matters_y} for one in picture.strips],
        "marks": [[one.x, str(one.number)] for one in picture.marks],
    }


def _who(patient: Patient) -> str:
    return " · ".join(part for part in (patient.name, words.day(patient.birth_date)) if part)
