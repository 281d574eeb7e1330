"""What lies beneath a point, and how near it was measured, from the hazard zones."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.training.questions.item import Item, amount, apart, cited, spread
from waterneedle.safety.plan import Injection, Patient, Plan, Site
from waterneedle.safety.reading import read

TOPIC = "danger"
POINTS_OF_A_ZONE = 3
_ANY_DAY = datetime.date(2026, 1, 1)  # what lies beneath a point does not depend on the day


def items() -> Iterator[Item]:
    zones = sorted(knowledge.hazard_zones().values(), key=lambda one: one.id)
    for zone in zones:
        for code in spread(zone.points, POINTS_OF_A_ZONE):
            yield from _beneath(zone, code, zones)
        for code in zone.points:
            measured = [one for one in zone.distances if code in one.points and one.smallest_mm]
            if measured:
                yield _nearest(zone, code, measured)


def zones_at(code: str) -> frozenset[str]:
    """The zones that the safety check finds at a point, by every way in which a point can lie in one."""
    puncture = Injection(site=Site(point=code, side="left"), contents=(), technique="needle_only")
    reading = read(Plan(date=_ANY_DAY, patient=Patient(), injections=(puncture,)))
    return frozenset(zone.id for one in reading.punctures for zone in one.zones)


def _beneath(zone: knowledge.HazardZone, code: str, zones: list[knowledge.HazardZone]) -> Iterator[Item]:
    here = zones_at(code)
    others = [one.structure.en for one in zones if one.id not in here and one.kind != zone.kind]
    wrong = apart(zone.structure.en, spread(others, 3))
    if zone.kind in ("pregnancy", "forbidden") or len(wrong) < 2:
        return
    yield Item(
        id=f"danger:beneath:{zone.id}:{code}", topic=TOPIC, right=zone.structure.en, wrong=wrong,
        text=_("What must a needle at %(point)s not reach?") % {"point": _named(code)},
        why=zone.note or _("%(point)s lies over it.") % {"point": code}, sources=cited(zone.sources),
        basis={"zone": zone.id, "point": code})


def _nearest(zone: knowledge.HazardZone, code: str, measured: list) -> Item:
    nearest = min(measured, key=lambda one: one.smallest_mm)
    right = amount(nearest.smallest_mm, "mm")
    others = (nearest.smallest_mm * 2, nearest.smallest_mm * 3, nearest.smallest_mm + 10)
    return Item(
        id=f"danger:nearest:{zone.id}:{code}", topic=TOPIC, right=right,
        wrong=apart(right, (amount(one, "mm") for one in others)),
        text=_("At which depth beneath %(point)s was this found at the nearest: %(structure)s?") % {
            "point": _named(code), "structure": zone.structure.en},
        why=_("The smallest published figure holds: %(method)s.") % {"method": nearest.method},
        sources=cited([nearest.citation]), basis={"zone": zone.id, "point": code, "mm": nearest.smallest_mm})


def _named(code: str) -> str:
    point = knowledge.points().get(code)
    return f"{point.hanzi} {point.pinyin} {code}" if point else code
