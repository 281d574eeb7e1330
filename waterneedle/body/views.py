"""Where to look from: the whole body from four sides, and each region of it near by. For the chart and for flat pictures.

A view is a ball to be shown and the direction from its centre to the eye, on the figure of a person.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from waterneedle.body import mesh
from waterneedle.body.frames import frames
from waterneedle.body.mesh import Array

REGIONS = {  # as a person would choose, with the parts of the body in which its points lie
    "head": ("scalp", "face", "ear", "neck", "mouth_nose"),
    "chest": ("chest", "axilla"),
    "abdomen": ("abdomen", "perineum"),
    "back": ("upper_back", "lower_back", "sacrum", "buttock"),
    "arm": ("shoulder", "upper_arm", "elbow", "forearm", "wrist"),
    "hand": ("hand", "finger"),
    "leg": ("hip", "thigh", "knee", "leg", "ankle"),
    "foot": ("foot", "toe"),
}
REGION_OF_PART = {part: region for region, parts in REGIONS.items() for part in parts}
FRONT, BACK, LEFT, RIGHT = (0.0, 0.0, 1.0), (0.0, 0.0, -1.0), (1.0, 0.0, 0.0), (-1.0, 0.0, 0.0)
SIDES = {"front": FRONT, "back": BACK, "left": LEFT, "right": RIGHT}


@dataclass(frozen=True)
class View:
    """What to show, mm, and from where."""

    region: str  # of REGIONS, or "body"
    name: str  # "front"; "left hand, palm"
    centre: Array
    radius: float
    outward: Array  # of length 1, to the eye
    wide_mm: float | None = None  # half of its width, where that is not the radius
    clip_mm: float | None = None  # how far before the centre the body begins to show, so that one leg does not hide the other
    behind_mm: float | None = None  # how far behind the centre it still shows, so that a thigh does not stand behind a hand


def views(vertices: Array, joints: Mapping[str, Array]) -> tuple[View, ...]:
    """Every view of a figure: the whole body first, then region by region, each with its best side first."""
    middle = mesh.height_mm(vertices) / 2
    wide, _, deep = 1.14 * np.abs(vertices).max(axis=0)  # hands are nearer to the eye than the middle, and so look larger
    body = [View("body", name, np.array([0, middle, 0.0]), middle * 1.06, np.array(side), wide_mm=wide if side[2] else deep)
            for name, side in SIDES.items()]
    neck, pelvis, crown = joints["neck"], joints["pelvis"], float(vertices[:, 1].max())
    crotch, waist, shoulder = joints["l-upper-leg"][1], joints["spine-2"][1], joints["l-shoulder"][1]
    head = np.array([0, (neck[1] + crown) / 2, joints["head"][2]])
    found = [
        *(View("head", f"head, {name}", head, (crown - neck[1]) * 0.62, _unit(side))
          for name, side in {**SIDES, "top": (0, 1, 0.25)}.items()),
        View("chest", "chest", np.array([0, (shoulder + waist) / 2, neck[2]]), (shoulder - waist) * 0.95, np.array(FRONT)),
        View("abdomen", "abdomen", np.array([0, (waist + crotch) / 2, neck[2]]), (waist - crotch) * 0.85, np.array(FRONT)),
        View("back", "whole back", (neck + pelvis) / 2, (neck[1] - pelvis[1]) * 0.62, np.array(BACK)),
        View("back", "buttocks", np.array([0, crotch, 0]), (waist - crotch) * 0.85, np.array(BACK)),
    ]
    left = _limbs(joints)
    return (*body, *found, *(both for view in left for both in (view, _mirrored(view))))


def told(view: View) -> dict:
    """A view as the browser reads it."""
    ends = {"wide": view.wide_mm, "clip": view.clip_mm, "behind": view.behind_mm}
    clip = {name: round(float(end), 1) for name, end in ends.items() if end is not None}
    return {"region": view.region, "name": view.name, "centre": view.centre.round(1).tolist(),
            "radius": round(float(view.radius), 1), "outward": view.outward.round(4).tolist(), **clip}


def _limbs(joints: Mapping[str, Array]) -> list[View]:
    axes = frames(joints)
    wrist, tip, ankle, toe = joints["l-hand"], joints["l-finger-3-4"], joints["l-ankle"], joints["l-toe-2-3"]
    shoulder, hip = joints["l-shoulder"], joints["l-upper-leg"]
    arm, hand, leg = (shoulder + wrist) / 2, (wrist + tip) / 2, (hip + ankle) / 2
    foot = np.array([(ankle[0] + toe[0]) / 2, ankle[1] / 2, 0.45 * ankle[2] + 0.55 * toe[2]])
    long, palm, reach = np.linalg.norm(shoulder - wrist) * 0.62, np.linalg.norm(wrist - tip) * 0.85, np.linalg.norm(ankle - toe)
    near = reach * 0.8
    whole = np.linalg.norm(hip - ankle) * 0.6
    radial, palmar = axes["hand"].axes[1:]
    return [
        *(View("arm", f"left arm, {name}", arm, long, np.array(side))
          for name, side in (("front", FRONT), ("back", BACK), ("outside", LEFT))),
        *(View("hand", f"left hand, {name}", hand, palm, _unit(side), clip_mm=palm, behind_mm=1.1 * palm)
          for name, side in (("back", -palmar), ("palm", palmar), ("thumb side", radial), ("little finger side", -radial))),
        *(View("leg", f"left leg, {name}", leg, whole, _unit(side), clip_mm=leg[0] if name == "inside" else None)
          for name, side in (("front", FRONT), ("back", BACK), ("outside", LEFT), ("inside", (-1, 0, 0.1)))),
        *(View("foot", f"left foot, {name}", foot, near, _unit(side), None, near if name == "top" else foot[0], 1.5 * near)
          for name, side in (("top", (0, 1, 0.45)), ("outside", LEFT), ("inside", RIGHT), ("sole", (0, -1, 0.02)))),
    ]


def _mirrored(view: View) -> View:
    across, name = np.array([-1, 1, 1]), view.name.replace("left", "right", 1)
    return replace(view, name=name, centre=view.centre * across, outward=view.outward * across)


def _unit(direction: Array | tuple[float, ...]) -> Array:
    return np.asarray(direction, float) / np.linalg.norm(direction)
