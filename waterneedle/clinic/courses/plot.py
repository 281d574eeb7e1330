"""The scores of a course over time, with the injections beneath: places for lines and marks, drawn by page and paper alike.

Everything is in units of the drawing, 640 wide; y runs downwards.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from waterneedle.clinic.courses.measuring import Measured, Series
from waterneedle.clinic.courses.saying import in_language, score_in_words
from waterneedle.clinic.web.words import day

WIDTH, LEFT, RIGHT = 640, 34, 14
STRIP, GAP, TITLE, BENEATH = 76, 32, 24, 54


@dataclass(frozen=True)
class Strip:
    """One instrument: its name, its scale, the line of its scores and where each lies."""

    name: str
    top: float
    bottom: float
    low: str
    high: str
    points: tuple[tuple[float, float, str], ...]
    matters_y: float | None  # where a change that matters begins

    @property
    def path(self) -> str:
        return "".join(f"{'L' if place else 'M'}{x:g} {y:g}" for place, (x, y, _value) in enumerate(self.points))


@dataclass(frozen=True)
class Mark:
    """A session: its number, and how many injections were given."""

    x: float
    number: int
    injections: int


@dataclass(frozen=True)
class Picture:
    width: int
    height: float
    strips: tuple[Strip, ...]
    marks: tuple[Mark, ...]
    first_day: str
    last_day: str

    @property
    def has_level(self) -> bool:
        """Whether a broken line is drawn where a change that matters begins."""
        return any(one.matters_y is not None for one in self.strips)

    @property
    def right(self) -> int:
        return self.width - RIGHT

    @property
    def left(self) -> int:
        return LEFT

    @property
    def beneath(self) -> float:
        """The line on which the injections stand."""
        return self.height - BENEATH + 14


def picture(known: Measured, injections: dict[int, int]) -> Picture | None:
    """The drawing of a course; None while nothing was measured. `injections` counts those of each visit."""
    shown = [one for one in known.series if one.scores]
    if not shown:
        return None
    moments = [one.at for each in shown for one in each.scores] + [one.at for one in known.sessions]
    begin, end = min(moments), max(moments)
    span = max((end - begin).total_seconds(), 3600.0)

    def x(at: datetime.datetime) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (at - begin).total_seconds() / span, 1)

    strips = tuple(
        _strip(known, each, x, TITLE + place * (STRIP + GAP)) for place, each in enumerate(shown))
    marks = tuple(
        Mark(x(one.at), place, injections.get(one.visit_id, 0)) for place, one in enumerate(known.sessions, 1))
    height = TITLE + len(shown) * (STRIP + GAP) - GAP + 16 + BENEATH
    return Picture(WIDTH, height, strips, marks, day(begin, short=True), day(end, short=True))


def _strip(known: Measured, series: Series, x: Callable[[datetime.datetime], float], top: float) -> Strip:
    instrument, values = series.instrument, [one.value for one in series.scores]
    low = instrument.minimum if instrument.minimum is not None else min(values)
    high = instrument.maximum if instrument.maximum is not None else max(values)
    span = (high - low) or 1.0

    def y(value: float) -> float:
        return round(top + STRIP - STRIP * (min(max(value, low), high) - low) / span, 1)

    figure, first = known.indication.matters, series.first
    level = None
    if figure is not None and first is not None and series is known.judged and known.has_room:
        level = y(first.value - figure.points if instrument.better == "lower" else first.value + figure.points)
    points = tuple((x(one.at), y(one.value), score_in_words(instrument, one.value)) for one in series.scores)
    ends = [score_in_words(instrument, one) for one in (low, high)]
    return Strip(in_language(instrument.name), top, top + STRIP, *ends, points, level)
