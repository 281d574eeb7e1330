"""The body drawn flat as SVG, from the same mesh: for print, and where a browser has no WebGL.

One unit of a picture is a millimetre. A picture is a silhouette and a few layers of shade over it, traced from the lit surface as
the eye of the chart sees it from far away; `static/flat.js` lays dots and painted cells on it by the same projection.
"""
from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from waterneedle.body import mesh, plain, views
from waterneedle.body.contours import contours, path
from waterneedle.body.mesh import Array
from waterneedle.body.raster import Raster, projected, raster
from waterneedle.body.surface import Surface

SKIN, SHADE = "#dfd8cd", "#241a14"
SPECK = 14  # a loop of fewer pixels is left out
LEVELS = (0.97, 0.92, 0.87, 0.81, 0.75, 0.69, 0.62, 0.54, 0.45, 0.36)  # of light, 1 for the brightest skin


def picture(vertices: Array, joints: Mapping[str, Array], view_name: str) -> str:
    """The SVG of a named view of a figure. Raises ValueError for a name that `views.views` does not have."""
    named = {view.name: view for view in views.views(vertices, joints)}
    if view_name not in named:
        raise ValueError(f"no view is called {view_name!r}; there are {', '.join(named)}")
    surface = Surface(plain.shown(vertices), mesh.faces())
    seen = raster(surface, projected(named[view_name], surface.vertices))
    left, top, width, height = seen.projection.box
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}" class="flat" '
            f'width="{width:.0f}" height="{height:.0f}">{drawing(seen)}</svg>')


def drawing(seen: Raster) -> str:
    """The silhouette and its shades, without the frame of an SVG."""
    step, (left, top) = seen.step, seen.projection.box[:2]
    inside = np.isfinite(seen.light)
    spread = _spread(np.where(inside, seen.light, 0), inside)

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
