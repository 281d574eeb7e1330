"""The small words of a place: distances, directions, regions.

Plain text in, plain text out; the order of the words is that of `words.py`.
"""
from __future__ import annotations

from collections.abc import Sequence

_UNITS = {"b": "cun", "f": "finger cun"}
_BESIDE = {"superior": "above", "inferior": "below", "dorsal": "on the dorsal side of", "same_level": "level with",
           "over": "over", "under": "under", "crosses": "crossing", "between": "between", "midway": "midway between"}
_ASPECTS = ("anterior", "posterior", "lateral", "medial", "anterolateral", "anteromedial", "posterolateral", "posteromedial",
            "fibular", "tibial", "radial", "palmar")
_PARTS = {"dorsum": "back of the", "interior": "inside of the"}
_REGIONS = ("lumbar", "sacral", "perineal", "scapular")  # adjectives that need their noun
_HOLLOWS = ("fossa", "groove", "space", "foramen")
_SEVERAL = ("tips", "margins", "creases", "spaces", "borders")


def region_in_words(region: str) -> str:
    """`leg_anterior` as `Leg, anterior side`."""
    *stem, last = region.split("_")
    if stem and last in _ASPECTS:
        words = f"{' '.join(stem)}, {last} side"
    elif stem and last in _PARTS:
        words = f"{_PARTS[last]} {' '.join(stem)}"
    else:
        words = region.replace("_", " ") + (" region" if region in _REGIONS else "")
    return words[:1].upper() + words[1:]


def relation_in_words(relation: str) -> str:
    """`superior_to` as `above`, `same_level` as `level with`."""
    return _BESIDE.get(relation) or beside([relation.removesuffix("_to")])


def beside(directions: Sequence[str]) -> str:
    """`above`, `distal and radial to`, `above and lateral to`."""
    *firsts, last = [_BESIDE.get(direction, f"{direction} to") for direction in directions] or [""]
    if not firsts:
        return last
    if last.endswith(" to"):
        firsts = [first.removesuffix(" to") for first in firsts]
    return listed([*firsts, last])


def measure(cun: float | None, unit: str | None) -> str:
    if cun is None:
        return ""
    if unit == "fingerbreadth":
        return "one fingerbreadth" if cun == 1 else f"{cun:g} fingerbreadths"
    return f"{cun:g} {_UNITS[unit or 'b']}"


def one_each(structure: str) -> str:
    """Where the structure is really several, each of them has its point."""
    return ", one point at each" if any(f" {part} " in structure.partition(" of ")[0] + " " for part in _SEVERAL) else ""


def preposition(structure: str) -> str:
    if any(hollow in structure for hollow in _HOLLOWS):
        return "in"
    return "at" if " end of " in structure else "on"


def is_middle(structure: str) -> bool:
    return "midpoint" in structure or "centre" in structure


def listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
