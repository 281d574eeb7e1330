"""Lines of equal value in an image, as closed loops, and loops as the path of an SVG.

Marching squares: Lorensen and Cline 1987, doi:10.1145/37402.37422, in two dimensions.
"""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from waterneedle.body.mesh import Array

# The sides of a cell: 0 top, 1 right, 2 bottom, 3 left. For each of the 16 cases of corners at or above the level (top left 1,
# top right 2, bottom right 4, bottom left 8) the lines from side to side, with what is above on the same hand.
_LINES = {1: ((0, 3),), 2: ((1, 0),), 3: ((1, 3),), 4: ((2, 1),), 5: ((0, 3), (2, 1)), 6: ((2, 0),), 7: ((2, 3),), 8: ((3, 2),),
          9: ((0, 2),), 10: ((1, 0), (3, 2)), 11: ((1, 2),), 12: ((3, 1),), 13: ((0, 1),), 14: ((3, 0),)}

_ROUNDS = 10


def contours(image: NDArray[np.float32], level: float, least: int = 4) -> list[Array]:
    """The loops around what is at or above `level`: `(n, 2)` arrays of x, y in pixels. What lies beyond the image is below.

    A loop that passes fewer than `least` pixels is left out.
    """
    padded = np.pad(image, 1, constant_values=level - abs(level) - 1)
    above = padded >= level
    cases = above[:-1, :-1] + 2 * above[:-1, 1:] + 4 * above[1:, 1:] + 8 * above[1:, :-1]
    rows, columns = np.nonzero((cases > 0) & (cases < 15))
    cases = cases[rows, columns]
    following: dict[int, int] = {}
    width = padded.shape[1]
    for number, lines in _LINES.items():
        row, column = rows[cases == number], columns[cases == number]
        for start, end in lines:
            following.update(zip(_side(start, row, column, width).tolist(), _side(end, row, column, width).tolist(), strict=True))
    return [_places(loop, padded, level, width) - 1 for loop in _loops(following) if len(loop) >= least]


def path(loops: Iterable[Array], tolerance: float) -> str:
    """Closed loops as the `d` of a path, simplified to `tolerance` and written to a tenth of the unit."""
    return "".join(_written(_simplified(loop, tolerance)) for loop in loops)


def _side(side: int, row: NDArray[np.intp], column: NDArray[np.intp], width: int) -> NDArray[np.intp]:
    """A number for a side of each cell, which its neighbour has too: even lie flat, odd stand, by their first pixel."""
    row, column = row + (side == 2), column + (side == 1)
    return 2 * (row * width + column) + (side in (1, 3))


def _loops(following: dict[int, int]) -> Iterable[list[int]]:
    while following:
        start, at = following.popitem()
        loop = [start]
        while at != start:
            loop.append(at)
            at = following.pop(at)
        yield loop


def _places(loop: list[int], image: NDArray[np.float32], level: float, width: int) -> Array:
    """Where the level is passed on each side, by linear interpolation."""
    sides = np.array(loop)
    pixel, stands = sides // 2, sides % 2
    other = pixel + np.where(stands, width, 1)
    values = image.ravel()
    share = (level - values[pixel]) / (values[other] - values[pixel])
    row, column = np.divmod(pixel, width)
    return np.stack([column + share * (1 - stands), row + share * stands], axis=1)


def _simplified(loop: Array, tolerance: float) -> Array:
    """Some of the places of a loop: those go that lie nearly on a line with their neighbours, never two together."""
    for turn in range(_ROUNDS):
        if len(loop) < 8:
            break
        before, after = np.concatenate((loop[-1:], loop[:-1])), np.concatenate((loop[1:], loop[:1]))
        chord, off = after - before, loop - before
        length = np.maximum(np.hypot(*chord.T), 1e-9)
        flat = np.abs(off[:, 0] * chord[:, 1] - off[:, 1] * chord[:, 0]) / length < tolerance
        flat[(turn + np.arange(len(loop))) % 2 == 0] = False
        flat[0] = flat[-1] = False  # neighbours in a loop of odd length
        loop = loop[~flat]
    return loop


def _written(loop: Array) -> str:
    if len(loop) < 3:
        return ""
    tenths = np.round(loop * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    lines = " ".join(f"{_tenth(x)} {_tenth(y)}" for x, y in steps.tolist())
    return f"M{_tenth(tenths[0, 0])} {_tenth(tenths[0, 1])}l{lines}z"


def _tenth(value: int) -> str:
    return f"{value / 10:g}"
