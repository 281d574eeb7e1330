"""Pieces of skin that are told by lines between points and landmarks, as triangles of one figure.

Coarse by intent: a line is laid on the skin from place to place, straight as seen from outside; what is nearer to it than the
width of the area belongs to the area, triangle by triangle (some 5 to 20 mm each), and so does what lies between neighbouring
lines. It shows where to look, never where a structure ends.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from waterneedle.body import landmarks, mesh
from waterneedle.body.mesh import Array, Rows
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.fingers import fingerbreadth_mm
from waterneedle.body.surface import Patch, Spot
from waterneedle.knowledge import SkinArea

STEP_FINGERS = 1.5  # how close the places of a line lie, and the lines that are drawn between two


def faces_of(body: Body, areas: Iterable[SkinArea]) -> Rows:
    """The triangles of all of `areas`, in order: rows of `mesh.faces()`, of the left, the right, or both sides."""
    half, found = len(mesh.faces()) // 2, []
    for area in areas:
        left = _left(body, area)
        found += [left] * (area.side != "right") + [left + half] * (area.side != "left")
    return np.unique(np.concatenate(found)) if found else np.array([], dtype=np.intp)


def spots(body: Body, place: str) -> list[Spot]:
    """The places that a name in an area stands for: a point (of a group all), a landmark (of a course all), or what is midway."""
    if "~" in place:
        ends = [spots(body, name)[0].xyz for name in place.split("~")]
        return [body.once(skin).nearest(sum(ends) / len(ends))]
    if place in landmarks.picked():
        one = landmarks.picked()[place]
        return [body.surface.spot(face, weights) for face, weights in zip(one.faces, one.barycentric, strict=True)]
    return [located.spot for located in body.located(place)]


def skin(body: Body) -> Patch:
    """All skin of the left half."""
    return body.surface.patch(np.arange(mesh.pack().skin))


def _left(body: Body, area: SkinArea) -> Rows:
    step, reach = (share * body.once(fingerbreadth_mm) for share in (STEP_FINGERS, area.width))
    named = [[spot for place in line for spot in spots(body, place)] for line in area.lines]
    tape = Tape(_around(body, [spot for line in named for spot in line]), step)
    lines = [tape.laid(line) for line in named]
    drawn = lines + [between for one, other in pairwise(lines) for between in tape.between(one, other)]
    return _near(body, [spot for line in drawn for spot in line], reach)


def _around(body: Body, places: list[Spot]) -> Patch:
    """The skin in a box around some places, wide enough for lines between them."""
    middles, _, sizes = body.once(_triangles)
    xyz = np.array([spot.xyz for spot in places])
    margin = float(np.ptp(xyz, axis=0).max()) / 2 + 2 * float(sizes.max())
    return body.surface.patch(np.flatnonzero(_within(middles, xyz, margin)))


@dataclass(frozen=True)
class Tape:
    """Lines laid on some skin, with places no further apart than `step` mm."""

    skin: Patch
    step: float

    def laid(self, line: list[Spot]) -> list[Spot]:
        """A line from place to place."""
        out = line[:1]
        for start, end in pairwise(line):
            out += [*self.halved(start, end), end]
        return out

    def halved(self, start: Spot, end: Spot) -> list[Spot]:
        """The places between two, by halves."""
        if np.linalg.norm(end.xyz - start.xyz) <= self.step:
            return []
        middle = self.middle(start, end)
        return [*self.halved(start, middle), middle, *self.halved(middle, end)]

    def middle(self, start: Spot, end: Spot) -> Spot:
        """The skin nearest to the middle of the chord, in the direction in which the skin looks at both ends."""
        middle, chord = (start.xyz + end.xyz) / 2, float(np.linalg.norm(end.xyz - start.xyz))
        out = self.skin.surface.normals_at([start, end]).sum(axis=0)
        if np.linalg.norm(out) > 0.5:  # else the ends look away from each other
            hits = [self.skin.cast(middle - way * 1e-3, way, reach=chord) for way in (out, -out)]
            facing = [hit for hit in hits if hit and self.skin.surface.normal(hit) @ out > 0]
            if facing:
                return min(facing, key=lambda hit: float(np.linalg.norm(hit.xyz - middle)))
        return self.skin.nearest(middle)

    def between(self, one: list[Spot], other: list[Spot]) -> list[list[Spot]]:
        """Lines from places of one line to the places at the same share of the other."""
        count = max(len(one), len(other))
        pairs = zip(_evenly(one, count), _evenly(other, count), strict=True)
        return [self.halved(start, end) for start, end in pairs if start is not end]


def _evenly(line: list[Spot], count: int) -> list[Spot]:
    return [line[round(share * (len(line) - 1))] for share in np.linspace(0, 1, count)]


def _near(body: Body, line: list[Spot], reach: float) -> Rows:
    """The triangles of the left half that come within `reach` of a place and look the same way as the skin there; and its own."""
    middles, outward, sizes = body.once(_triangles)
    places, normals = np.array([spot.xyz for spot in line]), body.surface.normals_at(line)
    near = np.flatnonzero(_within(middles, places, reach + sizes.max()))
    off = np.linalg.norm(middles[near, None] - places[None], axis=-1) - sizes[near, None]
    alike = outward[near] @ normals.T > 0
    own = [spot.face for spot in line if spot.face < len(middles)]
    return np.union1d(near[((off <= reach) & alike).any(axis=1)], np.array(own, dtype=np.intp))


def _within(middles: Array, places: Array, reach: float) -> Array:
    """Which middles lie in the box around the places, widened by `reach`."""
    low, high = places.min(axis=0) - reach, places.max(axis=0) + reach
    return ((middles >= low) & (middles <= high)).all(axis=1)


def _triangles(body: Body) -> tuple[Array, Array, Array]:
    """The middles, outward unit normals, and half the reach from the middle of the triangles of the left skin."""
    a, b, c = body.surface.vertices[mesh.faces()[: mesh.pack().skin]].transpose(1, 0, 2)
    middle, across = (a + b + c) / 3, np.cross(b - a, c - a)
    reach = np.max([np.linalg.norm(corner - middle, axis=1) for corner in (a, b, c)], axis=0)
    return middle, across / np.maximum(np.linalg.norm(across, axis=1), 1e-12)[:, None], reach / 2
