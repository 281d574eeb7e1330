"""What is carried over from an earlier visit or from a published protocol, planned, to be changed and given.

Places, volumes, route and direction are. What was seen, felt, answered, scored or signed never is, nor a lot or a date: the
syringe is drawn up anew, and the needle with it. Depth and angle are not carried over where a needle may reach lung, heart, cord,
eye or a great vessel.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction

from waterneedle import knowledge
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.actions import NotCharted, Site
from waterneedle.clinic.visits.danger import is_dangerous
from waterneedle.clinic.visits.models import Injection, Syringe, Technique, Visit
from waterneedle.clinic.visits.rows import injections_of
from waterneedle.knowledge.evidence import ProtocolSite

PLACE = ("point", "muscle", "region", "side", "level")
COPIED = ("technique", "route", "volume_ml", "direction", "nudge")
COPIED_WHERE_HARMLESS = ("depth_mm", "depth_max_mm", "angle_deg")
SIDES = {"bilateral": ("left", "right")}


@transaction.atomic
def repeat(*, visit: Visit, source: Visit, by: Person, syringe: Syringe | None = None) -> list[Injection]:
    """Plan in `visit` what went in at `source`, a visit of the same patient, from the syringe of today.

    Raises NotCharted for another patient's visit, and where fluid was injected and no syringe is loaded.
    """
    if source.patient_id != visit.patient_id:
        raise NotCharted("this is a visit of another patient")
    return [_copy(one, visit, by, syringe) for one in injections_of(source) if one.is_in]


@transaction.atomic
def from_protocol(
    *, visit: Visit, protocol: str, by: Person, syringe: Syringe | None = None, affected: str = ""
) -> list[Injection]:
    """Plan the sites of a published protocol. What its source left out stays open; `affected` is the side that hurts.

    Raises NotCharted for a protocol that is not on file, one whose side is asked for, and without a loaded syringe.
    """
    found = knowledge.protocols().get(protocol)
    if found is None:
        raise NotCharted(f"there is no protocol {protocol}")
    made = []
    for site in found.sites:
        fields = _of_protocol(site, found.route, found.depth_mm)
        if syringe is None:
            raise NotCharted("load the syringe first")
        for side in _sides(site, affected):
            place = Site(point=site.point or "", muscle=site.muscle or "", region=site.region or "", side=side)
            made += actions.add(visit=visit, sites=[place], syringe=syringe, by=by, **fields)
    return made


def _copy(one: Injection, visit: Visit, by: Person, syringe: Syringe | None) -> Injection:
    place = {name: getattr(one, name) for name in PLACE}
    if one.technique == Technique.INJECTION and syringe is None:
        raise NotCharted("load the syringe first: a lot is never carried over")
    names = [name for name in COPIED if name != "technique"]
    if not is_dangerous(point=one.point, muscle=one.muscle, region=one.region, level=one.level):
        names += COPIED_WHERE_HARMLESS
    fields = {name: value for name in names if (value := getattr(one, name)) not in (None, "")}
    used = syringe if one.technique == Technique.INJECTION else None
    return actions.add(visit=visit, sites=[Site(**place)], syringe=used, by=by, **fields)[0]


def _of_protocol(site: ProtocolSite, route: str | None, depth_mm: tuple[float, float] | None) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if site.volume_ml is not None:
        fields["volume_ml"] = Decimal(str(site.volume_ml))
    if route in ("ID", "SC", "IM"):
        fields["route"] = route
    harmless = not is_dangerous(point=site.point or "", muscle=site.muscle or "", region=site.region or "")
    if depth_mm is not None and harmless:
        fields["depth_mm"], fields["depth_max_mm"] = (Decimal(str(one)) for one in depth_mm)
    return fields


def _sides(site: ProtocolSite, affected: str) -> tuple[str, ...]:
    if site.side == "affected":
        if not affected:
            raise NotCharted("say which side hurts")
        return SIDES.get(affected, (affected,))
    return SIDES.get(site.side or "", (site.side or "",))
