"""How far "beside" is, in cun of the limb.

No source gives a figure: the standard says "posterior to the border", "in the depression lateral to the ligament". These are
ours, read off the template so that the dot lies in the hollow; a finger finds the rest.
"""
from __future__ import annotations

from waterneedle.knowledge import Location

_FROM_BORDER_CUN, _FROM_LANDMARK_CUN = 0.25, 0.5
_BORDERS_CUN = {"ulna_head": 0.8}
_LANDMARKS_CUN = {
    "biceps_femoris_tendon": 0.25,
    "calcaneal_tendon_medial_attachment": 0.25,
    "fibula_head": 1.0,
    "finger_web_margins": 0.1,
    "iliotibial_band": 0.25,
    "lateral_epicondyle_humerus": 0.9,
    "lateral_malleolus": 1.0,
    "mcp_joint_2": 0.4,
    "mcp_joint_3": 1.2,
    "metatarsal_1_base": 0.4,
    "navicular_tuberosity": 0.6,
    "patella_base_midpoint": 0.1,
    "patellar_ligament": 0.8,
    "scapula_spine": 0.7,
    "semitendinosus_tendon": 0.25,
    "toe_web_margins": 0.1,
}
_ONE_WAY_CUN = {("mtp_joint_5", "distolateral"): 1.3}


def from_border_cun(structure: str) -> float:
    """From the line of a border or tendon to a point beside it."""
    return _BORDERS_CUN.get(structure, _FROM_BORDER_CUN)


def from_landmark_cun(place: Location) -> float:
    """From the landmark to the hollow at its side."""
    one_way = _ONE_WAY_CUN.get((place.landmark, place.direction or ""))
    return one_way or _LANDMARKS_CUN.get(place.landmark, _FROM_LANDMARK_CUN)
