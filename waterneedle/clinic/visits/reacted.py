"""What the clinic has to say of a reaction on the day of a visit, or in the night before, from the button: at every puncture
after it began.

While it lasts, and after one that was serious, it bars; after another that has passed it warns, and takes a reason. The check
itself knows reactions to earlier injections, and symptoms that somebody has put among the conditions.
"""

from __future__ import annotations

import datetime

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from waterneedle.clinic.visits import signs, sourced
from waterneedle.clinic.visits.models import Injection, Status
from waterneedle.clinic.visits.models_after import Outcome, ReactionEntry
from waterneedle.clinic.visits.rows import REACTION_FOLLOWS, Charted, Reacted
from waterneedle.clinic.web import words
from waterneedle.safety.plan import Assessment, DetectedIssue

RULE = "reacted_today"
_HELP = (ReactionEntry.EPINEPHRINE, ReactionEntry.EMERGENCY_CALL)
_WELL = (Outcome.WELL, Outcome.BETTER)


def with_the_reaction(charted: Charted, assessment: Assessment, language: str | None = None) -> Assessment:
    """The assessment with an issue, before all others, for each reaction that punctures stand after; without one, as it was."""
    recorded = any(one.rule == RULE for one in charted.reasons)
    found = [
        _issue(reaction, after, recorded, language)
        for reaction in charted.reactions
        if (after := [one for one in charted.injections if _is_after(charted, one, reaction)])
    ]
    if not found:
        return assessment
    bars = assessment.verdict == "block" or any(one.severity == "block" for one in found)
    return msgspec.structs.replace(assessment, issues=(*found, *assessment.issues), verdict="block" if bars else "warn")


def in_since(charted: Charted, *, lasting: bool) -> datetime.datetime | None:
    """When a needle that was in before a reaction in this visit was in at the latest: when the first one began. `lasting`: when
    that began which has not ended. None where there was none."""
    began = [one.began_at for one in charted.reactions if charted.visit.made_at <= one.began_at <= charted.at]
    if lasting:
        return max((one.began_at for one in charted.reactions if one.began_at in began and _end(one) is None), default=None)
    return min(began, default=None)


def _is_after(charted: Charted, one: Injection, reaction: Reacted) -> bool:
    """Whether it went in, or would go in now, after the reaction began: on its day, or soon after it in the night."""
    if one.status == Status.NOT_DONE:
        return False
    zone, at = charted.visit.clinic.tzinfo, one.given_at or charted.visit.happened_at or charted.at
    is_of_its_day = reaction.began_at.astimezone(zone).date() == at.astimezone(zone).date()
    return reaction.began_at < at and (is_of_its_day or at - reaction.began_at < REACTION_FOLLOWS)


def _end(reaction: Reacted) -> str | None:
    """Its outcome, as it was said last; None while it lasts."""
    return next((said for kind, said in reversed(reaction.entries) if kind == ReactionEntry.END), None)


def _is_serious(reaction: Reacted) -> bool:
    return _end(reaction) not in (None, *_WELL) or any(
        kind in _HELP or (kind == ReactionEntry.SIGN and said not in signs.MILD) for kind, said in reaction.entries)


def _issue(reaction: Reacted, after: list[Injection], recorded: bool, language: str | None) -> DetectedIssue:
    lasts, serious = _end(reaction) is None, _is_serious(reaction)
    with translation.override(language or "en"):
        seen = [signs.in_words(said) for kind, said in reaction.entries if kind == ReactionEntry.SIGN]
        values = {"when": words.clock(reaction.began_at), "what": words.listed(seen) or _("not described")}
        if lasts:
            message, remedy = _("A reaction began at %(when)s and has not ended: %(what)s."), _(
                "See to the patient first. Nothing more is injected while it lasts; when it is over, note its end.")
        elif serious:
            message, remedy = _("A serious reaction at %(when)s: %(what)s."), _(
                "Inject nothing more on this day; plan what is left for another one. What was in before is noted so.")
        else:
            message, remedy = _("A reaction at %(when)s, which is over: %(what)s."), _(
                "Ask and look how the patient is. Go on only with a reason; observe longer.")
        return DetectedIssue(
            rule=RULE,
            severity="block" if lasts or serious else "warn",
            injections=tuple(str(one.seq) for one in after),
            message=message % values,
            remedy=remedy,
            recorded=recorded and not (lasts or serious),
            sources=sourced.of_a_reaction(bars=lasts or serious),
        )
