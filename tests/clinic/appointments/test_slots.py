"""Free times by the clinic's clock: on ordinary days, on the days the clock changes, on the leap day."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.clinic.appointments import slots
from waterneedle.clinic.appointments.slots import Busy, Week

# Four zones with the days on which their clocks change in 2027 and 2028 (tz database, as Python reads it; asserted below).
CHANGES = {
    "America/Los_Angeles": (datetime.date(2027, 3, 14), datetime.date(2027, 11, 7)),
    "Europe/Berlin": (datetime.date(2027, 3, 28), datetime.date(2027, 10, 31)),
    "Australia/Sydney": (datetime.date(2027, 10, 3), datetime.date(2027, 4, 4)),
    "Atlantic/Azores": (datetime.date(2027, 3, 28), datetime.date(2027, 10, 31)),
}
LEAP = datetime.date(2028, 2, 29)
NEVER = Busy()


def time(text: str) -> datetime.time:
    return datetime.time.fromisoformat(text)


def week(*spans: str) -> Week:
    """The same hours on every day, such as 09:00-12:00."""
    read = tuple(tuple(time(one) for one in span.split("-")) for span in spans)
    return Week(dict.fromkeys(range(7), read))


def free(of: Week, day: datetime.date, zone: str, minutes: int = 60, step: int = 30, **more):
    more = {"busy": NEVER, "closed": NEVER, "rooms": ()} | more
    return list(slots.free(who=1, week=of, zone=ZoneInfo(zone), on=[day], minutes=minutes, step_min=step, **more))


def shown(found, zone: str) -> list[str]:
    return [slots.moment(one.begin).astimezone(ZoneInfo(zone)).strftime("%H:%M") for one in found]


def hours_of(day: datetime.date, zone: str) -> float:
    start, end = (slots.at_clock(one, datetime.time(0), ZoneInfo(zone)) for one in (day, day + slots.DAY))
    return (end - start) / 60


@pytest.mark.parametrize("zone", CHANGES)
def test_these_are_the_days_on_which_the_clocks_change(zone):
    forward, back = CHANGES[zone]

    assert (hours_of(forward, zone), hours_of(back, zone), hours_of(LEAP, zone)) == (23, 25, 24)


@pytest.mark.parametrize("zone", CHANGES)
@pytest.mark.parametrize("which", [0, 1])
def test_the_hours_of_a_day_stay_where_they_are_when_the_clock_changes_by_night(zone, which):
    of, day = week("09:00-12:00"), CHANGES[zone][which]

    assert shown(free(of, day, zone), zone) == ["09:00", "09:30", "10:00", "10:30", "11:00"]


@pytest.mark.parametrize("zone", CHANGES)
def test_a_night_span_is_an_hour_shorter_forward_and_an_hour_longer_back(zone):
    forward, back = CHANGES[zone]
    of = week("00:00-06:00")

    assert [len(free(of, day, zone, step=60)) for day in (forward, back, LEAP)] == [5, 7, 6]


@pytest.mark.parametrize("zone", CHANGES)
def test_the_leap_day_is_a_day_like_the_one_before(zone):
    of = week("09:00-12:30", "13:30-17:00")

    assert shown(free(of, LEAP, zone), zone) == shown(free(of, LEAP - slots.DAY, zone), zone)
    assert list(slots.days(LEAP - slots.DAY, LEAP + slots.DAY)) == [LEAP - slots.DAY, LEAP, datetime.date(2028, 3, 1)]


def test_what_is_booked_closed_or_without_a_room_is_not_free():
    zone = "Europe/Berlin"
    at = lambda text: slots.at_clock(LEAP, time(text), ZoneInfo(zone))  # noqa: E731
    of = week("09:00-13:00")

    assert shown(free(of, LEAP, zone, busy=Busy.of([(at("10:00"), at("11:00"))])), zone) == ["09:00", "11:00", "11:30", "12:00"]
    assert shown(free(of, LEAP, zone, closed=Busy.of([(at("09:00"), at("12:00"))])), zone) == ["12:00"]
    rooms = [(7, Busy.of([(at("09:00"), at("11:00"))])), (8, Busy.of([(at("10:30"), at("13:00"))]))]
    found = free(of, LEAP, zone, rooms=rooms)
    assert list(zip([one.room for one in found], shown(found, zone), strict=True)) == [
        (8, "09:00"),
        (8, "09:30"),
        (7, "11:00"),
        (7, "11:30"),
        (7, "12:00"),
    ]


def test_the_buffer_is_kept_before_the_next_booking_but_not_before_a_break():
    zone = "Europe/Berlin"
    at = lambda text: slots.at_clock(LEAP, time(text), ZoneInfo(zone))  # noqa: E731
    busy = Busy.of([(at("11:00"), at("12:10"))])

    assert shown(free(week("09:00-14:00"), LEAP, zone, busy=busy, buffer_min=10), zone) == ["09:00", "09:30", "12:30", "13:00"]


def test_a_span_until_midnight_ends_with_the_day():
    zone = "America/Los_Angeles"

    assert shown(free(week("22:00-00:00"), LEAP, zone), zone) == ["22:00", "22:30", "23:00"]


days = st.one_of(
    st.sampled_from([day for both in CHANGES.values() for day in both] + [LEAP]),
    st.dates(datetime.date(2026, 1, 1), datetime.date(2030, 12, 31)),
)
clock = st.integers(0, 24 * 12 - 1).map(lambda five: datetime.time(five * 5 // 60, five * 5 % 60))
spans = st.lists(st.tuples(st.integers(-300, 1800), st.integers(5, 240)), max_size=6)


@given(
    zone=st.sampled_from(sorted(CHANGES)),
    day=days,
    begins=clock,
    ends=clock,
    minutes=st.integers(5, 180),
    step=st.sampled_from([5, 10, 15, 30, 60]),
    buffer=st.integers(0, 60),
    taken=spans,
    shut=spans,
    of_room=spans,
)
def test_every_free_time_has_its_length_lies_in_the_hours_and_touches_nothing(
    zone, day, begins, ends, minutes, step, buffer, taken, shut, of_room
):
    if begins >= ends:
        return
    midnight = slots.at_clock(day, datetime.time(0), ZoneInfo(zone))
    busy, closed, room = (
        Busy.of((midnight + begin, midnight + begin + length) for begin, length in one) for one in (taken, shut, of_room)
    )
    found = free(
        Week({day.weekday(): ((begins, ends),)}),
        day,
        zone,
        minutes,
        step,
        busy=busy,
        closed=closed,
        rooms=[(9, room)],
        buffer_min=buffer,
    )
    work = slots.working(Week({day.weekday(): ((begins, ends),)}), day, ZoneInfo(zone))

    for one in found:
        end = one.begin + minutes
        assert one.minutes == minutes and one.room == 9
        assert any(first <= one.begin and end <= last for first, last in work)
        assert (one.begin - work[0][0]) % step == 0
        for spans_of, until in ((busy, end + buffer), (room, end + buffer), (closed, end)):
            assert all(last <= one.begin or first >= until for first, last in spans_of.spans)
    # And none was left out: every step that is not offered touches something.
    offered = {one.begin for one in found}
    for first, last in work:
        for at in range(first, last - minutes + 1, step):
            if at not in offered:
                assert any(
                    begin < at + length and end > at
                    for spans_of, length in ((busy, minutes + buffer), (room, minutes + buffer), (closed, minutes))
                    for begin, end in spans_of.spans
                )
