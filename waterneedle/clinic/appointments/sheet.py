"""The sheet of the calendar: rows of the clinic's clock, a column for each practitioner (a day) or for each day (a week)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.appointments import queries, slots
from waterneedle.clinic.appointments.models import Booking
from waterneedle.clinic.appointments.queries import Diary
from waterneedle.clinic.practitioners.models import Practitioner

FIRST_HOUR, LAST_HOUR = 9, 17  # shown at least
A_DAY_MIN = 24 * 60


@dataclass(frozen=True)
class Cell:
    """One or several rows of a column: bookings, a free step that can be booked, or time in which nobody works."""

    rows: int
    bookings: tuple[Booking, ...] = ()
    at: datetime.datetime | None = None  # set where it is free
    column: Column | None = None

    @property
    def key(self) -> str:
        """What a form sends back for a free step: see `queries.Slot.key`."""
        return f"{self.at:%Y-%m-%dT%H:%MZ} {self.column.practitioner.uid}" if self.at and self.column else ""


@dataclass(frozen=True)
class Column:
    """What stands over a column: a practitioner on a day."""

    practitioner: Practitioner
    day: datetime.date
    may: bool  # inject on this day
    count: int = 0


@dataclass(frozen=True)
class Row:
    """One step of the clock; a cell that began further up is not in it."""

    clock: datetime.time
    is_hour: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = field(default=())


def of_day(clinic: Clinic, day: datetime.date, booked: Sequence[Booking]) -> Sheet:
    """One day with its bookings: a column for everybody who works then or has a booking then."""
    known = queries.diary(clinic, day, day)
    busy = {one.practitioner_id for one in booked}
    who = [
        one
        for one in known.known
        if one.practitioner.pk in busy or day.weekday() in getattr(known.weeks.get(one.practitioner.pk), "spans", {})
    ]
    return _sheet(known, [(one, day) for one in who], booked)


def of_week(clinic: Clinic, practitioner: Practitioner, monday: datetime.date) -> Sheet:
    """One practitioner from Monday to Sunday; the weekend only where there is something on it."""
    days = list(slots.days(monday, monday + datetime.timedelta(days=6)))
    known = queries.diary(clinic, days[0], days[-1])
    begin, end = queries.day_bounds(clinic, days[0])[0], queries.day_bounds(clinic, days[-1])[1]
    booked = list(queries.bookings_between(clinic, begin, end).filter(stands=True, practitioner=practitioner))
    busy = {one.starts_at.astimezone(clinic.tzinfo).date() for one in booked}
    spans = getattr(known.weeks.get(practitioner.pk), "spans", {})
    shown = [day for day in days if day.weekday() < 5 or day in busy or day.weekday() in spans]
    one = next(one for one in known.known if one.practitioner.pk == practitioner.pk)
    return _sheet(known, [(one, day) for day in shown], booked)


def _sheet(known: Diary, wanted: Sequence[tuple[object, datetime.date]], booked: Iterable[Booking]) -> Sheet:
    zone, step = known.clinic.tzinfo, known.policy.step_min
    by_column: dict[tuple[int, datetime.date], list[Booking]] = {}
    for one in booked:
        by_column.setdefault((one.practitioner_id, one.starts_at.astimezone(zone).date()), []).append(one)
    columns = [
        Column(who.practitioner, day, known.may(who, day), len(by_column.get((who.practitioner.pk, day), ())))
        for who, day in wanted
    ]
    begin, end = _bounds(known, columns, by_column, step)
    clocks = range(begin, end, step)
    cells = [_cells(known, one, by_column.get((one.practitioner.pk, one.day), []), clocks, step) for one in columns]
    rows = [Row(datetime.time(at // 60, at % 60), at % 60 == 0, tuple(of[at] for of in cells if at in of)) for at in clocks]
    return Sheet(tuple(columns), tuple(rows))


def _bounds(known: Diary, columns: Sequence[Column], by_column: dict, step: int) -> tuple[int, int]:
    """The minutes of the day at which the sheet begins and ends: whole hours around hours and bookings."""
    first, last = FIRST_HOUR * 60, LAST_HOUR * 60
    for one in columns:
        for begins, ends in getattr(known.weeks.get(one.practitioner.pk), "spans", {}).get(one.day.weekday(), ()):
            first = min(first, begins.hour * 60 + begins.minute)
            last = max(last, ends.hour * 60 + ends.minute or A_DAY_MIN)
        for booking in by_column.get((one.practitioner.pk, one.day), ()):
            at = _of_day(booking.starts_at, known)
            first, last = min(first, at), max(last, min(at + booking.minutes, A_DAY_MIN))
    return first // 60 * 60, -(-last // 60) * 60


def _of_day(moment: datetime.datetime, known: Diary) -> int:
    local = moment.astimezone(known.clinic.tzinfo)
    return local.hour * 60 + local.minute


def _cells(known: Diary, column: Column, booked: Sequence[Booking], clocks: range, step: int) -> dict[int, Cell]:
    """The cells of a column by the minute of the day at which each begins."""
    zone, key = known.clinic.tzinfo, column.practitioner.pk
    at_row: dict[int, list[Booking]] = {}
    for one in booked:
        at_row.setdefault(clocks.start + (_of_day(one.starts_at, known) - clocks.start) // step * step, []).append(one)
    working = (
        slots.Busy.of(slots.working(known.weeks[key], column.day, zone)) if key in known.weeks and column.may else slots.Busy()
    )
    found: dict[int, Cell] = {}
    at, idle_from = clocks.start, None
    while at < clocks.stop:
        minute = slots.at_clock(column.day, datetime.time(at // 60, at % 60), zone)
        free = working.free_from(minute, minute + 1) != minute and known.closed[key].free_from(minute, minute + step) == minute
        if at in at_row:
            here = at_row[at]
            rows = max(-(-one.minutes // step) for one in here)
            following = min((other for other in at_row if other > at), default=clocks.stop)
            rows = max(1, min(rows, (following - at) // step))
            found[at], idle_from = Cell(rows, tuple(here), column=column), None
            at += rows * step
            continue
        if free and known.busy[key].free_from(minute, minute + step) == minute:
            found[at], idle_from = Cell(1, at=slots.moment(minute), column=column), None
        elif idle_from is not None:
            found[idle_from] = Cell(found[idle_from].rows + 1, column=column)
        else:
            found[at], idle_from = Cell(1, column=column), at
        at += step
    return found
