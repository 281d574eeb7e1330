"""Geometry on the triangles of one figure, in mm: rays, the nearest skin, sections, and places that stay in their triangle.

A place on the skin is a `Spot`: a triangle and three weights of its corners. It moves with the skin from body to body, and the
browser draws it from the same two things. A `Patch` is some of the triangles, made ready for rays; patches are chosen once on the
template (`parts.py`), so that a question about a toe never looks at the head.
"""
from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from waterneedle.body.mesh import Array, Rows

_EDGE = 1e-9  # how far outside of a triangle still counts as its edge: neighbours leave no crack


@dataclass(frozen=True)
class Spot:
    """A place on the skin."""

    face: int  # row of `mesh.faces()`
    barycentric: tuple[float, float, float]  # weights of its three corners, with the sum 1
    xyz: Array


@dataclass(frozen=True)
class Section:
    """Where a plane cuts the skin: spots in order, each on an edge of its triangle; `closed` when the last meets the first."""

    faces: Rows
    barycentric: Array  # (n, 3)
    xyz: Array  # (n, 3)
    closed: bool
    _leaving: Array  # (n, 3): the weights, in the triangle of each spot, of the next spot

    @cached_property
    def lengths(self) -> Array:
        """The arc length from the first spot to each spot."""
        steps = np.linalg.norm(np.diff(self.xyz, axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(steps)])

    def at(self, length: float) -> Spot:
        """The spot at an arc length from the first one; beyond an end, the end."""
        row = min(max(int(self.lengths.searchsorted(length, side="right")) - 1, 0), len(self.xyz) - 2)
        span = self.lengths[row + 1] - self.lengths[row]
        share = min(max(float((length - self.lengths[row]) / span), 0.0), 1.0) if span else 0.0
        place = (1 - share) * self.xyz[row] + share * self.xyz[row + 1]
        # Both ends of a step lie in the triangle of the first, so the step does; its weights are read off there.
        leaving = self._leaving[row]
        weights = np.maximum((1 - share) * self.barycentric[row] + share * leaving, 0.0)
        return Spot(int(self.faces[row]), tuple(weights.tolist()), place)

    def nearest_length(self, place: ArrayLike) -> float:
        """The arc length at which the section comes nearest to a place."""
        return self._nearest(place)[0]

    def distance(self, place: ArrayLike) -> float:
        """How near the section comes to a place."""
        return self._nearest(place)[1]

    def from_end_at(self, place: ArrayLike) -> Section:
        """The same section, walked from the end that is nearer to a place."""
        if np.linalg.norm(self.xyz[0] - place) <= np.linalg.norm(self.xyz[-1] - place):
            return self
        # Backward, each step lies in the triangle in which it lay forward; there it begins where it had ended.
        faces = np.append(self.faces[-2::-1], self.faces[0])
        enters, leaves = self._leaving[-2::-1], self.barycentric[-2::-1]
        xyz = self.xyz[::-1]
        return Section(faces, np.concatenate([enters, leaves[-1:]]), xyz, self.closed, np.concatenate([leaves, leaves[-1:]]))

    def _nearest(self, place: ArrayLike) -> tuple[float, float]:
        start, step = self.xyz[:-1], np.diff(self.xyz, axis=0)
        square = np.maximum(np.einsum("ij,ij->i", step, step), 1e-12)
        share = np.clip(np.einsum("ij,ij->i", np.asarray(place) - start, step) / square, 0, 1)
        off = np.linalg.norm(start + share[:, None] * step - place, axis=1)
        row = int(off.argmin())
        return float(self.lengths[row] + share[row] * np.sqrt(square[row])), float(off[row])


class Surface:
    """The triangles of one figure."""

    def __init__(self, vertices: Array, faces: Rows):
        self.vertices = vertices
        self.faces = faces

    def at(self, face: int, barycentric: ArrayLike) -> Array:
        """The place of a spot on this figure."""
        return np.asarray(barycentric) @ self.vertices[self.faces[face]]

    def spot(self, face: int, barycentric: ArrayLike) -> Spot:
        """The spot of a triangle and three weights, which rounding may have left a hair below 0."""
        a, b, c = (max(float(weight), 0.0) for weight in barycentric)
        weights = (a / (a + b + c), b / (a + b + c), c / (a + b + c))
        return Spot(int(face), weights, self.at(face, weights))

    @cached_property
    def normals(self) -> Array:
        """The outward unit normal at each vertex: of its triangles, by their area."""
        a, b, c = np.ascontiguousarray(self.vertices.T)[:, self.faces.T].transpose(1, 0, 2)
        doubled, rows, count = _cross(b - a, c - a), self.faces.T.ravel(), len(self.vertices)
        total = np.stack([np.bincount(rows, np.tile(along, 3), count) for along in doubled])
        return (total / np.maximum(np.sqrt((total * total).sum(0)), 1e-12)).T

    def normals_at(self, spots: Sequence[Spot]) -> Array:
        """The smooth outward unit normals at many spots: `(n, 3)` array."""
        weights = np.array([spot.barycentric for spot in spots])
        found = np.einsum("ni,nix->nx", weights, self.normals[self.faces[[spot.face for spot in spots]]])
        return found / np.sqrt((found * found).sum(1))[:, None]

    def normal(self, spot: Spot) -> Array:
        """The smooth outward unit normal at a spot."""
        return self.normals_at([spot])[0]

    def patch(self, faces: Rows) -> Patch:
        return Patch(self, faces)


class Patch:
    """Some triangles of a figure, ready to be hit. A sphere around each tells at once which of them a question can concern."""

    def __init__(self, surface: Surface, faces: Rows):
        self.surface = surface
        self.faces = np.asarray(faces, dtype=np.intp)
        self.corners = surface.faces[self.faces]

    @cached_property
    def _spheres(self) -> tuple[Array, Array]:
        """Centres (3, faces) and squared radii of spheres that hold the triangles."""
        a, b, c = (self.surface.vertices[self.corners[:, corner]].T for corner in range(3))
        middle = (a + b + c) / 3
        radii = [((corner - middle) ** 2).sum(0) for corner in (a, b, c)]
        return np.ascontiguousarray(middle), np.maximum(np.maximum(radii[0], radii[1]), radii[2]) * (1 + _EDGE)

    def cast(self, origin: ArrayLike, direction: ArrayLike, last: bool = False, reach: float = np.inf) -> Spot | None:
        """The first (or `last`) place where a ray from `origin` meets these triangles, at most `reach` mm away, or None."""
        origin, direction = np.asarray(origin, dtype=float), np.asarray(direction, dtype=float)
        direction = direction / math.sqrt(direction @ direction)
        near = self._along(origin, direction)
        hit, t, u, v = _crossings(self.surface.vertices[self.corners[near]], origin, direction)
        rows = (hit & (t > 0) & (t <= reach)).nonzero()[0]
        if not len(rows):
            return None
        row = rows[t[rows].argmax() if last else t[rows].argmin()]
        return self.surface.spot(self.faces[near[row]], (1 - u[row] - v[row], u[row], v[row]))

    def cast_many(self, origins: Array, directions: Array, last: bool = False, reach: float = np.inf) -> list[Spot | None]:
        """`cast` for many rays: `(n, 3)` arrays; one answer for each ray."""
        return [self.cast(origin, direction, last, reach) for origin, direction in zip(origins, directions, strict=True)]

    def _along(self, origin: Array, direction: Array) -> Rows:
        """The triangles whose sphere the line of a ray passes through."""
        middles, radii = self._spheres
        x, y, z = middles - origin[:, None]
        along = direction[0] * x + direction[1] * y + direction[2] * z
        return (x * x + y * y + z * z - along * along <= radii).nonzero()[0]

    def nearest(self, place: ArrayLike) -> Spot:
        """The place on these triangles that is nearest to `place` (Ericson 2005, Real-Time Collision Detection, 5.1.5)."""
        middles, radii = self._spheres
        place = np.asarray(place, dtype=float)
        x, y, z = middles - place[:, None]
        apart = x * x + y * y + z * z
        closest = int(apart.argmin())
        reach = math.sqrt(apart[closest]) + math.sqrt(radii[closest]) + math.sqrt(radii.max())
        near = (apart <= reach * reach).nonzero()[0]
        a, b, c = self.surface.vertices[self.corners[near]].transpose(1, 2, 0)
        weights = _nearest_weights(place[:, None] - a, b - a, c - a)
        off = weights[1] * (b - a) + weights[2] * (c - a) + a - place[:, None]
        row = int((off * off).sum(0).argmin())
        return self.surface.spot(self.faces[near[row]], weights[:, row])

    def walk(self, start: Spot, way: ArrayLike, length: float, across: ArrayLike | None = None) -> Spot:
        """The spot `length` mm along the skin from `start` in the direction `way`, straight as a tape lies; at most to the edge.

        The tape lies in the plane of `way` and of the smooth normal at the start, or in the plane across `across`.
        """
        across = np.cross(way, self.surface.normal(start)) if across is None else across
        tape = min(self.sections(start.xyz, across), key=lambda one: one.distance(start.xyz))
        here = tape.nearest_length(start.xyz)
        ahead, behind = tape.at(here + 0.01).xyz, tape.at(here - 0.01).xyz
        there = here + (length if (ahead - behind) @ np.asarray(way) > 0 else -length)
        return tape.at(there % tape.lengths[-1] if tape.closed else there)

    def sections(self, origin: ArrayLike, normal: ArrayLike) -> list[Section]:
        """Where the plane through `origin` across `normal` cuts these triangles: the longest first. A walk along one keeps the
        inside of the body at its left when seen against the normal."""
        return sorted(self._sections(origin, normal), key=lambda section: -section.lengths[-1])

    def _sections(self, origin: ArrayLike, normal: ArrayLike) -> Iterator[Section]:
        rows, inverse = self._rows
        height = (self.surface.vertices[rows] - origin) @ np.asarray(normal, dtype=float)
        height[height == 0] = 1e-9  # a corner on the plane is a hair above it: each cut triangle has two cut edges
        heights = height[inverse]
        above = heights > 0
        cut = np.flatnonzero(above.any(axis=1) & ~above.all(axis=1))
        yield from self._chained(cut, heights[cut], above[cut])

    def _chained(self, cut: Rows, heights: Array, above: NDArray[np.bool_]) -> Iterator[Section]:
        """The sections through cut triangles, from edge to edge; `heights` are those of their corners over the plane."""
        following = np.roll(above, -1, axis=1)
        enters, leaves = (~above & following).argmax(axis=1), (above & ~following).argmax(axis=1)
        corners = self.corners[cut]
        begins, ends = (_edges(corners, edge).tolist() for edge in (enters, leaves))
        step_at = {edge: step for step, edge in enumerate(begins)}
        weights = _cut_weights(heights, enters), _cut_weights(heights, leaves)
        starts = set(begins) - set(ends)
        while step_at:
            start = edge = starts.pop() if starts else next(iter(step_at))
            chain = []
            while edge in step_at:
                chain.append(step_at.pop(edge))
                edge = ends[chain[-1]]
            yield self._section(cut[chain], weights[0][chain], weights[1][chain], closed=edge == start)

    def _section(self, rows: Rows, enters: Array, leaves: Array, closed: bool) -> Section:
        rows, weights = np.append(rows, rows[-1]), np.concatenate([enters, leaves[-1:]])
        xyz = np.einsum("ni,nix->nx", weights, self.surface.vertices[self.corners[rows]])
        return Section(self.faces[rows], weights, xyz, closed, np.concatenate([leaves, leaves[-1:]]))

    @cached_property
    def _rows(self) -> tuple[Rows, Rows]:
        """The vertices of these triangles, and which of them each corner is."""
        rows, inverse = np.unique(self.corners, return_inverse=True)
        return rows, inverse.reshape(-1, 3)


def _crossings(triangles: Array, origin: Array, direction: Array) -> tuple[NDArray[np.bool_], Array, Array, Array]:
    """Where a ray crosses the planes of `(n, 3, 3)` triangles, and whether inside of them.

    Möller and Trumbore 1997, doi:10.1080/10867651.1997.10487468.
    """
    a, b, c = triangles.transpose(1, 2, 0)
    ab, ac, to = b - a, c - a, origin[:, None] - a
    across, turned = _cross(ab, ac), _cross(to, direction[:, None])
    along = -_dot(direction, across)
    along[along == 0] = np.nan  # a ray in the plane of a triangle meets its neighbours
    t, u, v = _dot(to, across) / along, _dot(ac, turned) / along, -_dot(ab, turned) / along
    return (u >= -_EDGE) & (v >= -_EDGE) & (u + v <= 1 + _EDGE), t, u, v


def _dot(a: Array, b: Array) -> Array:
    """The dot product along the first axis."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Array, b: Array) -> Array:
    """The cross product along the first axis, without the ceremony of numpy's own."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def _edges(corners: Rows, edge: Rows) -> Rows:
    """One number for edge k of each triangle, from corner k to the next, the same from both of its sides."""
    a = np.take_along_axis(corners, edge[:, None], axis=1)[:, 0]
    b = np.take_along_axis(corners, (edge[:, None] + 1) % 3, axis=1)[:, 0]
    return np.minimum(a, b) * (corners.max(initial=0) + 1) + np.maximum(a, b)


def _cut_weights(heights: Array, edge: Rows) -> Array:
    """The weights, in its triangle, of the place where edge k crosses the plane."""
    row, other = np.arange(len(edge)), (edge + 1) % 3
    a, b = heights[row, edge], heights[row, other]
    weights = np.zeros_like(heights)
    weights[row, edge], weights[row, other] = b / (b - a), -a / (b - a)
    return weights


def _nearest_weights(p: Array, ab: Array, ac: Array) -> Array:
    """Barycentric weights (3, faces) of the nearest place of each triangle to a point given from its first corner."""
    d1, d2 = _dot(ab, p), _dot(ac, p)
    aa, bb, m = _dot(ab, ab), _dot(ac, ac), _dot(ab, ac)
    scale = np.maximum(aa * bb - m * m, 1e-18)
    v, w = (bb * d1 - m * d2) / scale, (aa * d2 - m * d1) / scale
    inside = (v >= 0) & (w >= 0) & (v + w <= 1)
    along_ab, along_ac = np.clip(d1 / np.maximum(aa, 1e-18), 0, 1), np.clip(d2 / np.maximum(bb, 1e-18), 0, 1)
    bc = ac - ab
    along_bc = np.clip(_dot(p - ab, bc) / np.maximum(_dot(bc, bc), 1e-18), 0, 1)
    zero = np.zeros_like(v)
    choices = np.stack([
        np.stack([np.where(inside, v, np.nan), np.where(inside, w, np.nan)]), np.stack([along_ab, zero]),
        np.stack([zero, along_ac]), np.stack([1 - along_bc, along_bc]),
    ])  # (4, 2, faces)
    off = choices[:, 0, None] * ab + choices[:, 1, None] * ac - p
    square = np.where(np.isnan(choices[:, 0]), np.inf, (off * off).sum(1))
    best = square.argmin(0)
    v, w = choices[best, 0, np.arange(len(best))], choices[best, 1, np.arange(len(best))]
    return np.stack([1 - v - w, v, w])
