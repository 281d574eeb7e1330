"""Stopping for harm: at every event of somebody who takes part, at once, and without saying of which arm."""

from __future__ import annotations

import pytest

from clinic.followup.following import REPORT
from clinic.patients.people import make_patient
from clinic.trials.planning import PARALLEL, allocated, days_ago, entered, frozen, seed_of
from clinic.visits.charting import make_visit
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.followup import actions_events
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.trials import actions, allocating, sealed, stopping
from waterneedle.clinic.trials.actions import NotDone
from waterneedle.clinic.trials.models import Turn
from waterneedle.outcomes.harm import Boundary

GRAVE = {"seriousness": ["hospital"], "causality": "unlikely"}


def report(by, allocation, **more):
    return actions_events.report(
        patient=allocation.patient, visit=allocation.visit, by=by, **REPORT | GRAVE | more)


@pytest.fixture
def of_one_arm(by):
    """A trial across patients, and four allocations of one arm."""
    trial, found = frozen(by, size=40, **PARALLEL), []
    while len(found) < 4:
        patient = make_patient(by, f"P{trial.allocations.count()} Ruiz")
        entered(by, trial, patient)
        made = allocated(by, trial, patient)
        found += [made] if sealed.arm_of(made) == 0 else []
    return trial, found


def test_one_more_than_is_borne_stops_at_once_and_calls_somebody(by, of_one_arm):
    trial, (first, second, _third, _fourth) = of_one_arm
    report(by, first)
    assert not Turn.objects.exists()

    event = report(by, second)

    turn = Turn.objects.get()
    assert (turn.trial, turn.kind, turn.event, turn.seed) == (trial, "harm", str(event.uid), "")
    assert Task.objects.get(kind=stopping.TASK).needs == "trials.write"
    patient = make_patient(by, "Late Comer")
    with pytest.raises(NotDone):
        actions.screen(trial=trial, patient=patient, by=by)
    with pytest.raises(NotDone):
        allocating.allocate(trial=trial, visit=make_visit(by, patient), by=by)


def test_that_it_was_stopped_says_no_arm(by, of_one_arm):
    trial, (first, second, *_rest) = of_one_arm
    report(by, first)
    report(by, second)

    said = "".join(one.detail for one in Entry.objects.filter(kind="trial")) + Task.objects.get(kind=stopping.TASK).title
    assert not any(arm.name in said for arm in trial.says.arms)


def test_events_of_different_arms_do_not_add_up(monkeypatch, by, ana):
    monkeypatch.setattr(sealed, "draw", lambda: seed_of(0, 1))
    trial, arms = frozen(by, ana), {}
    while len(arms) < 2:
        made = allocated(by, trial, ana)
        arms[sealed.arm_of(made)] = made
    for made in arms.values():
        report(by, made)

    assert not Turn.objects.exists()


def test_an_event_entered_by_mistake_does_not_count_and_an_amended_one_does(by, of_one_arm):
    _trial, (first, second, third, _fourth) = of_one_arm
    mistaken, mild = report(by, first), report(by, second, seriousness=[])
    fields = REPORT | GRAVE
    actions_events.amend(event=mistaken, why="another patient", by=by, is_mistake=True, **fields)
    report(by, third)
    assert not Turn.objects.exists(), "one stands: the first was a mistake, the second neither serious nor caused by it"

    actions_events.amend(event=mild, why="admitted to hospital", by=by, **fields)
    assert Turn.objects.get().event == str(mild.uid)


@pytest.mark.parametrize(("harm_of", "stops"), [("serious", False), ("serious_or_related", True)])
def test_the_plan_says_whether_related_ones_count(harm_of, stops, by, ana):
    made = allocated(by, frozen(by, ana, harm=Boundary(most_events=0), harm_of=harm_of), ana)
    report(by, made, seriousness=[], causality="possible")

    assert Turn.objects.exists() is stops


def test_a_rate_stops_by_its_exact_tail(by, ana):
    trial = frozen(by, ana, harm=Boundary(acceptable_rate=0.06))
    report(by, allocated(by, trial, ana))

    assert not Turn.objects.exists(), "one of one at a rate of 6 % happens in 6 of 100"
    tighter = frozen(by, ana, harm=Boundary(acceptable_rate=0.05))
    report(by, allocated(by, tighter, ana))
    assert Turn.objects.get().trial == tighter


def test_what_was_before_the_first_allocation_or_is_of_somebody_else_does_not_count(by, ana):
    with days_ago(3):
        actions_events.report(patient=ana, by=by, **REPORT | GRAVE)
    allocated(by, frozen(by, ana, harm=Boundary(most_events=0)), ana)
    actions_events.report(patient=make_patient(by, "Ben Ode"), by=by, **REPORT | GRAVE)

    assert not Turn.objects.exists()
