"""The landmarks of the left half and the midline, picked by hand on the template and carried by the skin to every body.

`pack/landmarks/*.csv`: id (that of `knowledge.landmarks()` where it stands there), part, face, b0, b1, b2, note. A spot has one
row. A course (a border, a tendon, a crease) has several with parts 1, 2, 3 … from proximal to distal, or as its note says.
"""
from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np

from waterneedle.body.mesh import PACK, Array, Rows

FILES = ("limbs", "head", "trunk")


@dataclass(frozen=True)
class Picked:
    """A landmark as it was picked: its triangles and weights in order; one row for a spot, several for a course."""

    id: str
    region: str  # the file it stands in
    faces: Rows
    barycentric: Array  # (n, 3)
    notes: tuple[str, ...]


@cache
def picked() -> dict[str, Picked]:
    """Every picked landmark by its id."""
    rows: dict[str, list[tuple[str, dict[str, str]]]] = {}
    for region in FILES:
        with (PACK / "landmarks" / f"{region}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, strict=True):
                rows.setdefault(row["id"], []).append((region, row))
    return {identity: _picked(identity, found) for identity, found in rows.items()}


def _picked(identity: str, found: list[tuple[str, dict[str, str]]]) -> Picked:
    found = sorted(found, key=lambda entry: int(entry[1]["part"] or 0))
    parts = [row["part"] for _, row in found]
    if parts not in ([""], [str(number) for number in range(1, len(parts) + 1)]) or len({region for region, _ in found}) > 1:
        raise ValueError(f"{identity}: the parts of a landmark are one without a number, or 1, 2, 3 … in one file; got {parts}")
    weights = np.array([[float(row[name]) for name in ("b0", "b1", "b2")] for _, row in found])
    weights /= weights.sum(axis=1, keepdims=True)  # on file they are rounded
    return Picked(identity, found[0][0], np.array([int(row["face"]) for _, row in found]), weights,
                  tuple(row["note"] for _, row in found))
