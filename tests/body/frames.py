"""Directions on a body from the joints of the mesh alone: no landmark and no point is used.

All is said for the left side; the right side is mirrored into it. A limb's directions turn with the level, so a direction is
asked for at a place. Anatomical position, as the WHO standard has it (p. 3): palms forward, so radial is lateral.
"""
from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Joints = Mapping[str, Vector]

LATERAL, SUPERIOR, ANTERIOR = np.eye(3)
OPPOSITES = {"lateral": "medial", "superior": "inferior", "anterior": "posterior", "distal": "proximal", "radial": "ulnar",
             "palmar": "dorsal"}
# The joints at the ends of each frame's axis.
AXES = {
    "arm": ("shoulder", "elbow"), "forearm": ("elbow", "hand"), "hand": ("hand", "finger-3-1"), "thigh": ("upper-leg", "knee"),
    "leg": ("knee", "ankle"), "thumb": ("finger-1-3", "finger-1-4"), "index": ("finger-2-3", "finger-2-4"),
    "middle": ("finger-3-3", "finger-3-4"), "ring": ("finger-4-3", "finger-4-4"), "little": ("finger-5-3", "finger-5-4"),
    "toe1": ("toe-1-2", "toe-1-3"), "toe2": ("toe-2-3", "toe-2-4"), "toe4": ("toe-4-3", "toe-4-4"),
    "toe5": ("toe-5-3", "toe-5-4"),
}
FINGERS, TOES = ("thumb", "index", "middle", "ring", "little"), ("toe1", "toe2", "toe4", "toe5")


def direction(frame: str, words: str, joints: Joints, at: Vector) -> Vector:
    """The unit vector of `words` ("anterior lateral" is midway) in `frame` at the place `at`, on the left side."""
    known = _directions(frame, joints, at)
    known |= {other: -known[one] for one, other in OPPOSITES.items() if one in known}
    return unit(sum((known[word] for word in words.split()), np.zeros(3)))


def along(frame: str) -> str:
    """The word for the long axis of `frame`."""
    return "superior" if frame in ("trunk", "head", "ankle") else "distal"


def from_axis(frame: str, joints: Joints, at: Vector) -> Vector:
    """The direction in which `at` is seen from the axis of the limb."""
    start, end = (joints[f"l-{name}"] for name in AXES[frame])
    return unit(_across(at - start, unit(end - start)))


def unit(vector: Vector) -> Vector:
    return vector / np.linalg.norm(vector)


def _directions(frame: str, joints: Joints, at: Vector) -> dict[str, Vector]:
    if frame in ("trunk", "head", "ankle"):
        return {"lateral": LATERAL, "superior": SUPERIOR, "anterior": ANTERIOR}
    if frame == "foot":
        return _foot(joints)
    if frame in TOES:
        return _foot(joints) | _axis(frame, joints)
    if frame in ("thigh", "leg"):
        distal = _axis(frame, joints)["distal"]
        return {"distal": distal, "superior": -distal, "lateral": unit(_across(LATERAL, distal)),
                "anterior": unit(_across(ANTERIOR, distal))}
    if frame == "arm":
        return _arm(joints)
    if frame == "elbow":
        return _elbow(joints)
    if frame == "forearm":
        return _forearm(joints, at)
    if frame in FINGERS:
        return _finger(frame, joints)
    return _hand(joints, _axis("hand", joints)["distal"])


def _axis(frame: str, joints: Joints) -> dict[str, Vector]:
    start, end = (joints[f"l-{name}"] for name in AXES[frame])
    return {"distal": unit(end - start)}


def _foot(joints: Joints) -> dict[str, Vector]:
    distal = unit((joints["l-toe-2-1"] - joints["l-ankle"]) * (1, 0, 1))
    return {"distal": distal, "dorsal": SUPERIOR, "superior": SUPERIOR, "plantar": -SUPERIOR,
            "lateral": unit(np.cross(SUPERIOR, distal))}


def _arm(joints: Joints) -> dict[str, Vector]:
    """The forearm bends forward: what of it lies across the arm is anterior."""
    distal = _axis("arm", joints)["distal"]
    anterior = unit(_across(_axis("forearm", joints)["distal"], distal))
    lateral = unit(np.cross(distal, anterior))
    return {"distal": distal, "anterior": anterior, "lateral": lateral * np.sign(lateral @ LATERAL)}


def _elbow(joints: Joints) -> dict[str, Vector]:
    """The crease of a bent elbow stands between the arm and the forearm, and so do its levels."""
    arm = _arm(joints)
    distal = unit(arm["distal"] + _axis("forearm", joints)["distal"])
    return {"distal": distal, "lateral": arm["lateral"], "anterior": unit(_across(arm["anterior"], distal))}


def _hand(joints: Joints, distal: Vector) -> dict[str, Vector]:
    radial = unit(_across(joints["l-finger-2-1"] - joints["l-finger-5-1"], distal))
    return {"distal": distal, "radial": radial, "palmar": np.cross(distal, radial)}


def _forearm(joints: Joints, at: Vector) -> dict[str, Vector]:
    """From the elbow, where lateral is radial, to the hand the forearm turns."""
    start, end = joints["l-elbow"], joints["l-hand"]
    distal = unit(end - start)
    share = float(np.clip((at - start) @ (end - start) / ((end - start) @ (end - start)), 0, 1))
    at_elbow, at_hand = unit(_across(_arm(joints)["lateral"], distal)), _hand(joints, distal)["radial"]
    turn = np.arctan2(np.cross(at_elbow, at_hand) @ distal, at_elbow @ at_hand) * share
    radial = np.cos(turn) * at_elbow + np.sin(turn) * np.cross(distal, at_elbow)
    return {"distal": distal, "radial": radial, "palmar": np.cross(distal, radial)}


def _finger(frame: str, joints: Joints) -> dict[str, Vector]:
    distal = _axis(frame, joints)["distal"]
    if frame != "thumb":
        return _hand(joints, distal)
    radial = unit(_across(joints["l-finger-1-4"] - joints["l-finger-2-1"], distal))  # away from the index finger
    return {"distal": distal, "radial": radial, "palmar": np.cross(distal, radial)}


def _across(vector: Vector, axis: Vector) -> Vector:
    return vector - (vector @ axis) * axis
