"""Whether every arm may be given to this patient: looked at before a place is given, for after it the draw would be undone.

A draw that is thrown away when it falls on an arm the patient cannot be given is no random allocation any more. So all arms are
checked, whichever comes next; what is found hangs on the patient and the plan alone, and says nothing of the next place.
"""

from __future__ import annotations

import re

import msgspec
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.trials.models import Trial
from waterneedle.clinic.trials.plan import NEEDLE_ONLY, Arm
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.visits.plan import plan_for
from waterneedle.safety import plan
from waterneedle.safety.check import check

_SOMEWHERE = "ST36"  # where the plan of the trial names no point on file
_POINT = re.compile(r"\b[A-Z]{2,3}\d{1,2}\b")


def bars(trial: Trial, visit: Visit) -> list[str]:
    """What the safety check bars in an arm for this patient now, in words; nothing where every arm may be given.

    Barred by the product itself, as by an allergy: a needle alone at the same place is the measure. Volume, depth and container
    are not known yet; they are checked when the injection is charted.
    """
    says = trial.says
    document, site = plan_for(visit), plan.Site(point=_point_of(says.points), side="left", skin="intact")
    anyway = {rule for rule, _message in _blocks(document, plan.Injection(site=site, contents=(), technique=NEEDLE_ONLY))}
    found = []
    for arm in says.arms:
        for rule, message in _blocks(document, _injection(arm, site)):
            if rule not in anyway:
                found.append(_("“%(arm)s” would be barred for this patient: %(why)s") % {"arm": arm.name, "why": message})
    return found


def _injection(arm: Arm, site: plan.Site) -> plan.Injection:
    contents = (plan.Content(product=arm.product),) if arm.product else ()
    return plan.Injection(site=site, contents=contents, technique=arm.technique)


def _blocks(document: plan.Plan, injection: plan.Injection) -> list[tuple[str, str]]:
    """The rules that bar `injection` in this visit, with their words; not those that only miss a detail."""
    asked = msgspec.structs.replace(document, injections=(injection,))
    issues = check(asked, language=get_language()).issues
    return [(one.rule, one.message) for one in issues if one.severity == "block" and not one.missing]


def _point_of(points: str) -> str:
    known = knowledge.points()
    return next((one for one in _POINT.findall(points.upper()) if one in known), _SOMEWHERE)
