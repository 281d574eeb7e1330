"""What the clinic itself has to say of a visit beside the check: that a syringe is past its hour.

The check knows days, not hours, so this stands here. It warns and never bars: what was given in time may be charted late. Its
answer is a reason like any other, under a rule of its own.
"""

from __future__ import annotations

import datetime

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from waterneedle.clinic.visits.models import Injection, Status, Syringe
from waterneedle.clinic.visits.rows import Charted
from waterneedle.clinic.web import words
from waterneedle.safety.plan import Assessment, DetectedIssue

RULE = "syringe_hour"


def is_past(syringe: Syringe, at: datetime.datetime) -> bool:
    """Whether it was to be discarded before `at`."""
    return at > syringe.discard_at


def with_the_hour(charted: Charted, assessment: Assessment, language: str | None = None) -> Assessment:
    """The assessment with a warning for each syringe that injections stand after the hour of; without one, as it was."""
    late = [one for one in charted.injections if _is_late(charted, one)]
    if not late:
        return assessment
    found = _issue(late, any(one.rule == RULE for one in charted.reasons), language)
    verdict = "warn" if assessment.verdict == "ok" else assessment.verdict
    return msgspec.structs.replace(assessment, issues=(*assessment.issues, found), verdict=verdict)


def _is_late(charted: Charted, one: Injection) -> bool:
    """Given after the hour of its syringe, or still only planned when it is over. A visit written down later is not judged."""
    if one.syringe is None or one.status == Status.NOT_DONE or charted.visit.happened_at is not None:
        return False
    return is_past(one.syringe, one.given_at or charted.at)


def _issue(late: list[Injection], recorded: bool, language: str | None) -> DetectedIssue:
    with translation.override(language or "en"):
        syringes = {one.syringe.code: one.syringe for one in late}
        said = ", ".join(f"{code} ({words.clock(one.discard_at)})" for code, one in syringes.items())
        return DetectedIssue(
            rule=RULE,
            severity="warn",
            injections=tuple(str(one.seq) for one in late),
            message=_("Past the hour of the syringe: %(syringes)s.") % {"syringes": said},
            remedy=_("Draw up anew. If it was given in time and is charted late, say so."),
            recorded=recorded,
            sources=(),
        )
