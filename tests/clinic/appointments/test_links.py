"""Behind the link of a message: the door, and what a patient does about a booking, once."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.followup.following import REPORT
from clinic.patients.people import make_patient
from waterneedle.clinic.appointments import actions, actions_settings, messages, queries, waitlist
from waterneedle.clinic.appointments.actions import Nobody
from waterneedle.clinic.appointments.jobs import expire_offer, free_times, free_what_was_left, offer_freed_time
from waterneedle.clinic.appointments.models import Booking, Waiting
from waterneedle.clinic.followup import actions_events
from waterneedle.clinic.outbox import links, opting
from waterneedle.clinic.outbox.letters import unsealed
from waterneedle.clinic.outbox.models import Job, Letter, Link
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.practitioners.models import Certificate, Licence, ResuscitationCard
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.visits import reactions

DOOR = {"name": "Ana", "day": "14", "month": "3", "year": "1982"}


@pytest.fixture
def practitioner(practitioner):
    """With papers that are good whenever the tests run."""
    for paper in (Licence, Certificate, ResuscitationCard):
        paper.objects.update(expires=timezone.now().date() + datetime.timedelta(days=400))
    return practitioner


def slot(clinic, days=5, place=0):
    day = timezone.now().astimezone(clinic.tzinfo).date() + datetime.timedelta(days=days)
    return queries.free_slots(clinic, 60, day, day)[place]


def book(by, patient, days=5, place=0):
    free = slot(by.clinic, days, place)
    return actions.book(patient=patient, practitioner=free.practitioner, starts_at=free.starts_at, by=by)


@pytest.fixture
def row(by, practitioner, ana):
    return book(by, ana)


@pytest.fixture
def secret(row):
    return messages.link_address(row).rstrip("/").rpartition("/")[2]


def url(secret, name="link"):
    return reverse(f"appointments_{name}", kwargs={"secret": secret})


def opened(client, secret, **said):
    assert client.post(url(secret), DOOR | said).status_code == 302
    return client


def test_before_the_door_nothing_shows(client, secret, row):
    shown = client.get(url(secret)).content.decode()

    assert "Date of birth" in shown
    assert not any(word in shown for word in ("Ana", "Ruiz", "1982", "Alice", f"{row.starts_at.year}-"))
    assert [client.get(url(secret, name)).status_code for name in ("see", "move")] == [302, 302]
    assert [client.post(url(secret, name)).status_code for name in ("take", "cancel", "move")] == [302, 302, 302]
    row.refresh_from_db()
    assert row.state == "booked"


def test_the_door_knows_one_patient_of_a_shared_telephone(client, by, secret, practitioner):
    make_patient(by, "Kit Ruiz", phone="+1 206 555 0117", birth_date=datetime.date(2017, 5, 5))

    assert client.post(url(secret), {"name": "Kit", "day": "5", "month": "5", "year": "2017"}).status_code == 422
    assert opened(client, secret).get(url(secret, "see")).status_code == 200


def test_five_wrong_answers_close_it(client, secret):
    answers = [client.post(url(secret), DOOR | {"name": "Eva"}).status_code for _ in range(5)]

    assert answers == [422] * 4 + [410]
    assert client.post(url(secret), DOOR).status_code == 410


def test_a_patient_cancels_once(client, secret, row):
    opened(client, secret)
    assert client.post(url(secret, "cancel")).status_code == 200

    row.refresh_from_db()
    assert (row.state, row.stands) == ("cancelled", False)
    assert client.post(url(secret, "cancel")).status_code == 410
    assert Letter.objects.filter(about="booking cancelled").count() == 1


def test_a_patient_moves_and_gets_a_new_link_and_no_other_opens(client, secret, row, clinic):
    opened(client, secret)
    other = slot(clinic, days=6)
    assert client.post(url(secret, "move"), {"slot": other.key}).status_code == 200

    made = Booking.objects.get(moved_from=row)
    assert (made.starts_at, made.state) == (other.starts_at, "booked")
    assert client.get(url(secret)).status_code == 410
    now = timezone.now()
    still_open = Link.objects.filter(used_at=None, revoked_at=None, expires_at__gt=now, purpose="booking")
    assert {one.about for one in still_open} == {str(made.uid)}


def test_a_move_to_what_is_not_free_says_so_and_uses_nothing_up(client, secret, row, by, clinic):
    taken = book(by, make_patient(by, "Eva Lund"), days=6)
    opened(client, secret)

    answer = client.post(url(secret, "move"), {"slot": f"{taken.starts_at:%Y-%m-%dT%H:%MZ} {taken.practitioner.uid}"})

    assert answer.status_code == 409 and "not free any more" in answer.content.decode()
    assert client.get(url(secret, "see")).status_code == 200


def test_so_late_only_the_telephone_helps(client, secret, row, by):
    actions_settings.change_policy(clinic=by.clinic, fields={"change_hours": 336}, by=by)
    opened(client, secret)

    assert "please call the clinic" in client.get(url(secret, "see")).content.decode()
    assert [client.post(url(secret, name)).status_code for name in ("cancel", "move")] == [409, 409]
    row.refresh_from_db()
    assert row.state == "booked"


# --- the waiting list


@pytest.fixture
def queue(by, row):
    """Eva before Ida, both for the days around the booking."""
    day = row.starts_at.astimezone(by.clinic.tzinfo).date()
    people = [make_patient(by, name, email=f"{name[:3].lower()}@example.org") for name in ("Eva Lund", "Ida Berg")]
    return [waitlist.wait(patient=one, first_day=day, last_day=day, by=by) for one in people]


def do(kind, handler, now=None):
    for job in Job.objects.filter(kind=kind, ended_at=None):
        handler(job, now or timezone.now())
        Job.objects.filter(pk=job.pk).update(ended_at=timezone.now(), outcome="done")


def test_a_freed_time_is_offered_in_order_and_passes_on_when_it_expires(by, row, queue):
    actions.cancel(booking=row, by=by)
    do("appointments.offer", offer_freed_time)
    first = Booking.objects.get(state="offered")
    assert (first.patient.name, first.starts_at, first.stands) == ("Eva Lund", row.starts_at, True)

    do("appointments.expire", expire_offer)
    do("appointments.offer", offer_freed_time)

    assert Booking.objects.get(state="offered").patient.name == "Ida Berg"
    do("appointments.expire", expire_offer)
    do("appointments.offer", offer_freed_time)
    assert not Booking.objects.filter(state="offered").exists() and Waiting.objects.filter(ended_at=None).count() == 2


def test_why_an_offer_was_taken_back_is_said_in_the_language_of_the_reader(by, row, queue, alice, client_of):
    actions.cancel(booking=row, by=by)
    do("appointments.offer", offer_freed_time)
    offered = Booking.objects.get(state="offered")
    do("appointments.expire", expire_offer)
    alice.language = "es"
    alice.save()

    page = client_of(alice).get(reverse("appointments:booking", kwargs={"clinic": "harbor", "booking": offered.uid}))
    assert "la oferta no se aceptó a tiempo" in page.content.decode() and "expired" not in page.content.decode()


def test_who_waits_and_cannot_be_written_to_is_called_and_who_died_is_passed_over(by, row, queue):
    eva, ida = (one.patient for one in queue)
    actions_events.report(patient=eva, by=by, **REPORT | {"outcome": "died"})
    opting.opt_out(patient=ida, by=by, now=timezone.now())

    actions.cancel(booking=row, by=by)
    do("appointments.offer", offer_freed_time)

    offered = Booking.objects.get(state="offered")
    task = Task.objects.get(kind="appointments.call")
    assert (offered.patient, task.patient, task.role, task.about) == (ida, ida, "front desk", str(offered.uid))
    actions.mark(booking=offered, state="booked", by=by)
    task.refresh_from_db()
    assert task.state == "done"


def died_later(by, patient):
    return actions_events.report(patient=patient, by=by, **REPORT | {"outcome": "died"})


def died_here(by, patient):
    reactions.end(reaction=reactions.begin(patient=patient, by=by), outcome="died", by=by)


@pytest.mark.parametrize("die", [died_later, died_here])
def test_the_times_of_who_has_died_are_offered_to_who_waits_and_nobody_writes_to_the_dead(by, row, queue, ana, secret, die):
    book(by, ana, days=9)
    day = timezone.now().date()
    waitlist.wait(patient=ana, first_day=day, last_day=day + datetime.timedelta(days=30), by=by)
    written = Letter.objects.filter(patient=ana).count()

    die(by, ana)
    do("appointments.free", free_times)
    do("appointments.offer", offer_freed_time)

    assert {(one.state, one.stands) for one in Booking.objects.filter(patient=ana)} == {("cancelled", False)}
    assert Booking.objects.get(state="offered").patient.name == "Eva Lund"
    assert not Waiting.objects.filter(patient=ana, ended_at=None).exists()
    assert Letter.objects.filter(patient=ana).count() == written
    assert not Job.objects.filter(letter__patient=ana, ended_at=None).exists()
    assert not Task.objects.filter(patient=ana, kind="home.letter").exists()
    assert links.find(secret, purpose="booking", now=timezone.now()) is None
    with pytest.raises(Nobody):
        book(by, ana, days=12)


def test_a_death_that_was_a_mistake_frees_nothing_that_was_not_free_yet(by, row, ana):
    event = died_later(by, ana)
    actions_events.amend(event=event, by=by, why="another patient", **REPORT | {"outcome": "recovered"})

    do("appointments.free", free_times)

    row.refresh_from_db()
    assert row.state == "booked"


def test_once_a_day_what_is_booked_in_another_record_of_who_has_died_is_found(by, row, ana):
    twin = make_patient(by, "Ana Ruis")
    died_later(by, twin)
    do("appointments.free", free_times)
    patients.join(kept=ana, other=twin, why="one person", by=by)

    free_what_was_left(None, timezone.now())
    do("appointments.free", free_times)

    row.refresh_from_db()
    assert row.state == "cancelled"


def test_nobody_is_written_to_about_a_time_that_has_passed(by, practitioner, ana):
    free = slot(by.clinic)
    later = free.starts_at + datetime.timedelta(days=1)

    made = actions.book(patient=ana, practitioner=practitioner, starts_at=free.starts_at, by=by, now=later)
    actions.cancel(booking=made, by=by, now=later)

    assert not Letter.objects.exists()


def test_an_offer_holds_the_time_until_it_is_taken(client, by, row, queue, practitioner):
    actions.cancel(booking=row, by=by)
    do("appointments.offer", offer_freed_time)
    offer = Booking.objects.get(state="offered")
    with pytest.raises(actions.Taken):
        actions.book(patient=make_patient(by, "Otto Ek"), practitioner=practitioner, starts_at=row.starts_at, by=by)

    secret = messages.link_address(offer).rstrip("/").rpartition("/")[2]
    opened(client, secret, name="Eva")
    assert client.post(url(secret, "take")).status_code == 200

    offer.refresh_from_db()
    assert offer.state == "booked"
    assert [one.patient.name for one in Waiting.objects.filter(ended_at=None)] == ["Ida Berg"]


def test_who_waits_for_another_part_of_the_day_is_passed_over(by, row, queue):
    local = row.starts_at.astimezone(by.clinic.tzinfo)
    Waiting.objects.filter(pk=queue[0].pk).update(part="afternoon" if local.hour < 12 else "morning")
    actions.cancel(booking=row, by=by)
    do("appointments.offer", offer_freed_time)

    assert Booking.objects.get(state="offered").patient.name == "Ida Berg"


def test_whoever_is_asked_to_call_reads_the_number(client, by, clinic, practitioner, ana, secret):
    actions_settings.change_policy(clinic=clinic, fields={"phone": "+1 (206) 555-0100", "change_hours": 300}, by=by)
    told = "tel:+12065550100"

    assert told in client.get(url(secret)).content.decode()
    assert told in opened(client, secret).get(url(secret, "see")).content.decode()
    actions.cancel(booking=Booking.objects.get(), by=by)
    closed = client.get(url(secret))
    assert (closed.status_code, told in closed.content.decode()) == (410, True)
    assert "tel:" not in client.get(url("x" * 43)).content.decode()
    letter = [unsealed(one) for one in Letter.objects.order_by("pk")][-1]
    assert "telephone +1 (206) 555-0100" in str(letter)


def test_what_goes_with_a_booking_made_at_night_waits_for_the_morning(by, practitioner, ana, monkeypatch):
    today = timezone.now().astimezone(by.clinic.tzinfo).date()
    night = datetime.datetime.combine(today, datetime.time(23, 30), by.clinic.tzinfo)
    monkeypatch.setattr(timezone, "now", lambda: night)

    book(by, ana)

    due = [one.astimezone(by.clinic.tzinfo) for one in Job.objects.filter(kind="outbox.letter").values_list("due_at", flat=True)]
    assert len(due) > 1  # the booking, and what is to be filled in
    assert {f"{one:%H:%M}" for one in due} == {"08:00"}
