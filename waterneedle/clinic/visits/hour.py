"""What the clinic itself has to say of a visit beside the check: that a syringe is past its hour.

The check knows days, not hours, so this stands here. It warns, for what was given in time may be charted late; its answer is a
reason like any other, under a rule of its own. Past the looser of the published limits too it bars what is only planned: what was
in before is said with its time.
"""

from __future__ import annotations

import datetime

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from waterneedle.clinic.visits.drawing import SYRINGE_HOURS, SYRINGE_HOURS_AT_MOST
from waterneedle.clinic.visits.models import Injection, Status, Syringe
from waterneedle.clinic.visits.rows import Charted
from waterneedle.clinic.web import words
from waterneedle.safety.plan import Assessment, DetectedIssue

RULE = "syringe_hour"


def is_past(syringe: Syringe, at: datetime.datetime) -> bool:
    """Whether it was to be discarded before `at`."""
    return at > syringe.discard_at


def with_the_hour(charted: Charted, assessment: Assessment, language: str | None = None) -> Assessment:
    """The assessment with an issue for each syringe that injections stand after the hour of; without one, as it was."""
    late = [one for one in charted.injections if _is_late(charted, one)]
    if not late:
        return assessment
    barred = [one for one in late if one.status == Status.PLANNED and _is_long_past(one.syringe, charted.at)]
    warned = [one for one in late if one not in barred]
    found = [_barring(barred, language)] if barred else []
    if warned:
        found.append(_warning(warned, any(one.rule == RULE for one in charted.reasons), language))
    verdict = "block" if barred else "warn" if assessment.verdict == "ok" else assessment.verdict
    return msgspec.structs.replace(assessment, issues=(*assessment.issues, *found), verdict=verdict)


def _is_long_past(syringe: Syringe, at: datetime.datetime) -> bool:
    return at > syringe.discard_at + datetime.timedelta(hours=SYRINGE_HOURS_AT_MOST - SYRINGE_HOURS)


def _is_late(charted: Charted, one: Injection) -> bool:
    """Given after the hour of its syringe, or still only planned when it is over. A visit written down later is not judged."""
    if one.syringe is None or one.status == Status.NOT_DONE or charted.visit.happened_at is not None:
        return False
    return is_past(one.syringe, one.given_at or charted.at)


def _warning(late: list[Injection], recorded: bool, language: str | None) -> DetectedIssue:
    with translation.override(language or "en"):
        message = _("Past the hour of the syringe: %(syringes)s.") % {"syringes": _said(late)}
        return _issue("warn", late, message, _("Draw up anew. If it was given in time and is charted late, say so."), recorded)


def _barring(late: list[Injection], language: str | None) -> DetectedIssue:
    with translation.override(language or "en"):
        message = _("The syringe was drawn up more than %(hours)s hours ago; it was to be discarded: %(syringes)s.") % {
            "hours": SYRINGE_HOURS_AT_MOST, "syringes": _said(late)}
        remedy = _("Throw it away and draw up anew. What was given before is noted with the time when it was.")
        return _issue("block", late, message, remedy)


def _issue(severity: str, about: list[Injection], message: str, remedy: str, recorded: bool = False) -> DetectedIssue:
    return DetectedIssue(
        rule=RULE, severity=severity, injections=tuple(str(one.seq) for one in about), message=message, remedy=remedy,
        recorded=recorded, sources=())


def _said(late: list[Injection]) -> str:
    syringes = {one.syringe.code: one.syringe for one in late}
    return ", ".join(f"{code} ({words.clock(one.discard_at)})" for code, one in syringes.items())
