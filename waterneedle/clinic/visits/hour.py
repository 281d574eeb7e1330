"""What the clinic itself has to say of a visit beside the check: that a syringe is past its hour, or was not drawn up yet.

The check knows days, not hours, so this stands here. It warns, for what was given in time may be charted late; its answer is a
reason like any other, under a rule of its own. Past the looser of the published limits too it bars what is only planned: what was
in before is said with its time.

Where a puncture was in before its syringe was drawn up, one of the two times is wrong, and its hour with it: a second rule asks
for that. Of a visit that is written down later nothing that is planned is judged, and what was given as any other.
"""

from __future__ import annotations

import datetime

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from waterneedle.clinic.visits import sourced
from waterneedle.clinic.visits.drawing import SYRINGE_HOURS, SYRINGE_HOURS_AT_MOST
from waterneedle.clinic.visits.models import Injection, Status, Syringe
from waterneedle.clinic.visits.rows import Charted
from waterneedle.clinic.web import words
from waterneedle.safety.plan import Assessment, DetectedIssue

RULE, BEFORE = "syringe_hour", "given_before_drawn"
A_MINUTE = datetime.timedelta(minutes=1)  # a time that is typed has no seconds


def is_past(syringe: Syringe, at: datetime.datetime) -> bool:
    """Whether it was to be discarded before `at`."""
    return at > syringe.discard_at


def with_the_hour(charted: Charted, assessment: Assessment, language: str | None = None) -> Assessment:
    """The assessment with issues for injections that stand after the hour of their syringe, or before it was drawn up; without
    any, as it was."""
    late = [one for one in charted.injections if _is_late(charted, one)]
    early = [one for one in charted.injections if _is_early(one)]
    if not late and not early:
        return assessment
    barred = [one for one in late if one.status == Status.PLANNED and _is_long_past(one.syringe, charted.at)]
    warned = [one for one in late if one not in barred]
    found = [_barring(barred, language)] if barred else []
    if warned:
        found.append(_warning(warned, charted, language))
    if early:
        found.append(_not_drawn_yet(early, charted, language))
    verdict = "block" if barred else "warn" if assessment.verdict == "ok" else assessment.verdict
    return msgspec.structs.replace(assessment, issues=(*assessment.issues, *found), verdict=verdict)


def _is_long_past(syringe: Syringe, at: datetime.datetime) -> bool:
    return at > syringe.discard_at + datetime.timedelta(hours=SYRINGE_HOURS_AT_MOST - SYRINGE_HOURS)


def _is_late(charted: Charted, one: Injection) -> bool:
    """Given after the hour of its syringe, or still only planned when it is over."""
    if one.syringe is None or one.status == Status.NOT_DONE:
        return False
    if one.given_at is None and charted.visit.happened_at is not None:
        return False
    return is_past(one.syringe, one.given_at or charted.at)


def _is_early(one: Injection) -> bool:
    return one.is_in and one.syringe is not None and one.given_at + A_MINUTE <= one.syringe.drawn_at


def _warning(late: list[Injection], charted: Charted, language: str | None) -> DetectedIssue:
    with translation.override(language or "en"):
        message = _("Past the hour of the syringe: %(syringes)s.") % {"syringes": _said(late)}
        if charted.visit.happened_at is None:
            remedy = _("Draw up anew. If it was given in time and is charted late, say so.")
        else:
            remedy = _("If it was drawn up later than that, say when. Else say why it was given after its hour.")
        return _issue(RULE, "warn", late, message, remedy, _is_answered(RULE, charted))


def _not_drawn_yet(early: list[Injection], charted: Charted, language: str | None) -> DetectedIssue:
    with translation.override(language or "en"):
        syringes = {one.syringe.code: one.syringe for one in early}
        said = words.listed(f"{code} ({words.clock(one.drawn_at)})" for code, one in syringes.items())
        message = _("In before its syringe was drawn up: %(syringes)s.") % {"syringes": said}
        remedy = _("Set right when the syringe was drawn up. If that stands, take “given” back, and say when it was in.")
        return _issue(BEFORE, "warn", early, message, remedy, _is_answered(BEFORE, charted))


def _is_answered(rule: str, charted: Charted) -> bool:
    return any(one.rule == rule for one in charted.reasons)


def _barring(late: list[Injection], language: str | None) -> DetectedIssue:
    with translation.override(language or "en"):
        message = _("The syringe was drawn up more than %(hours)s hours ago; it was to be discarded: %(syringes)s.") % {
            "hours": SYRINGE_HOURS_AT_MOST, "syringes": _said(late)}
        remedy = _("Throw it away and draw up anew. What was given before is noted with the time when it was.")
        return _issue(RULE, "block", late, message, remedy)


def _issue(
    rule: str, severity: str, about: list[Injection], message: str, remedy: str, recorded: bool = False
) -> DetectedIssue:
    return DetectedIssue(
        rule=rule, severity=severity, injections=tuple(str(one.seq) for one in about), message=message, remedy=remedy,
        recorded=recorded, sources=sourced.of_an_hour() if rule == RULE else sourced.of_two_times())


def _said(late: list[Injection]) -> str:
    syringes = {one.syringe.code: one.syringe for one in late}
    return words.listed(f"{code} ({words.clock(one.discard_at)})" for code, one in syringes.items())
