"""When a patient is asked: about a day after, when people are awake, in every zone and over every change of the clocks."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.clinic.followup import moments
from waterneedle.clinic.followup.sites import Given

ZONES = [ZoneInfo(name) for name in ("America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu")]
HOUR = datetime.timedelta(hours=1)
times = st.datetimes(datetime.datetime(2025, 1, 1), datetime.datetime(2028, 12, 31), timezones=st.just(datetime.UTC))


def local(zone: ZoneInfo, *clock: int) -> datetime.datetime:
    return datetime.datetime(2026, 11, 26, *clock, tzinfo=zone)


@given(times, st.sampled_from(ZONES))
def test_the_next_day_is_20_to_26_hours_after_wherever_that_can_be_at_a_civil_hour(at, zone):
    asked = moments.next_day(at, zone)
    clock = asked.astimezone(zone).time()

    assert moments.CIVIL_FROM <= clock <= moments.CIVIL_UNTIL
    assert asked - at >= 20 * HOUR
    begins, ends = (at + hours * HOUR for hours in (20, 26))
    awake = [begins + n * HOUR / 4 for n in range(25)]
    if any(moments.CIVIL_FROM <= one.astimezone(zone).time() <= moments.CIVIL_UNTIL for one in awake):
        assert asked <= ends


@given(times, st.sampled_from(ZONES))
def test_the_same_day_is_3_to_6_hours_after_whatever_the_hour(at, zone):
    assert 3 * HOUR <= moments.same_day(at, zone) - at <= 6 * HOUR


@pytest.mark.parametrize(
    ("visit", "asked"),
    [((11, 0), (11, 0)), ((8, 0), (9, 0)), ((19, 30), (19, 30)), ((21, 0), (20, 0))],
)
def test_a_visit_by_day_is_asked_about_at_the_same_hour_of_the_next(visit, asked):
    zone = ZONES[0]

    found = moments.next_day(local(zone, *visit), zone).astimezone(zone)

    assert (found.day, found.hour, found.minute) == (27, *asked)


def test_four_weeks_over_a_change_of_the_clocks_stay_in_the_morning():
    zone = ZONES[1]
    before = datetime.datetime(2026, 10, 12, 15, tzinfo=zone)

    found = moments.weeks_after(before, 4, zone).astimezone(zone)

    assert (found.date(), found.time()) == (datetime.date(2026, 11, 9), moments.WEEKS_AT)


@pytest.mark.parametrize(
    ("asked", "until"), [((10, 0), (26, 19)), ((15, 59), (26, 19)), ((16, 1), (27, 19)), ((19, 30), (27, 19))]
)
def test_who_is_asked_late_has_until_the_evening_of_the_day_after(asked, until):
    zone = ZONES[0]

    found = moments.evening_after(local(zone, *asked), zone).astimezone(zone)

    assert (found.day, found.hour) == until


@pytest.mark.parametrize(("site", "groups"), [
    ("ST36", {"nerve"}), ("SP6", set()), ("GB21", {"lung", "nerve"}), ("LI20", {"nerve", "face"}),
    ("GB20", {"nerve"}), ("GV15", {"nerve"}), ("EX-B2", {"lung", "nerve"}), ("mouth", {"face"}),
    ("somewhere", {"lung", "nerve", "face"}),
])
def test_where_it_went_in_decides_what_is_asked(site, groups):
    given = Given(injections=(), sites=(site,), products=(), ended_at=local(ZONES[0], 11), is_first=False)

    assert set(given.groups) == groups
