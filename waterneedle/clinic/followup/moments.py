"""When a patient is asked, and when silence becomes somebody's task. Pure functions of times and of the clinic's zone."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo

CIVIL_FROM, CIVIL_UNTIL = time(9), time(20)  # of the clinic's clock
NEXT_DAY = (timedelta(hours=20), timedelta(hours=24), timedelta(hours=26))  # earliest, wanted, latest
SAME_DAY = (timedelta(hours=3), timedelta(hours=4), timedelta(hours=6))
WEEKS_AT = time(10)
EVENING = time(19)
LEAST_TO_ANSWER = timedelta(hours=3)  # who is asked in the afternoon has until the evening of the day after


def next_day(at: datetime, zone: tzinfo) -> datetime:
    """About a day after `at`: 20 to 26 hours, at a civil hour of `zone`. After a visit at night, the next civil hour (UTC)."""
    return _civil(at, *NEXT_DAY, zone) or _next_civil(at + NEXT_DAY[0], zone)


def same_day(at: datetime, zone: tzinfo) -> datetime:
    """3 to 6 hours after `at`, at a civil hour of `zone` if there is one; else after 3, for it is about the lung (UTC)."""
    return _civil(at, *SAME_DAY, zone) or at + SAME_DAY[0]


def weeks_after(at: datetime, weeks: int, zone: tzinfo) -> datetime:
    """On the same day of the week, `weeks` after `at`, in the morning of `zone` (UTC)."""
    day = at.astimezone(zone).date() + timedelta(weeks=weeks)
    return datetime.combine(day, WEEKS_AT, zone).astimezone(UTC)


def evening_after(asked: datetime, zone: tzinfo) -> datetime:
    """By when an answer is waited for: the evening of the day, or of the next one where too little of the day is left (UTC)."""
    day = asked.astimezone(zone).date()
    evening = datetime.combine(day, EVENING, zone).astimezone(UTC)
    if evening - asked >= LEAST_TO_ANSWER:
        return evening
    return datetime.combine(day + timedelta(days=1), EVENING, zone).astimezone(UTC)


def _civil(at: datetime, earliest: timedelta, wanted: timedelta, latest: timedelta, zone: tzinfo) -> datetime | None:
    """The civil moment of the span that is nearest to the wanted one; None if it lies in the night as a whole."""
    start, best, end = at + earliest, at + wanted, at + latest
    days = {one.astimezone(zone).date() for one in (start, best, end)}
    spans = [
        (max(start, _at(day, CIVIL_FROM, zone)), min(end, _at(day, CIVIL_UNTIL, zone))) for day in days
    ]
    near = [min(max(best, low), high) for low, high in spans if low <= high]
    return min(near, key=lambda one: abs(one - best), default=None)


def _next_civil(at: datetime, zone: tzinfo) -> datetime:
    local = at.astimezone(zone)
    if local.time() < CIVIL_FROM:
        return _at(local.date(), CIVIL_FROM, zone)
    return at if local.time() <= CIVIL_UNTIL else _at(local.date() + timedelta(days=1), CIVIL_FROM, zone)


def _at(day: object, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)  # type: ignore[arg-type]
