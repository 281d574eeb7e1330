"""What was answered after a visit stands on the page of the next one, for who treats."""

from __future__ import annotations

import pytest
from django.urls import reverse

from clinic.followup.following import asked, asked_patient
from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.visits.charting import make_visit
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.followup.models import Answer
from waterneedle.clinic.visits import signing


@pytest.fixture
def answered(by, ana, on_call):
    checkin, answering = asked(by, ana)
    answering.knock()
    answering.send(pain="4", bruise="coin", felt="tingling", said="my knee clicks like a frog", anything="some")
    return Answer.objects.get(checkin=checkin)


def page_of(client, visit):
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}
    return client.get(reverse("visits:visit", kwargs=where))


def test_the_next_visit_shows_what_was_answered_after_the_last(client_of, alice, by, answered):
    page = page_of(client_of(alice), make_visit(by, answered.patient)).content.decode()

    wanted = ["clicks like a frog", "pain 4", "like a coin", "tingling", "a practitioner answers", f"answers/{answered.uid}/"]
    assert [one for one in wanted if one not in page] == []


@pytest.mark.parametrize(("felt", "is_first"), [("tingling", True), ("nothing", False)])
def test_what_asks_for_a_practitioner_is_read_first_on_a_small_screen(client_of, alice, by, ana, on_call, felt, is_first):
    checkin, answering = asked(by, ana)
    answering.knock()
    answering.send(felt=felt)

    assert Answer.objects.get(checkin=checkin)
    assert ("visit-asks" in page_of(client_of(alice), make_visit(by, ana)).content.decode()) == is_first


def test_neither_its_own_visit_nor_another_patient_nor_another_clinic_shows_it(client_of, alice, charlie, by, answered):
    own, other = answered.visit, make_visit(by, asked_patient(by, "Bea Berg", email="bea@patients.example"))

    for visit in (own, other):
        assert "clicks like a frog" not in page_of(client_of(alice), visit).content.decode()
    assert page_of(client_of(charlie), make_visit(by, answered.patient)).status_code == 404


def test_what_was_said_of_a_visit_on_the_wrong_patient_is_not_shown(client_of, alice, by, answered):
    signing.ask_to_strike(visit=answered.visit, why="another chart", by=by)
    signing.strike(visit=answered.visit, by=at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic))

    assert "clicks like a frog" not in page_of(client_of(alice), make_visit(by, answered.patient)).content.decode()
