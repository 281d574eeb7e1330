"""Landmarks that follow from others on the body of the patient, and are not picked."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from waterneedle import knowledge
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.limbs.limb import limb

_SYMPHYSIS_CUN = 2.0


def at(body: Body, name: str) -> Array:
    """The place of a landmark, picked or derived, or of a point."""
    return body.once(DERIVED[name]) if name in DERIVED else body.at(name)


def _popliteal_crease(body: Body) -> Array:
    """The crease, which the straight knee of the mesh does not show, level with the hollow beside the patellar ligament (ST35).

    WHO 2008, page 13, has the apex of the patella level with the popliteal fossa; that ST40, 8 of the 16 cun above the malleolus,
    is level with ST38, 8 cun below ST35 (page 65), puts the crease level with ST35.
    """
    leg = limb(body, "leg", body.joints["l-knee"])
    picked = body.at("popliteal_crease")
    return leg.skin(leg.at_level(picked, leg.level(body.at("patellar_ligament")))).xyz


def _patella_base_end(name: str) -> Callable[[Body], Array]:
    """A corner of the patella as high as the middle of its base: the soft knee of the mesh lets the skin over them slip."""
    def end(body: Body) -> Array:
        thigh = limb(body, "thigh", body.joints["l-knee"])
        return thigh.skin(thigh.at_level(body.at(name), thigh.level(body.at("patella_base")))).xyz

    return end


def _middle_finger_tip_on_thigh(body: Body) -> Array:
    """Where the tip hangs: below the shoulder by the length of arm, hand and finger. Only its level counts."""
    chain = ("shoulder", "elbow", "hand", "finger-3-1", "finger-3-2", "finger-3-3", "finger-3-4")
    bones = np.diff([body.joints[f"l-{joint}"] for joint in chain], axis=0)
    return body.joints["l-shoulder"] - (0, np.linalg.norm(bones, axis=1).sum(), 0)


def _pubic_symphysis_inferior(body: Body) -> Array:
    """Two cun of the thigh below the upper border: the joint is about 4 cm high. Ours; only its level counts, for ST31."""
    thigh, segment = limb(body, "thigh", body.joints["l-knee"]), knowledge.segments()["thigh_anterior"]
    above = body.at(segment.start)
    cun = (thigh.level(body.at(segment.end)) - thigh.level(above)) / segment.cun
    return above - (0, _SYMPHYSIS_CUN * cun, 0)


DERIVED: dict[str, Callable[[Body], Array]] = {
    "popliteal_crease": _popliteal_crease,
    "patella_base_medial_end": _patella_base_end("patella_base_medial_end"),
    "patella_base_lateral_end": _patella_base_end("patella_base_lateral_end"),
    "middle_finger_tip_on_thigh": _middle_finger_tip_on_thigh,
    "pubic_symphysis_inferior": _pubic_symphysis_inferior,
    "foot_web_margin_2_3": lambda body: body.landmarks["toe_web_margins"][1],
}
