"""The skin of a body as triangles: a base and its morphs from `pack/`, made of the CC0 body of MakeHuman (`pack/README.md`).

Millimetres: +x to the patient's left with 0 at the midline, y up from the sole, z forward. The pose is that of the model, arms
a little away from the trunk. Half of a body is on file; the other half is its mirror image, exactly. `static/mesh.js` is
`vertices` and `faces` once more, for the browser.
"""
from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

PACK = Path(__file__).parent / "pack"
DENSITY_KG_PER_L = 0.98  # of all that the skin encloses

# Where the model was sculpted; a body between two knots is linear from one to the other (docs/decisions/0015-body-mesh.md).
SEXES = (0.0, 1.0)  # female, male
AGES_YEARS = (1.0, 12.0, 25.0, 90.0)  # baby, child, young, old
MUSCLES = (0.0, 0.5)
WEIGHTS = (0.0, 0.5, 1.0)
HEIGHTS = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class Pack:
    """What `pack/` holds, decoded. The rows of a half body: midline, left skin, left eyeball, then the joints."""

    base: NDArray[np.float32]  # (3, rows)
    modes: NDArray[np.float32]  # (k, 3, rows)
    corners: Array  # (144, k): the coefficients of each sculpted corner
    faces: Rows
    midline: int  # rows on the midline
    surface: int  # rows before the joints
    skin: int  # triangles of the left half that are skin
    joints: tuple[str, ...]


def shape(sex: float, age_years: float, muscle: float, weight: float, height: float) -> Array:
    """The coefficients of a body, each from -1 to 1, for `vertices`.

    `sex` goes from 0 (female) to 1 (male), `muscle` from 0 to 0.5, `weight` and `height` from 0 to 1 with the middle of the
    model at 0.5. A value outside is brought to the nearest end.
    """
    return corner_shares(sex, age_years, muscle, weight, height) @ pack().corners


def corner_shares(sex: float, age_years: float, muscle: float, weight: float, height: float) -> Array:
    """How much of each of the 144 sculpted corners is in a body: not negative, with the sum 1; height turns fastest."""
    shares = np.ones(1)
    knots = (SEXES, AGES_YEARS, MUSCLES, WEIGHTS, HEIGHTS)
    for value, places in zip((sex, age_years, muscle, weight, height), knots, strict=True):
        near = [np.interp(value, places, one) for one in np.eye(len(places))]
        shares = np.outer(shares, near).ravel()
    return shares


def vertices(coefficients: ArrayLike) -> Array:
    """The surface of a body: `(n, 3)` array, mm; `faces` counts its rows."""
    half = _half(coefficients)[:, : pack().surface].T
    return np.concatenate([half, half[pack().midline :] * (-1, 1, 1)])


def joints(coefficients: ArrayLike) -> dict[str, Array]:
    """The centres of the joints of the model by name (`pelvis`, `l-knee`, `r-knee`), in the frame of `vertices`."""
    half = dict(zip(pack().joints, _half(coefficients)[:, pack().surface :].T, strict=True))
    right = {f"r-{name[2:]}": place * (-1, 1, 1) for name, place in half.items() if name.startswith("l-")}
    return half | right


def faces() -> Rows:
    """The triangles, counter-clockwise from outside: `(m, 3)` array of rows of `vertices`, the same for every body.

    The left half, then the right half in the same order; in each half the skin, then the eyeball.
    """
    return pack().faces


def mirror() -> Rows:
    """For each row of `vertices` the row of its mirror image; on the midline its own."""
    rows = np.arange(2 * pack().surface - pack().midline, dtype=np.intp)
    midline, left, right = np.split(rows, [pack().midline, pack().surface])
    return np.concatenate([midline, right, left])


def height_mm(vertices: Array) -> float:
    """From sole to crown."""
    return float(np.ptp(vertices[:, 1]))


def volume_l(vertices: Array) -> float:
    """All that the skin encloses, by the divergence theorem over its left half, doubled: the plane x = 0 adds nothing."""
    corners = pack().faces[: pack().skin].T
    x, y, z = (along.take(corners) for along in np.ascontiguousarray(vertices[: pack().surface].T))
    area = (y[1] - y[0]) * (z[2] - z[0]) - (y[2] - y[0]) * (z[1] - z[0])
    return 2 * float((area * (x[0] + x[1] + x[2])).sum()) / 6e6


def mass_kg(vertices: Array) -> float:
    """The volume at 0.98 kg/L."""
    return DENSITY_KG_PER_L * volume_l(vertices)


@cache
def pack() -> Pack:
    """The pack, read once. The layout is told in `pack/README.md`."""
    header = json.loads((PACK / "body.json").read_text(encoding="utf-8"))
    return decoded(header, zlib.decompress((PACK / "body.bin").read_bytes()))


def decoded(header: dict, data: bytes) -> Pack:
    """The pack that `header` and the inflated `data` say."""
    midline, surface, names = header["midline"], header["surface"], header["joints"]
    rows, modes = surface + len(names), header["modes"]
    numbers = (1 + modes) * 3 * rows
    low, high = np.frombuffer(data, np.uint8, numbers), np.frombuffer(data, np.int8, numbers, offset=numbers)
    shapes = ((np.float32(256) * high + low) * np.float32(header["step_mm"])).reshape(-1, 3, rows)
    quads = np.frombuffer(data, "<u2", 4 * header["quads"], offset=2 * numbers).reshape(-1, 4).astype(np.intp)
    corners = np.frombuffer(data, "<f4", offset=2 * (numbers + quads.size)).reshape(-1, modes)
    return Pack(shapes[0], shapes[1:], corners.astype(np.float64), _triangles(quads, midline, surface), midline, surface,
                2 * header["skin_quads"], tuple(names))


def _triangles(quads: Rows, midline: int, surface: int) -> Rows:
    left = quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    right = np.where(left < midline, left, left + surface - midline)
    return np.concatenate([left, right[:, [0, 2, 1]]])


def _half(coefficients: ArrayLike) -> Array:
    modes = pack().modes
    weights = np.asarray(coefficients, dtype=np.float32)
    if weights.shape != modes.shape[:1]:
        raise ValueError(f"coefficients must be {len(modes)} numbers, got shape {weights.shape}")
    # einsum and not @: BLAS would wake its threads for a millisecond of work, and on a busy machine wait for them.
    half = (np.einsum("k,kir->ir", weights, modes) + pack().base).astype(np.float64)
    half[1] -= half[1, : pack().surface].min()
    return half
