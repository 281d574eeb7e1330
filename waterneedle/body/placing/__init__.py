"""Every point where its rule says, on the body of one patient: `place`. The dot is a guide; palpation decides.

Landmarks are picked by hand (`landmarks.py`); points are computed from them, by the structured place in the knowledge, on the
patient's own skin. One module for each region of the body places the points of its parts; all ask `Body` for landmarks, for cun
and for each other's points. Left and midline are computed, the right side is their mirror image, exactly.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from waterneedle import knowledge
from waterneedle.body import mesh
from waterneedle.body.mesh import Array
from waterneedle.body.placing import face, limbs, neck, scalp, trunk
from waterneedle.body.placing.body import Body, Located, Locator
from waterneedle.body.surface import Spot

REGIONS = (scalp, face, neck, trunk, limbs)  # each has PARTS, the parts of the body it places, and `locate`
LOCATORS: dict[str, Locator] = {part: region.locate for region in REGIONS for part in region.PARTS}

_MIRROR = np.array([-1.0, 1.0, 1.0])


@dataclass(frozen=True)
class PlacedPoint:
    """A point on the skin of one body, mm."""

    code: str
    member: str | None  # of a group: "T1" of EX-B2; None where the point is one
    side: Literal["left", "right", "midline"]
    face: int  # row of `mesh.faces()`
    barycentric: tuple[float, float, float]
    xyz: Array
    normal: Array  # outward, of length 1


def place(coefficients: ArrayLike) -> tuple[PlacedPoint, ...]:
    """Every point of the figure that `mesh.vertices(coefficients)` draws, channel by channel; left, then right."""
    return place_on(Body.of(coefficients, LOCATORS))


def place_on(body: Body) -> tuple[PlacedPoint, ...]:
    """`place` for a body that is at hand."""
    codes = [code for code, point in knowledge.points().items() if point.body_part in LOCATORS]
    found = [(code, located) for code in codes for located in body.located(code)]
    normals = body.surface.normals_at([located.spot for _, located in found])
    pairs = zip(found, normals, strict=True)
    return tuple(point for (code, located), normal in pairs for point in _both_sides(code, located, normal))


def unplaced() -> tuple[str, ...]:
    """The codes of the points inside of mouth and nose: they have no place on the skin and stand in lists only."""
    return tuple(point.code for point in knowledge.points().values() if point.body_part == "mouth_nose")


def _both_sides(code: str, located: Located, normal: Array) -> Iterator[PlacedPoint]:
    spot = located.spot
    if spot.xyz[0] == 0:  # of a group as EX-HN1, two members lie on the midline and two beside it
        yield PlacedPoint(code, located.member, "midline", spot.face, spot.barycentric, spot.xyz, normal)
        return
    mirror = mirrored(spot)
    yield PlacedPoint(code, located.member, "left", spot.face, spot.barycentric, spot.xyz, normal)
    yield PlacedPoint(code, located.member, "right", mirror.face, mirror.barycentric, mirror.xyz, normal * _MIRROR)


def mirrored(spot: Spot) -> Spot:
    """The mirror image of a spot of the left half: the same order of triangles, the last two corners swapped."""
    a, b, c = spot.barycentric
    return Spot(spot.face + len(mesh.faces()) // 2, (a, c, b), spot.xyz * _MIRROR)
