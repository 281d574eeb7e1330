"""The skin as it is shown: the same figure without intimate detail. Points and cells stay on the figure itself.

A few rows of vertices, at the nipples and at the pubic mound, are drawn as a membrane between the skin around them.
"""
from __future__ import annotations

from functools import cache

import numpy as np

from waterneedle.body import mesh
from waterneedle.body.mesh import Array, Rows

_WOMAN = (0.0, 25.0, 0.25, 0.5, 0.5)  # where the rows are told; the same rows on every body
_NIPPLE_MM, _PUBIC_MM = 24.0, 62.0
_ROUNDS = 40


@cache
def rows() -> Rows:
    """The rows that are evened out, of both halves."""
    coefficients = mesh.shape(*_WOMAN)
    vertices, joints = mesh.vertices(coefficients), mesh.joints(coefficients)
    x, y, z = vertices.T
    breast = np.flatnonzero((x > 40) & (x < joints["l-shoulder"][0]) & (y > joints["spine-2"][1]) & (y < joints["l-clavicle"][1]))
    nipple = vertices[breast[z[breast].argmax()]]
    middle = np.flatnonzero((np.abs(x) < 1) & (y > joints["l-knee"][1]) & (y < joints["l-upper-leg"][1] + 20) & (z > 0))
    mound = vertices[middle[z[middle].argmax()]]
    left = np.linalg.norm(vertices - nipple, axis=1) < _NIPPLE_MM
    pubic = (np.linalg.norm((vertices - mound) * (1.35, 1, 1), axis=1) < _PUBIC_MM) & (z > -20)
    return np.flatnonzero(left | left[mesh.mirror()] | pubic)


def shown(vertices: Array) -> Array:
    """The vertices with the rows of `rows` evened out."""
    even = vertices.copy()
    chosen, neighbours, count = _around()
    for _ in range(_ROUNDS):
        even[chosen] = np.add.reduceat(even[neighbours], np.concatenate([[0], np.cumsum(count)[:-1]])) / count[:, None]
    return even


@cache
def _around() -> tuple[Rows, Rows, Rows]:
    """The rows, the rows next to each of them one after the other, and how many each has."""
    chosen = rows()
    # The surface is closed, so each edge is there once each way.
    edges = np.concatenate([mesh.faces()[:, [0, 1]], mesh.faces()[:, [1, 2]], mesh.faces()[:, [2, 0]]])
    edges = edges[np.isin(edges[:, 0], chosen)]
    edges = edges[np.argsort(edges[:, 0], kind="stable")]
    return chosen, edges[:, 1], np.bincount(edges[:, 0])[chosen]
