"""A pain drawing: cells of the skin with an intensity each, kept as runs, and what two drawings say about a change.

A cell is a triangle of `mesh.faces()`: the same number on every body, in the browser, on the flat views and on paper. Intensity
is 0 to 10 as on a numeric rating scale; a cell that is not in a drawing has none. `static/cells.js` writes and reads the same
runs.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from waterneedle.body import mesh
from waterneedle.body.mesh import Array

Run = tuple[int, int, int]  # the first cell, how many cells, their intensity
LEAST, MOST = 1, 10


@dataclass(frozen=True)
class Change:
    """What differs from an earlier drawing to a later one, both measured on one figure. Areas in cm²."""

    before_cm2: float
    after_cm2: float
    new_cm2: float  # painted now and not before
    gone_cm2: float  # painted before and not now
    worse_cm2: float  # painted both times, more intense now
    better_cm2: float
    mean_before: float | None  # intensity, weighted by area; None for an empty drawing
    mean_after: float | None

    @property
    def difference_cm2(self) -> float:
        return self.after_cm2 - self.before_cm2


def runs(intensities: Mapping[int, int]) -> tuple[Run, ...]:
    """The cells of a drawing as runs, in order and as few as can be. Raises ValueError for what is no cell or no intensity.

    >>> runs({7: 4, 8: 4, 9: 6, 20: 6})
    ((7, 2, 4), (9, 1, 6), (20, 1, 6))
    """
    found: list[Run] = []
    for cell in sorted(intensities):
        intensity = intensities[cell]
        _require(cell, 1, intensity)
        if found and found[-1][0] + found[-1][1] == cell and found[-1][2] == intensity:
            found[-1] = (found[-1][0], found[-1][1] + 1, intensity)
        else:
            found.append((cell, 1, intensity))
    return tuple(found)


def intensities(drawing: Iterable[Run]) -> dict[int, int]:
    """The intensity of each painted cell. Raises ValueError when runs are out of order, overlap or leave the body.

    >>> intensities([(7, 2, 4), (9, 1, 6)])
    {7: 4, 8: 4, 9: 6}
    """
    painted: dict[int, int] = {}
    end = 0
    for first, count, intensity in drawing:
        _require(first, count, intensity)
        if first < end:
            raise ValueError(f"run at cell {first} begins before the last one ends at {end}")
        end = first + count
        painted.update(dict.fromkeys(range(first, end), intensity))
    return painted


def cell_areas_cm2(vertices: Array) -> Array:
    """The area of each cell of a figure, cm²."""
    a, b, c = (vertices[mesh.faces()[:, corner]] for corner in range(3))
    return np.linalg.norm(np.cross(b - a, c - a), axis=1) / 200


def area_cm2(drawing: Iterable[Run], vertices: Array) -> float:
    """The painted skin of a figure, cm²."""
    return float(cell_areas_cm2(vertices)[_levels(drawing) > 0].sum())


def change(before: Iterable[Run], after: Iterable[Run], vertices: Array) -> Change:
    """From one drawing to the next on the figure of `vertices`: a patient who gained weight has not gained pain."""
    areas, old, new = cell_areas_cm2(vertices), _levels(before), _levels(after)

    def area(cells: NDArray[np.bool_]) -> float:
        return float(areas[cells].sum())

    both = (old > 0) & (new > 0)
    return Change(
        before_cm2=area(old > 0), after_cm2=area(new > 0),
        new_cm2=area((new > 0) & (old == 0)), gone_cm2=area((old > 0) & (new == 0)),
        worse_cm2=area(both & (new > old)), better_cm2=area(both & (new < old)),
        mean_before=_mean(areas, old), mean_after=_mean(areas, new),
    )


def _levels(drawing: Iterable[Run]) -> NDArray[np.int8]:
    levels = np.zeros(len(mesh.faces()), np.int8)
    for cell, intensity in intensities(drawing).items():
        levels[cell] = intensity
    return levels


def _mean(areas: Array, levels: NDArray[np.int8]) -> float | None:
    painted = areas[levels > 0].sum()
    return float((areas * levels).sum() / painted) if painted else None


def _require(first: int, count: int, intensity: int) -> None:
    last = len(mesh.faces())
    if not (count >= 1 and first >= 0 and first + count <= last):
        raise ValueError(f"cells {first} to {first + count - 1} are not all on the body, which has 0 to {last - 1}")
    if not LEAST <= intensity <= MOST:
        raise ValueError(f"intensity must be {LEAST} to {MOST}, got {intensity}")
