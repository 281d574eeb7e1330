"""The hazard zones on the skin of one figure: the triangles over a structure that a needle or a fluid must not reach.

Coarse, and said so on the chart: a zone is the skin one fingerbreadth around each of its points on this figure, and, where the
facts tell it (`areas` in `knowledge/hazard_zones/`), the skin along the course of a vessel or nerve, over an orbit, or between
lines at the levels of lung, heart or bladder (`areas.py`). Nothing was scanned: the body of the figure holds no organs. Outside
of a zone is not safe; what decides is the check, with point, depth and build.
"""
from __future__ import annotations

from waterneedle import knowledge
from waterneedle.body import areas
from waterneedle.body.mesh import Rows
from waterneedle.body.placing import unplaced
from waterneedle.body.placing.body import Body
from waterneedle.knowledge import HazardZone, SkinArea

GROUPS = frozenset({"EX-B2"})  # from the first thoracic vertebra to the fifth lumbar
AROUND_FINGERS = 1.0  # of the skin around a point that belongs to its zones; ours


def regions(body: Body) -> dict[str, Rows]:
    """The triangles of each hazard zone by its id, both sides: rows of `mesh.faces()`; empty for the inside of mouth and nose."""
    return {identity: region(body, zone) for identity, zone in knowledge.hazard_zones().items()}


def region(body: Body, zone: HazardZone) -> Rows:
    """The triangles of one zone."""
    return areas.faces_of(body, [*zone.areas, *_around_points(zone)])


def at(body: Body, face: int) -> tuple[str, ...]:
    """The zones that a triangle belongs to."""
    return tuple(identity for identity, rows in body.once(regions).items() if face in rows)


def _around_points(zone: HazardZone) -> list[SkinArea]:
    """On both sides, as the check takes them. Not in the mouth; and of a zone with areas no groups: some run on beyond it."""
    codes = [code for code in zone.points if code not in unplaced() and not (zone.areas and code in GROUPS)]
    return [SkinArea(lines=((code,),), width=AROUND_FINGERS) for code in codes]
