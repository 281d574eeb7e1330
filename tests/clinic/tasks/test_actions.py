"""Tasks: one for a cause, somebody's at every moment, and every step kept."""
from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts.access import access_to
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.tasks import actions
from waterneedle.clinic.tasks.actions import ChangedMeanwhile, claim, escalate_overdue, finish, finish_cause, hand_over, reopen
from waterneedle.clinic.tasks.models import State, Step, Task
from waterneedle.clinic.tasks.queries import worklist

NOW = timezone.now()


def opened(clinic, by, cause="visit 1", **more):
    values = {"kind": "followup.call", "title": "Call after an answer", "role": Role.PRACTITIONER}
    return actions.open_task(clinic=clinic, cause=cause, by=by, **values | {"due_at": NOW + timedelta(hours=2)} | more)


@pytest.fixture
def by(alice, clinic):
    return access_to(alice, clinic.slug)


@pytest.fixture
def task(by, clinic):
    return opened(clinic, by)


def steps(task):
    return [(one.what, one.owner and one.owner.name, one.role) for one in task.history.order_by("number")]


def is_what_its_steps_say(task):
    task.refresh_from_db()
    last = task.history.order_by("number").last()
    return {name: getattr(task, name) for name in last.leads_to} == last.leads_to and task.steps == last.number


def test_a_task_goes_its_way(task, by, alice, bob):
    claim(task=task, by=by)
    hand_over(task=task, by=by, owner=bob, note="he knows her")
    hand_over(task=task, by=by, role=Role.ASSISTANT)
    finish(task=task, by=by, note="she is well")
    assert (task.state, task.owner) == (State.DONE, alice)
    reopen(task=task, by=by)

    assert steps(task) == [
        ("opened", None, "practitioner"), ("claimed", "Alice Archer", "practitioner"), ("handed over", "Bob Baker", ""),
        ("handed over", None, "assistant"), ("done", "Alice Archer", "assistant"), ("reopened", "Alice Archer", "assistant")]
    assert (task.state, task.done_at) == (State.CLAIMED, None)


def test_a_task_is_at_every_moment_what_its_last_step_says(task, by, bob):
    to_bob, to_owner = partial(hand_over, owner=bob), partial(hand_over, role=Role.OWNER)
    for step in (claim, to_bob, to_owner, finish, reopen, claim, finish):
        step(task=task, by=by)
        assert is_what_its_steps_say(task)


def test_the_same_cause_is_one_task_also_when_it_is_done(task, clinic, by):
    finish(task=task, by=by)
    again = opened(clinic, by, title="Another title")

    assert (again.pk, again.state, again.title, Step.objects.count()) == (task.pk, State.DONE, "Call after an answer", 2)


def test_every_step_is_in_the_trail(task, by):
    finish(task=task, by=by)

    assert list(Entry.objects.filter(kind="task").order_by("seq").values_list("action", "object_uid")) == [
        ("opened", str(task.uid)), ("done", str(task.uid))]


def test_who_saw_an_older_state_does_nothing(task, by):
    seen_before = Task.objects.get(pk=task.pk)
    finish(task=task, by=by)
    with pytest.raises(ChangedMeanwhile):
        claim(task=seen_before, by=by)

    assert Step.objects.filter(task=task).count() == 2


def test_what_is_done_is_not_done_twice_and_what_is_open_not_opened(task, by):
    with pytest.raises(ChangedMeanwhile):
        reopen(task=task, by=by)
    finish(task=task, by=by)
    with pytest.raises(ChangedMeanwhile):
        finish(task=task, by=by)


def test_what_was_done_elsewhere_ends_the_task(task, clinic, by):
    finish_cause(clinic=clinic, kind="followup.call", cause="visit 1", by=by)
    finish_cause(clinic=clinic, kind="followup.call", cause="visit 1", by=by)
    finish_cause(clinic=clinic, kind="followup.call", cause="nothing", by=by)
    task.refresh_from_db()

    assert (task.state, task.steps) == (State.DONE, 2)


def test_what_was_not_done_in_time_is_called_out_once(clinic, by, monkeypatch):
    called = []
    monkeypatch.setattr(actions, "_escalations", {"followup.call": lambda task, now: called.append(task.cause)})
    late = opened(clinic, by, "late", escalate_at=NOW)
    opened(clinic, by, "in time", escalate_at=NOW + timedelta(hours=1))
    opened(clinic, by, "never")

    assert (escalate_overdue(NOW), escalate_overdue(NOW), called) == (1, 0, ["late"])
    assert steps(late)[-1] == ("escalated", None, "owner")
    assert is_what_its_steps_say(late)


def test_what_the_owner_may_not_see_stays_with_who_treats_and_the_owner_is_asked(clinic, by, owner):
    late = opened(clinic, by, escalate_at=NOW, needs="followup.read", patient=make_patient(by))
    claim(task=late, by=by)
    escalate_overdue(NOW)
    late.refresh_from_db()

    seen = worklist(at_work(owner, clinic), "role", NOW).get()
    assert (late.owner, late.role, steps(late)[-1]) == (by.user, "practitioner", ("escalated", "Alice Archer", "practitioner"))
    assert (seen.kind, seen.patient, seen.note) == (actions.LATE, None, "Alice Archer")

    finish(task=late, by=by)
    assert not worklist(at_work(owner, clinic), "all", NOW).exists()


def test_nobody_can_change_what_was_done(task):
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Step.objects.update(note="something else")


def test_a_task_that_is_nobodys_is_refused(clinic, by):
    with pytest.raises(DatabaseError), transaction.atomic():
        opened(clinic, by, "x", role="")


def test_a_task_that_nobody_could_see_is_refused(clinic, by):
    with pytest.raises(ValueError, match=r"chart\.look"):
        opened(clinic, by, needs="chart.look")


def test_of_several_who_take_a_task_at_once_one_has_it(committed_db):
    clinic = make_clinic("harbor", "Harbor")
    people = [access_to(make_person(clinic, f"P{number} X", Role.PRACTITIONER), "harbor") for number in range(5)]
    task = opened(clinic, people[0])
    start, won = threading.Barrier(5), []

    def take(by):
        seen = Task.objects.get(pk=task.pk)
        start.wait()
        try:
            won.append(claim(task=seen, by=by).owner_id)
        except ChangedMeanwhile:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[one]) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    task.refresh_from_db()

    assert won == [task.owner_id]
    assert is_what_its_steps_say(task)
