"""Who is here: booked or not, by the desk or by who treats, once however often it is pressed."""

from __future__ import annotations

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clinic.appointments.diary import working
from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.practitioners.papers import make_practitioner
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import actions as bookings
from waterneedle.clinic.appointments import actions_settings as bookings_settings
from waterneedle.clinic.appointments import money
from waterneedle.clinic.practitioners.models import Certificate, Licence, ResuscitationCard
from waterneedle.clinic.visits import actions, arriving, queries, reactions, signing, slips
from waterneedle.clinic.visits.models import Visit

MIDNIGHT = datetime.time(0)


@pytest.fixture
def clinic(clinic):
    """In a zone in which it is about noon: what is booked some hours from now is booked today."""
    clinic.zone = f"Etc/GMT{timezone.now().hour - 12:+d}"
    clinic.save(update_fields=["zone"])
    return clinic


@pytest.fixture
def practitioner(owner, clinic, alice):
    """Alice, who is booked at any hour, with papers that are good whenever the tests run."""
    made = working(at_work(owner, clinic), begins=MIDNIGHT, ends=MIDNIGHT, user=alice)
    for paper in (Licence, Certificate, ResuscitationCard):
        paper.objects.update(expires=timezone.now().date() + datetime.timedelta(days=400))
    return made


@pytest.fixture
def desk(bob, clinic):
    return at_work(bob, clinic)


def booked(by, patient, practitioner, hours):
    """A booking that begins about so many hours from now."""
    now = timezone.now()
    begins = (now + datetime.timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)
    earlier = now - datetime.timedelta(hours=9)
    return bookings.book(patient=patient, practitioner=practitioner, starts_at=begins, by=by, now=earlier)


def state(booking):
    booking.refresh_from_db()
    return booking.state


# --- who was booked


def test_an_arrival_begins_a_visit_with_who_it_was_booked_with(desk, ana, practitioner):
    row = booked(desk, ana, practitioner, 1)

    visit = arriving.arrive(booking=row, by=desk, now=timezone.now())

    assert (state(row), row.visit_uid, visit.patient, visit.practitioner) == ("arrived", visit.uid, ana, practitioner)


def test_a_visit_that_has_begun_is_joined(desk, by, ana, practitioner):
    row = booked(desk, ana, practitioner, 1)
    begun = actions.begin(patient=ana, by=by)

    assert arriving.arrive(booking=row, by=desk, now=timezone.now()) == begun
    assert Visit.objects.count() == 1


def test_a_visit_that_somebody_asked_to_strike_is_not_joined_by_an_arrival(desk, by, ana, practitioner):
    wrong = actions.begin(patient=ana, by=by)
    signing.ask_to_strike(visit=wrong, why="somebody else's chart", by=by)

    assert arriving.arrive(booking=booked(desk, ana, practitioner, 1), by=desk, now=timezone.now()) != wrong


# --- who stands there


def test_who_walks_in_has_a_visit_however_often_it_is_pressed(desk, ana):
    first, is_new = arriving.come(patient=ana, by=desk, now=timezone.now())
    again, is_newer = arriving.come(patient=ana, by=desk, now=timezone.now())

    assert (first, is_new, is_newer, first.practitioner) == (again, True, False, None)


def test_the_booking_that_they_come_for_has_arrived_too(desk, ana, practitioner):
    near, far = booked(desk, ana, practitioner, 1), booked(desk, ana, practitioner, 5)

    visit, _is_new = arriving.come(patient=ana, by=desk, now=timezone.now())

    assert (state(near), near.visit_uid, visit.practitioner) == ("arrived", visit.uid, practitioner)
    assert state(far) == "booked"


def test_who_comes_hours_before_the_booking_still_has_it(desk, ana, practitioner):
    row = booked(desk, ana, practitioner, 5)

    arriving.come(patient=ana, by=desk, now=timezone.now())

    assert state(row) == "booked"


def test_who_was_noted_as_not_come_and_comes_after_all_has_come(desk, ana, practitioner):
    row = booked(desk, ana, practitioner, 0)
    bookings.mark(booking=row, state="no-show", by=desk)

    arriving.come(patient=ana, by=desk, now=timezone.now())

    assert state(row) == "arrived"


def test_the_booking_of_somebody_else_is_left_alone(desk, ana, practitioner):
    row = booked(desk, make_patient(desk, given_name="Ben"), practitioner, 1)

    arriving.come(patient=ana, by=desk, now=timezone.now())

    assert state(row) == "booked"


def test_who_treats_is_the_practitioner_of_what_they_begin_themself(desk, by, owner, clinic, ana, practitioner):
    pavel = make_person(clinic, "Pavel Practitioner", Role.PRACTITIONER)
    other = make_practitioner(pavel, at_work(owner, clinic))
    row = booked(desk, ana, practitioner, 1)

    visit, _is_new = arriving.come(patient=ana, by=at_work(pavel, clinic), now=timezone.now())

    assert (visit.practitioner, state(row)) == (other, "arrived")


def test_who_begins_a_visit_on_the_chart_has_noted_the_arrival(client_of, alice, clinic, desk, ana, practitioner):
    row = booked(desk, ana, practitioner, 1)

    client_of(alice).post(reverse("visits:begin", kwargs={"clinic": clinic.slug, "patient": ana.uid}))

    assert state(row) == "arrived"


# --- and who goes again


def arrived(by, patient, practitioner, hours=0):
    row = booked(by, patient, practitioner, hours)
    return row, arriving.arrive(booking=row, by=by, now=timezone.now())


def steps(visit):
    return [one.step for one in visit.states.order_by("pk")]


@pytest.mark.parametrize("where", ["home:leave", "visits:step"])
def test_the_booking_of_a_visit_that_was_left_is_left(client_of, bob, alice, clinic, desk, ana, practitioner, where):
    row, visit = arrived(desk, ana, practitioner)
    url = reverse(where, kwargs={"clinic": clinic.slug, "patient": ana.uid, "visit": visit.uid})

    client_of(bob if where == "home:leave" else alice).post(url, {"step": "left"})

    assert (state(row), steps(visit)) == ("left", ["arrived", "left"])


@pytest.mark.parametrize("how", ["leave", "pay"])
def test_the_visit_of_a_booking_that_was_left_is_left(client_of, bob, owner, clinic, desk, ana, practitioner, how):
    bookings_settings.change_policy(clinic=clinic, fields={"currency": "USD"}, by=at_work(owner, clinic))
    row, visit = arrived(desk, ana, practitioner)
    url = reverse(f"appointments:{how}", kwargs={"clinic": clinic.slug, "booking": row.uid})

    client_of(bob).post(url, {"kind": "payment", "amount": "50", "method": "cash"})

    assert (state(row), steps(visit)) == ("left", ["arrived", "left"])


def test_who_has_paid_and_is_observed_is_still_here(desk, by, ana, practitioner):
    row, visit = arrived(desk, ana, practitioner)
    watched = actions.observe(visit=visit, minutes=30, by=by)

    money.leave(booking=row, by=desk)

    watched.refresh_from_db()
    assert (state(row), watched.ended_at, steps(visit)[-1]) == ("left", None, "observed")


def test_of_two_bookings_of_one_visit_the_last_that_is_left_ends_it(desk, ana, practitioner):
    (first, visit), (second, same) = arrived(desk, ana, practitioner), arrived(desk, ana, practitioner, 2)
    assert visit == same

    money.leave(booking=first, by=desk)
    assert (state(second), steps(visit)) == ("arrived", ["arrived"])
    money.leave(booking=second, by=desk)
    assert steps(visit) == ["arrived", "left"]


def test_who_is_back_is_here(desk, ana, practitioner):
    row, visit = arrived(desk, ana, practitioner)
    money.leave(booking=row, by=desk)

    arriving.arrive(booking=row, by=desk, now=timezone.now())
    assert (state(row), steps(visit)) == ("arrived", ["arrived", "left", "arrived"])

    arriving.leave(visit=visit, by=desk)
    arriving.come(patient=ana, by=desk, now=timezone.now())
    assert steps(visit)[-1] == "arrived"


def step_url(name, visit):
    return reverse(f"visits:{name}", args=[visit.clinic.slug, visit.patient.uid, visit.uid])


def test_that_somebody_left_is_taken_back_with_their_booking(client_of, alice, desk, ana, practitioner):
    row, visit = arrived(desk, ana, practitioner)
    browser = client_of(alice)
    browser.post(step_url("step", visit), {"step": "left"})
    back = slips.way_back_from_step(visit.states.get(step="left"))

    browser.post(f"{step_url('step_back', visit)}?to={back}")
    assert (state(row), [one.step for one in visit.states.filter(removed_at=None)]) == ("arrived", ["arrived"])


def test_the_way_back_is_offered_where_it_is_pressed(client_of, alice, desk, ana, practitioner):
    _row, visit = arrived(desk, ana, practitioner)
    shown = client_of(alice).post(step_url("step", visit), {"step": "left"}, follow=True).content.decode()

    assert f"{step_url('step_back', visit)}?to=" in shown


@pytest.mark.parametrize("step", ["ready", "observed"])
def test_who_was_noted_as_left_and_goes_on_is_here_with_their_booking(client_of, alice, desk, ana, practitioner, step):
    row, visit = arrived(desk, ana, practitioner)
    browser = client_of(alice)
    for one in (step, "left", step):
        browser.post(step_url("step", visit), {"step": one})

    assert (state(row), steps(visit)) == ("arrived", ["arrived", step, "left", step])


def shown(visit):
    return [row.step for row in queries.steps_of(visit) if row.state]


def test_of_who_came_back_the_visit_does_not_say_that_they_left(by, desk, ana, practitioner):
    _row, visit = arrived(desk, ana, practitioner)
    arriving.leave(visit=visit, by=by)
    assert shown(visit) == ["arrived", "left"]

    actions.enter(visit=visit, step="ready", by=by)
    assert shown(visit) == ["arrived", "ready"]


def test_who_is_watched_and_was_noted_as_left_is_watched_as_long_as_before(by, ana, practitioner, desk):
    _row, visit = arrived(desk, ana, practitioner)
    first = actions.observe(visit=visit, minutes=15, by=by)
    arriving.leave(visit=visit, by=by)
    again = actions.observe(visit=visit, minutes=30, by=by)
    actions.observe(visit=visit, minutes=30, by=by)

    assert (again, again.until, steps(visit)) == (first, first.until, ["arrived", "observed", "left", "observed"])


def test_a_booking_that_was_left_by_itself_before_stays_so(desk, by, ana, practitioner):
    (paid, visit), (other, _same) = arrived(desk, ana, practitioner), arrived(desk, ana, practitioner, 2)
    money.leave(booking=paid, by=desk)
    arriving.leave(visit=visit, by=desk)

    arriving.stay(visit=visit, by=by)
    assert (state(paid), state(other)) == ("left", "arrived")


def test_a_booking_is_left_also_where_its_visit_was_struck(desk, by, ana, practitioner):
    row, visit = arrived(desk, ana, practitioner)
    signing.ask_to_strike(visit=visit, why="somebody else's chart", by=by)
    signing.strike(visit=visit, by=desk)

    money.leave(booking=row, by=desk)

    assert (state(row), steps(visit)) == ("left", ["arrived"])


# --- on the page of the person


def come_url(clinic, patient):
    return reverse("home:come", kwargs={"clinic": clinic.slug, "patient": patient.uid})


def person_page(client, clinic, patient):
    return client.get(reverse("patients:patient", kwargs={"clinic": clinic.slug, "patient": patient.uid})).content.decode()


def test_the_desk_notes_it_on_the_page_of_the_person_which_says_since_when(client_of, bob, clinic, ana):
    client, press = client_of(bob), come_url(clinic, ana)
    assert press in person_page(client, clinic, ana)

    answer = client.post(press)

    assert answer["Location"] == reverse("patients:patient", kwargs={"clinic": clinic.slug, "patient": ana.uid})
    page = person_page(client, clinic, ana)
    assert press not in page and "arrived since" in page and str(Visit.objects.get().uid) not in page


def test_who_charts_goes_on_in_the_visit(client_of, alice, clinic, ana):
    answer = client_of(alice).post(come_url(clinic, ana))

    assert answer["Location"].endswith(f"{Visit.objects.get().uid}/")


def test_a_press_that_is_sent_again_when_the_visit_is_signed_begins_no_other(client_of, alice, clinic, by, ana):
    client = client_of(alice)
    first = client.post(come_url(clinic, ana), {"once": "k1"})
    Visit.objects.update(is_draft=False)

    assert client.post(come_url(clinic, ana), {"once": "k1"})["Location"] == first["Location"]
    assert Visit.objects.count() == 1


def test_nobody_of_another_clinic_and_no_instructor_notes_it(client_of, charlie, instructor, clinic, ana):
    assert [client_of(one).post(come_url(clinic, ana)).status_code for one in (charlie, instructor)] == [404, 404]
    assert not Visit.objects.exists()


def test_nobody_waits_for_who_has_died(client_of, bob, clinic, by, ana):
    reaction = reactions.begin(patient=ana, by=by)
    reactions.end(reaction=reaction, outcome="died", by=by)

    assert come_url(clinic, ana) not in person_page(client_of(bob), clinic, ana)


@pytest.mark.parametrize("others", [0, 3])
def test_of_all_who_are_here_one_person_alone_is_asked_for(client_of, bob, clinic, desk, ana, practitioner, others):
    row, _visit = arrived(desk, ana, practitioner)
    for number in range(others):
        other = make_patient(desk, given_name=f"Ben {number}")
        booked(desk, other, practitioner, number + 2)
        arriving.come(patient=other, by=desk, now=timezone.now())

    client = client_of(bob)
    client.get(reverse("patients:patient", kwargs={"clinic": clinic.slug, "patient": ana.uid}))
    with CaptureQueriesContext(connection) as asked:
        page = client.get(reverse("patients:patient", kwargs={"clinic": clinic.slug, "patient": ana.uid}))
    assert "arrived since" in page.content.decode() and str(row.uid) in page.content.decode()
    read = [one["sql"].split("WHERE", 1) for one in asked]
    assert not [what for what, *where in read if re.search(r'FROM "(visits_visit|appointments_booking)"', what)
                and "patient_id" not in "".join(where)]
