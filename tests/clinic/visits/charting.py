"""A visit with a loaded syringe, in one line."""

from __future__ import annotations

import datetime
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

from django.utils import timezone

from clinic.intake.signing import EVERY_PRODUCT, signed
from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.practitioners.papers import make_practitioner
from clinic.stock.shelf import make_item, make_lot
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.practitioners.queries import practitioner_of
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits import actions, drawing
from waterneedle.clinic.visits.models import Injection, Syringe, Visit
from waterneedle.config.demo.visits import clock_at

B12 = "cyanocobalamin-1000mcg-ml"
WELL = {
    "identity_confirmed": True, "pregnancy": "not_pregnant", "new_medicines": False, "fever_or_infection": False,
    "reacted_last": False, "eaten": True, "lying_down": True,
}


def make_vial(
    by: Access, product: str = B12, number: str = "0417", opened_at: datetime.datetime | None = None, **item: Any
) -> Vial:
    lot = make_lot(by, make_item(by, product=product, **item), number=number)
    return stock.open_vial(lot=lot, by=by, at=opened_at or timezone.now())


def make_ready_patient(by: Access, **more: Any) -> Patient:
    """Who was asked everything, has nothing, and agreed to every product."""
    made = make_patient(by, **more)
    for kind in ("condition", "allergy", "medication"):
        patients.say_none(patient=made, kind=kind, by=by)
    signed(by, made, *EVERY_PRODUCT)
    return made


def make_visit(by: Access, patient: Patient, **more: Any) -> Visit:
    practitioner = practitioner_of(by.user, by.clinic) or _with_papers(by)
    return actions.begin(patient=patient, by=by, practitioner=practitioner, **more)


def make_asked_visit(by: Access) -> Visit:
    """Of today, of somebody who is ready and was asked everything: the next is a puncture."""
    made = make_visit(by, make_ready_patient(by))
    actions.answer_today(visit=made, answers=WELL, by=by)
    return made


def make_syringe(by: Access, visit: Visit, volume_ml: str = "3", vial: Vial | None = None, **more: Any) -> Syringe:
    fields = {"route": "SC", "gauge": 30, "length_mm": Decimal(13)} | more
    vial = vial or make_vial(by, opened_at=visit.happened_at)
    return drawing.load_syringe(visit=visit, fills=[(vial, Decimal(volume_ml))], by=by, **fields)


def plan(by: Access, visit: Visit, syringe: Syringe, point: str = "ST36", side: str = "left", **more: Any) -> Injection:
    fields = {"volume_ml": Decimal("0.5"), "depth_mm": Decimal(10), "angle_deg": 90, "skin": "intact"} | more
    return actions.add(visit=visit, sites=[actions.Site(point=point, side=side)], syringe=syringe, by=by, **fields)[0]


def _with_papers(by: Access) -> Practitioner:
    owner = make_person(by.clinic, f"Paula{User.objects.count()} Papers", Role.OWNER)
    return make_practitioner(by.user, at_work(owner, by.clinic))


def day_of(by: Access) -> datetime.date:
    return timezone.now().astimezone(by.clinic.tzinfo).date()


def ago(**long: float) -> AbstractContextManager[None]:
    """Within it the clock stands that much earlier."""
    return clock_at(timezone.now() - datetime.timedelta(**long))
