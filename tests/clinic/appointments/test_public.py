"""The public page: what a visitor sees and does, and what never shows."""

from __future__ import annotations

import datetime
import re
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.appointments.diary import clocks
from clinic.patients.people import make_patient
from clinic.people import make_person
from clinic.practitioners.papers import make_practitioner
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import actions, actions_settings, queries
from waterneedle.clinic.appointments.jobs import forget_what_nobody_confirmed
from waterneedle.clinic.appointments.models import Asked, Booking, State
from waterneedle.clinic.outbox.letters import unsealed
from waterneedle.clinic.outbox.models import Letter
from waterneedle.clinic.patients.models import Guardian, Patient
from waterneedle.clinic.practitioners.models import Certificate, Licence, ResuscitationCard
from waterneedle.clinic.tasks.models import Task

ANA = {
    "given_name": "Ana",
    "family_name": "Ruiz",
    "birth_date": "1982-03-14",
    "email": "ana@example.org",
    "phone": "",
    "guardian": "",
}


@pytest.fixture
def practitioner(practitioner):
    """With papers that are good whenever the tests run."""
    for paper in (Licence, Certificate, ResuscitationCard):
        paper.objects.update(expires=timezone.now().date() + datetime.timedelta(days=400))
    return practitioner


@pytest.fixture(autouse=True)
def open_page(clinic, by):
    actions_settings.change_policy(clinic=clinic, fields={"online": "book"}, by=by)


def address(clinic, name="appointments_public", **query) -> str:
    tail = "&".join(f"{key}={quote(value)}" for key, value in query.items())
    return f"{reverse(name, kwargs={'clinic': clinic.slug})}?{tail}"


def first_slot(clinic, kind="first"):
    days = (timezone.now() + datetime.timedelta(days=3)).date()
    return queries.free_slots(clinic, queries.length_of(clinic, kind), days, days, most=1)[0]


def ask(client, clinic, slot, kind="first", **said):
    return client.post(address(clinic, "appointments_ask", kind=kind, slot=slot.key), ANA | said)


def last_letter(about="booking asked") -> str:
    return unsealed(Letter.objects.filter(about=about).latest("pk")).decode().replace("=\r\n", "")


def secret_of(letter: str) -> str:
    return re.search(r"/b/(?:confirm/)?([\w-]{20,})/", letter)[1]


def behind_the_letter() -> str:
    return reverse("appointments_confirm", kwargs={"secret": secret_of(last_letter())})


def confirm(client, **said):
    return client.post(behind_the_letter(), {"confirm": "yes"} | said)


def test_a_closed_page_is_not_there(client, clinic, by, practitioner):
    actions_settings.change_policy(clinic=clinic, fields={"online": "closed"}, by=by)

    assert client.get(address(clinic)).status_code == 404
    assert client.get(address(clinic, "appointments_ask", slot=first_slot(clinic).key)).status_code == 404


def test_a_page_to_look_at_books_nothing(client, clinic, by, practitioner):
    actions_settings.change_policy(clinic=clinic, fields={"online": "view"}, by=by)

    shown = client.get(address(clinic)).content.decode()
    assert "09:00" in shown and "/ask/" not in shown
    assert ask(client, clinic, first_slot(clinic)).status_code == 404


def test_a_visitor_books_by_the_letter_and_is_entered(client, clinic, practitioner):
    slot = first_slot(clinic)
    assert ask(client, clinic, slot).status_code == 200
    assert not Booking.objects.exists() and not Patient.objects.exists()

    assert confirm(client).status_code == 200

    row = Booking.objects.get()
    assert (row.patient.name, row.starts_at, row.minutes, row.state, row.way) == (
        "Ana Ruiz",
        slot.starts_at,
        60,
        "booked",
        "page",
    )


def test_looking_at_the_letter_is_not_confirming(client, clinic, practitioner):
    ask(client, clinic, first_slot(clinic))

    assert client.get(behind_the_letter()).status_code == 200
    assert not Booking.objects.exists()


IS_ANA = {"name": "ana", "day": "14", "month": "3", "year": "1982"}


def test_in_another_browser_the_letter_shows_nothing_before_its_door(client, clinic, practitioner):
    ask(client, clinic, first_slot(clinic))
    other = Client()
    shut = [other.get(behind_the_letter()), confirm(other)]

    assert [one.status_code for one in shut] == [200, 422]
    for one in shut:
        assert not any(said in one.content.decode() for said in ("09:00", "60 minutes", "Alice", "Ana"))
    assert other.post(behind_the_letter(), IS_ANA | {"year": "1983"}).status_code == 422
    assert other.post(behind_the_letter(), IS_ANA).status_code == 302
    assert other.post(behind_the_letter(), IS_ANA).status_code == 200  # sent twice: the door is no confirmation
    assert "09:00" in other.get(behind_the_letter()).content.decode()
    assert not Booking.objects.exists()

    assert confirm(other).status_code == 200
    assert Booking.objects.count() == 1


def test_a_letter_closes_after_some_wrong_answers(client, clinic, practitioner):
    ask(client, clinic, first_slot(clinic))
    names = ("Eva", "Ida", "Uma", "Ann", "Liv")
    answers = [Client().post(behind_the_letter(), IS_ANA | {"name": name}).status_code for name in names]

    assert answers == [422, 422, 422, 422, 410]
    assert [confirm(client).status_code, Booking.objects.count()] == [410, 0]


def test_the_browser_that_asked_is_told_no_secret(client, clinic, practitioner):
    ask(client, clinic, first_slot(clinic))

    assert secret_of(last_letter()) not in client.cookies.output()


def test_the_letter_opens_once(client, clinic, practitioner):
    ask(client, clinic, first_slot(clinic))

    assert [confirm(client).status_code, confirm(client).status_code] == [200, 410]
    assert Booking.objects.count() == 1


def test_a_letter_that_is_too_old_opens_nothing(client, clinic, practitioner):
    ask(client, clinic, first_slot(clinic))
    Asked.objects.update(expires_at=timezone.now())

    assert confirm(client).status_code == 410


def test_whether_somebody_is_a_patient_never_shows(client, clinic, by, practitioner):
    """The same page, letter and times for a patient of the clinic and for nobody: but for the names that were typed."""
    slot = first_slot(clinic)
    answers = []
    for kind in ("first", "later"):
        for known in (False, True):
            if known:
                make_patient(by, "Ana Ruiz", email="ana@example.org", first_signed_at=timezone.now())
            answer = ask(Client(REMOTE_ADDR=f"203.0.113.{len(answers)}"), clinic, slot, kind=kind)
            letter = re.sub(r"(?m)^(Message-ID|Date|Content-Type):.*$|/confirm/[\w-]+/|--=+[\w=]+", "", last_letter())
            answers.append((kind, answer.status_code, re.search("(?s)<main.*</main>", answer.content.decode())[0], letter))
            Patient.objects.all().update(retracted_at=timezone.now())

    assert answers[0] == answers[1] and answers[2] == answers[3]


def test_a_known_patient_is_not_entered_twice_and_books_the_shorter_visit(client, clinic, by, practitioner):
    ana = make_patient(by, "Ana Ruiz", email="Ana@example.org")
    Patient.objects.filter(pk=ana.pk).update(first_signed_at=timezone.now())
    ask(client, clinic, first_slot(clinic, "later"), kind="later")

    assert confirm(client).status_code == 200

    assert (Booking.objects.get().patient, Booking.objects.get().minutes) == (ana, 30)


@pytest.mark.parametrize("other", [{"email": "eve@example.org"}, {"given_name": "Eva"}, {"birth_date": "1982-03-15"}])
def test_who_does_not_fit_in_everything_is_somebody_new(client, clinic, by, practitioner, other):
    ana = make_patient(by, "Ana Ruiz", email="ana@example.org")
    ask(client, clinic, first_slot(clinic), **other)
    confirm(client)

    assert Booking.objects.get().patient != ana


@pytest.mark.parametrize("state", ["booked", "cancelled"])
def test_what_was_confirmed_or_cancelled_is_off_the_list_of_the_desk(client, clinic, by, practitioner, state):
    actions_settings.change_policy(clinic=clinic, fields={"online": "request"}, by=by)
    ask(client, clinic, first_slot(clinic))
    confirm(client)

    actions.mark(booking=Booking.objects.get(), state=state, by=by)

    assert Task.objects.get(kind="appointments.request").state == "done"


def test_a_request_that_was_moved_is_to_be_confirmed_at_its_new_time(client, clinic, by, practitioner):
    actions_settings.change_policy(clinic=clinic, fields={"online": "request"}, by=by)
    slot = first_slot(clinic)
    ask(client, clinic, slot)
    confirm(client)
    old = Booking.objects.get()

    made = actions.move(
        booking=old, practitioner=practitioner, starts_at=slot.starts_at + datetime.timedelta(hours=2), by=by)

    assert made.state == State.REQUESTED
    assert {one.about: one.state for one in Task.objects.all()} == {str(old.uid): "done", str(made.uid): "open"}


def test_who_says_they_were_here_and_was_not_gets_the_length_of_a_first_visit(client, clinic, practitioner):
    slot = first_slot(clinic, "later")
    ask(client, clinic, slot, kind="later")
    confirm(client)

    assert Booking.objects.get().minutes == 60


def test_a_time_that_was_taken_meanwhile_is_refused_politely(client, clinic, by, practitioner):
    slot = first_slot(clinic)
    ask(client, clinic, slot)
    actions.book(patient=make_patient(by, "Eva Lund"), practitioner=practitioner, starts_at=slot.starts_at, by=by)

    refused = confirm(client)
    assert refused.status_code == 409
    offered = re.search(r'name="slot" value="([^"]+)"', refused.content.decode())[1]
    assert confirm(client, slot=offered).status_code == 200
    assert Booking.objects.count() == 2


def test_who_is_booked_with_somebody_else_then_is_told_so_and_offered_what_comes_after(client, clinic, by, practitioner):
    ana, slot = make_patient(by, email=ANA["email"]), first_slot(clinic)
    pavel = make_practitioner(make_person(clinic, "Pavel Novak", Role.PRACTITIONER), by)
    actions_settings.set_hours(
        practitioner=pavel, spans={day: [(datetime.time(9), datetime.time(17))] for day in range(7)}, by=by)
    for paper in (Licence, Certificate, ResuscitationCard):
        paper.objects.update(expires=timezone.now().date() + datetime.timedelta(days=400))
    stands = actions.book(patient=ana, practitioner=pavel, starts_at=slot.starts_at, by=by)
    ask(client, clinic, queries.Slot(practitioner, None, slot.starts_at, 60))

    refused = confirm(client)

    assert refused.status_code == 409 and "You have an appointment at this time already" in refused.content.decode()
    offered = re.findall(r'name="slot" value="([^" ]+)', refused.content.decode())
    assert offered and min(offered) >= f"{stands.ends_at:%Y-%m-%dT%H:%MZ}"
    assert Booking.objects.get() == stands


def test_instead_of_it_only_a_time_of_the_page_is_booked(client, clinic, by, practitioner):
    actions_settings.change_policy(clinic=clinic, fields={"notice_hours": 48}, by=by)
    slot = first_slot(clinic)
    ask(client, clinic, slot)
    soon = queries.next_free(clinic, 60, timezone.now(), most=1)[0]

    assert confirm(client, slot=soon.key).status_code == 409
    assert confirm(client, slot="nonsense").status_code == 409
    assert not Booking.objects.exists()


def test_what_nobody_confirmed_is_forgotten(client, clinic, practitioner):
    ask(client, clinic, first_slot(clinic))
    now = timezone.now()
    forget_what_nobody_confirmed(None, now + datetime.timedelta(hours=20))
    assert Asked.objects.count() == 1

    forget_what_nobody_confirmed(None, now + datetime.timedelta(hours=27))
    assert Asked.objects.count() == 0


def test_a_page_that_was_closed_meanwhile_confirms_nothing(client, clinic, by, practitioner):
    ask(client, clinic, first_slot(clinic))
    actions_settings.change_policy(clinic=clinic, fields={"online": "view"}, by=by)

    assert confirm(client).status_code == 410


def test_a_request_waits_for_the_clinic(client, clinic, by, practitioner):
    actions_settings.change_policy(clinic=clinic, fields={"online": "request"}, by=by)
    ask(client, clinic, first_slot(clinic))
    confirm(client)

    row = Booking.objects.get()
    assert (row.state, Task.objects.get().kind) == (State.REQUESTED, "appointments.request")
    actions.mark(booking=row, state=State.BOOKED, by=by)
    assert Letter.objects.filter(about="booking booked").count() == 1


def test_a_child_is_booked_by_who_speaks_for_them_and_only_they_are_written_to(client, clinic, practitioner):
    slot, born = first_slot(clinic), (timezone.now().date() - datetime.timedelta(days=3000)).isoformat()
    assert ask(client, clinic, slot, birth_date=born).status_code == 422
    ask(client, clinic, slot, birth_date=born, guardian="Rosa Ruiz", relation="mother", email="rosa@example.org")
    confirm(client)

    child = Patient.objects.get()
    assert (child.email, Guardian.objects.get().name) == ("", "Rosa Ruiz")
    assert Letter.objects.filter(about="booking booked").get().addresses == ["rosa@example.org"]


def test_so_many_letters_and_no_more(client, clinic, practitioner):
    slot = first_slot(clinic)
    to_one = [ask(Client(REMOTE_ADDR=f"203.0.113.{n}"), clinic, slot).status_code for n in range(6)]
    from_one = [ask(Client(REMOTE_ADDR="203.0.113.99"), clinic, slot, email=f"a{n}@example.org").status_code for n in range(11)]

    assert to_one == [200] * 5 + [429]
    assert from_one == [200] * 10 + [429]


def test_the_page_keeps_to_notice_horizon_and_days(client, clinic, by, practitioner):
    actions_settings.change_policy(clinic=clinic, fields={"notice_hours": 48, "horizon_days": 4}, by=by)
    now = timezone.now()
    shown = client.get(address(clinic)).content.decode()
    times = sorted(set(re.findall(r"slot=([\d-]+T[\d%A:]+Z)", shown)))

    first, last = (
        datetime.datetime.strptime(one.replace("%3A", ":"), "%Y-%m-%dT%H:%MZ").replace(tzinfo=datetime.UTC)
        for one in (times[0], times[-1])
    )
    assert first >= now + datetime.timedelta(hours=48)
    assert last.astimezone(clinic.tzinfo).date() <= (now.astimezone(clinic.tzinfo) + datetime.timedelta(days=4)).date()
    assert clocks(clinic, queries.free_slots(clinic, 60, last.date(), last.date(), most=1)) == ["09:00"]


def offered(client, clinic) -> list[str]:
    """Who stands in the filter of the page, but for "anybody"."""
    return [word for value, word in client.get(address(clinic)).context["asked"].fields["practitioner"].choices if value]


def test_the_filter_lists_who_can_be_booked(client, clinic, by, practitioner):
    eve = make_person(clinic, "Eve Hours", Role.PRACTITIONER)
    without_hours = make_practitioner(eve, by)
    Licence.objects.update(expires=timezone.now().date() + datetime.timedelta(days=400))

    assert offered(client, clinic) == ["Alice Archer"]
    actions_settings.set_hours(
        practitioner=without_hours, spans={day: [(datetime.time(9), datetime.time(17))] for day in range(7)}, by=by)
    for paper in (Certificate, ResuscitationCard):
        paper.objects.update(expires=timezone.now().date() + datetime.timedelta(days=400))
    assert offered(client, clinic) == ["Alice Archer", "Eve Hours"]
    Licence.objects.filter(practitioner=without_hours).update(expires=timezone.now().date() - datetime.timedelta(days=1))
    assert offered(client, clinic) == ["Alice Archer"]


def test_who_cannot_be_booked_cannot_be_looked_for_either(client, clinic, by, practitioner):
    other = make_practitioner(make_person(clinic, "Eve Hours", Role.PRACTITIONER), by)
    answer = client.get(address(clinic, practitioner=str(other.uid)))

    assert answer.status_code == 200
    assert answer.context["asked"].errors
