"""The body drawn flat as SVG, from the same mesh: for print, and where a browser has no WebGL.

One unit of a picture is a millimetre. A picture is a silhouette and a few layers of shade over it, traced from the lit surface as
the eye of the chart sees it from far away; `static/flat.js` lays dots and painted cells on it by the same projection.
"""
from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from waterneedle.body import mesh, plain, views
from waterneedle.body.contours import contours, path
from waterneedle.body.mesh import Array
from waterneedle.body.surface import Surface
from waterneedle.body.views import View

SKIN, SHADE = "#dfd8cd", "#241a14"
MARGIN_MM = 12.0
FINE = 720  # pixels along the longer side of what is traced
SPECK = 14  # a loop of fewer pixels is left out
LEVELS = (0.97, 0.92, 0.87, 0.81, 0.75, 0.69, 0.62, 0.54, 0.45, 0.36)  # of light, 1 for the brightest skin
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


def picture(coefficients: ArrayLike, view_name: str) -> str:
    """The SVG of a named view of a figure. Raises ValueError for a name that `views.views` does not have."""
    named = {view.name: view for view in views.views(coefficients)}
    if view_name not in named:
        raise ValueError(f"no view is called {view_name!r}; there are {', '.join(named)}")
    surface = Surface(plain.shown(mesh.vertices(coefficients)), mesh.faces())
    projection = projected(named[view_name], surface.vertices)
    left, top, width, height = projection.box
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}" class="flat" '
            f'width="{width:.0f}" height="{height:.0f}">{drawing(surface, projection)}</svg>')


def projected(view: View, vertices: Array) -> Projection:
    """The projection of a view: the whole figure with a margin, or the square of a region."""
    x, _, z = view.outward
    azimuth = np.arctan2(x, z) if np.hypot(x, z) > 1e-6 else 0.0
    right = np.array([np.cos(azimuth), 0, -np.sin(azimuth)])
    behind = -1.4 * view.radius if view.region in ("hand", "foot") else -np.inf  # on paper the body behind a hand only confuses
    found = Projection(view.centre, right, np.cross(view.outward, right), view.outward,
                       (-view.radius, -view.radius, 2 * view.radius, 2 * view.radius),
                       (behind, np.inf if view.clip_mm is None else view.clip_mm))
    if view.region != "body":
        return found
    paper = found(vertices)[:, :2]
    low, high = paper.min(axis=0) - MARGIN_MM, paper.max(axis=0) + MARGIN_MM
    return Projection(found.centre, found.right, found.up, found.outward, (*low, *(high - low)), found.shown_mm)


def drawing(surface: Surface, projection: Projection) -> str:
    """The silhouette and its shades, without the frame of an SVG."""
    light, step = lit(surface, projection)
    left, top = projection.box[:2]
    inside = np.isfinite(light)
    spread = _spread(np.where(inside, light, 0), inside)

    def traced(image: NDArray[np.float32], level: float) -> str:
        return path((loop * step + (left, top) for loop in contours(image, level, SPECK)), step * 0.3)

    outline = traced(_softened(inside.astype(np.float32)), 0.5)
    shades, above = [], 1.0
    for level in LEVELS:
        # Shade goes on beyond the outline, which then cuts it: no bright seam where the light would be traced against nothing.
        if shade := traced(-spread, -level):
            shades.append(f'<path d="{shade}" fill-opacity="{1 - level / above:.3f}"/>')
        above = level
    name = f"flat-{zlib.crc32(outline.encode()):08x}"  # several pictures may stand in one page
    return (f'<clipPath id="{name}"><path d="{outline}"/></clipPath><path class="flat-skin" fill="{SKIN}" d="{outline}"/>'
            f'<g class="flat-shade" fill="{SHADE}" fill-rule="evenodd" clip-path="url(#{name})">{"".join(shades)}</g>')


def lit(surface: Surface, projection: Projection) -> tuple[NDArray[np.float32], float]:
    """How bright the skin is in each pixel of the picture, NaN beside the body; and the side of a pixel, mm."""
    left, top, width, height = projection.box
    step = max(width, height) / FINE
    columns, lines = int(np.ceil(width / step)) + 1, int(np.ceil(height / step)) + 1
    paper = projection(surface.vertices)
    paper[:, :2] = (paper[:, :2] - (left, top)) / step
    depth, (behind, before) = paper[surface.faces, 2], projection.shown_mm
    kept = np.flatnonzero((depth < before).all(axis=1) & (depth > behind).all(axis=1))
    pixels, found, weights = _rastered(paper, surface.faces[kept], columns, lines)
    faces = kept[found]
    eye = np.stack([projection.right, projection.up, projection.outward], axis=1)
    normals = np.einsum("ni,nix->nx", weights, surface.normals[surface.faces[faces]]) @ eye
    light = np.full(lines * columns, np.nan, np.float32)
    light[pixels] = _light(normals / np.linalg.norm(normals, axis=1)[:, None])
    return light.reshape(lines, columns), step


def _light(normals: Array) -> Array:
    key, fill = np.maximum(normals @ _KEY, 0), np.maximum(normals @ _FILL, 0)
    edge = 1 - np.maximum(normals[:, 2], 0)
    return (0.46 + 0.44 * key + 0.16 * fill) * (1 - 0.42 * edge**3)


def _rastered(
    paper: Array, faces: NDArray[np.intp], columns: int, lines: int,
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


def _spread(light: NDArray[np.float32], inside: NDArray[np.bool_], rounds: int = 3) -> NDArray[np.float32]:
    """The light of the rim carried a few pixels outwards; bright beyond."""
    known, value = inside.copy(), light.copy()
    for _ in range(rounds):
        total, count = np.zeros_like(value), np.zeros_like(value)
        for axis, way in ((0, 1), (0, -1), (1, 1), (1, -1)):
            total += np.roll(np.where(known, value, 0), way, axis)
            count += np.roll(known, way, axis)
        fresh = ~known & (count > 0)
        value[fresh] = total[fresh] / count[fresh]
        known |= fresh
    return np.where(known, value, 2.0).astype(np.float32)


def _softened(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each pixel with its neighbours, by the binomial weights of 3 by 3: an outline without steps."""
    padded = np.pad(image, 1)
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    return (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 16
