"""The skin of the trunk of one figure: straight ahead, straight behind and straight aside of a place inside it.

Rays start inside the trunk, so that the first skin they meet is its own: an arm or a thigh that touches it is never reached.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from waterneedle.body import landmarks, parts
from waterneedle.body.mesh import Array, Rows
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.trunk.median import Median
from waterneedle.body.surface import Patch, Spot

_PARTS = ("trunk", "shoulder", "hip", "neck", "upper_arm", "thigh")  # the wall of the chest lies nearest to the arm's bone
_INSIDE = 0.6  # of the distance of the hip joint from the midline
AHEAD, BEHIND = np.array([0.0, 0.0, 1.0]), np.array([0.0, 0.0, -1.0])


@dataclass(frozen=True)
class Skin:
    body: Body
    median: Median
    faces: Rows
    low: Array  # the lowest and highest corner of each of `faces`, mm
    high: Array
    _rings: dict[float, Patch] = field(default_factory=dict)  # by height: the points of a row ask for the same
    _middles: dict[float, float] = field(default_factory=dict)

    @classmethod
    def of(cls, body: Body) -> Skin:
        heights = body.surface.vertices[body.surface.faces[_faces()], 1]
        return cls(body, body.once(Median.of), _faces(), heights.min(axis=1), heights.max(axis=1))

    def front(self, aside: float, height: float) -> Spot:
        """The front of the trunk, so many mm from the midline at a height."""
        return self.median.front(height) if aside == 0 else self._level(aside, height, AHEAD)

    def back(self, aside: float, height: float) -> Spot:
        return self.median.back(height) if aside == 0 else self._level(aside, height, BEHIND)

    def side(self, forward: float, height: float) -> Spot:
        """The side of the trunk at z = `forward`."""
        return self._cast(np.array([self._depth, height, forward]), np.array([1.0, 0, 0]))

    def out(self, place: ArrayLike, direction: ArrayLike) -> Spot:
        """The skin that is met from inside through a place near it, along a direction that lies level."""
        direction = np.asarray(direction, dtype=float) / np.linalg.norm(direction)
        return self._cast(np.asarray(place) - self._depth * direction, direction)

    def picked(self, landmark: str) -> Spot:
        """The spot of a landmark as it was picked."""
        found = landmarks.picked()[landmark]
        return self.body.surface.spot(int(found.faces[0]), found.barycentric[0])

    def _level(self, aside: float, height: float, direction: Array) -> Spot:
        return self._cast(np.array([aside, height, self._middle(height)]), direction)

    def _middle(self, height: float) -> float:
        """Midway between the front and the back of the midline, z."""
        if height not in self._middles:
            self._middles[height] = float(self.median.front(height).xyz[2] + self.median.back(height).xyz[2]) / 2
        return self._middles[height]

    @property
    def _depth(self) -> float:
        """How far inside a ray to the side starts, mm: clear of the groove of the spine, inside of the thinnest flank."""
        return _INSIDE * float(self.body.joints["l-upper-leg"][0])

    def _cast(self, inside: Array, direction: Array) -> Spot:
        spot = self._ring(float(inside[1])).cast(inside, direction)
        if spot is None:
            raise ValueError(f"no skin of the trunk from {inside.round(1).tolist()} along {direction.round(2).tolist()}")
        return spot

    def _ring(self, height: float) -> Patch:
        """The skin that a height passes through."""
        if height not in self._rings:
            self._rings[height] = self.body.surface.patch(self.faces[(self.low <= height) & (height <= self.high)])
        return self._rings[height]


@cache
def _faces() -> Rows:
    return parts.faces_of(*_PARTS)
