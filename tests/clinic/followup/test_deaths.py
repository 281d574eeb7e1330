"""A death that was noted by mistake: who had been booked and asked is booked and asked anew by a person."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.appointments.diary import working
from clinic.followup.following import DAY, REPORT, asked_patient, do_due, signed_visit
from clinic.patients.people import at_work
from clinic.people import make_person
from clinic.visits.charting import make_vial
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.appointments import actions as appointments
from waterneedle.clinic.appointments import queries, waitlist
from waterneedle.clinic.appointments.jobs import free_times
from waterneedle.clinic.followup import actions_events, actions_recall
from waterneedle.clinic.followup.models import CheckIn
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.practitioners.models import Certificate, Licence, ResuscitationCard
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import address
from waterneedle.clinic.visits import reactions, signing

TASK = "followup.no_death"


def reaction_died(by, ana, visit):
    made = reactions.begin(patient=ana, by=by)
    reactions.end(reaction=made, outcome="died", by=by)
    return made


def event_died(by, ana, visit):
    return actions_events.report(patient=ana, visit=visit, by=by, **REPORT | {"outcome": "died"})


def taken_back(by, noted, visit):
    reactions.take_back(reaction=noted, why="another patient", by=by)


def ended_better(by, noted, visit):
    reactions.end(reaction=noted, outcome="better", by=by, corrects=True)


def amended(by, noted, visit):
    actions_events.amend(event=noted, by=by, why="another patient", **REPORT | {"outcome": "recovered"})


def said_a_mistake(by, noted, visit):
    actions_events.amend(event=noted, by=by, why="another patient", is_mistake=True, **REPORT | {"outcome": "died"})


WITHDRAWN = [(reaction_died, taken_back), (reaction_died, ended_better), (event_died, amended), (event_died, said_a_mistake)]


@pytest.fixture
def booked(by, ana, owner, clinic):
    working(at_work(owner, clinic), user=by.user)
    for paper in (Licence, Certificate, ResuscitationCard):
        paper.objects.update(expires=timezone.now().date() + 400 * DAY)
    day = timezone.now().astimezone(by.clinic.tzinfo).date() + datetime.timedelta(days=5)
    free = queries.free_slots(by.clinic, 60, day, day)[0]
    waitlist.wait(patient=ana, first_day=day, last_day=day + datetime.timedelta(days=30), by=by)
    return appointments.book(patient=ana, practitioner=free.practitioner, starts_at=free.starts_at, by=by)


def free():
    for job in Job.objects.filter(kind="appointments.free", ended_at=None):
        free_times(job, timezone.now())


@pytest.mark.parametrize(("die", "withdraw"), WITHDRAWN)
def test_a_withdrawn_death_asks_for_what_it_ended(by, ana, on_call, booked, die, withdraw):
    visit = signed_visit(by, ana)
    do_due(timezone.now() + 2 * DAY)
    noted = die(by, ana, visit)
    free()

    withdraw(by, noted, visit)

    [task] = Task.objects.filter(kind=TASK)
    start, day = booked.starts_at.astimezone(by.clinic.tzinfo), visit.day
    assert (task.patient, task.role, task.needs) == (ana, Role.PRACTITIONER, "bookings.write")
    assert [said.split(": ")[0] for said in task.note.split("; ")] == [
        "to book", "for the waiting list", "to ask how it is since the visit"]
    assert f"{start.day}" in task.note.split("; ")[0] and f"{day.day}" in task.note.split("; ")[2]
    assert address(task, by).endswith(f"/{ana.uid}/")


def test_what_came_due_while_taken_for_dead_is_asked_by_a_call(by, ana, on_call):
    visit = signed_visit(by, ana)
    do_due(timezone.now())  # planned
    noted = reaction_died(by, ana, visit)
    do_due(timezone.now() + 2 * DAY)
    Job.objects.filter(kind="followup.ask").exclude(ended_at=None).update(ended_at=timezone.now())  # it is no later than that
    assert not CheckIn.objects.exists()

    taken_back(by, noted, visit)

    calls = Task.objects.filter(kind="followup.silent").exclude(state="done")
    asked = CheckIn.objects.filter(asked_at=None, ended_at=None)
    assert {one.kind for one in asked} == {"hours", "next_day"}
    assert {one.cause for one in calls} == {str(one.uid) for one in asked}


@pytest.mark.parametrize("is_dead", [True, False])
def test_what_was_ended_by_it_can_be_answered_by_telephone_once_it_is_withdrawn(by, ana, on_call, client_of, is_dead):
    visit = signed_visit(by, ana)
    do_due(timezone.now() + 2 * DAY)
    assert CheckIn.objects.exists()
    noted = reaction_died(by, ana, visit)
    if not is_dead:
        taken_back(by, noted, visit)
    page = client_of(by.user).get(reverse("followup:after", args=["harbor", ana.uid])).content.decode()

    for one in CheckIn.objects.all():
        told = reverse("followup:told", args=["harbor", ana.uid, one.uid])
        assert (told in page) is not is_dead


def test_nobody_is_asked_while_another_report_says_the_same_or_nothing_was_ended(by, ana, on_call):
    visit = signed_visit(by, ana)
    do_due(timezone.now() + 2 * DAY)
    first, second = reaction_died(by, ana, visit), event_died(by, ana, visit)
    taken_back(by, first, visit)
    assert not Task.objects.filter(kind=TASK).exists()

    amended(by, second, visit)
    assert Task.objects.filter(kind=TASK).count() == 1  # with what the first of them ended

    amended(by, actions_events.report(patient=ana, by=by, **REPORT | {"outcome": "died"}), visit)
    assert Task.objects.filter(kind=TASK).count() == 1


def test_a_death_that_goes_with_a_struck_visit_is_withdrawn_too(by, ana, clinic, on_call):
    first, second = signed_visit(by, ana), signed_visit(by, ana)
    do_due(timezone.now() + 2 * DAY)
    event_died(by, ana, second)
    signing.ask_to_strike(visit=second, why="another patient", by=by)
    signing.strike(visit=second, by=at_work(make_person(clinic, "Sam Second", Role.PRACTITIONER), clinic))

    do_due(timezone.now() + 2 * DAY)

    assert Task.objects.get(kind=TASK).note.startswith("to ask how it is since the visit") and first.day


@pytest.fixture
def to_call(by, ana, on_call):
    """Ana is to be called about a recall, and about a message that was given up; and somebody else about a recall."""
    vial, ben = make_vial(by), asked_patient(by, "Ben Ode", email="")
    Patient.objects.filter(pk=ana.pk).update(email="")
    visit = signed_visit(by, ana, vial=vial)
    signed_visit(by, ben, vial=vial)
    actions_recall.open_recall(kind="lot", asked={"lot": vial.lot.uid}, said="lot", why="a letter", by=by)
    open_task(
        clinic=by.clinic, kind="home.letter", cause="a letter", patient=ana, by=by, role=Role.FRONT_DESK,
        due_at=timezone.now(), needs="messages.read", title="A message was given up")
    return visit


def open_about(patient):
    kinds = ("followup.recall", "followup.still_due", "home.letter")
    rows = Task.objects.filter(patient=patient, kind__in=kinds).exclude(state="done")
    return sorted(rows.values_list("kind", "title"))


def test_nobody_is_left_to_call_the_dead_and_what_is_still_due_stands_instead(by, ana, to_call):
    before, others = open_about(ana), Task.objects.filter(kind="followup.recall").exclude(patient=ana).get()
    assert [kind for kind, _title in before] == ["followup.recall", "home.letter"]

    noted = reaction_died(by, ana, to_call)
    assert open_about(ana) == [("followup.still_due", actions_recall.OF_THE_DEAD)]
    assert address(Task.objects.get(kind="followup.still_due"), by).endswith(f"{others.about}/")
    ended = Task.objects.get(kind="followup.recall", patient=ana)
    assert ended.history.last().note == "The patient has died."
    assert open_about(others.patient) == [("followup.recall", others.title)]

    taken_back(by, noted, to_call)
    assert open_about(ana) == before
