"""How high a level of the trunk lies on one figure: vertebrae along the spine, foramina of the sacrum, spaces between ribs.

None of them shows on the skin. `knowledge/levels.csv` has the published share of each between two landmarks, and what the
standard ties it to; heights are worked out from those on the patient's own skin.
"""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from waterneedle import knowledge
from waterneedle.body.mesh import Array
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.trunk.median import Median

# A level is flat as far as the points that the standard calls level with each other, and climbs from there to the side.
_FLAT_TO_CUN, _SIDE_FROM_CUN = 4.0, 6.0
# Skin slides over bone, most on heavy backs. The mean shares were found within 2.8 % (95 % confidence) and people differ by more;
# what is felt may move a vertebra by this share and no more.
_TRUSTED = 0.04
_SPINE = ("c7_spinous_process", "s2_spinous_process")


def height_mm(body: Body, identity: str, cun_aside: float = 0.0) -> float:
    """The height of a level `cun_aside` from the midline. `identity` is that of a level, of a landmark or of a point."""
    level = knowledge.levels().get(identity)
    if level is None or identity in body.landmarks:
        return float(body.at(identity)[1])
    if (level.start, level.end) == _SPINE:
        return body.once(Spine.of).height_mm(level.share)
    share = level.share
    if level.side_share is not None:
        share = float(np.interp(cun_aside, (_FLAT_TO_CUN, _SIDE_FROM_CUN), (level.share, level.side_share)))
    start, end = height_mm(body, level.start), height_mm(body, level.end)
    return start + share * (end - start)


@dataclass(frozen=True)
class Spine:
    """The way along the skin from C7 to S2: knots where the standard ties a vertebra to what can be felt, shares in between."""

    median: Median
    shares: Array
    lengths: Array  # mm of arc, growing downward

    @classmethod
    def of(cls, body: Body) -> Spine:
        median = body.once(Median.of)
        start, end = (median.back_length(height) for height in (float(body.at(_SPINE[0])[1]), _felt_mm(body, _SPINE[1])))
        tied = sorted((level.share, name) for name, level in knowledge.levels().items() if level.at and level.start == _SPINE[0])
        felt = [(median.back_length(_felt_mm(body, name)) - start) / (end - start) for _, name in tied]
        shares = np.array([0.0, *(share for share, _ in tied)])
        near = np.clip([0.0, *felt], shares - _TRUSTED, shares + _TRUSTED)
        return cls(median, shares, start + near * (end - start))

    def height_mm(self, share: float) -> float:
        return float(self.median.line.at(float(np.interp(share, self.shares, self.lengths))).xyz[1])


def _felt_mm(body: Body, level: str) -> float:
    """The height of what the standard ties a level to."""
    return float(np.mean([body.at(landmark)[1] for landmark in knowledge.levels()[level].at]))
