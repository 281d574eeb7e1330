"""What is asked of the patient before the first puncture, and whether it was answered on the day of the puncture.

An answer counts on the day on which it was given, and is asked again on any other; a visit that is written down later has the
answers of then. What is not answered stands as a warning beside the punctures, under a rule of the clinic like that of the hour:
no puncture is marked as given while it stands without a reason.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from waterneedle.clinic.patients.models import Sex
from waterneedle.clinic.visits import sourced
from waterneedle.clinic.visits.models import Status, Today
from waterneedle.clinic.visits.rows import Charted
from waterneedle.clinic.web import words
from waterneedle.safety.plan import Assessment, DetectedIssue

RULE = "asked_today"
QUESTIONS = (
    "identity_confirmed", "pregnancy", "new_medicines", "fever_or_infection", "reacted_last", "eaten", "lying_down",
)


def with_the_questions(charted: Charted, assessment: Assessment, language: str | None = None) -> Assessment:
    """The assessment with a warning, before all others, for what is still to be asked; where all is answered, as it was."""
    found = _unasked(charted)
    if not found:
        return assessment
    numbers = [str(one.seq) for one in charted.injections if one.status != Status.NOT_DONE and charted.day_of(one) in found]
    issue = _issue(_names(found), numbers, _has_reason(charted, max(found)), language)
    verdict = "warn" if assessment.verdict == "ok" else assessment.verdict
    return msgspec.structs.replace(assessment, issues=(issue, *assessment.issues), verdict=verdict)


def is_open(assessment: Assessment, seq: int) -> bool:
    """Whether there is something to be asked, without a reason, before the puncture with that number."""
    return any(one.rule == RULE and not one.recorded and str(seq) in one.injections for one in assessment.issues)


def open_questions(charted: Charted) -> list[str]:
    """The names of what is still to be asked before a puncture that is planned, or was to be before one that was made."""
    return _names(_unasked(charted))


def first_field(charted: Charted) -> str:
    """The field of the page where the first of them is answered, or all that is as usual in one tap."""
    first = next(iter(open_questions(charted)), "")
    return first if first in ("identity_confirmed", "pregnancy") else "as_usual"


def in_words(names: Iterable[str]) -> str:
    return words.listed(Today._meta.get_field(name).verbose_name for name in names)


def answers_in_words(said: Today | None) -> list[tuple[str, str]]:
    """What was asked and answered, to be read."""
    found = []
    for name in QUESTIONS if said else ():
        value = getattr(said, name)
        word = said.get_pregnancy_display() if name == "pregnancy" else "" if value is None else _("yes") if value else _("no")
        more = {"pregnancy": _weeks(said), "reacted_last": said.reacted_how}.get(name)
        if word:
            found.append((in_words([name]), f"{word}, {more}" if more else str(word)))
    return found


def _weeks(said: Today) -> str:
    return "" if said.pregnancy_weeks is None else _("week %(weeks)s") % {"weeks": words.number(said.pregnancy_weeks)}


def _unasked(charted: Charted) -> dict[datetime.date, list[str]]:
    """By the day of the punctures."""
    found = ((day, _unanswered(charted, charted.said_on(day))) for day in charted.days)
    return {day: names for day, names in found if names}


def _unanswered(charted: Charted, said: Today | None) -> list[str]:
    is_male = charted.patient.sex == Sex.MALE  # of whom nobody asks it
    return [name for name in QUESTIONS if getattr(said, name, None) in (None, "") and not (is_male and name == "pregnancy")]


def _names(found: dict[datetime.date, list[str]]) -> list[str]:
    return [name for name in QUESTIONS if any(name in names for names in found.values())]


def _has_reason(charted: Charted, day: datetime.date) -> bool:
    """Whether it was said why; what was said before the day of the puncture says nothing of it."""
    is_later, zone = charted.visit.happened_at is not None, charted.visit.clinic.tzinfo
    return any(one.rule == RULE and (is_later or one.made_at.astimezone(zone).date() >= day) for one in charted.reasons)


def _issue(names: list[str], numbers: list[str], recorded: bool, language: str | None) -> DetectedIssue:
    with translation.override(language or "en"):
        return DetectedIssue(
            rule=RULE,
            severity="warn",
            injections=tuple(numbers),
            message=_("Not asked on the day of the puncture: %(what)s.") % {"what": in_words(names)},
            remedy=_("Ask before the first puncture. What could not be asked takes a reason."),
            recorded=recorded,
            sources=sourced.of_questions(names),
        )
