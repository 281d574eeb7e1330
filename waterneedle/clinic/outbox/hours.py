"""When to try again, and when people sleep. Pure functions of times."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
WAKING_FROM, WAKING_UNTIL = time(8), time(21)  # of the clinic's clock: nobody is rung out of bed by a reminder


def wait_after(attempts: int) -> timedelta:
    """How long to wait after `attempts` failed ones: 30 s, doubled each time, at most 6 h; twelve span about a day."""
    return min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)


def next_waking(at: datetime, zone: tzinfo) -> datetime:
    """`at`, or the next morning in `zone` when `at` falls into the night there (UTC)."""
    local = at.astimezone(zone)
    if WAKING_FROM <= local.time() < WAKING_UNTIL:
        return at
    day = local.date() + timedelta(days=local.time() >= WAKING_UNTIL)
    return datetime.combine(day, WAKING_FROM, zone).astimezone(UTC)
