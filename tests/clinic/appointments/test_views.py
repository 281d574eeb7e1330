"""The calendar, booking on the telephone, arrivals, and what the day shows of forms."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.appointments.diary import working
from clinic.intake.filling import opened
from clinic.intake.signing import signed
from clinic.patients.people import make_patient
from clinic.people import make_person
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import actions, actions_settings, before, queries
from waterneedle.clinic.appointments.jobs import remind
from waterneedle.clinic.appointments.models import Booking
from waterneedle.clinic.intake.models import Form
from waterneedle.clinic.outbox.letters import unsealed
from waterneedle.clinic.outbox.models import Job, Letter, Link
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners.models import Certificate, Licence, ResuscitationCard
from waterneedle.clinic.visits.models import Visit


@pytest.fixture
def practitioner(practitioner):
    """With papers that are good whenever the tests run, and hours around the clock: today has a free time at any time."""
    for paper in (Licence, Certificate, ResuscitationCard):
        paper.objects.update(expires=timezone.now().date() + datetime.timedelta(days=400))
    return practitioner


@pytest.fixture
def all_day(by, practitioner):
    whole = ((datetime.time(0), datetime.time(0)),)
    actions_settings.set_hours(practitioner=practitioner, spans=dict.fromkeys(range(7), whole), by=by)


def today(clinic):
    return timezone.now().astimezone(clinic.tzinfo).date()


def book(by, patient, day=None, place=0):
    day = day or today(by.clinic)
    free = queries.free_slots(by.clinic, 60, day, day)[place]
    return actions.book(patient=patient, practitioner=free.practitioner, starts_at=free.starts_at, by=by)


def url(clinic, name, **where):
    return reverse(f"appointments:{name}", kwargs={"clinic": clinic.slug} | where)


def test_the_day_and_the_week_show_who_comes(clinic, by, all_day, ana, bob, client_of):
    book(by, ana)
    client = client_of(bob)

    for name in ("day", "week"):
        assert "Ana Ruiz" in client.get(url(clinic, name)).content.decode(), name
    assert "Ana Ruiz" not in client.get(url(clinic, "day") + f"?on={today(clinic) + datetime.timedelta(days=1)}").content.decode()


@pytest.mark.parametrize("on", ["", "yesterday", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_any_day_that_is_asked_for_is_answered(clinic, practitioner, bob, client_of, on):
    assert client_of(bob).get(url(clinic, "day") + f"?on={on}").status_code in (200, 404)


def test_the_day_asks_the_same_of_one_booking_and_of_three(clinic, by, all_day, ana, bob, client_of, django_assert_num_queries):
    client, tomorrow = client_of(bob), today(clinic) + datetime.timedelta(days=1)
    page = f"{url(clinic, 'day')}?on={tomorrow}"
    book(by, ana, tomorrow)
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for name in ("Eva Lund", "Ida Berg"):
        book(by, make_patient(by, name), tomorrow)
    with django_assert_num_queries(len(one)):
        client.get(page)


def test_the_desk_finds_who_calls_and_books_the_first_free_time(clinic, practitioner, ana, bob, client_of):
    client = client_of(bob)
    found = client.post(url(clinic, "find"), {"q": "rui"}, headers={"HX-Request": "true"}).content.decode()
    page = re.search(r'data-href="([^"]+)"', found)[1]
    shown = client.get(page).content.decode()
    first = re.search(r'name="slot" value="([^"]+)" required checked', shown)[1]

    assert client.post(page, {"slot": first}).status_code == 302
    assert Booking.objects.get().patient == ana


def test_a_time_that_is_gone_is_refused_with_others_to_choose(clinic, by, practitioner, ana, bob, client_of):
    taken = book(by, make_patient(by, "Eva Lund"), today(clinic) + datetime.timedelta(days=2))
    slot = f"{taken.starts_at:%Y-%m-%dT%H:%MZ} {practitioner.uid}"

    answer = client_of(bob).post(url(clinic, "book_for", patient=ana.uid), {"slot": slot})

    assert answer.status_code == 409 and 'name="slot"' in answer.content.decode()


def test_who_is_booked_with_somebody_else_then_is_not_booked_again_and_the_desk_reads_with_whom(
    clinic, by, practitioner, ana, bob, client_of
):
    pavel = working(by, user=make_person(clinic, "Pavel Novak", Role.PRACTITIONER))
    there = book(by, ana, today(clinic) + datetime.timedelta(days=2))
    page = url(clinic, "book_for", patient=ana.uid)
    assert f'value="{there.starts_at:%Y-%m-%dT%H:%MZ} ' not in client_of(bob).get(page).content.decode()

    answer = client_of(bob).post(page, {"slot": f"{there.starts_at:%Y-%m-%dT%H:%MZ} {pavel.uid}"})

    assert answer.status_code == 409 and f"with {there.practitioner}" in answer.content.decode()
    assert Booking.objects.get() == there


def test_a_new_caller_is_entered_in_a_few_words_and_looked_for_first(clinic, by, practitioner, ana, bob, client_of):
    said = {"given_name": "Ana", "family_name": "Ruiz", "birth_date": "1982-03-14", "phone": "", "email": ""}
    client = client_of(bob)
    assert "on file already" in client.post(url(clinic, "book"), said).content.decode()

    answer = client.post(url(clinic, "book"), said | {"family_name": "Rossi", "birth_date": "1990-01-01"})

    made = Patient.objects.latest("pk")
    assert (made.family_name, answer.url) == ("Rossi", url(clinic, "book_for", patient=made.uid))


def test_a_family_with_one_telephone_is_booked_together(clinic, by, practitioner, ana, bob, client_of):
    kit = make_patient(by, "Kit Ruiz", phone=ana.phone)
    client = client_of(bob)
    page = f"{url(clinic, 'book_for', patient=ana.uid)}?and={kit.uid}"
    slot = re.search(r'name="slot" value="([^"]+)" required checked', client.get(page).content.decode())[1]

    assert client.post(page, {"slot": slot, "and": str(kit.uid)}).status_code == 302
    one, two = Booking.objects.order_by("starts_at")
    assert (one.patient, two.patient, two.starts_at) == (ana, kit, one.ends_at)


def test_a_drag_is_the_form_of_the_move_page(clinic, by, practitioner, ana, bob, client_of):
    day = today(clinic) + datetime.timedelta(days=3)
    row = book(by, ana, day)
    other = queries.free_slots(clinic, 60, day, day)[-1]

    assert client_of(bob).post(url(clinic, "move", booking=row.uid), {"slot": other.key}).status_code == 302
    assert Booking.objects.get(stands=True).starts_at == other.starts_at


def test_late_no_show_and_cancelled_are_noted_and_nothing_else(clinic, by, practitioner, ana, bob, client_of):
    row = book(by, ana, today(clinic) + datetime.timedelta(days=1))
    client = client_of(bob)

    codes = [
        client.post(url(clinic, "mark", booking=row.uid, state=one)).status_code for one in ("late", "no-show", "left", "offered")
    ]
    row.refresh_from_db()
    assert (codes, row.state) == ([302, 302, 404, 404], "no-show")


# --- arrival


def test_one_press_on_the_page_of_the_morning_is_enough_and_two_do_nothing_more(clinic, by, all_day, ana, bob, client_of):
    row = book(by, ana)
    client = client_of(bob)
    home = reverse("home:today", kwargs={"clinic": clinic.slug})
    press = reverse("home:arrive", kwargs={"clinic": clinic.slug, "booking": row.uid})
    assert press in client.get(home).content.decode()

    assert [client.post(press).status_code for _ in range(2)] == [302, 302]
    assert Visit.objects.count() == 1 and press not in client.get(home).content.decode()


# --- reminders


@pytest.mark.parametrize(("becomes", "letters"), [(None, 1), ("late", 0), ("cancelled", 0)])
def test_who_is_booked_is_reminded_once_and_nobody_else(by, practitioner, ana, becomes, letters):
    row = book(by, ana, today(by.clinic) + datetime.timedelta(days=4))
    job = Job.objects.get(kind="appointments.remind")
    assert job.due_at == row.starts_at - datetime.timedelta(hours=24)
    if becomes:
        actions.mark(booking=row, state=becomes, by=by)

    for _ in range(2):
        remind(job, timezone.now())

    assert Letter.objects.filter(about="booking reminder").count() == letters
    assert Link.objects.filter(purpose="booking", about=str(row.uid)).count() == 1 + letters


def test_a_clinic_that_reminds_nobody_plans_nothing(by, practitioner, ana):
    actions_settings.change_policy(clinic=by.clinic, fields={"remind_hours": 0}, by=by)
    book(by, ana, today(by.clinic) + datetime.timedelta(days=4))

    assert not Job.objects.filter(kind="appointments.remind").exists()


def test_a_message_says_the_time_and_the_clinic_and_nothing_else(by, practitioner, ana):
    row = book(by, ana, today(by.clinic) + datetime.timedelta(days=4))
    # Without its links and numbers: what is drawn by lot may spell anything.
    said = re.sub(r"https?://\S+|<\S+@\S+>", "", unsealed(Letter.objects.get(about="booking booked")).decode())

    assert "Harbor Acupuncture" in said and row.starts_at.astimezone(by.clinic.tzinfo).strftime("%H:%M") in said
    assert not any(word in said for word in ("Ana", "Ruiz", "1982", "Alice", "injection", "acupuncturist", "first visit"))


# --- forms before a visit


def due(patient, now=None):
    now = now or timezone.now()
    day = now.astimezone(patient.clinic.tzinfo).date()
    return {one.kind: one.is_sent for one in before.due_of(patient.clinic, [patient], day, now)[patient.pk].missing}


def test_a_booking_sends_the_forms_that_are_due_once(by, practitioner, ana):
    assert due(ana) == {"questions": False, "consent": False}
    book(by, ana, today(by.clinic) + datetime.timedelta(days=1))
    assert due(ana) == {"questions": True, "consent": True}

    book(by, ana, today(by.clinic) + datetime.timedelta(days=2))
    assert (Booking.objects.count(), Form.objects.count()) == (2, 2)


def test_what_was_sent_back_and_signed_is_due_no_more(by, practitioner, ana):
    opened(by, ana).send()
    signed(by, ana)

    assert due(ana) == {}


def test_a_clinic_that_sends_no_forms_sends_none(by, practitioner, ana):
    actions_settings.change_policy(clinic=by.clinic, fields={"send_forms": False}, by=by)
    book(by, ana, today(by.clinic) + datetime.timedelta(days=1))

    assert due(ana) == {"questions": False, "consent": False}


def test_nobody_without_papers_is_offered(clinic, by, practitioner, ana):
    mei = working(by, user=make_person(clinic, "Mei Lin", Role.PRACTITIONER))
    Licence.objects.filter(practitioner=mei).update(expires=timezone.now().date() - datetime.timedelta(days=3))
    day = today(clinic) + datetime.timedelta(days=1)

    assert {one.practitioner for one in queries.free_slots(clinic, 60, day, day)} == {practitioner}


@pytest.mark.parametrize("page", ["day", "week"])
def test_the_desk_reads_who_can_be_booked_and_not_who_may_inject(alice, bob, by, all_day, ana, clinic, client_of, page):
    now = timezone.now()
    book(by, ana, today(clinic) + datetime.timedelta(days=2))
    Licence.objects.update(withdrawn_at=now, withdrawn_by=by.user, withdrawn_why="ended")
    address = f"/c/{clinic.slug}/appointments/{'week/' if page == 'week' else ''}"

    shown, seen = (re.sub(r"<(link|script)[^>]*>", "", client_of(one).get(address).content.decode()) for one in (alice, bob))

    assert "may not inject" in shown and "nobody may inject then" in shown
    assert "inject" not in seen and "not to be booked" in seen and "can be booked then" in seen
