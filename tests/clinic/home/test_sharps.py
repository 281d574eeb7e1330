"""Containers for sharps: opened, full, collected; what has happened to one is not taken back, but for a slip, within a moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work
from clinic.people import make_person
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.home import sharps
from waterneedle.clinic.home.models import SharpsContainer

HERE = {"clinic": "harbor"}
URL = reverse("home:containers", kwargs=HERE)


@pytest.fixture
def container(by):
    return sharps.open_container(code="S-7", place="Room 1", by=by)


def url(name, container):
    return reverse(f"home:{name}", kwargs=HERE | {"container": container.uid})


def test_a_container_is_opened_full_and_collected(client_of, alice):
    browser = client_of(alice)
    browser.post(reverse("home:open_container", kwargs=HERE), {"code": "S-7", "place": "Room 1"})
    row = SharpsContainer.objects.get()
    browser.post(url("close_container", row))
    browser.post(url("collect_container", row), {"how": "Stericycle, receipt 4711"})

    row.refresh_from_db()
    assert row.opened_at <= row.full_at <= row.collected_at
    assert (row.opened_by, row.full_by, row.collected_by, row.collected_how) == (alice, alice, alice, "Stericycle, receipt 4711")
    page = browser.get(URL)
    assert (page.context["in_use"], page.context["collected"]) == ([], [row])


def test_the_end_of_the_day_says_which_are_full_and_that_none_is_open(client_of, alice, by, container):
    def lines():
        parts = client_of(alice).get(reverse("home:close", kwargs=HERE)).context["parts"]
        return [(line.text, line.severity) for part in parts if str(part.title) == "Sharps containers" for line in part.lines]

    assert lines() == [("S-7, Room 1", "")]
    sharps.close_container(container=container, by=by)
    assert lines() == [("S-7, Room 1", "warn"), ("No sharps container is open", "block")]

    sharps.open_container(code="S-8", place="Room 1", by=by)
    sharps.collect_container(container=container, how="Stericycle, receipt 4711", by=by)
    taken_away = ("S-7, Room 1: Stericycle, receipt 4711", "")
    assert lines() == [("S-8, Room 1", ""), taken_away]  # it is of the record of this day, and of no other
    SharpsContainer.objects.create(
        clinic=by.clinic, code="S-6", place="Room 2", collected_how="Stericycle", opened_by=by.user, full_by=by.user,
        collected_by=by.user, **dict.fromkeys(("opened_at", "full_at", "collected_at"), container.opened_at - timedelta(days=2)))
    assert lines() == [("S-8, Room 1", ""), taken_away]


def test_collecting_asks_who_took_it(client_of, alice, container):
    client_of(alice).post(url("collect_container", container), {"how": " "})
    assert SharpsContainer.objects.get().collected_at is None


def test_two_containers_in_use_have_two_labels_and_a_label_serves_again(client_of, alice, by, container):
    opened = reverse("home:open_container", kwargs=HERE)
    assert client_of(alice).post(opened, {"code": "S-7", "place": "Room 2"}).status_code == 422

    sharps.collect_container(container=container, how="Stericycle", by=by)
    assert client_of(alice).post(opened, {"code": "S-7", "place": "Room 2"}).status_code == 302


def test_a_second_press_changes_nothing(by, container):
    sharps.collect_container(container=container, how="Stericycle", by=by)
    first = SharpsContainer.objects.get()
    sharps.close_container(container=container, by=by)
    sharps.collect_container(container=container, how="somebody else", by=by)

    again = SharpsContainer.objects.get()
    assert (again.full_at, again.collected_at, again.collected_how) == (first.full_at, first.collected_at, "Stericycle")


def test_a_slip_of_the_finger_is_taken_back_within_a_moment_and_the_trail_keeps_both(client_of, alice, container):
    browser = client_of(alice)
    said = browser.post(url("close_container", container), follow=True)
    assert url("container_not_full", container) in said.content.decode()

    browser.post(url("container_not_full", container))
    again = SharpsContainer.objects.get()
    assert (again.full_at, again.full_by) == (None, None)
    done = list(Entry.objects.filter(object_uid=container.uid).order_by("seq").values_list("action", flat=True))
    assert done == ["open", "close", "take back"]


def test_a_second_press_offers_no_way_back_from_the_first(client_of, alice, by, container):
    sharps.close_container(container=container, by=by)
    said = client_of(alice).post(url("close_container", container), follow=True)
    assert url("container_not_full", container) not in said.content.decode()


def test_a_full_container_stays_closed_after_that_moment(client_of, alice, by, container):
    sharps.close_container(container=container, by=by)
    SharpsContainer.objects.update(full_at=timezone.now() - timedelta(minutes=2))
    said = client_of(alice).post(url("container_not_full", container), follow=True)
    assert "no longer of this moment" in said.content.decode()
    assert SharpsContainer.objects.get().full_by == by.user


def test_nobody_opens_again_what_somebody_else_has_closed_or_what_was_collected(by, clinic, container):
    other = at_work(make_person(clinic, "Pavel Novak", "practitioner"), clinic)
    sharps.close_container(container=container, by=other)
    with pytest.raises(sharps.TooLate):
        sharps.not_full(container=container, by=by)
    sharps.collect_container(container=container, how="Stericycle", by=other)
    with pytest.raises(sharps.TooLate):
        sharps.not_full(container=container, by=other)


def test_what_was_collected_is_frozen(by, container):
    sharps.collect_container(container=container, how="Stericycle", by=by)
    with pytest.raises(DatabaseError), transaction.atomic():
        SharpsContainer.objects.update(collected_how="nobody")


def test_at_the_desk_and_elsewhere_nothing_of_it_is_seen(client_of, bob, charlie, container):
    for person in (bob, charlie):
        assert client_of(person).get(URL).status_code == 404
        assert client_of(person).post(url("close_container", container)).status_code == 404
        assert client_of(person).post(url("container_not_full", container)).status_code == 404
    assert SharpsContainer.objects.get().full_at is None
