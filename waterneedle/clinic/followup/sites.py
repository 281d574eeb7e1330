"""What of a visit the questions afterwards depend on: where it went in, what, and what had never been given before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits.closed import in_place_of_the_fluid
from waterneedle.clinic.visits.models import Fill, Injection, Signature, Status, Strike, Visit
from waterneedle.clinic.visits.rows import injections_of
from waterneedle.safety.checkin import CheckIn

LUNG, NERVE, FACE, FIRST, LATE = "lung", "nerve", "face", "first", "late"  # groups of extra questions
# Which hazard zones and parts of the body they are about: a weak limb may come from the cord as well.
NEAR = {LUNG: {"lung"}, NERVE: {"nerve", "cord"}, FACE: {"face", "mouth_nose", "eye"}}


class Given(NamedTuple):
    """What went in at a visit, for those who ask afterwards."""

    injections: tuple[Injection, ...]
    sites: tuple[str, ...]  # as the contract names them
    products: tuple[str, ...]
    ended_at: datetime  # the last puncture, or when the visit happened
    is_first: bool  # a product that this patient never had before; also where the patient must not learn whether it was

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of extra questions for the first days."""
        zones = zones_of(self.sites)
        found = [group for group, near in NEAR.items() if zones is None or near & zones]
        return (*found, FIRST) if self.is_first else tuple(found)

    @property
    def asks_same_day(self) -> bool:
        """Whether the first hours matter: the lung lies beneath, or nobody knows yet how this product is borne."""
        return LUNG in self.groups or self.is_first


def given_at(visit: Visit) -> Given:
    """What went in at `visit`."""
    injections = tuple(one for one in injections_of(visit) if one.is_in)
    products = _products(injections)
    return Given(
        injections=injections,
        sites=tuple(dict.fromkeys(one.site for one in injections)),
        products=products,
        ended_at=_ended_at(visit, injections),
        # Who is not told what it was would learn it from the questions that only a first dose brings.
        is_first=bool(set(products) - _had_before(visit)) or bool(in_place_of_the_fluid(visit)),
    )


def zones_of(sites: Sequence[str]) -> frozenset[str] | None:
    """Kinds of hazard zones and parts of the body under `sites`; None: one of them is not known."""
    from waterneedle.safety.report import read  # late: compiles its patterns

    return read(CheckIn(hours_since_visit=0, symptoms=(), sites=tuple(sites))).zones if sites else frozenset()


def fluids_of(injection: Injection) -> list[Fill]:
    return list(injection.syringe.fills.all()) if injection.syringe else []


def _products(injections: Sequence[Injection]) -> tuple[str, ...]:
    items = (fill.vial.lot.item for one in injections if one.syringe for fill in one.syringe.contents)
    return tuple(dict.fromkeys(item.product or item.name for item in items))


def _ended_at(visit: Visit, injections: Sequence[Injection]) -> datetime:
    times = [one.given_at for one in injections if one.given_at]
    if visit.happened_at is not None:  # written down later: the times of its punctures are those of the writing
        return visit.happened_at
    signed = Signature.objects.filter(clinic_id=visit.clinic_id, visit=visit).values_list("signed_at", flat=True).first()
    return max(times, default=signed or visit.made_at)


def _had_before(visit: Visit) -> set[str]:
    """In two statements that each name the clinic, which leads the indexes: one would go through every syringe there ever was."""
    struck = Strike.objects.filter(clinic_id=visit.clinic_id, visit=OuterRef("visit"), struck_at__isnull=False)
    earlier = Injection.objects.filter(
        ~Exists(struck), clinic_id=visit.clinic_id, patient_id__in=records_of(visit.patient),
        status__in=(Status.GIVEN, Status.STOPPED), syringe__isnull=False, visit__made_at__lt=visit.made_at,
        volume_ml__isnull=False,  # else the needle was taken out before anything went in
    )
    syringes = set(earlier.values_list("syringe_id", flat=True))
    fills = Fill.objects.filter(clinic_id=visit.clinic_id, syringe_id__in=syringes)
    return {product or name for product, name in fills.values_list("vial__lot__item__product", "vial__lot__item__name")}
