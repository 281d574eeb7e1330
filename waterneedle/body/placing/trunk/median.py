"""Heights on the median line of the trunk: down the back and up the front of one figure."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from waterneedle.body.placing.body import Body
from waterneedle.body.surface import Section, Spot


@dataclass(frozen=True)
class Median:
    """The median line with the place where it turns, between the legs."""

    line: Section  # from the head down the back, then up the front
    turn: int  # its lowest row

    @classmethod
    def of(cls, body: Body) -> Median:
        return cls(body.midline, int(body.midline.xyz[:, 1].argmin()))

    def back_length(self, height: float) -> float:
        """Where along the line the back is at a height, mm of arc; it grows downward. In the cleft, its floor."""
        return self._length(height, 0, self.turn, outward=-1)

    def back(self, height: float) -> Spot:
        return self.line.at(self.back_length(height))

    def front(self, height: float) -> Spot:
        """The front at a height; where the belly hangs over, its outside."""
        return self.line.at(self._length(height, self.turn, len(self.line.xyz) - 1, outward=1))

    def between(self, start: Spot, end: Spot, share: float) -> Spot:
        """A share of the way along the skin from one spot of the line to another."""
        lengths = [self.line.nearest_length(spot.xyz) for spot in (start, end)]
        return self.line.at(lengths[0] + share * (lengths[1] - lengths[0]))

    def _length(self, height: float, first: int, last: int, outward: int) -> float:
        heights, depths = self.line.xyz[first : last + 1, 1], self.line.xyz[first : last + 1, 2]
        steps = np.flatnonzero((heights[:-1] >= height) != (heights[1:] >= height))
        if not len(steps):
            raise ValueError(f"the median line is nowhere at a height of {height:.0f} mm")
        shares = (height - heights[steps]) / (heights[steps + 1] - heights[steps])
        best = int((outward * (depths[steps] + shares * (depths[steps + 1] - depths[steps]))).argmax())
        row = first + steps[best]
        return float(self.line.lengths[row] + shares[best] * (self.line.lengths[row + 1] - self.line.lengths[row]))
