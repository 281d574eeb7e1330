"""The skin of a figure as pixels: which triangle is nearest to the eye in each of them, how bright it is and how near.

An eye from very far away: parallel rays, so that a picture is in millimetres. For `flat.py`; nothing here knows of SVG.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from waterneedle.body.mesh import Array
from waterneedle.body.surface import Surface
from waterneedle.body.views import View

MARGIN_MM = 12.0
FINE = 720  # pixels along the longer side
HIDDEN_MM = 8.0  # a place so much farther than what is seen in its pixel is hidden
# The lights of static/scene.js, in the eye's own axes.
_KEY, _FILL = np.array([-0.42, 0.62, 0.66]), np.array([0.72, -0.12, 0.68])


@dataclass(frozen=True)
class Projection:
    """From the body to the paper, mm: x to the right, y down, with (0, 0) at the centre of the view."""

    centre: Array
    right: Array
    up: Array
    outward: Array
    box: tuple[float, float, float, float]  # left, top, width, height
    shown_mm: tuple[float, float] = (-np.inf, np.inf)  # nothing is drawn that lies farther behind the centre, or before it

    def __call__(self, places: ArrayLike) -> Array:
        """`(n, 3)`: x, y on paper, and how near to the eye."""
        return (np.asarray(places) - self.centre) @ np.stack([self.right, -self.up, self.outward], axis=1)


@dataclass(frozen=True)
class Raster:
    """A picture in pixels: `(lines, columns)` arrays, NaN beside the body."""

    projection: Projection
    step: float  # mm, the side of a pixel
    light: NDArray[np.float32]  # 1 for the brightest skin
    depth: NDArray[np.float32]  # mm before the centre

    def sees(self, place: ArrayLike) -> bool:
        """Whether a place on the skin is in the picture and not hidden."""
        [[x, y, depth]] = self.projection([place])
        left, top = self.projection.box[:2]
        column, line = round((x - left) / self.step), round((y - top) / self.step)
        if not (0 <= line < self.depth.shape[0] and 0 <= column < self.depth.shape[1]):
            return False
        behind, before = self.projection.shown_mm
        return bool(behind < depth < before and depth > self.depth[line, column] - HIDDEN_MM)


def projected(view: View, vertices: Array) -> Projection:
    """The projection of a view: the whole figure with a margin, or the square of a region."""
    x, _, z = view.outward
    azimuth = np.arctan2(x, z) if np.hypot(x, z) > 1e-6 else 0.0
    right = np.array([np.cos(azimuth), 0, -np.sin(azimuth)])
    found = Projection(view.centre, right, np.cross(view.outward, right), view.outward,
                       (-view.radius, -view.radius, 2 * view.radius, 2 * view.radius),
                       (-np.inf if view.behind_mm is None else -view.behind_mm, np.inf if view.clip_mm is None else view.clip_mm))
    if view.region != "body":
        return found
    paper = found(vertices)[:, :2]
    low, high = paper.min(axis=0) - MARGIN_MM, paper.max(axis=0) + MARGIN_MM
    return Projection(found.centre, found.right, found.up, found.outward, (*low, *(high - low)), found.shown_mm)


def raster(surface: Surface, projection: Projection, fine: int = FINE) -> Raster:
    """The picture of a figure by a projection, with `fine` pixels along its longer side."""
    left, top, width, height = projection.box
    step = max(width, height) / fine
    columns, lines = int(np.ceil(width / step)) + 1, int(np.ceil(height / step)) + 1
    paper = projection(surface.vertices)
    paper[:, :2] = (paper[:, :2] - (left, top)) / step
    pixels, faces, weights = _rastered(paper, surface.faces, projection.shown_mm, columns, lines)
    eye = np.stack([projection.right, projection.up, projection.outward], axis=1)
    normals = np.einsum("ni,nix->nx", weights, surface.normals[surface.faces[faces]]) @ eye
    light, nearness = np.full((2, lines * columns), np.nan, np.float32)
    light[pixels] = _light(normals / np.linalg.norm(normals, axis=1)[:, None])
    nearness[pixels] = np.einsum("ni,ni->n", weights, paper[surface.faces[faces], 2])
    return Raster(projection, step, light.reshape(lines, columns), nearness.reshape(lines, columns))


def _light(normals: Array) -> Array:
    key, fill = np.maximum(normals @ _KEY, 0), np.maximum(normals @ _FILL, 0)
    edge = 1 - np.maximum(normals[:, 2], 0)
    return (0.46 + 0.44 * key + 0.16 * fill) * (1 - 0.42 * edge**3)


def _rastered(
    paper: Array, faces: NDArray[np.intp], shown_mm: tuple[float, float], columns: int, lines: int,
) -> tuple[NDArray[np.intp], NDArray[np.intp], Array]:
    """The nearest face in each pixel that shows one: pixels, faces, and the weights of the corners there."""
    a, b, c = (paper[faces[:, corner]] for corner in range(3))
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    low = np.floor(np.minimum(np.minimum(a, b), c)[:, :2]).astype(int)
    high = np.ceil(np.maximum(np.maximum(a, b), c)[:, :2]).astype(int)
    # Counter-clockwise from outside is clockwise with y down: what faces the eye has a negative area here.
    shown = (area < -1e-9) & (high >= 0).all(axis=1) & (low[:, 0] < columns) & (low[:, 1] < lines)
    found = [_covered(a, b, c, area, low, group, size, columns, lines)
             for size in (2, 4, 8, 16, 32, 64, 128, 256)
             if len(group := np.flatnonzero(shown & (_size(low, high) <= size) & (_size(low, high) > size // 2 * (size > 2))))]
    pixels, depth, hit, weights = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.argsort(depth)  # the nearest is written last
    order = order[(depth[order] > shown_mm[0]) & (depth[order] < shown_mm[1])]
    nearest = np.full(columns * lines, -1, np.intp)
    nearest[pixels[order]] = order
    kept = nearest[nearest >= 0]
    return pixels[kept], hit[kept], weights[kept]


def _size(low: NDArray[np.intp], high: NDArray[np.intp]) -> NDArray[np.intp]:
    return (high - low + 1).max(axis=1)


def _covered(a: Array, b: Array, c: Array, area: Array, low: NDArray[np.intp], group: NDArray[np.intp], size: int, columns: int,
             lines: int) -> tuple[NDArray[np.intp], Array, NDArray[np.intp], Array]:
    """The pixels whose middle lies in each of the faces of `group`, all of which fit into `size` by `size` pixels."""
    grid = np.stack(np.meshgrid(np.arange(size), np.arange(size)), axis=-1).reshape(-1, 2)
    spots = low[group][:, None, :] + grid[None]
    x, y = spots[..., 0], spots[..., 1]

    def opposite(p: Array, q: Array) -> Array:
        p, q = p[group][:, None, :], q[group][:, None, :]
        return ((q[..., 0] - p[..., 0]) * (y - p[..., 1]) - (q[..., 1] - p[..., 1]) * (x - p[..., 0])) / area[group][:, None]

    weights = np.stack([opposite(b, c), opposite(c, a), opposite(a, b)], axis=-1)
    inside = (weights >= -1e-9).all(axis=-1) & (x >= 0) & (y >= 0) & (x < columns) & (y < lines)
    rows = np.nonzero(inside)[0]
    weights = weights[inside]
    depth = (weights * np.stack([a[group, 2], b[group, 2], c[group, 2]], axis=1)[rows]).sum(axis=1)
    return (y * columns + x)[inside], depth, group[rows], weights
