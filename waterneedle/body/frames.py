"""Directions on the skin in the words of the field: proximal, radial, above. For moving a point by hand and saying so.

Each part of the body has three axes of its own, taken from the joints of the figure. At a point two of them lie in the skin:
`along` is the first that does (proximal, or above), `across` is at right angles to it in the skin. `static/frames.js` is the same
once more.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from waterneedle.body.mesh import Array

IN_SKIN = 0.5  # the sine from which an axis counts as lying in the skin
WORTH_SAYING_MM = 0.5

FRAME_OF_PART = {
    **dict.fromkeys(("scalp", "face", "ear", "neck", "chest", "axilla", "upper_back", "lower_back", "abdomen", "perineum",
                     "sacrum", "shoulder", "hip", "buttock", "mouth_nose"), "trunk"),
    "upper_arm": "upper_arm", "elbow": "upper_arm", "forearm": "forearm", "wrist": "forearm", "hand": "hand", "finger": "hand",
    "thigh": "thigh", "knee": "thigh", "leg": "leg", "ankle": "leg", "foot": "foot", "toe": "foot",
}


@dataclass(frozen=True)
class Frame:
    """Three unit axes of a part of the left side, at right angles, and the words for going along and against each."""

    axes: Array  # (3, 3): lengthwise, sideways, and through the part
    words: tuple[tuple[str, str], ...]


def frames(joints: Mapping[str, Array]) -> dict[str, Frame]:
    """The frames of a figure by name, from its joints; `FRAME_OF_PART` says which one a part of the body has."""
    shoulder, elbow, wrist = joints["l-shoulder"], joints["l-elbow"], joints["l-hand"]
    hip, knee, ankle, toe = joints["l-upper-leg"], joints["l-knee"], joints["l-ankle"], joints["l-toe-2-1"]
    index, middle, little = joints["l-finger-2-1"], joints["l-finger-3-1"], joints["l-finger-5-1"]
    left, up, _ = np.eye(3)
    hinge = np.cross(elbow - shoulder, wrist - elbow)  # of the elbow; the arm of the model is a little bent
    radial = index - little
    limb, arm = ("proximal", "distal"), ("radial", "ulnar")
    sides, front = ("lateral", "medial"), ("anterior", "posterior")
    return {
        "trunk": _frame(up, left, (("above", "below"), sides, front)),
        "upper_arm": _frame(shoulder - elbow, hinge * np.sign(hinge @ left), (limb, sides, front)),
        "forearm": _frame(elbow - wrist, radial, (limb, arm, ("palmar", "dorsal"))),
        "hand": _frame(wrist - middle, radial, (limb, arm, ("palmar", "dorsal"))),
        "thigh": _frame(hip - knee, left, (limb, sides, front)),
        "leg": _frame(knee - ankle, left, (limb, sides, front)),
        "foot": _frame((ankle - toe) * (1, 0, 1), left, (limb, sides, ("dorsal", "plantar"))),
    }


def along_and_across(frame: Frame, side: str, normal: Array) -> Array:
    """`(2, 3)` array: the two unit directions in the skin at a point with this outward normal, on this side of the body."""
    axes = frame.axes * ((-1, 1, 1) if side == "right" else (1, 1, 1))
    in_skin = axes - np.outer(axes @ normal, normal)
    length = np.linalg.norm(in_skin, axis=1)
    first = 0 if length[0] >= IN_SKIN else 2
    along = in_skin[first] / length[first]
    across = np.cross(along, normal)
    other = max((axis for axis in range(3) if axis != first), key=lambda axis: abs(axes[axis] @ across))
    return np.stack([along, across * np.sign(axes[other] @ across)])


def shift_in_words(frame: Frame, side: str, normal: Array, along_mm: float, across_mm: float) -> str:
    """How far a point was moved: `8 mm lateral`, `3 mm proximal and 8 mm radial`; empty below half a millimetre.

    On the midline sideways is `to the left` and `to the right`.
    """
    moves = along_and_across(frame, side, normal) * [[along_mm], [across_mm]]
    told = [f"{round(float(np.linalg.norm(move)))} mm {_direction(frame, side, move)}"
            for move in moves if np.linalg.norm(move) >= WORTH_SAYING_MM]
    return " and ".join(told)


def _direction(frame: Frame, side: str, move: Array) -> str:
    axes = frame.axes * ((-1, 1, 1) if side == "right" else (1, 1, 1))
    shares = axes @ move
    axis = int(np.abs(shares).argmax())
    if side == "midline" and axis == 1:
        return "to the left" if shares[1] > 0 else "to the right"
    return frame.words[axis][0 if shares[axis] > 0 else 1]


def told(found: Mapping[str, Frame]) -> dict[str, dict]:
    """Frames as the browser reads them."""
    return {name: {"axes": frame.axes.round(5).tolist(), "words": frame.words} for name, frame in found.items()}


def _frame(lengthwise: Array, sideways: Array, words: tuple[tuple[str, str], ...]) -> Frame:
    first = lengthwise / np.linalg.norm(lengthwise)
    second = sideways - (sideways @ first) * first
    second /= np.linalg.norm(second)
    # Forward, or into the palm: on the left side the right-handed third axis is each of them.
    return Frame(np.stack([first, second, np.cross(second, first)]), words)
