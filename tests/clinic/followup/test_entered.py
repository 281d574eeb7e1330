"""What was answered and reported about a visit is seen when the visit is struck: it may be of another person."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from clinic.followup.following import REPORT, asked, do_due
from clinic.patients.people import at_work
from clinic.people import make_person
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.followup import actions, actions_events
from waterneedle.clinic.visits import signing


def test_answers_and_adverse_events_stand_on_the_page_of_the_struck_visit(client_of, alice, by, on_call):
    checkin, _ = asked(by)
    visit = checkin.visit
    answers = {"pain": 3, "bruise": "none", "felt": [], "said": "It aches."}
    answer = actions.answer(checkin=checkin, answers=answers, said_by="patient", now=timezone.now(), by=by)
    event = actions_events.report(patient=visit.patient, visit=visit, by=by, **REPORT)
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    signing.strike(visit=visit, by=at_work(make_person(by.clinic, "Dora Second", Role.PRACTITIONER), by.clinic))
    do_due(timezone.now())
    after = actions_events.report(patient=visit.patient, by=by, **REPORT)

    page = client_of(alice).get(reverse("visits:visit", args=["harbor", visit.patient.uid, visit.uid])).content.decode()
    where = ["harbor", visit.patient.uid]
    assert reverse("followup:answer", args=[*where, answer.uid]) in page
    assert reverse("followup:event", args=[*where, event.uid]) in page
    assert reverse("followup:event", args=[*where, after.uid]) not in page
