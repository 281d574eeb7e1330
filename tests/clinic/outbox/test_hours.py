"""When to try again, and when people sleep."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.clinic.outbox.hours import LONGEST_WAIT, WAKING_FROM, WAKING_UNTIL, next_waking, wait_after

HERE = ZoneInfo("America/Los_Angeles")


def test_waits_double_until_the_longest():
    assert [wait_after(n) for n in (1, 2, 3, 4)] == [timedelta(seconds=s) for s in (30, 60, 120, 240)]
    assert wait_after(11) == wait_after(1000) == LONGEST_WAIT


@pytest.mark.parametrize(("local", "expected"), [
    ("2026-11-26T08:00", "2026-11-26T08:00"),
    ("2026-11-26T20:59", "2026-11-26T20:59"),
    ("2026-11-26T21:00", "2026-11-27T08:00"),
    ("2026-11-26T03:00", "2026-11-26T08:00"),
    ("2026-03-08T01:30", "2026-03-08T08:00"),  # the night in which the clock goes forward
    ("2026-10-31T23:00", "2026-11-01T08:00"),  # the night in which it goes back
])
def test_the_night_ends_at_eight(local, expected):
    def at(text):
        return datetime.fromisoformat(text).replace(tzinfo=HERE).astimezone(UTC)

    assert next_waking(at(local), HERE) == at(expected)


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)),
       st.sampled_from(["America/Los_Angeles", "Asia/Kathmandu", "Pacific/Chatham", "UTC", "America/St_Johns"]))
def test_the_next_waking_hour_is_soon_and_waking(at, zone):
    found = next_waking(at, ZoneInfo(zone))

    assert at <= found <= at + timedelta(hours=12, minutes=30)
    assert WAKING_FROM <= found.astimezone(ZoneInfo(zone)).time() < WAKING_UNTIL
