"""What the law of a place asks of a course, what its source left open, and a course laid out to meet it.

Nothing is made up: where the law names no hours the template has none either, and says so.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from waterneedle import knowledge
from waterneedle.clinic.training.models import Course, HourClass, Module, SkillKind
from waterneedle.clinic.training.questions.item import cited
from waterneedle.clinic.training.topics import said
from waterneedle.knowledge import Period

EMERGENCY_TOPICS = frozenset(("im_epinephrine", "oxygen", "adverse_reactions"))
READ_AT_MOST = 5
_CERTAINTY = ("high", "moderate", "low", "very_low")

# What is to be seen before somebody injects alone: our judgement, for no law on file names a checklist.
SKILLS = (
    (SkillKind.POINTS, gettext_noop("Finds ten points by their landmarks on a person, and says what lies beneath")),
    (SkillKind.ASEPSIS, gettext_noop("Cleans hands, skin and stopper, and keeps needle and hub untouched")),
    (SkillKind.VIALS, gettext_noop("Reads product, lot, expiry and date of opening aloud, and draws up without a bubble")),
    (SkillKind.DEPTH, gettext_noop("Chooses depth, angle and needle at points over the lung, and says why")),
    (SkillKind.EMERGENCY, gettext_noop(
        "Recognises a severe allergic reaction, gives epinephrine into the thigh of a model, calls for help")),
    (SkillKind.CHARTING, gettext_noop("Charts each injection as it is given, and answers each warning with a reason")),
    (SkillKind.CONSENT, gettext_noop("Explains benefit, doubt and risk in plain words, and takes no for an answer")),
)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the law of a place asks on a day. A figure of None: its source does not say."""

    code: str
    name: str
    total_h: float | None
    hands_on_h: float | None
    emergency_h: float | None
    emergency_in_total: bool | None
    supervised: float | None
    topics: tuple[str, ...]
    topics_complete: bool
    left_open: tuple[str, ...]
    note: str
    sources: tuple[str, ...]
    period: Period

    @property
    def topic_words(self) -> list[str]:
        return said(self.topics)


def asked(jurisdiction: str, on: datetime.date) -> Asked | None:
    """What the law on file asks there on that day; None where none is on file."""
    place = knowledge.jurisdictions().get(jurisdiction.upper())
    period = place and place.period(on)
    if place is None or period is None:
        return None
    return Asked(
        code=place.code, name=place.name, total_h=period.training_hours, hands_on_h=period.hands_on_hours,
        emergency_h=period.emergency_training_hours, emergency_in_total=period.emergency_training_counts_in_total,
        supervised=period.supervised_injections, topics=period.training_topics or (),
        topics_complete=bool(period.training_topics_complete), left_open=period.left_open, note=period.note or "",
        sources=cited(period.sources), period=period)


def places(on: datetime.date) -> list[Asked]:
    """The places whose law on file allows the therapy on that day, those that name hours first."""
    found = [one for one in (asked(code, on) for code in knowledge.jurisdictions()) if one and one.period.injection_permitted]
    return sorted(found, key=lambda one: (one.total_h is None, one.name))


def modules_of(law: Asked) -> list[dict[str, Any]]:
    """The modules of a course that meets what the law asks: its hours and its topics, divided by kind of hours."""
    apart = 0 if law.emergency_in_total is False else law.emergency_h or 0
    theory = max((law.total_h or 0) - (law.hands_on_h or 0) - apart, 0)
    urgent = [one for one in law.topics if one in EMERGENCY_TOPICS]
    return [
        {"number": 1, "title": _("Theory"), "hours": theory, "hour_class": HourClass.DIDACTIC,
         "topics": [one for one in law.topics if one not in EMERGENCY_TOPICS], "reading": reading_about("safety"),
         "quiz_topics": ["dose", "contraindication", "dilution", "law"], "quiz_questions": 10},
        {"number": 2, "title": _("Practice under the eyes of the instructor"), "hours": law.hands_on_h or 0,
         "hour_class": HourClass.HANDS_ON, "topics": [], "reading": [], "quiz_topics": ["danger", "vial"], "quiz_questions": 10},
        {"number": 3, "title": _("Emergencies"), "hours": law.emergency_h or 0, "hour_class": HourClass.EMERGENCY,
         "topics": urgent, "reading": reading_about("b12-safety"), "quiz_topics": ["contraindication"], "quiz_questions": 5},
    ]


def reading_about(claim: str) -> list[str]:
    """Findings on a claim, the most certain first."""
    found = [one for one in knowledge.evidence().values() if claim in one.claims]
    return [one.id for one in sorted(found, key=lambda one: (_CERTAINTY.index(one.certainty), one.id))][:READ_AT_MOST]


def hours_of(modules: Iterable[Module]) -> dict[str, float]:
    """Hours by class, as the modules have them."""
    found = dict.fromkeys(HourClass.values, 0.0)
    for module in modules:
        found[module.hour_class] += float(module.hours)
    return found


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of the law beside that of a course or a person; `needed` None: the source does not say."""

    word: str
    needed: float | None
    had: float

    @property
    def met(self) -> bool:
        return self.needed is None or self.had >= self.needed


def compared(law: Asked, hours: Mapping[str, float]) -> list[Comparison]:
    """What the law asks beside `hours` by class. The total counts emergency hours unless the law says otherwise."""
    total = sum(had for kind, had in hours.items() if kind != HourClass.EMERGENCY or law.emergency_in_total is not False)
    return [
        Comparison(word=_("Hours in all"), needed=law.total_h, had=total),
        Comparison(word=_("of these hands-on"), needed=law.hands_on_h, had=hours[HourClass.HANDS_ON]),
        Comparison(word=_("emergency training"), needed=law.emergency_h, had=hours[HourClass.EMERGENCY]),
    ]


def falls_short(course: Course, modules: Iterable[Module], on: datetime.date) -> list[Comparison]:
    """What the law of the course's place asks on that day and the course does not have."""
    law = asked(course.jurisdiction, on)
    if law is None:
        return []
    return [one for one in compared(law, hours_of(modules)) if not one.met]
