"""Visits of six given injections that wait for nothing but their signature, charted by the room's own actions."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

POINTS = [(point, side) for point in ("ST36", "LI11", "GB34") for side in ("left", "right")]
WELL = {"identity_confirmed": True, "pregnancy": "not_pregnant", "new_medicines": False, "fever_or_infection": False,
        "reacted_last": False, "eaten": True, "lying_down": True}


def ready(patient: Any, by: Any, vial: Any, drawn_ml: str) -> tuple[Any, Any]:
    """A visit of today, asked and consented, and its syringe, drawn up."""
    from waterneedle.clinic.patients import actions as patients
    from waterneedle.clinic.visits import actions, drawing
    from waterneedle.config.demo.visits import sign_consent

    look_through_kit(by)
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=patient, kind=kind, by=by)
    sign_consent(patient, by)
    visit = actions.begin(patient=patient, by=by)
    actions.answer_today(visit=visit, answers=WELL, by=by)
    how = {"route": "SC", "gauge": 30, "length_mm": Decimal(13)}
    return visit, drawing.load_syringe(visit=visit, fills=[(vial, Decimal(drawn_ml))], by=by, **how)


def draft(patient: Any, by: Any, vial: Any) -> Any:
    """A visit of today: asked, consented, drawn up, six injections given, and every warning answered."""
    from waterneedle.clinic.visits import actions
    from waterneedle.clinic.visits.plan import checked

    visit, syringe = ready(patient, by, vial, "1.2")
    sites = [actions.Site(point=point, side=side) for point, side in POINTS]
    depth = {"depth_mm": Decimal(6), "angle_deg": 45, "skin": "intact"}
    actions.add(visit=visit, sites=sites, syringe=syringe, volume_ml=Decimal("0.2"), by=by, **depth)
    for one in visit.injections.all():
        actions.mark(injection=one, status="given", by=by)
    for issue in checked(visit).issues:
        if issue.severity == "warn" and not issue.recorded:
            actions.give_reason(visit=visit, rule=issue.rule, note="known", by=by)
    visit.refresh_from_db()
    return visit


def look_through_kit(by: Any) -> None:
    """The emergency kit is checked, as every morning."""
    from django.utils import timezone

    from waterneedle.clinic.stock import actions as stock
    from waterneedle.clinic.stock.queries import kits

    day = timezone.now().astimezone(by.clinic.tzinfo).date()
    if not kits(by.clinic, day):
        kit = stock.add_kit(place="Room 1", by=by)
        looked = {"epinephrine_expires": day + datetime.timedelta(days=200), "oxygen": True, "airway": True, "initials": "AA"}
        stock.check_kit(kit=kit, day=day, fields=looked, by=by)
