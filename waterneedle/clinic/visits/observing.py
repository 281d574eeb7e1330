"""How long a patient is watched after the last puncture."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits.models import Reaction, Visit
from waterneedle.clinic.visits.plan import plan_for
from waterneedle.safety import names
from waterneedle.safety.issues import parameter
from waterneedle.safety.plan import Plan

ANAPHYLAXIS, REACTED = gettext_noop("anaphylaxis before"), gettext_noop("earlier reaction")
FIRST, NEW = gettext_noop("first visit"), gettext_noop("new product")


@dataclass(frozen=True)
class Watch:
    minutes: int
    why: str = ""  # why longer than ordinarily, in English, to be translated where it shows; "" for the ordinary time


def watch_of(visit: Visit) -> Watch:
    """How long the patient of `visit` is to be watched."""
    reacted_here = Reaction.objects.filter(clinic_id=visit.clinic_id, patient_id__in=records_of(visit.patient)).exists()
    return watch_for(plan_for(visit), reacted_here=reacted_here)


def watch_for(plan: Plan, *, reacted_here: bool = False) -> Watch:
    """The ordinary time, or the longer one with the gravest reason for it.

    The figures are `watch_min` of the rule `first_dose`: after an earlier reaction or anaphylaxis as published for a vaccine,
    after a first dose or a new product by our judgement. What nobody knows of earlier injections counts as a first dose.
    """
    minutes, why = parameter("first_dose", "watch_min"), _why(plan, reacted_here)
    return Watch(int(minutes["longer" if why else "ordinary"]), why)


def _why(plan: Plan, reacted_here: bool) -> str:
    conditions = (plan.patient.conditions if plan.patient else None) or ()
    if any("anaphylaxis_history" in names.concept("condition", one.name).ids for one in conditions):
        return ANAPHYLAXIS
    previous = plan.previous or ()
    harmless = set(parameter("previous_reaction", "none_words"))
    if reacted_here or any(one.reaction and one.reaction.casefold() not in harmless for one in previous):
        return REACTED
    if not previous:
        return FIRST
    had = {one.product for one in previous}
    given = (one for one in plan.injections if one.status in ("given", "stopped"))
    if any(one.product not in had for injection in given for one in injection.contents or ()):
        return NEW
    return ""
