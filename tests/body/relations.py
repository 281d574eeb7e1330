"""Whether points on a body stand to each other as the sources say: written from the sources, not from the code that places them.

`relations/*.csv` holds the statements, one file a channel: the WHO Standard Acupuncture Point Locations (2008, ISBN
978-92-9061-248-7) with its page, and for the extra points their rows in `waterneedle/knowledge/points/EX.csv`. `scales.csv`
holds what a cun is worth where (WHO p. 12-13), measured between placed points or points at a stated distance from the midline.
A distance is along an axis of the limb or trunk, which comes from the joints of the mesh; see `frames.py`.
"""
from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np

from tests.body import frames
from tests.body.frames import Joints, Vector

TABLES = Path(__file__).parent / "relations"
MIDLINE_WITHIN_MM, MIRROR_WITHIN_MM = 0.5, 0.1
TOUCHING_CUN = 0.02  # on a side, and in order, is more than this
FACES_FROM = 0.0  # cosine between the normal and the side of the region


@dataclass(frozen=True)
class PlacedPoint:
    """A point on a body: mm, `normal` of length 1. `member` names one of a group ("T3" of EX-B2), else None."""

    code: str
    side: str  # "left", "right" or "midline"
    member: str | None
    xyz: Vector
    normal: Vector


@dataclass(frozen=True)
class Scale:
    frame: str
    cun: float
    start: str
    ends: tuple[str, ...]
    measured: str
    tolerance: float


@dataclass(frozen=True)
class Relation:
    """One statement about one point; `by` is what it is measured against."""

    kind: str
    point: str
    by: tuple[str, ...]
    value: float
    scale: str
    direction: str
    tolerance: float
    page: str
    only: str  # a sex, or ""

    def __str__(self) -> str:
        value = f"{self.value:g}" if self.value else ""
        parts = (self.kind, self.point, "by", *self.by, value, self.direction, f"p. {self.page}")
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Failure:
    """A relation that does not hold: what was measured and what was stated, in cun unless the relation is a share or in mm."""

    relation: Relation
    side: str
    measured: float
    stated: float
    tolerance: float

    @property
    def is_order(self) -> bool:
        return self.relation.kind == "order"

    def __str__(self) -> str:
        return f"{self.side:5} {self.relation}: measured {self.measured:.2f}, stated {self.stated:g} ± {self.tolerance:g}"


@dataclass
class Report:
    checked: int = 0
    failures: list[Failure] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)  # names that a relation needs and nobody placed

    @property
    def held(self) -> float:
        return 1 - len(self.failures) / self.checked if self.checked else 0.0


def name_of(point: PlacedPoint) -> str:
    """As the tables have it: the code, and of a group the member behind a dot."""
    return f"{point.code}.{point.member}" if point.member else point.code


def check(points: Sequence[PlacedPoint], joints: Joints, sex: str | None) -> Report:
    """All relations on both sides; points that were not placed are named in the report and not counted."""
    report = Report()
    for side in ("left", "right"):
        body = _Side(points, joints, side)
        for relation in relations():
            if relation.only and relation.only != sex:
                continue
            missing = {name for name in body.needed(relation) if not body.has(name)}
            report.absent |= missing
            if not missing:
                report.checked += 1
                report.failures += [] if (failure := body.failure(relation)) is None else [failure]
    for failures in (_unmirrored(points), _strayed(points)):
        report.failures += failures
        report.checked += sum(point.side != "midline" for point in points)
    return report


@cache
def relations() -> tuple[Relation, ...]:
    """Every relation of the tables, one for each point a row names; an order is one for each neighbouring pair."""
    return tuple(relation for file in sorted(TABLES.glob("*.csv")) if file.stem != "scales" for relation in _read(file))


@cache
def scales() -> dict[str, Scale]:
    return {row["scale"]: Scale(row["frame"], float(row["cun"]), row["from"], tuple(row["to"].split()), row["measured"],
                                float(row["tolerance"])) for row in _rows(TABLES / "scales.csv")}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# What a row measures each point against: all of `by` together, or one after the other.
_TOGETHER = ("fraction", "fraction_in", "on_line", "between", "path", "path_fraction", "scalp_level")


def _read(file: Path) -> Iterator[Relation]:
    for row in _rows(file):
        points, by, kind = row["points"].split(), tuple(row["by"].split()), row["kind"]
        if kind == "order":
            pairs: Iterable[tuple[str, tuple[str, ...]]] = [(after, (before,)) for before, after in pairwise(points)]
        elif kind == "side_of" and len(by) == len(points) > 1 and all(one.startswith("joint:") for one in by):
            pairs = [(point, (one,)) for point, one in zip(points, by, strict=True)]
        elif kind in _TOGETHER or not by:
            pairs = [(point, by) for point in points]
        else:
            pairs = [(point, (one,)) for point in points for one in by]
        tolerance = float(row["tolerance"] or scales()[row["scale"]].tolerance)
        if kind in ("side_of", "between", "order") and not row["tolerance"]:
            tolerance = 0.0
        for point, against in pairs:
            yield Relation(kind, point, against, float(row["value"] or 0), row["scale"], row["direction"], tolerance,
                           row["page"], row["only"])


class _Side:
    """The points and joints of one side, mirrored into the left."""

    def __init__(self, points: Iterable[PlacedPoint], joints: Joints, side: str) -> None:
        flip = np.array((1 if side == "left" else -1, 1, 1))
        self.side, self.joints = side, joints  # the mesh is symmetric: its left joints serve for both sides
        here = [point for point in points if point.side in (side, "midline")]
        self.at: Mapping[str, Vector] = {name_of(point): point.xyz * flip for point in here}
        self.normal = {name_of(point): point.normal * flip for point in here}

    def has(self, name: str) -> bool:
        return name in self.at or name.startswith("joint:")

    def needed(self, relation: Relation) -> set[str]:
        scale = scales()[relation.scale]
        anchors = () if scale.measured == "lateral" and self._anchors(scale) else (scale.start, *scale.ends)
        return {relation.point, *relation.by, *filter(None, anchors)}

    def _anchors(self, scale: Scale) -> list[Vector]:
        """A width is the median of those of its points that are there."""
        return [self.place(name) for name in scale.ends if self.has(name)]

    def place(self, name: str) -> Vector:
        return self.joints[f"l-{name[6:]}"] if name.startswith("joint:") else self.at[name]

    def failure(self, relation: Relation) -> Failure | None:
        measured = getattr(self, f"_{relation.kind}")(relation)
        stated, tolerance = relation.value, relation.tolerance
        if relation.kind in ("side_of", "order"):
            failed = measured <= TOUCHING_CUN
        elif relation.kind == "facing":
            failed, tolerance = measured <= FACES_FROM, 0.0
        elif relation.kind == "midline":
            failed, tolerance = abs(measured) > MIDLINE_WITHIN_MM, MIDLINE_WITHIN_MM
        else:
            failed = abs(measured - stated) > tolerance
        return Failure(relation, self.side, float(measured), stated, tolerance) if failed else None

    def cun(self, scale: str) -> float:
        """Millimetres."""
        told = scales()[scale]
        if told.measured == "lateral":
            return float(np.median([abs(end[0]) for end in self._anchors(told)])) / told.cun
        start, ends = self.place(told.start), [self.place(name) for name in told.ends]
        if told.measured in ("path", "straight"):
            return _length([start, *ends]) / told.cun
        return abs(self._component(scale, frames.along(told.frame), start, ends[0])) / told.cun

    def _component(self, scale: str, words: str, start: Vector, end: Vector) -> float:
        """Of the way from `start` to `end`, mm in the direction of `words`."""
        return float((end - start) @ frames.direction(scales()[scale].frame, words, self.joints, (start + end) / 2))

    def _in_cun(self, relation: Relation, words: str, start: Vector, end: Vector) -> float:
        return self._component(relation.scale, words, start, end) / self.cun(relation.scale)

    def _distance(self, relation: Relation) -> float:
        return self._in_cun(relation, relation.direction, self.place(relation.by[0]), self.place(relation.point))

    _side_of = _order = _in_line = _distance

    def _same_level(self, relation: Relation) -> float:
        words = frames.along(scales()[relation.scale].frame)
        return self._in_cun(relation, words, self.place(relation.by[0]), self.place(relation.point))

    def _apart(self, relation: Relation) -> float:
        return _length([self.place(relation.by[0]), self.place(relation.point)]) / self.cun(relation.scale)

    def _lateral(self, relation: Relation) -> float:
        return abs(self.place(relation.point)[0]) / self.cun(relation.scale)

    def _lateral_ratio(self, relation: Relation) -> float:
        """The stated share, plus by how many cun it is missed."""
        near, far = self.place(relation.point)[0], self.place(relation.by[0])[0]
        return relation.value + (near - relation.value * far) / self.cun(relation.scale)

    def _fraction(self, relation: Relation) -> float:
        """The stated share, plus by how many cun it is missed along the line."""
        start, end = (self.place(name) for name in relation.by)
        line = end - start
        missed = (self.place(relation.point) - start) @ frames.unit(line) - relation.value * np.linalg.norm(line)
        return relation.value + float(missed) / self.cun(relation.scale)

    def _fraction_in(self, relation: Relation) -> float:
        """The stated share of what two places are apart in one direction, plus by how many cun it is missed."""
        start, end = (self.place(name) for name in relation.by)
        whole = self._in_cun(relation, relation.direction, start, end)
        part = self._in_cun(relation, relation.direction, start, self.place(relation.point))
        return relation.value + part - relation.value * whole

    def _on_line(self, relation: Relation) -> float:
        """Cun beside the line, as seen from the axis of the limb."""
        start, end = (self.place(name) for name in relation.by)
        at = self.place(relation.point)
        outward = frames.from_axis(scales()[relation.scale].frame, self.joints, at)
        return float((at - start) @ frames.unit(np.cross(end - start, outward))) / self.cun(relation.scale)

    def _between(self, relation: Relation) -> float:
        """By how many cun the point lies outside the two; 0 within."""
        at = self.place(relation.point)
        way = frames.direction(scales()[relation.scale].frame, relation.direction, self.joints, at) / self.cun(relation.scale)
        ends = [float((self.place(name) - at) @ way) for name in relation.by]
        return max(min(ends), -max(ends), 0.0)

    def _path(self, relation: Relation) -> float:
        return _length([self.place(name) for name in relation.by]) / self.cun(relation.scale)

    def _path_fraction(self, relation: Relation) -> float:
        """The stated share of a curve through placed points, plus by how many cun it is missed."""
        curve = [self.place(name) for name in relation.by]
        until = curve[: relation.by.index(relation.point) + 1]
        return relation.value + (_length(until) - relation.value * _length(curve)) / self.cun(relation.scale)

    def _scalp_level(self, relation: Relation) -> float:
        """Cun before or behind the level of the second of three midline points, or of a share of the way to the third."""
        before, on, behind = (self.place(name) for name in relation.by)
        level = on + relation.value * (behind - on)
        way = frames.unit(behind - (on if relation.value else before))
        return relation.value + float((self.place(relation.point) - level) @ way) / self.cun(relation.scale)

    def _midline(self, relation: Relation) -> float:
        return float(self.place(relation.point)[0])

    def _facing(self, relation: Relation) -> float:
        frame = scales()[relation.scale].frame
        at = self.place(relation.point)
        return float(self.normal[relation.point] @ frames.direction(frame, relation.direction, self.joints, at))


def _length(path: Sequence[Vector]) -> float:
    return float(sum(np.linalg.norm(end - start) for start, end in pairwise(path)))


def _unmirrored(points: Iterable[PlacedPoint]) -> Iterator[Failure]:
    """A point of one side whose mirror image nobody placed, or placed elsewhere; measured in mm."""
    at = {(name_of(point), point.side): point.xyz for point in points}
    for (name, side), place in at.items():
        if side == "midline":
            continue
        other = at.get((name, "right" if side == "left" else "left"))
        apart = np.inf if other is None else float(np.abs(place * (-1, 1, 1) - other).max())
        if apart > MIRROR_WITHIN_MM:
            yield _of_whole_body("mirror", name, side, apart, MIRROR_WITHIN_MM)


def _strayed(points: Iterable[PlacedPoint]) -> Iterator[Failure]:
    """A point that lies across the midline from its side; measured in mm."""
    for point in points:
        outward = point.xyz[0] * {"left": 1, "right": -1, "midline": 0}[point.side]
        if outward < 0:
            yield _of_whole_body("own_side", name_of(point), point.side, outward, 0)


def _of_whole_body(kind: str, name: str, side: str, measured: float, tolerance: float) -> Failure:
    return Failure(Relation(kind, name, (), 0, "front", "", tolerance, "", ""), side, float(measured), 0, tolerance)
