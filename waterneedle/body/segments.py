"""Measured segments of the patient, such as the forearm from crease to crease, worked into the figure.

A point keeps its fraction of the segment; what changes is how many millimetres a cun is. The figure is stretched along the
segment, everything beyond it is carried along, and the rest of the body is fitted anew, so that height and weight stay those on
file. Trunk and legs are stretched upwards from the sole, arms along their bones. The length on the figure is taken between points
that lie at the ends of the segment (`knowledge/segments.toml`).
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from waterneedle import knowledge
from waterneedle.body import mesh, parts, placing
from waterneedle.body.fit import Fit, fit
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body
from waterneedle.body.surface import Surface

PLAUSIBLE = (0.7, 1.4)  # of the length on the figure: beyond this the tape or the unit is wrong
ROUNDS = 4  # of fitting the rest; each leaves about a tenth of what was off
_HEIGHT_WITHIN_CM, _WEIGHT_WITHIN_KG = 0.05, 0.05
_SHOULDER = 0.25  # of the upper arm, from its joint: so far the arm moves with the chest, beyond it as one


@dataclass(frozen=True)
class Segment:
    """A segment that can be measured, from `start` to `end`, two points, along the y axis or from one joint to another."""

    id: str  # in `knowledge.segments()`
    start: str
    end: str
    axis: tuple[str, str] | None = None
    whole: float = 1.0  # the segment, in what lies between the two points

    @property
    def cun(self) -> float:
        return knowledge.segments()[self.id].cun


_LEG, _ARM, _FOREARM = ("l-knee", "l-ankle"), ("l-shoulder", "l-elbow"), ("l-elbow", "l-hand")
# From the sole upwards, then down the arm. LU3 is 3 of the 9 cun below the axillary fold.
SEGMENTS = {
    "leg": Segment("leg_lateral", "BL40", "EX-LE9", _LEG),
    "thigh": Segment("thigh_anterior", "ST30", "EX-LE2", ("l-upper-leg", "l-knee")),
    "lower_abdomen": Segment("lower_abdomen", "CV8", "CV2"),
    "upper_abdomen": Segment("upper_abdomen", "CV16", "CV8"),
    "sternum": Segment("sternum", "CV22", "CV16"),
    "arm": Segment("arm_anterior", "LU3", "LU5", _ARM, whole=1.5),
    "forearm": Segment("forearm_anterior", "PC3", "PC7", _FOREARM),
}
_UP = np.array((0.0, 1.0, 0.0))
_ARM_JOINTS = ("l-elbow", "l-hand", "l-finger")
_UPRIGHT = ("leg", "thigh", "lower_abdomen", "upper_abdomen", "sternum")


@dataclass(frozen=True)
class MeasuredFigure:
    """A figure whose measured segments have the length that was measured."""

    fit: Fit  # of the figure before it is stretched; its height, weight and words are those of the stretched one
    vertices: Array  # as `mesh.vertices` has them
    joints: Mapping[str, Array]
    cun_mm: Mapping[str, float]  # by name of the measured segment

    @cached_property
    def body(self) -> Body:
        """The stretched figure, to be asked for landmarks and points."""
        return Body(Surface(self.vertices, mesh.faces()), self.joints, placing.LOCATORS)

    def points(self) -> tuple[placing.PlacedPoint, ...]:
        """Every point, where its rule says on the stretched figure."""
        return placing.place_on(self.body)


def body_of(figure: Fit | MeasuredFigure) -> Body:
    """A figure, stretched or not, to be asked for landmarks and points."""
    return figure.body if isinstance(figure, MeasuredFigure) else Body.of(figure.coefficients, placing.LOCATORS)


def fit_measured(
    sex: str | None, age_years: float, height_cm: float | None, weight_kg: float | None, measured_mm: Mapping[str, float],
) -> MeasuredFigure:
    """The figure nearest to a person whose segments (names in `SEGMENTS`) were measured, in mm.

    Raises ValueError as `fit` does, and for a segment that is not known or not plausible on this figure.
    """
    for name in measured_mm:
        if name not in SEGMENTS:
            raise ValueError(f"no segment is called {name!r}; there are {', '.join(SEGMENTS)}")
    asked_cm, asked_kg = height_cm, weight_kg
    for _ in range(ROUNDS):
        figure = fit(sex, age_years, asked_cm, asked_kg)
        vertices, joints = stretched(figure, measured_mm)
        off_cm = 0.0 if height_cm is None else mesh.height_mm(vertices) / 10 - height_cm
        off_kg = 0.0 if weight_kg is None else mesh.mass_kg(vertices) - weight_kg
        if figure.clamped or (abs(off_cm) <= _HEIGHT_WITHIN_CM and abs(off_kg) <= _WEIGHT_WITHIN_KG):
            break
        asked_cm = None if asked_cm is None else asked_cm - off_cm
        asked_kg = None if asked_kg is None else asked_kg - off_kg
    cun_mm = {name: length / SEGMENTS[name].cun for name, length in measured_mm.items()}
    told = Fit(figure.coefficients, mesh.height_mm(vertices) / 10, mesh.mass_kg(vertices), figure.clamped, figure.said)
    return MeasuredFigure(told, vertices, joints, cun_mm)


def stretched(figure: Fit, measured_mm: Mapping[str, float]) -> tuple[Array, dict[str, Array]]:
    """Vertices and joints of `figure` with its segments at the length that was measured."""
    if not measured_mm:
        return mesh.vertices(figure.coefficients), mesh.joints(figure.coefficients)
    body, pack = Body.of(figure.coefficients, placing.LOCATORS), mesh.pack()
    stretches = {name: _stretch(body, name, length) for name, length in measured_mm.items()}
    half = body.surface.vertices[: pack.surface]
    half = half + _shift(half, _arm_rows(), stretches, body)
    left = {name: place for name, place in body.joints.items() if not name.startswith("r-")}
    places, of_arm = np.array(list(left.values())), np.array([name.startswith(_ARM_JOINTS) for name in left])
    moved = dict(zip(left, places + _shift(places, of_arm, stretches, body), strict=True))
    right = {f"r-{name[2:]}": place * (-1, 1, 1) for name, place in moved.items() if name.startswith("l-")}
    return np.concatenate([half, half[pack.midline :] * (-1, 1, 1)]), moved | right


@dataclass(frozen=True)
class _Stretch:
    """What lies `start` to `length` mm along `along` grows by a share; what lies beyond is carried along."""

    start: Array
    along: Array  # unit
    length: float
    share: float

    def shift(self, places: Array) -> Array:
        way = np.clip((places - self.start) @ self.along, 0, self.length)
        return self.share * way[:, None] * self.along


def _stretch(body: Body, name: str, measured_mm: float) -> _Stretch:
    segment = SEGMENTS[name]
    start, end = body.at(segment.start), body.at(segment.end)
    first, last = (body.joints[joint] for joint in segment.axis) if segment.axis else (_UP, 0 * _UP)
    along = (last - first) / np.linalg.norm(last - first)
    on_figure = float((end - start) @ along) * segment.whole
    grown = measured_mm / on_figure
    if not PLAUSIBLE[0] <= grown <= PLAUSIBLE[1]:
        raise ValueError(f"{name} of {measured_mm:g} mm is not plausible: on a figure of this size it is {on_figure:.0f} mm")
    if name in _UPRIGHT:  # a leg stands a little aslant: growing upwards, it grows less along itself
        return _Stretch(end, _UP, float((start - end) @ _UP), (grown - 1) / float(along @ _UP) ** 2)
    return _Stretch(end - on_figure * along, along, on_figure, grown - 1)


def _shift(places: Array, of_arm: NDArray[np.bool_], stretches: Mapping[str, _Stretch], body: Body) -> Array:
    """How each place moves. An arm is carried by its shoulder and then stretched on its own."""

    def upright(some: Array) -> Array:
        return sum((stretches[name].shift(some) for name in _UPRIGHT if name in stretches), np.zeros_like(some))

    shift = upright(places)
    arm = places[of_arm]
    shoulder, elbow = body.joints["l-shoulder"], body.joints["l-elbow"]
    down = (arm - shoulder) @ (elbow - shoulder) / ((elbow - shoulder) @ (elbow - shoulder))
    as_one = np.clip(down / _SHOULDER, 0, 1)[:, None]
    carried = (1 - as_one) * shift[of_arm] + as_one * upright(shoulder[None])
    shift[of_arm] = sum((stretches[name].shift(arm) for name in ("arm", "forearm") if name in stretches), carried)
    return shift


@cache
def _arm_rows() -> NDArray[np.bool_]:
    """Which rows of a half body belong to the arm, from below the shoulder to the fingertips."""
    rows = np.unique(mesh.faces()[parts.faces_of("upper_arm", "forearm", *parts.HAND)])
    return np.isin(np.arange(mesh.pack().surface), rows)
