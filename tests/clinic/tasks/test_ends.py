"""A task about something that is still open ends with that: nobody says of it that it is done."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import day_of, make_syringe, make_visit, plan
from waterneedle.clinic.home import sharps
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.tasks.actions import StillOpen, finish
from waterneedle.clinic.tasks.models import State, Task
from waterneedle.clinic.visits import became, reactions, signing
from waterneedle.clinic.visits.models_after import Outcome, ReactionEntry


@pytest.fixture
def by(alice, clinic):
    return at_work(alice, clinic)


@pytest.fixture
def stuck(by):
    sharps.report_stick(who="Bob", place="Room 1", device="needle", how="recapped", happened_at=timezone.now(), by=by)
    return Task.objects.get(kind=sharps.STICK_TASK)


def url(name, task):
    return reverse(f"tasks:{name}", kwargs={"clinic": "harbor", "task": task.uid})


def test_that_of_a_reaction_stays_until_it_is_said_how_it_ended(by, alice, client_of):
    row, browser = reactions.begin(patient=make_patient(by), by=by), client_of(alice)
    task = Task.objects.get(kind=reactions.TASK)

    with pytest.raises(StillOpen):
        finish(task=task, by=by)
    assert url("finish", task) not in browser.get(url("task", task)).content.decode()
    browser.post(url("finish", task))
    task.refresh_from_db()
    assert task.state == State.OPEN
    reactions.end(reaction=row, outcome=Outcome.WELL, by=by)
    browser.post(url("finish", task))
    task.refresh_from_db()
    assert task.state == State.DONE


def test_that_of_the_kit_stays_until_one_is_found_complete(by):
    kit, row = stock.add_kit(place="Room 1", by=by), reactions.begin(patient=make_patient(by), by=by)
    reactions.add_entry(reaction=row, kind=ReactionEntry.EPINEPHRINE, dose_mg=Decimal("0.3"), by=by)
    task = Task.objects.get(kind=reactions.KIT_TASK)

    for airway in (False, True):
        with pytest.raises(StillOpen):
            finish(task=task, by=by)
        stock.check_kit(kit=kit, day=day_of(by), by=by, fields={
            "epinephrine_expires": day_of(by) + timedelta(days=90), "oxygen": True, "airway": airway, "initials": "AA"})
    assert finish(task=task, by=by).state == State.DONE


def test_that_of_a_struck_syringe_stays_until_it_is_said_what_became_of_it(by, bob, clinic):
    visit = make_visit(by, make_patient(by))
    plan(by, visit, make_syringe(by, visit))
    signing.ask_to_strike(visit=visit, why="wrong patient", by=by)
    signing.strike(visit=visit, by=at_work(bob, clinic))
    task = Task.objects.get(kind=became.TASK)

    with pytest.raises(StillOpen):
        finish(task=task, by=by)
    [row] = became.open_of(visit)
    became.say(row=row, became="never", by=by)
    task.refresh_from_db()
    assert task.state == State.DONE


def test_what_nothing_else_says_ends_with_words(stuck, owner, client_of):
    browser = client_of(owner)

    browser.post(url("finish", stuck), {"note": "  "})
    stuck.refresh_from_db()
    assert stuck.state == State.OPEN
    browser.post(url("finish", stuck), {"note": "Seen by a doctor, blood taken."})
    stuck.refresh_from_db()
    assert (stuck.state, stuck.history.last().note) == (State.DONE, "Seen by a doctor, blood taken.")


def test_the_list_offers_done_for_neither(stuck, by, alice, owner, client_of):
    reactions.begin(patient=make_patient(by), by=by)
    for person, kind in ((owner, sharps.STICK_TASK), (alice, reactions.TASK)):
        task, listed = Task.objects.get(kind=kind), reverse("tasks:worklist", kwargs={"clinic": "harbor"})
        shown = client_of(person).get(listed, {"of": "all"}).content.decode()
        assert str(task.uid) in shown and url("finish", task) not in shown
