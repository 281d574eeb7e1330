"""What the clinic sees of what comes afterwards."""

from __future__ import annotations

import pytest
from django.utils import timezone

from clinic.followup.following import asked, asked_patient, signed_visit
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.followup import actions
from waterneedle.clinic.followup.models import Answer


@pytest.fixture
def answered(by, ana, on_call):
    checkin, answering = asked(by, ana)
    answering.knock()
    answering.send(said="my knee clicks like a frog", anything="some")
    return Answer.objects.get(checkin=checkin)


def test_answers_stand_with_what_they_were_taken_for(client_of, alice, clinic, answered):
    page = client_of(alice).get(f"/c/{clinic.slug}/followup/").content.decode()

    assert "Ana Ruiz" in page and "clicks like a frog" in page and "a practitioner answers" in page


def test_the_front_desk_reads_no_answers(client_of, bob, clinic, answered):
    assert client_of(bob).get(f"/c/{clinic.slug}/followup/").status_code == 404


def test_an_answer_is_shown_whole_and_the_reading_of_it_is_in_the_trail(client_of, alice, clinic, answered):
    url = f"/c/{clinic.slug}/followup/patients/{answered.patient.uid}/answers/{answered.uid}/"

    page = client_of(alice).get(url).content.decode()

    assert "clicks like a frog" in page and "ST36" in page and "Not understood" in page
    assert Entry.objects.filter(action="read", kind="check-in", object_uid=str(answered.uid)).exists()


def test_who_was_called_is_asked_the_same_and_triage_reads_it(client_of, alice, clinic, by, on_call):
    visit = signed_visit(by, asked_patient(by, email=""))
    checkin = actions.ask(visit=visit, kind="next_day", week=0, now=timezone.now())
    url = f"/c/{clinic.slug}/followup/patients/{checkin.patient.uid}/checkins/{checkin.uid}/told/"

    response = client_of(alice).post(url, {"pain": "9", "bruise": "palm", "felt": "nothing", "said": ""})

    made = Answer.objects.get(checkin=checkin)
    assert response.url.endswith(f"/answers/{made.uid}/")
    assert (made.level, made.made_by, made.said_by) == ("urgent", alice, "patient")


def test_who_has_not_answered_stands_on_a_list_of_their_own(client_of, alice, clinic, by, ana, on_call):
    asked(by, ana)

    page = client_of(alice).get(f"/c/{clinic.slug}/followup/?of=open").content.decode()

    assert "Ana Ruiz" in page and "told/" in page
