"""How a fluid was drawn up before: for this patient the last time, else by this person.

Volume, route, needle and what each injection got are offered, by one tap that says them. Vial and lot never are: they are of
today; nor is a depth. Nothing is offered from a visit of a student for which nobody stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits.closed import in_place_of_the_fluid
from waterneedle.clinic.visits.cosigning import stood_for_by_nobody
from waterneedle.clinic.visits.models import Fill, Injection, Status, Syringe, Visit
from waterneedle.clinic.web import words

LOOKED_BACK = 20  # syringes; who has not drawn this fluid up in so many has no habit; our judgement


@dataclass(frozen=True)
class Usual:
    """A syringe of one fluid as it was drawn up before; `each_ml` where all of its injections got the same."""

    volume_ml: Decimal
    route: str
    gauge: int | None
    length_mm: Decimal | None
    each_ml: Decimal | None
    is_of_patient: bool


def usual_draw(vial: Vial, visit: Visit, by: Person) -> Usual | None:
    """None where nobody drew this fluid up alone before, or where the visit is kept closed, of which nothing may be told."""
    if in_place_of_the_fluid(visit):
        return None
    drawn = Syringe.objects.filter(clinic=visit.clinic).exclude(visit__strikes__struck_at__isnull=False)
    drawn = drawn.filter(~stood_for_by_nobody("visit_id")).exclude(removed_at__isnull=False, wasted=False)
    of_patient = drawn.filter(patient__in=records_of(visit.patient)).exclude(visit=visit)
    return _last(of_patient, vial, is_of_patient=True) or _last(drawn.filter(drawn_by=by.user), vial, is_of_patient=False)


def in_words(usual: Usual) -> str:
    """Such as: Drawn up as you did last: 3 mL, SC, 30G 13 mm, each 0.5 mL."""
    said = [words.amount(usual.volume_ml, "mL"), usual.route, _needle_in_words(usual)]
    if usual.each_ml is not None:
        said.append(_("each %(ml)s") % {"ml": words.amount(usual.each_ml, "mL")})
    what = words.described(said)
    whose = _("Drawn up as for this patient before: %(what)s") if usual.is_of_patient else _("Drawn up as you did last: %(what)s")
    return whose % {"what": what}


def _last(drawn: QuerySet[Syringe], vial: Vial, *, is_of_patient: bool) -> Usual | None:
    """The newest of `drawn` that holds the fluid of `vial` and no other, and is of no visit that is still kept closed."""
    newest = {one.pk: one for one in drawn.select_related("visit").order_by("-pk")[:LOOKED_BACK]}
    held: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    fills = Fill.objects.filter(clinic_id=vial.clinic_id, syringe_id__in=list(newest))
    for syringe, item, ml in fills.values_list("syringe_id", "vial__lot__item_id", "volume_ml"):
        held[syringe].append((item, ml))
    for number, one in newest.items():
        if [item for item, _ml in held[number]] == [vial.lot.item_id] and not in_place_of_the_fluid(one.visit):
            ((_item, volume_ml),) = held[number]
            return Usual(volume_ml, one.route, one.gauge, one.length_mm, _the_same(_went_in(one)), is_of_patient)
    return None


def _needle_in_words(needle: Usual) -> str:
    parts = [f"{needle.gauge}G" if needle.gauge else "", words.amount(needle.length_mm, "mm")]
    return " ".join(one for one in parts if one)


def _went_in(syringe: Syringe) -> Iterable[Decimal | None]:
    rows = Injection.objects.filter(clinic_id=syringe.clinic_id, syringe=syringe, removed_at=None, status=Status.GIVEN)
    return rows.values_list("volume_ml", flat=True)


def _the_same(volumes: Iterable[Decimal | None]) -> Decimal | None:
    found = set(volumes)
    return found.pop() if len(found) == 1 else None
