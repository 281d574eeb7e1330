"""Booking, moving and cancelling: what stands, what is refused, and what is offered instead."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from clinic.appointments.diary import NOW, at, booked, clocks, working
from clinic.patients.people import make_patient
from clinic.people import make_person
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import actions, actions_settings, overlaps, queries
from waterneedle.clinic.appointments.actions import Elsewhere, NotNow, Taken, TooMany, Twice
from waterneedle.clinic.appointments.models import Booking, BookingState, Service
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.outbox.models import Job, Letter, Link
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners.models import Licence


def test_a_first_visit_takes_an_hour_and_a_later_one_half_of_it(by, practitioner, ana):
    assert booked(by, ana, practitioner).minutes == 60

    Patient.objects.filter(pk=ana.pk).update(first_signed_at=NOW)
    ana.refresh_from_db()
    assert booked(by, ana, practitioner, "14:00").minutes == 30


def test_the_clinic_changes_both_lengths_and_what_is_booked_keeps_its_own(by, practitioner, ana):
    before = booked(by, ana, practitioner)
    actions_settings.set_service(clinic=by.clinic, kind="first", minutes=45, by=by)

    assert booked(by, ana, practitioner, "14:00").minutes == 45
    before.refresh_from_db()
    assert before.minutes == 60


def test_a_time_that_is_taken_is_refused_with_the_next_ones(by, practitioner, ana):
    booked(by, make_patient(by, "Eva Lund"), practitioner, "10:00")

    with pytest.raises(Taken) as refused:
        booked(by, ana, practitioner, "10:30")

    assert clocks(by.clinic, refused.value.free[:3]) == ["11:00", "11:15", "11:30"]
    assert Booking.objects.count() == 1


@pytest.mark.parametrize("clock", ["08:30", "16:30", "17:00", "23:00"])
def test_outside_of_the_hours_nobody_is_booked(by, practitioner, ana, clock):
    with pytest.raises(Taken):
        booked(by, ana, practitioner, clock)


def test_nor_in_a_break_or_a_closure(by, practitioner, ana):
    spans = [(datetime.time(9), datetime.time(12)), (datetime.time(13), datetime.time(17))]
    actions_settings.set_hours(practitioner=practitioner, spans={1: spans}, by=by)
    actions_settings.close(
        clinic=by.clinic, practitioner=None, begins_at=at("14:00", of=by.clinic), ends_at=at("15:00", of=by.clinic), by=by
    )

    for clock in ("11:30", "12:00", "13:30", "14:00"):
        with pytest.raises(Taken):
            booked(by, ana, practitioner, clock)
    assert booked(by, ana, practitioner, "13:00")


def test_who_may_not_inject_on_that_day_is_not_booked(by, practitioner, ana):
    Licence.objects.update(expires=datetime.date(2026, 11, 24))

    booked(by, ana, practitioner, day="2026-11-24")
    with pytest.raises(Taken):
        booked(by, ana, practitioner, day="2026-11-25")


def test_the_minutes_kept_free_after_a_visit_are_kept(by, practitioner, ana):
    actions_settings.change_policy(clinic=by.clinic, fields={"buffer_min": 15}, by=by)
    booked(by, make_patient(by, "Eva Lund"), practitioner, "10:00")

    with pytest.raises(Taken):
        booked(by, ana, practitioner, "11:00")
    with pytest.raises(Taken):
        booked(by, make_patient(by, "Ida Berg"), practitioner, "09:00")
    assert booked(by, ana, practitioner, "11:15")


def test_one_room_is_booked_once_and_two_rooms_twice(by, practitioner, ana, clinic):
    other = working(by, user=make_person(clinic, "Pavel Novak", Role.PRACTITIONER))
    first = actions_settings.add_room(clinic=clinic, name="1", by=by)
    booked(by, ana, practitioner, "10:00")
    with pytest.raises(Taken):
        booked(by, make_patient(by, "Eva Lund"), other, "10:30")

    second = actions_settings.add_room(clinic=clinic, name="2", by=by)
    made = booked(by, make_patient(by, "Ida Berg"), other, "10:30")

    assert (Booking.objects.get(patient=ana).room, made.room) == (first, second)


def test_the_database_itself_refuses_an_overlap(by, practitioner, ana, clinic):
    room = actions_settings.add_room(clinic=clinic, name="1", by=by)
    other = working(by, user=make_person(clinic, "Pavel Novak", Role.PRACTITIONER))
    stands = booked(by, ana, practitioner, "10:00")
    row = {"clinic": clinic, "patient": make_patient(by, "Ida Berg"), "service": stands.service, "way": "desk", "state": "booked"}
    half_past = {"starts_at": at("10:30", of=clinic), "ends_at": at("11:30", of=clinic), "until": at("11:30", of=clinic)}

    for more in (
        {"practitioner": practitioner, "room": None},
        {"practitioner": other, "room": room},
        {"practitioner": other, "room": None, "patient": ana},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.create(**row | half_past | more)
    row["patient"] = make_patient(by, "Eva Lund")
    elsewhere = Booking.objects.create(**row, **half_past, practitioner=other, room=None)
    for change in ({"practitioner": practitioner}, {"patient": ana}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.filter(pk=elsewhere.pk).update(**change)


def test_what_touches_does_not_overlap(by, practitioner, ana):
    booked(by, ana, practitioner, "10:00")

    assert booked(by, make_patient(by, "Eva Lund"), practitioner, "11:00")
    assert booked(by, make_patient(by, "Ida Berg"), practitioner, "09:00")


def test_a_family_is_booked_in_a_row_or_not_at_all(by, practitioner, ana):
    kit = make_patient(by, "Kit Ruiz", first_signed_at=None)
    made = actions.book_row(patients=[ana, kit], practitioner=practitioner, starts_at=at("10:00", of=by.clinic), by=by, now=NOW)
    assert [(one.patient, one.starts_at) for one in made] == [(ana, at("10:00", of=by.clinic)), (kit, at("11:00", of=by.clinic))]

    with pytest.raises(Taken):
        actions.book_row(patients=[ana, kit], practitioner=practitioner, starts_at=at("09:00", of=by.clinic), by=by, now=NOW)
    assert Booking.objects.count() == 2


def test_a_move_frees_the_old_time_and_keeps_what_was(by, practitioner, ana):
    old = booked(by, ana, practitioner, "10:00")

    new = actions.move(booking=old, practitioner=practitioner, starts_at=at("10:30", of=by.clinic), by=by, now=NOW)

    old.refresh_from_db()
    assert (old.state, old.stands, new.state, new.moved_from) == ("rescheduled", False, "booked", old)
    assert booked(by, make_patient(by, "Eva Lund"), practitioner, "09:30")


def test_a_move_that_is_refused_leaves_everything_as_it_was(by, practitioner, ana):
    old = booked(by, ana, practitioner, "10:00")
    booked(by, make_patient(by, "Eva Lund"), practitioner, "12:00")
    links = Link.objects.filter(revoked_at=None).count()

    with pytest.raises(Taken):
        actions.move(booking=old, practitioner=practitioner, starts_at=at("12:30", of=by.clinic), by=by, now=NOW)

    old.refresh_from_db()
    assert (old.state, old.stands, Link.objects.filter(revoked_at=None).count()) == ("booked", True, links)


def test_a_cancelled_time_can_be_booked_again(by, practitioner, ana):
    actions.cancel(booking=booked(by, ana, practitioner), by=by, now=NOW)

    assert booked(by, make_patient(by, "Eva Lund"), practitioner)


@pytest.mark.parametrize(("first", "then"), [("cancelled", "booked"), ("no-show", "cancelled"), ("late", "left")])
def test_what_cannot_follow_is_refused(by, practitioner, ana, first, then):
    row = booked(by, ana, practitioner)
    actions.mark(booking=row, state=first, by=by, now=NOW)

    with pytest.raises(NotNow):
        actions.mark(booking=row, state=then, by=by, now=NOW)


def test_what_became_of_a_booking_is_a_row_that_nobody_changes(by, practitioner, ana):
    row = booked(by, ana, practitioner)
    actions.mark(booking=row, state="late", by=by, why="called: traffic", now=NOW)

    assert [(one.state, one.why) for one in queries.history_of(row)] == [("booked", ""), ("late", "called: traffic")]
    with pytest.raises(IntegrityError), transaction.atomic():
        BookingState.objects.update(state="arrived")
    assert [one.action for one in Entry.objects.filter(kind="booking").order_by("pk")] == ["book", "late"]


def test_a_patient_books_no_more_than_the_clinic_lets_them_and_the_desk_may(by, practitioner, ana):
    actions_settings.change_policy(clinic=by.clinic, fields={"most_open": 1}, by=by)
    booked(by, ana, practitioner, "09:00", way="page")

    with pytest.raises(TooMany):
        booked(by, ana, practitioner, "11:00", way="page")
    assert booked(by, ana, practitioner, "11:00")


def test_a_booking_writes_one_letter_with_one_link_and_plans_the_reminder(by, practitioner, ana):
    row = booked(by, ana, practitioner, day="2026-11-26")

    assert Letter.objects.filter(about="booking booked").count() == 1
    assert [one.about for one in Link.objects.filter(purpose="booking")] == [str(row.uid)]
    reminder = Job.objects.get(kind="appointments.remind")
    assert reminder.due_at == row.starts_at - datetime.timedelta(hours=24)


def test_hours_that_move_leave_bookings_in_place_and_list_them(by, practitioner, ana):
    row = booked(by, ana, practitioner, "10:00")
    assert queries.outside_hours(by.clinic, NOW) == []

    actions_settings.set_hours(practitioner=practitioner, spans={1: [(datetime.time(13), datetime.time(17))]}, by=by)

    assert queries.outside_hours(by.clinic, NOW) == [row]
    row.refresh_from_db()
    assert row.stands


def test_the_lengths_are_written_down_once(by, practitioner, ana):
    booked(by, ana, practitioner, "10:00")
    booked(by, make_patient(by, "Eva Lund"), practitioner, "11:00")

    assert Service.objects.count() == 1


# --- one patient at two places


@pytest.fixture
def other(by, clinic):
    return working(by, user=make_person(clinic, "Pavel Novak", Role.PRACTITIONER))


@pytest.mark.parametrize("clock", ["09:30", "10:00", "10:45"])
def test_nobody_is_booked_with_two_at_one_time_and_is_told_with_whom(by, practitioner, other, ana, clock):
    stands = booked(by, ana, practitioner, "10:00")

    with pytest.raises(Twice) as refused:
        booked(by, ana, other, clock)

    assert refused.value.other == stands
    assert refused.value.free[0].starts_at == stands.ends_at
    assert Booking.objects.count() == 1


def test_one_after_the_other_is_possible_also_where_minutes_are_kept_free(by, practitioner, other, ana, clinic):
    actions_settings.change_policy(clinic=clinic, fields={"buffer_min": 10}, by=by)
    booked(by, ana, practitioner, "10:00")

    assert booked(by, ana, other, "11:00").stands
    assert booked(by, ana, other, "09:00", day="2026-11-25").stands


def test_two_records_of_one_person_are_one_patient(by, practitioner, other, ana):
    twin = make_patient(by, "Ana Ruis")
    booked(by, twin, practitioner, "10:00")
    patients.join(kept=ana, other=twin, why="one person", by=by)

    for one in (ana, twin):
        with pytest.raises(Twice):
            booked(by, one, other, "10:00")


def test_a_booking_is_moved_within_its_own_time_but_not_into_another_one(by, practitioner, other, ana, clinic):
    row = booked(by, ana, practitioner, "10:00")
    booked(by, ana, other, "13:00")

    with pytest.raises(Twice):
        actions.move(booking=row, practitioner=practitioner, starts_at=at("13:30", of=clinic), by=by, now=NOW)

    assert actions.move(booking=row, practitioner=practitioner, starts_at=at("10:30", of=clinic), by=by, now=NOW).stands


def test_who_did_not_come_is_booked_again_and_then_has_not_come_to_the_first(by, practitioner, other, ana):
    row = booked(by, ana, practitioner, "10:00")
    actions.mark(booking=row, state="no-show", by=by, now=NOW)
    again = booked(by, ana, other, "10:30")

    with pytest.raises(Elsewhere):
        actions.mark(booking=row, state="arrived", by=by, now=NOW)

    actions.cancel(booking=again, by=by, now=NOW)
    assert actions.mark(booking=row, state="arrived", by=by, now=NOW).state == "arrived"


def test_what_was_booked_twice_before_stays_and_goes_on(by, practitioner, other, ana, clinic):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for name in [one for one in overlaps.names(connection) if "patient_id" in one]:
        with connection.cursor() as cursor:
            cursor.execute(
                f'ALTER TABLE appointments_booking DROP CONSTRAINT "{name}"' if connection.vendor == "postgresql"
                else f'DROP TRIGGER "{name}"')
    one = booked(by, ana, practitioner, "10:00")
    row = {"clinic": clinic, "patient": ana, "service": one.service, "way": "desk", "state": "booked"}
    span = {"starts_at": one.starts_at, "ends_at": one.ends_at, "until": one.until}
    two = Booking.objects.create(practitioner=other, **row, **span)

    overlaps.install(connection)

    assert overlaps.missing(connection) == []
    assert actions.mark(booking=two, state="late", by=by, now=NOW).state == "late"
    assert actions.cancel(booking=two, by=by, now=NOW).state == "cancelled"
    if connection.vendor == "sqlite":
        with pytest.raises(IntegrityError), transaction.atomic():
            Booking.objects.create(practitioner=other, **row, **span)
