"""What the clinic has to say of punctures that were made after one that was stopped.

While something is planned the check itself asks to find out why before the next puncture. Once the others are given nothing is
planned, and the check, which knows no times, asks no more: so this stands here, until it is answered. What was answered while
they were planned counts.
"""

from __future__ import annotations

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from waterneedle.clinic.visits import sourced
from waterneedle.clinic.visits.models import Injection, Status
from waterneedle.clinic.visits.rows import Charted
from waterneedle.clinic.web import words
from waterneedle.safety.plan import Assessment, DetectedIssue

RULE = "given_after_a_stop"
OF_THE_CHECK = "just_happened"


def with_the_stops(charted: Charted, assessment: Assessment, language: str | None = None) -> Assessment:
    """The assessment with a warning for what went in after a puncture was stopped; as it was where the check still asks."""
    if any(one.status == Status.PLANNED for one in charted.injections):
        return assessment
    stops = [one for one in charted.injections if one.status == Status.STOPPED]
    after = {one.pk: one for each in stops for one in charted.injections if one.is_in and one.given_at > each.given_at}
    if not after:
        return assessment
    first = [one for one in stops if any(one.given_at < each.given_at for each in after.values())]
    verdict = "warn" if assessment.verdict == "ok" else assessment.verdict
    issue = _issue(first, list(after.values()), _is_answered(charted, first), language)
    return msgspec.structs.replace(assessment, issues=(issue, *assessment.issues), verdict=verdict)


def _is_answered(charted: Charted, stops: list[Injection]) -> bool:
    """Here, or to the check after the last of them was stopped."""
    last = max(one.charted_at or one.given_at for one in stops)
    return any(
        one.rule == RULE or (one.rule == OF_THE_CHECK and one.made_at > last)
        for one in charted.reasons)


def _issue(stops: list[Injection], after: list[Injection], recorded: bool, language: str | None) -> DetectedIssue:
    with translation.override(language or "en"):
        what = words.told(f"{words.clock(one.given_at)} {one}: {one.status_why}" for one in stops)
        return DetectedIssue(
            rule=RULE,
            severity="warn",
            injections=tuple(str(one.seq) for one in sorted(after, key=lambda one: one.seq)),
            message=_("Given after an injection was stopped (%(what)s).") % {"what": what},
            remedy=_("Say whether it was found out before what stopped it, and that it was gone."),
            recorded=recorded,
            sources=sourced.of_a_stop(),
        )
