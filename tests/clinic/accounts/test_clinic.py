"""The page of the clinic: its name, its clock and the languages of its patients."""
from __future__ import annotations

import msgspec
import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from clinic.appointments.diary import booked, working
from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.accounts import actions
from waterneedle.clinic.audit.models import Entry

SAME = {"name": "Harbor Acupuncture", "zone": "America/Los_Angeles", "languages": ["en", "es", "zh-hans"], "first_language": "en"}


@pytest.fixture
def address(clinic):
    return reverse("accounts:clinic", kwargs={"clinic": clinic.slug})


@pytest.fixture
def send(address, client_of, owner):
    return lambda **changed: client_of(owner).post(address, SAME | changed)


def changes(clinic):
    return [msgspec.json.decode(one.detail) for one in Entry.objects.filter(kind="clinic", action="change").order_by("pk")]


def test_the_owner_alone_opens_it(address, client_of, owner, alice, bob, assistant, instructor, charlie):
    found = {one.name: client_of(one).get(address).status_code for one in (owner, alice, bob, assistant, instructor, charlie)}

    assert [found.pop(owner.name), *found.values()] == [200, 404, 404, 404, 404, 404]


def test_nobody_else_changes_it(address, client_of, clinic, alice, bob, charlie):
    answers = [client_of(one).post(address, SAME | {"name": "Mine"}).status_code for one in (alice, bob, charlie)]
    clinic.refresh_from_db()

    assert answers == [404, 404, 404]
    assert clinic.name == "Harbor Acupuncture"


def test_the_page_is_linked_for_the_owner_alone(client_of, clinic, address, owner, bob):
    people, settings = (reverse(name, kwargs={"clinic": clinic.slug}) for name in ("accounts:people", "appointments:settings"))
    link = f'href="{address}"'

    assert [link in client_of(owner).get(one).content.decode() for one in (people, settings)] == [True, True]
    assert [link in client_of(bob).get(one).content.decode() for one in (people, settings)] == [False, False]


def test_a_new_name_shows_at_once_also_on_a_page_that_is_kept(client_of, clinic, send, owner, alice):
    patient = make_patient(at_work(alice, clinic))
    chart = reverse("visits:visits", kwargs={"clinic": clinic.slug, "patient": patient.uid})
    before = client_of(alice).get(chart).content.decode()
    answer = send(name="River & Sons")
    after = client_of(alice).get(chart).content.decode()

    assert answer.status_code == 302
    assert "Harbor Acupuncture" in before
    assert "River &amp; Sons" in after and "Harbor Acupuncture" not in after


def test_every_change_is_in_the_trail_with_what_it_was(send, clinic):
    send(name="River Clinic", languages=["en", "es"], first_language="es")

    assert changes(clinic) == [{
        "before": {"name": "Harbor Acupuncture", "languages": ["en", "es", "zh-hans"]},
        "after": {"name": "River Clinic", "languages": ["es", "en"]}}]


def test_what_is_saved_as_it_was_is_no_change(send, clinic):
    assert send().status_code == 302
    assert changes(clinic) == []


def test_every_error_is_said_beside_its_field_and_nothing_typed_is_lost(send, clinic):
    answer = send(name="", zone="Mars/Olympus", languages=["es"], first_language="zh-hans")
    form = answer.context["form"]
    clinic.refresh_from_db()

    assert answer.status_code == 422
    assert {"name", "zone", "first_language"} <= set(form.errors)
    assert (form["languages"].value(), form["first_language"].value()) == (["es"], "zh-hans")
    assert clinic.languages == ["en", "es", "zh-hans"]


def test_another_time_zone_is_asked_for_twice(send, clinic):
    answer = send(zone="America/New_York", name="River Clinic")
    clinic.refresh_from_db()

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"zone_is_meant"}
    assert "15:00" in answer.context["form"].errors["zone_is_meant"][0]  # noon on the other coast
    assert (clinic.zone, clinic.name) == ("America/Los_Angeles", "Harbor Acupuncture")
    assert 'value="River Clinic"' in answer.content.decode()


def test_a_time_zone_that_is_meant_is_kept(send, clinic):
    send(zone="America/New_York", zone_is_meant="on")
    clinic.refresh_from_db()

    assert clinic.zone == "America/New_York"
    assert changes(clinic) == [{"before": {"zone": "America/Los_Angeles"}, "after": {"zone": "America/New_York"}}]


def test_a_zone_that_the_list_leaves_out_stays_possible(send, clinic):
    clinic.zone = "UTC"
    clinic.save()

    assert send(zone="UTC").status_code == 302


def test_what_no_clinic_can_have_is_refused_by_the_action_too(clinic, owner):
    with pytest.raises(ValidationError):
        actions.change_clinic(clinic=clinic, name="River", zone="Mars/Olympus", languages=["en"], by=at_work(owner, clinic))
    clinic.refresh_from_db()
    assert clinic.name == "Harbor Acupuncture"


def test_a_booking_stays_at_its_moment_and_reads_by_the_new_clock(client_of, clinic, send, owner, alice):
    treating = working(at_work(owner, clinic), user=alice)
    booking = booked(at_work(alice, clinic), make_patient(at_work(alice, clinic)), treating, "16:00")
    page = reverse("appointments:booking", kwargs={"clinic": clinic.slug, "booking": booking.uid})
    before = client_of(owner).get(page).content.decode()
    send(zone="America/New_York", zone_is_meant="on")
    after = client_of(owner).get(page).content.decode()
    starts_at = booking.starts_at
    booking.refresh_from_db()

    assert booking.starts_at == starts_at
    assert [("16:00" in one, "19:00" in one) for one in (before, after)] == [(True, False), (False, True)]
