"""Which times are free. Pure functions of hours, closures and bookings; moments are minutes since 1970-01-01 00:00 UTC.

Hours are kept by the clinic's clock and days differ: on the day the clock goes forward a span over the gap is an hour shorter, on
the day it goes back an hour longer. A time of day that happens twice means the first of the two; one that never happens, the
moment at which the clock would have shown it (an hour later on the new clock). A slot has its full length on every day.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

Span = tuple[int, int]  # from a minute, up to and without another
DAY = datetime.timedelta(days=1)
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MINUTE = datetime.timedelta(minutes=1)


@dataclass(frozen=True)
class Week:
    """The hours of one practitioner: by weekday (0 is Monday) the spans of the clinic's clock."""

    spans: Mapping[int, tuple[tuple[datetime.time, datetime.time], ...]]


@dataclass(frozen=True)
class Busy:
    """Spans that are taken, joined where they touch, in order."""

    spans: tuple[Span, ...] = ()
    begins: tuple[int, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Busy:
        joined: list[Span] = []
        for begin, end in sorted(spans):
            if joined and begin <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], end))
            else:
                joined.append((begin, end))
        return cls(tuple(joined), tuple(one[0] for one in joined))

    def free_from(self, begin: int, end: int) -> int:
        """`begin` when nothing is taken between the two; else the end of the last that is taken there."""
        place = bisect_left(self.begins, end) - 1
        return self.spans[place][1] if place >= 0 and self.spans[place][1] > begin else begin


@dataclass(frozen=True)
class Open:
    """A free time: with whom (a key of the caller's), where (a key, or None where the clinic has no rooms), and from when."""

    who: int
    room: int | None
    begin: int
    minutes: int


def minute(moment: datetime.datetime) -> int:
    """The minute of a moment, the one that it lies in."""
    return (moment - _EPOCH) // _MINUTE


def moment(of: int) -> datetime.datetime:
    return _EPOCH + of * _MINUTE


@lru_cache(maxsize=50_000)
def at_clock(day: datetime.date, time: datetime.time, zone: datetime.tzinfo) -> int:
    """The minute at which the clock of `zone` shows `time` on `day`, for the first time."""
    return minute(datetime.datetime.combine(day, time.replace(fold=0), zone).astimezone(datetime.UTC))


def working(week: Week, day: datetime.date, zone: datetime.tzinfo) -> list[Span]:
    """The spans of one day in which somebody with this week works, joined where they touch."""
    spans = []
    for begins, ends in week.spans.get(day.weekday(), ()):
        last = at_clock(day + DAY, ends, zone) if ends == datetime.time(0) else at_clock(day, ends, zone)
        spans.append((at_clock(day, begins, zone), last))
    return [one for one in Busy.of(spans).spans if one[0] < one[1]]


def days(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """Every day from the first to the last, both among them."""
    for number in range((last - first).days + 1):
        yield first + number * DAY


def free(
    *,
    who: int,
    week: Week,
    zone: datetime.tzinfo,
    on: Iterable[datetime.date],
    closed: Busy,
    busy: Busy,
    rooms: Sequence[tuple[int, Busy]],
    minutes: int,
    step_min: int,
    buffer_min: int = 0,
    earliest: int = 0,
) -> Iterator[Open]:
    """The free times of one practitioner, in order: each begins on a step of the working span, ends within it, lies
    in no closure, keeps the buffer clear of what is booked, and has a room, the first free one (`rooms` empty: none exist)."""
    for day in on:
        for begin, end in working(week, day, zone):
            at = begin
            while at + minutes <= end:
                taken_until = max(busy.free_from(at, at + minutes + buffer_min), closed.free_from(at, at + minutes))
                if at < earliest or taken_until > at:
                    # On to the first step that is not taken, without trying each in between.
                    at += max(1, -(-(max(taken_until, earliest) - at) // step_min)) * step_min
                    continue
                room = _room(rooms, at, at + minutes + buffer_min)
                if room is not None or not rooms:
                    yield Open(who, room, at, minutes)
                at += step_min


def _room(rooms: Sequence[tuple[int, Busy]], begin: int, end: int) -> int | None:
    return next((key for key, busy in rooms if busy.free_from(begin, end) == begin), None)


def is_working(week: Week, closed: Busy, begin: int, end: int, zone: datetime.tzinfo) -> bool:
    """Whether somebody with this week works all the time between two minutes, and nothing is closed."""
    day = moment(begin).astimezone(zone).date()
    spans = Busy.of(span for one in days(day - DAY, day + DAY) for span in working(week, one, zone))
    place = bisect_right(spans.begins, begin) - 1
    return place >= 0 and end <= spans.spans[place][1] and closed.free_from(begin, end) == begin
