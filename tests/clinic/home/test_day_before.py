"""What the day sheet says of the days before: who needs somebody when no screen says it."""
from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.appointments.diary import at
from clinic.followup.following import arranged, asked, asked_patient, signed_visit
from clinic.paper.reading import text_of
from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import make_visit
from waterneedle.clinic.followup import actions as followup
from waterneedle.clinic.followup import alarms
from waterneedle.clinic.followup.models import Alarm, CheckInKind
from waterneedle.clinic.home import on_paper
from waterneedle.clinic.patients.queries import today_in
from waterneedle.clinic.visits import actions as visits
from waterneedle.clinic.visits import reactions
from waterneedle.config.demo.visits import clock_at


@pytest.fixture
def evening(by):
    return at("18:00", (today_in(by.clinic) - datetime.timedelta(days=1)).isoformat(), of=by.clinic)


def said(clinic, *, with_charts=True):
    now = at("07:00", today_in(clinic).isoformat(), of=clinic)
    with timezone.override(clinic.tzinfo):
        rows = on_paper.day_values(clinic, now, with_vials=False, with_charts=with_charts)["before"]
    return [(name, what.partition(",")[0]) for name, _birth, _phone, what, _done in rows]


def test_what_is_open_of_yesterday_stands_on_the_sheet_until_it_is_ended(by, clinic, evening):
    with clock_at(evening):
        reaction = reactions.begin(patient=make_patient(by, given_name="Rea", phone="555 0101"), by=by)
        observation = visits.observe(visit=make_visit(by, make_patient(by, given_name="Obi")), minutes=15, by=by)
    names = [one.patient.name for one in (reaction, observation)]

    assert said(clinic) == [(names[0], "reaction without an outcome"), (names[1], "observation not ended")]
    assert [name for name, _what in said(clinic, with_charts=False)] == [names[1]]  # a reaction is of the chart
    reactions.end(reaction=reaction, outcome="well", by=by)
    visits.end_observation(observation=observation, by=by)
    assert said(clinic) == []


def test_a_grave_answer_that_nobody_has_seen_heads_the_sheet(by, clinic, owner, evening):
    arranged(at_work(owner, clinic))
    ana = asked_patient(by)
    with clock_at(evening):
        reactions.begin(patient=make_patient(by, given_name="Rea"), by=by)
        _checkin, answering = asked(by, ana)
        answering.knock()
        answering.send(said="I cannot breathe", anything="some")
    alarm = Alarm.objects.get()

    assert said(clinic)[0] == (ana.name, f"check-in: {alarm.get_level_display()}")
    assert said(clinic, with_charts=False) == []
    alarms.acknowledge(alarm=alarm, now=timezone.now(), by=by)
    assert [name for name, _what in said(clinic)] != [ana.name] and len(said(clinic)) == 1


def test_who_came_yesterday_was_asked_and_has_not_answered_is_to_be_called(by, clinic, evening):
    with clock_at(evening):
        visit = signed_visit(by, asked_patient(by, email=""))
        followup.ask(visit=visit, kind=CheckInKind.HOURS, week=0, now=timezone.now())

    assert [name for name, _what in said(clinic)] == [visit.patient.name]


def test_the_sheet_that_the_desk_prints_has_no_chart(client_of, alice, bob, charlie, by, evening):
    with clock_at(evening):
        name = reactions.begin(patient=make_patient(by, given_name="Rea"), by=by).patient.name
    url = reverse("home:day_sheet", kwargs={"clinic": "harbor"})

    assert name in text_of(client_of(alice).get(url).content)
    assert name not in text_of(client_of(bob).get(url).content)
    assert name not in text_of(client_of(charlie).get(reverse("home:day_sheet", kwargs={"clinic": "hill"})).content)
