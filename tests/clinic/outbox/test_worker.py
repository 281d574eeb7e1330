"""Jobs: once for a cause, when due, by one worker at a time, again after a failure, and given up in sight of people."""
from __future__ import annotations

import threading
import time as clocks
from datetime import time, timedelta

import pytest
from django.db import connection, transaction

from clinic.outbox.conftest import NOW
from clinic.patients.people import at_work
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox import handlers, waking, worker
from waterneedle.clinic.outbox.actions import cancel, enqueue, give_up, try_again
from waterneedle.clinic.outbox.models import KINDS_OF_JOBS, Attempt, Job
from waterneedle.clinic.tasks.models import Task
from waterneedle.clinic.tasks.queries import address

pytestmark = pytest.mark.usefixtures("mail")


def note(key: str, due_at=NOW) -> Job:
    return enqueue(kind="test.note", key=key, due_at=due_at)


def state(key: str) -> tuple[str, int]:
    job = Job.objects.get(key=key)
    return job.outcome, job.attempts


def test_what_is_due_is_done_in_order(db, done, clock):
    note("second", NOW - timedelta(minutes=1))
    note("first", NOW - timedelta(minutes=2))
    note("later", NOW + timedelta(minutes=1))

    assert (worker.drain(clock), done) == (2, ["first", "second"])
    clock.forward(minutes=1)
    assert (worker.drain(clock), done[2:]) == (1, ["later"])


def test_the_same_cause_is_one_job(db, done, clock):
    assert note("visit 1") == note("visit 1", NOW + timedelta(days=1))
    worker.drain(clock)
    note("visit 1")
    worker.drain(clock)

    assert done == ["visit 1"]


def test_what_was_due_in_a_clinic_and_could_not_be_done_becomes_a_task_that_leads_there(clinic, owner, done, clock):
    @handlers.handler("test.plain")
    def refuse(job, now):
        raise handlers.Refused("no such thing")

    enqueue(kind="test.plain", key="a clinic's", clinic=clinic, due_at=NOW)
    enqueue(kind="test.plain", key="of no clinic", due_at=NOW)
    enqueue(kind="test.note", key="refuse, which sees to itself", clinic=clinic, due_at=NOW)

    worker.drain(clock)

    task = Task.objects.get()
    assert (task.clinic, task.kind, task.role, task.patient) == (clinic, "home.given_up", "owner", None)
    assert address(task, at_work(owner, clinic)).endswith("?of=dead")


def test_every_kind_of_job_has_words():
    assert {kind for kind in handlers.HANDLERS if not kind.startswith("test.")} == set(KINDS_OF_JOBS)


def test_a_job_goes_with_its_cause(db, done, clock):
    with pytest.raises(KeyError), transaction.atomic():
        note("gone")
        raise KeyError

    assert worker.drain(clock) == 0


def test_a_failed_job_is_tried_again_later_and_given_up_in_the_end(db, done, clock):
    note("fail 1")
    worker.drain(clock)
    assert (state("fail 1"), worker.drain(clock)) == (("", 1), 0)
    for _ in range(2):
        clock.forward(hours=1)
        worker.drain(clock)

    assert (state("fail 1"), done) == (("dead", 3), ["dead fail 1"])
    assert [one.error for one in Attempt.objects.all()] == ["ConnectionError: out of reach"] * 3


def test_what_is_refused_is_given_up_at_once(db, done, clock):
    note("refuse 1")
    worker.drain(clock)

    assert (state("refuse 1"), done) == (("dead", 1), ["dead refuse 1"])


def test_one_that_fails_does_not_hold_up_the_others(db, done, clock):
    note("fail 1", NOW - timedelta(hours=1))
    note("fine")
    worker.drain(clock)

    assert done == ["fine"]


def test_a_kind_that_nobody_does_waits(db, done, clock):
    enqueue(kind="test.unknown", key="x", due_at=NOW)
    worker.drain(clock)

    assert state("x") == ("", 1)


def test_what_a_handler_wrote_goes_with_its_failure(db, done, clock):
    def half(job, now):
        enqueue(kind="test.note", key="half")
        raise ConnectionError

    handlers.handler("test.note")(half)
    note("whole")
    worker.drain(clock)

    assert not Job.objects.filter(key="half").exists()


def test_a_leased_job_is_nobody_elses_until_the_lease_is_over(db, done, clock):
    note("taken")
    assert [job.key for job in worker.take(clock.now)] == ["taken"]
    assert worker.drain(clock) == 0
    clock.forward(minutes=5)

    assert (worker.drain(clock), done, state("taken")) == (1, ["taken"], ("done", 2))


def test_who_comes_back_after_the_lease_ends_nothing(db, done, clock):
    note("slow")
    (slow,) = worker.take(clock.now)
    clock.forward(minutes=5)
    worker.drain(clock)
    worker.do(slow, clock)

    assert done == ["slow"]
    assert Attempt.objects.count() == 1


def test_a_job_that_kills_its_workers_is_given_up(db, done, clock):
    note("poison")
    for _ in range(3):
        worker.take(clock.now)
        clock.forward(minutes=5)
    worker.drain(clock)

    assert (state("poison"), done) == (("dead", 4), ["dead poison"])


def test_a_job_can_be_cancelled_before_it_is_done(db, done, clock):
    note("unwanted")

    assert cancel(kind="test.note", key="unwanted", now=NOW)
    assert (worker.drain(clock), state("unwanted")) == (0, ("cancelled", 0))
    assert not cancel(kind="test.note", key="unwanted", now=NOW)


def test_a_job_that_was_given_up_is_put_back_or_left_and_both_are_written_down(db, done, clock, clinic):
    for key in ("refuse 1", "refuse 2"):
        enqueue(kind="test.note", key=key, clinic=clinic, due_at=NOW)
    worker.drain(clock)
    one, two = Job.objects.order_by("key")
    by = machine("test", clinic)

    assert (try_again(job=one, now=NOW, by=by), give_up(job=two, now=NOW, by=by)) == (True, True)
    assert (state("refuse 1"), state("refuse 2")) == (("", 0), ("cancelled", 1))
    assert not try_again(job=one, now=NOW, by=by)
    assert list(Entry.objects.filter(kind="job").order_by("seq").values_list("action", flat=True)) == ["try again", "give up"]


def test_what_is_daily_is_due_once_a_day(db, done, clock, daily):
    daily["test.note"] = time(2)
    worker.drain(clock)
    clock.forward(hours=5)
    worker.drain(clock)
    clock.forward(hours=12)
    worker.drain(clock)

    assert done == ["2026-11-26", "2026-11-27"]


@pytest.mark.parametrize("fails", [False, True])
def test_what_is_done_over_and_over_has_one_row(db, done, clock, monkeypatch, fails):
    tried = []

    def work(job, now):
        tried.append(now)
        if fails:
            raise ConnectionError

    handlers.handler("test.again")(work)
    monkeypatch.setattr(worker, "EVERY", {"test.again": timedelta(minutes=5)})
    for _ in range(4):
        worker.drain(clock)
        clock.forward(minutes=3)

    assert tried == [NOW, NOW + timedelta(minutes=6)]
    assert (Job.objects.get().outcome, Attempt.objects.count()) == ("", 0)


def test_several_workers_do_each_job_once(committed_db, done):
    for number in range(60):
        note(f"{number:02d}")
    failed = []

    def work():
        try:
            worker.drain(lambda: NOW)
        except Exception as problem:
            failed.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert sorted(done) == [f"{number:02d}" for number in range(60)]
    assert Attempt.objects.count() == 60


def test_the_thread_wakes_when_something_is_due(committed_db, done):
    stop = worker.start_thread()
    seen = threading.Event()
    handlers.handler("test.note")(lambda job, now: seen.set())
    enqueue(kind="test.note", key="now")

    assert seen.wait(10)
    stop.set()
    worker.bell.set()


# --- people first


def waited(until_s: float) -> float:
    began = clocks.monotonic()
    waking.let_people_first(began + until_s)
    return clocks.monotonic() - began


def test_a_job_waits_for_the_request_that_is_in_hand_and_no_longer_than_it_may():
    begun, go_on = threading.Event(), threading.Event()

    def answer(request):
        begun.set()
        return go_on.wait(10)

    asked = threading.Thread(target=waking.PeopleFirst(answer), args=(None,))
    asked.start()
    begun.wait(10)
    assert waited(0.1) >= 0.1
    worker_waits = threading.Thread(target=waited, args=(10,))
    worker_waits.start()
    go_on.set()
    for one in (asked, worker_waits):
        one.join(5)

    assert not worker_waits.is_alive()


def test_a_job_begins_when_nobody_asks(monkeypatch):
    monkeypatch.setattr(waking, "QUIET_S", 0)

    assert waited(10) < 5


def test_a_request_that_fails_is_no_longer_in_hand(monkeypatch):
    monkeypatch.setattr(waking, "QUIET_S", 0)

    def answer(request):
        raise KeyError

    with pytest.raises(KeyError):
        waking.PeopleFirst(answer)(None)

    assert waited(10) < 5


def test_what_a_dead_process_had_taken_and_not_begun_is_no_attempt(db, done, clock):
    for key in ("first", "second", "third"):
        note(key)
    first, *_others = worker.take(clock())
    worker.do(first, clock)

    worker.give_back()  # the process died at the second, and another one began

    assert [state(key) for key in ("first", "second", "third")] == [("done", 1), ("", 1), ("", 0)]
    assert (worker.drain(clock), done) == (2, ["first", "second", "third"])
