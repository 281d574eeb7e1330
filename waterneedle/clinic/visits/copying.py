"""What is carried over from an earlier visit or from a published protocol, planned, to be changed and given.

Places, volumes, route and direction are. What was seen, felt, answered, scored or signed never is, nor a lot or a date: the
syringe is drawn up anew, and the needle with it. Depth, angle and needle stay open where a needle may reach lung, heart, cord,
eye or a great vessel. A volume is one of its fluid: of another the same volume is another dose.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from waterneedle import knowledge
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.visits import actions
from waterneedle.clinic.visits.actions import Site
from waterneedle.clinic.visits.closed import in_place_of_the_fluid
from waterneedle.clinic.visits.cosigning import why_not_again, with_who_stands
from waterneedle.clinic.visits.danger import is_dangerous
from waterneedle.clinic.visits.drafts import NotCharted, NotStoodFor
from waterneedle.clinic.visits.fluids import fluid_of
from waterneedle.clinic.visits.models import ROUTES, Injection, Status, Syringe, Technique, Visit
from waterneedle.clinic.visits.rows import injections_of, syringes_of
from waterneedle.knowledge.evidence import Protocol, ProtocolSite
from waterneedle.knowledge.naming import plain

PLACE = ("point", "muscle", "region", "side", "level")
COPIED = ("technique", "route", "volume_ml", "direction", "nudge")
COPIED_WHERE_HARMLESS = ("depth_mm", "depth_max_mm", "angle_deg")
# Depth, angle and needle are said anew at every point of danger, whatever the syringe has.
NOTHING_FILLED = {"depth_mm": None, "angle_deg": None, "gauge": None, "length_mm": None}
BOTH = ("left", "right")


@transaction.atomic
def repeat(
    *, visit: Visit, source: Visit, by: Person, syringe: Syringe | None = None, each_ml: Decimal | None = None
) -> list[Injection]:
    """Plan in `visit` what was given at `source`, a visit of the same patient, each from the syringe of today with its fluid.
    What was stopped there is not: it was for a reason, such as a nerve that was met (`stopped_in`).

    Nor is a visit of a student for which nobody stands: whoever answers for them may have refused it for what is in it.

    Where nobody has drawn up the only fluid of `source`, the `syringe` in hand is taken, and the volume is `each_ml` or open; of
    several fluids those that nobody has drawn up are left out (`other_fluids`). Raises NotCharted for another patient's visit,
    for one that nobody stands for, and where fluid was injected and no syringe is loaded.
    """
    if source.patient_id not in records_of(visit.patient):
        raise NotCharted(gettext("this is a visit of another patient"))
    if why := why_not_again(with_who_stands(Visit.objects.filter(clinic=source.clinic_id, pk=source.pk)).get()):
        raise NotStoodFor(why)
    same = _with_its_fluid(visit, source, syringe)
    left_out = {one.pk for one in other_fluids(visit=visit, source=source, syringe=syringe)[0]}
    made = []
    for one in (each for each in _given(source) if each.pk not in left_out):
        is_other = one.syringe is not None and same.get(one.pk) is None
        made.append(_copy(one, visit, by, same.get(one.pk) or syringe, {"volume_ml": each_ml} if is_other else {}))
    return made


def stopped_in(source: Visit) -> list[Injection]:
    """What a repeat of `source` leaves out although the needle was in."""
    return [one for one in injections_of(source) if one.status == Status.STOPPED]


def other_fluids(
    *, visit: Visit, source: Visit, syringe: Syringe | None
) -> tuple[list[Injection], list[Injection]]:
    """What of `source` had a fluid that nobody has drawn up today: what a repeat leaves out for it, where there were several
    fluids, and what it plans from the syringe in hand, where there was one."""
    given, same = [one for one in _given(source) if one.syringe is not None], _with_its_fluid(visit, source, syringe)
    missing = [one for one in given if one.pk in same and same[one.pk] is None]
    return (missing, []) if len({fluid_of(one.syringe) for one in given}) > 1 else ([], missing)


@transaction.atomic
def from_protocol(
    *, visit: Visit, protocol: str, by: Person, syringe: Syringe | None = None, side: str = "",
    each: Mapping[str, Any] | None = None,
) -> list[Injection]:
    """Plan the sites of a published protocol.

    `side` is the one that hurts, and the side of every place of which the source says none; `each` holds what each injection gets
    (`volume_ml`, `depth_mm`, `angle_deg`) where the source says nothing of it. What neither says stays open; at a danger point
    depth, angle and needle always do. Raises NotCharted for a protocol that is not on file, for a route that is not charted,
    where the side that hurts is asked for and not said, and without a loaded syringe.
    """
    found = knowledge.protocols().get(protocol)
    if found is None:
        raise NotCharted(gettext("there is no protocol %(protocol)s") % {"protocol": protocol})
    if not is_charted(found):
        raise NotCharted(gettext("its route is none of this therapy"))
    if syringe is None:
        raise NotCharted(gettext("load the syringe first"))
    made = []
    for site in found.sites:
        place = charted_place(site)
        fields = _of_protocol(place, found, site, each or {})
        for one_side in _sides(site, side):
            made += actions.add(visit=visit, sites=[Site(**place, side=one_side)], syringe=syringe, by=by, **fields)
    return made


def charted_place(site: ProtocolSite) -> dict[str, str]:
    """The point, muscle and region under which a place of a protocol is charted; "" for what it is not."""
    return {"point": site.point or "", "muscle": _known("muscle", site.muscle), "region": _known("region", site.region)}


def is_charted(protocol: Protocol) -> bool:
    """Whether its route is one of this therapy, or none is told: into a joint nobody injects here."""
    return protocol.route in (None, *ROUTES)


def asks_side(protocol: Protocol) -> bool:
    """Whether a side has to be said: that which hurts, or where the source says none of a place that has two."""
    return any(site.side in (None, "affected") and not _is_midline(site) for site in protocol.sites)


def _given(source: Visit) -> list[Injection]:
    return [one for one in injections_of(source) if one.status == Status.GIVEN]


def _with_its_fluid(visit: Visit, source: Visit, in_hand: Syringe | None) -> dict[int, Syringe | None]:
    """By the number of each that was given of a syringe the one of today with the same fluid: that in hand, else the one drawn up
    last; None where there is none. What is kept closed is not compared, for that would tell what it was."""
    given = [one for one in _given(source) if one.syringe is not None]
    if in_hand is None:
        return {}
    if in_place_of_the_fluid(visit) or in_place_of_the_fluid(source):
        return {one.pk: in_hand for one in given}
    drawn_up = {fluid_of(one): one for one in (*syringes_of(visit), in_hand)}
    return {one.pk: drawn_up.get(fluid_of(one.syringe)) for one in given}


def _copy(one: Injection, visit: Visit, by: Person, syringe: Syringe | None, otherwise: Mapping[str, Any]) -> Injection:
    place = {name: getattr(one, name) for name in PLACE}
    if one.technique == Technique.INJECTION and syringe is None:
        raise NotCharted(gettext("load the syringe first: a lot is never carried over"))
    names = [name for name in COPIED if name != "technique" and (name != "route" or one.route in ROUTES)]
    if not is_dangerous(point=one.point, muscle=one.muscle, region=one.region, level=one.level):
        names += COPIED_WHERE_HARMLESS
        needle = {}
    else:
        needle = NOTHING_FILLED
    fields = {name: value for name in names if (value := getattr(one, name)) not in (None, "")} | needle | otherwise
    used = syringe if one.technique == Technique.INJECTION else None
    return actions.add(visit=visit, sites=[Site(**place)], syringe=used, by=by, **fields)[0]


def _of_protocol(place: Mapping[str, str], protocol: Protocol, site: ProtocolSite, each: Mapping[str, Any]) -> dict[str, Any]:
    fields: dict[str, Any] = {"volume_ml": Decimal(str(site.volume_ml)) if site.volume_ml is not None else each.get("volume_ml")}
    if protocol.route is not None:
        fields["route"] = protocol.route
    if is_dangerous(**place):
        return fields | NOTHING_FILLED
    if protocol.depth_mm is not None:
        fields["depth_mm"], fields["depth_max_mm"] = (Decimal(str(one)) for one in protocol.depth_mm)
        return fields
    return fields | {name: each[name] for name in ("depth_mm", "angle_deg") if each.get(name) is not None}


def _sides(site: ProtocolSite, said: str) -> tuple[str, ...]:
    if site.side == "affected" and not said:
        raise NotCharted(gettext("say which side hurts"))
    is_open = site.side in (None, "affected")
    side = site.side if not is_open else "" if _is_midline(site) else said
    return BOTH if side == "bilateral" else (side,)


def _known(kind: str, name: str | None) -> str:
    """The id of a place that a protocol calls by a name; the name itself, where it means several or none."""
    ids = knowledge.names(kind).get(plain(name or ""), ())
    return ids[0] if len(ids) == 1 else name or ""


def _is_midline(site: ProtocolSite) -> bool:
    return bool(site.point) and knowledge.points()[site.point].side == "midline"
