"""Which triangles belong to which part of the body, by the bone of the template that lies nearest.

Only to keep a question near its place: parts are as coarse as that, and one asks for the part and its neighbours.
"""
from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from waterneedle.body import mesh
from waterneedle.body.mesh import Array, Rows

TEMPLATE = (0.5, 25.0, 0.25, 0.5, 0.5)  # sex, age, muscle, weight, height: where landmarks are picked and parts are told apart

_FINGERS = {f"finger_{n}": [f"l-finger-{n}-{k}" for k in range(1, 5)] for n in range(1, 6)}
_TOES = {f"toe_{n}": [f"l-toe-{n}-{k}" for k in ((1, 2, 3) if n == 1 else (1, 2, 3, 4))] for n in range(1, 6)}
_BONES: dict[str, list[str]] = {
    "head": ["neck", "head", "head-2"],
    "neck": ["neck", "spine-1"],
    "trunk": ["spine-1", "spine-2", "spine-3", "spine-4", "pelvis"],
    "shoulder": ["l-clavicle", "l-scapula", "l-shoulder"],
    "hip": ["pelvis", "l-upper-leg"],
    "upper_arm": ["l-shoulder", "l-elbow"],
    "forearm": ["l-elbow", "l-hand"],
    "palm": [f"l-{joint}" for joint in ("hand", "finger-2-1", "hand", "finger-3-1", "hand", "finger-5-1", "hand", "finger-1-1")],
    "thigh": ["l-upper-leg", "l-knee"],
    "leg": ["l-knee", "l-ankle"],
    "foot": ["l-ankle", "l-foot-1", "l-toe-1-1", "l-ankle", "l-toe-5-1", "l-ankle", "l-toe-3-1"],
    **_FINGERS,
    **_TOES,
}
PARTS = tuple(_BONES)
_LIPS_MM = 4.0  # on the template, the lips are all further before the joint of the jaw than this, and the cavity is not
HAND = ("palm", *_FINGERS)
FOOT = ("foot", *_TOES)


@cache
def faces_of(*parts: str) -> Rows:
    """The triangles of the left half that belong to any of `parts` (see `PARTS`), without eyeball and inside of the mouth."""
    wanted = [PARTS.index(part) for part in parts]
    return np.flatnonzero(np.isin(_labels(), wanted))


@cache
def _labels() -> Rows:
    coefficients = mesh.shape(*TEMPLATE)
    joints, vertices = mesh.joints(coefficients), mesh.vertices(coefficients)
    faces = mesh.faces()[: mesh.pack().skin]
    centres = vertices[faces].mean(axis=1)
    labels = np.argmin([_distance(centres, np.array([joints[name] for name in names])) for names in _BONES.values()], axis=0)
    labels[_in_mouth(faces, vertices, joints)] = len(PARTS)
    return labels


def _in_mouth(faces: Rows, vertices: Array, joints: dict[str, Array]) -> NDArray[np.bool_]:
    """The triangles of the cavity of the mouth: what hangs together behind the lips. A ray from inside must not end there."""
    deep = (vertices[faces, 2] < joints["jaw"][2] + _LIPS_MM).all(axis=1)
    reached = np.zeros(len(vertices), dtype=bool)
    reached[np.linalg.norm(vertices - joints["mouth"], axis=1).argmin()] = True
    inside = np.zeros(len(faces), dtype=bool)
    while not np.array_equal(inside, grown := deep & reached[faces].any(axis=1)):
        inside = grown
        reached[faces[inside]] = True
    return inside


def _distance(places: Array, bone: Array) -> Array:
    """From each place to a bone, drawn as a chain of joints."""
    nearest = np.full(len(places), np.inf)
    for start, end in pairwise(bone):
        step = end - start
        share = np.clip((places - start) @ step / max(step @ step, 1e-9), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(places - start - share[:, None] * step, axis=1))
    return nearest
