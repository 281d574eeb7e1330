"""The median line of the skin, all around: edges of triangles, for the midline of every body is at x = 0 exactly."""
from __future__ import annotations

from functools import cache

import numpy as np

from waterneedle.body import mesh, parts
from waterneedle.body.mesh import Array, Rows
from waterneedle.body.surface import Section, Surface


def midline(surface: Surface) -> Section:
    """From inside of the mouth over the upper lip, nose, crown, back, perineum, abdomen and chin into the mouth again."""
    faces, enters, leaves = _course()
    faces, weights = np.append(faces, faces[-1]), np.concatenate([enters, leaves[-1:]])
    xyz = np.einsum("ni,nix->nx", weights, surface.vertices[surface.faces[faces]])
    return Section(faces, weights, xyz, False, np.concatenate([leaves, leaves[-1:]]))


@cache
def _course() -> tuple[Rows, Array, Array]:
    """For each edge a triangle of the left half and its weights at both ends."""
    edges = _edges()
    corners = [edges[step] for step in _walk(edges)]
    faces = np.array([face for face, _, _ in corners], dtype=np.intp)
    return faces, np.eye(3)[[a for _, a, _ in corners]], np.eye(3)[[b for _, _, b in corners]]


def _edges() -> dict[tuple[int, int], tuple[int, int, int]]:
    """(row, row) to (triangle, corner, corner), both ways."""
    found = {}
    left = mesh.faces()[: mesh.pack().skin]
    for face in np.flatnonzero((left < mesh.pack().midline).sum(axis=1) >= 2):
        for a, b in ((0, 1), (1, 2), (2, 0)):
            rows = int(left[face, a]), int(left[face, b])
            if max(rows) < mesh.pack().midline:
                found |= {rows: (int(face), a, b), rows[::-1]: (int(face), b, a)}
    return found


def _walk(edges: dict[tuple[int, int], tuple[int, int, int]]) -> list[tuple[int, int]]:
    coefficients = mesh.shape(*parts.TEMPLATE)
    template = mesh.vertices(coefficients)[: mesh.pack().midline]
    start = int(np.linalg.norm(template - mesh.joints(coefficients)["mouth"], axis=1).argmin())
    beside: dict[int, list[int]] = {}
    for a, b in edges:
        beside.setdefault(a, []).append(b)
    upper = max(beside[start], key=lambda row: template[row, 1])
    steps = [(start, upper)]
    while steps[-1][1] != start:
        last, here = steps[-1]
        [following] = [row for row in beside[here] if row != last]
        steps.append((here, following))
    return steps
