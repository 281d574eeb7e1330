"""iCalendar, read back by a calendar program's own library: times, and nobody's name."""

from __future__ import annotations

import datetime
import email

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.appointments.diary import NOW, at, booked
from waterneedle.clinic.appointments import actions, actions_settings, calendars, queries
from waterneedle.clinic.appointments.models import Feed
from waterneedle.clinic.outbox.letters import unsealed
from waterneedle.clinic.outbox.models import Letter
from waterneedle.clinic.practitioners.models import Certificate, Licence, ResuscitationCard


def events(content: bytes) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(content).walk("VEVENT")


def attached(about: str) -> bytes:
    message = email.message_from_bytes(unsealed(Letter.objects.filter(about=about).latest("pk")))
    [part] = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    return part.get_payload(decode=True)


def test_the_letter_holds_the_time_and_the_clinic(by, practitioner, ana):
    row = booked(by, ana, practitioner)

    [event] = events(attached("booking booked"))
    assert (event["dtstart"].dt, event["dtend"].dt) == (row.starts_at, row.ends_at)
    assert (str(event["summary"]), str(event["status"])) == ("Harbor Acupuncture", "CONFIRMED")
    assert not any(word in event.to_ical().decode() for word in ("Ana", "Ruiz", "Alice", "acu-"))


def test_a_moved_one_moves_in_the_calendar_and_a_cancelled_one_goes(by, practitioner, ana):
    row = booked(by, ana, practitioner)
    [first] = events(attached("booking booked"))
    made = actions.move(booking=row, practitioner=practitioner, starts_at=at("14:00", of=by.clinic), by=by, now=NOW)
    [moved] = events(attached("booking moved"))
    actions.cancel(booking=made, by=by, now=NOW)
    [gone] = events(attached("booking cancelled"))

    assert first["uid"] == moved["uid"] == gone["uid"]
    assert first["sequence"] < moved["sequence"] < gone["sequence"]
    assert (moved["dtstart"].dt, str(gone["status"])) == (made.starts_at, "CANCELLED")


@pytest.fixture
def coming(by, practitioner, ana):
    for paper in (Licence, Certificate, ResuscitationCard):
        paper.objects.update(expires=timezone.now().date() + datetime.timedelta(days=400))
    day = timezone.now().date() + datetime.timedelta(days=3)
    free = queries.free_slots(by.clinic, 60, day, day, most=1)[0]
    return actions.book(patient=ana, practitioner=practitioner, starts_at=free.starts_at, by=by)


def test_the_feed_of_a_practitioner_shows_times_until_it_is_ended(client, by, practitioner, coming):
    secret = actions_settings.make_feed(practitioner=practitioner, by=by)
    address = reverse("appointments_feed", kwargs={"secret": secret})
    answer = client.get(address)

    [event] = events(answer.content)
    assert answer["Content-Type"].startswith("text/calendar")
    assert (event["dtstart"].dt, str(event["summary"])) == (coming.starts_at, "booked")
    assert not any(word in answer.content.decode() for word in ("Ana", "Ruiz", str(coming.patient.uid)))
    assert secret not in str(list(Feed.objects.values()))

    actions_settings.end_feeds(practitioner=practitioner, by=by)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("left", [
    lambda user: user.memberships.update(ended_at=NOW),
    lambda user: type(user).objects.filter(pk=user.pk).update(is_active=False),
])
def test_the_feed_of_who_works_here_no_longer_is_closed(client, by, practitioner, left):
    address = reverse("appointments_feed", kwargs={"secret": actions_settings.make_feed(practitioner=practitioner, by=by)})
    assert client.get(address).status_code == 200
    left(practitioner.user)

    assert client.get(address).status_code == 404


def test_a_guess_opens_no_feed(client, practitioner):
    assert client.get(reverse("appointments_feed", kwargs={"secret": "guess"})).status_code == 404


def test_an_empty_feed_is_a_calendar(practitioner):
    assert events(calendars.feed(practitioner, [], NOW)) == []
