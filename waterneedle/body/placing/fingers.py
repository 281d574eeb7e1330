"""The finger measures of one body, mm: they are the patient's own (WHO 2008, pages 2 and 13)."""
from __future__ import annotations

import numpy as np

from waterneedle.body.placing.body import Body


def finger_cun_mm(body: Body) -> float:
    """One finger cun: the width of the thumb at its interphalangeal joint."""
    return _width(body, "finger_1", ("l-finger-1-2", "l-finger-1-4"), body.joints["l-finger-1-3"])


def fingerbreadth_mm(body: Body) -> float:
    """One fingerbreadth: the width of the distal phalanx of the middle finger."""
    joint, tip = body.joints["l-finger-3-3"], body.joints["l-finger-3-4"]
    return _width(body, "finger_3", ("l-finger-3-3", "l-finger-3-4"), (joint + tip) / 2)


def _width(body: Body, finger: str, axis: tuple[str, str], at: np.ndarray) -> float:
    """The largest diameter across the axis: a finger is wider than it is thick."""
    start, end = (body.joints[name] for name in axis)
    around = min(body.patch(finger).sections(at, end - start), key=lambda section: section.distance(at)).xyz
    return float(np.linalg.norm(around[:, None] - around[None], axis=-1).max())
