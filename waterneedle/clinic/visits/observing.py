"""How long a patient is watched after the last puncture."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.visits.closed import in_place_of_the_fluid
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.models_after import WatchMinutes
from waterneedle.clinic.visits.plan import plan_for
from waterneedle.clinic.visits.reactions import has_reacted
from waterneedle.safety import names
from waterneedle.safety.issues import parameter
from waterneedle.safety.plan import Plan

ANAPHYLAXIS, REACTED = gettext_noop("anaphylaxis before"), gettext_noop("earlier reaction")
FIRST, NEW = gettext_noop("first visit"), gettext_noop("new product")
CLOSED = gettext_noop("kept closed in a trial")


@dataclass(frozen=True)
class Watch:
    minutes: int
    why: str = ""  # why longer than ordinarily, in English, to be translated where it shows; "" for the ordinary time


@dataclass(frozen=True)
class Minutes:
    ordinary: int
    longer: int


def watch_of(visit: Visit) -> Watch:
    """How long the patient of `visit` is to be watched."""
    return watch_for(
        plan_for(visit), reacted_here=has_reacted(visit.patient), minutes=minutes_of(visit.clinic),
        is_closed=bool(in_place_of_the_fluid(visit)))


def published_minutes() -> Minutes:
    """The figures of the rule `first_dose`."""
    known = parameter("first_dose", "watch_min")
    return Minutes(int(known["ordinary"]), int(known["longer"]))


def minutes_of(clinic: Clinic) -> Minutes:
    """What the clinic has set, else the published figures."""
    row = WatchMinutes.objects.filter(clinic=clinic).order_by("-made_at", "-pk").first()
    return Minutes(row.ordinary_min, row.longer_min) if row else published_minutes()


@transaction.atomic
def set_minutes(*, ordinary_min: int, longer_min: int, by: Person) -> None:
    """Watch so long in this clinic from now on; who is watched already is watched as was said."""
    WatchMinutes.objects.create(
        clinic=by.clinic, ordinary_min=ordinary_min, longer_min=longer_min, made_at=timezone.now(), made_by=by.user)
    audit.append(by=by, action="change", kind="watch", detail={"ordinary_min": ordinary_min, "longer_min": longer_min})


def watch_for(
    plan: Plan, *, reacted_here: bool = False, minutes: Minutes | None = None, is_closed: bool = False
) -> Watch:
    """The ordinary time, or the longer one with the gravest reason for it.

    The figures are those the clinic has set, else `watch_min` of the rule `first_dose`: after an earlier reaction or anaphylaxis
    as published for a vaccine, after a first dose or a new product by our judgement. What nobody knows of earlier injections
    counts as a first dose. Of a visit that is kept closed every fluid counts as new: else the minutes would tell which it was.
    """
    known, why = minutes or published_minutes(), _why(plan, reacted_here, is_closed)
    return Watch(known.longer if why else known.ordinary, why)


def _why(plan: Plan, reacted_here: bool, is_closed: bool) -> str:
    conditions = (plan.patient.conditions if plan.patient else None) or ()
    if any("anaphylaxis_history" in names.concept("condition", one.name).ids for one in conditions):
        return ANAPHYLAXIS
    previous = plan.previous or ()
    harmless = set(parameter("previous_reaction", "none_words"))
    if reacted_here or any(one.reaction and one.reaction.casefold() not in harmless for one in previous):
        return REACTED
    if not previous:
        return FIRST
    if is_closed:
        return CLOSED
    had = {one.product for one in previous}
    # What is only planned counts too: who is to be watched may be so before the last tap is made.
    injected = (one for one in plan.injections if one.status != "not_done")
    if any(one.product not in had for injection in injected for one in injection.contents or ()):
        return NEW
    return ""
