"""What the clinic has to say of a lot that was put in quarantine or recalled after a syringe was drawn from it.

Nothing is drawn from such a lot; what was drawn before is in the syringe. It bars what would go in after the decision. What went
in before is no deviation: who was given a lot is found by its recall.
"""

from __future__ import annotations

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _

from waterneedle.clinic.stock.models import LotStatus
from waterneedle.clinic.visits import sourced
from waterneedle.clinic.visits.models import Fill, Injection, Status
from waterneedle.clinic.visits.rows import Charted
from waterneedle.safety.plan import Assessment, DetectedIssue

RULE = "lot_withheld"


def with_the_lots(charted: Charted, assessment: Assessment, language: str | None = None) -> Assessment:
    """The assessment with a block for each lot that punctures stand after the decision about; without one, as it was."""
    found: dict[str, tuple[Fill, list[Injection]]] = {}
    for one in charted.injections:
        for fill in _withheld(charted, one):
            found.setdefault(fill.vial.lot.number, (fill, []))[1].append(one)
    if not found:
        return assessment
    issues = tuple(_issue(fill, after, language) for fill, after in found.values())
    return msgspec.structs.replace(assessment, issues=(*issues, *assessment.issues), verdict="block")


def _withheld(charted: Charted, one: Injection) -> list[Fill]:
    if one.status == Status.NOT_DONE or one.syringe is None or (one.status == Status.STOPPED and one.volume_ml is None):
        return []
    at = one.given_at or charted.visit.happened_at or charted.at
    return [fill for fill in one.syringe.contents
            if fill.lot_status not in (None, LotStatus.RELEASED) and fill.lot_decided_at < at]


def _issue(fill: Fill, after: list[Injection], language: str | None) -> DetectedIssue:
    with translation.override(language or "en"):
        values = {"lot": fill.vial.lot.number, "status": LotStatus(fill.lot_status).label}
        return DetectedIssue(
            rule=RULE,
            severity="block",
            injections=tuple(str(one.seq) for one in after),
            message=_("Lot %(lot)s: %(status)s since it was drawn up.") % values,
            remedy=_("Throw the syringe away, and draw up from another lot."),
            recorded=False,
            sources=sourced.of_a_lot(),
        )
