"""Doing what is due: taken under a lease, done, ended, or put off.

Taking a job and doing it are two transactions, so that a worker which dies while doing it has still counted the attempt;
its lease runs out, and another takes the job. On SQLite a thread of the server does this, on PostgreSQL any number of
`waterneedle worker`, which step over each other's rows. What takes minutes has a thread of its own, so that no letter waits for
it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from django.db import close_old_connections, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from waterneedle.clinic.outbox import letters, sms
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.handlers import DAILY, EVERY, HANDLERS, Refused, given_up
from waterneedle.clinic.outbox.hours import next_waking, wait_after
from waterneedle.clinic.outbox.models import Attempt, Job, Outcome
from waterneedle.clinic.outbox.waking import bell, let_people_first

LEASE = timedelta(minutes=5)  # longer than any job takes; a mail server is given up after 20 s
AT_ONCE = 10
SENT = (letters.KIND, sms.KIND)  # what sends a message
AGAIN = "again"  # the key of what is done over and over
PATIENT_S = 30.0  # the longest that what is due waits for a moment in which nobody asks for anything
REST_S = 5.0  # the longest time after which the outbox is looked at again, bell or not
REST_SLOW_S = 2.0  # the same for the jobs that take minutes
_log = logging.getLogger(__name__)


def drain(clock: Callable[[], datetime] = timezone.now, patient_s: float = 0) -> int:
    """Do everything that is due now; how many jobs were taken. So long it waits, all in all, for people who are at work: before
    it takes any, for what is taken and left lying would count as tried if the process died meanwhile."""
    taken, until = 0, time.monotonic() + patient_s
    plan_today(clock())
    let_people_first(until)
    while jobs := take(clock()):
        for job in jobs:
            do(job, clock)
        taken += len(jobs)
        let_people_first(until)
    return taken


def drain_slow(clock: Callable[[], datetime] = timezone.now) -> int:
    """Do the jobs that take minutes and are due now, one by one; how many there were."""
    taken = 0
    while jobs := take(clock(), 1, slow=True):
        do(jobs[0], clock)
        taken += 1
    return taken


def renew(job: Job, payload: Mapping[str, Any]) -> None:
    """Keep a slow job for another while, and write down how far it is. Raises Refused when it is somebody else's by now."""
    kept = Job.objects.filter(pk=job.pk, lease=job.lease, ended_at=None)
    if not kept.update(leased_until=timezone.now() + LEASE, payload=msgspec.json.encode(payload).decode()):
        raise Refused("another worker has taken it, or it was cancelled")


def take(now: datetime, limit: int = AT_ONCE, *, slow: bool = False) -> list[Job]:
    """The next jobs, leased to the caller; none that another worker is at."""
    if not _due(now, slow).exists():  # without the writer's place: mostly there is nothing
        return []
    lease = uuid4()
    with transaction.atomic():
        found = _due(now, slow).order_by("due_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            found = found.select_for_update(skip_locked=True)
        ids = [job.id for job in found[:limit]]
        Job.objects.filter(id__in=ids).update(lease=lease, leased_until=now + LEASE, attempts=F("attempts") + 1)
    return list(Job.objects.filter(id__in=ids, lease=lease).select_related("clinic").order_by("due_at", "id"))


def do(job: Job, clock: Callable[[], datetime] = timezone.now) -> None:
    """Do a job that was taken, and write down how it went. Whatever it raises ends the attempt, never the worker."""
    try:
        handler = HANDLERS.get(job.kind)
        if handler is None:
            raise LookupError(f"nobody does {job.kind}")
        if job.attempts > handler.attempts:
            raise Refused("every worker that tried this has died")
        if handler.outside:
            handler.work(job, clock())
        with transaction.atomic():
            if not _ours(job):
                return
            if not handler.outside:
                handler.work(job, clock())
            _end(job, clock())
    except Exception as problem:  # a handler is a room's own code: whatever happens there must not stop the others
        _log.warning("job %s of kind %s, attempt %d: %s", job.uid, job.kind, job.attempts, type(problem).__name__)
        _put_off(job, problem, clock())


def plan_today(now: datetime) -> None:
    """See to it that what is done daily is due today, and what is done over and over is due at all."""
    today = now.astimezone(UTC).date()
    wanted = {kind: (f"{today:%Y-%m-%d}", datetime.combine(today, at, UTC)) for kind, at in DAILY.items()}
    wanted |= dict.fromkeys(EVERY, (AGAIN, now))
    keys = {key for key, _ in wanted.values()}
    there = set(Job.objects.filter(kind__in=wanted, key__in=keys).values_list("kind", "key"))
    for kind, (key, due_at) in wanted.items():
        if (kind, key) not in there:
            enqueue(kind=kind, key=key, due_at=due_at)


def run(stop: threading.Event, clock: Callable[[], datetime] = timezone.now) -> None:
    """Drain until `stop` is set: at once when the bell rings, else every few seconds."""
    while not stop.is_set():
        bell.clear()
        try:
            close_old_connections()
            drain(clock, PATIENT_S)
        except Exception:
            _log.exception("the outbox could not be drained")
        bell.wait(REST_S)
    connection.close()


def run_slow(stop: threading.Event, clock: Callable[[], datetime] = timezone.now) -> None:
    """Do what takes minutes until `stop` is set. It never rings or hears the bell: that is for what must not wait."""
    while not stop.wait(REST_SLOW_S):
        try:
            close_old_connections()
            drain_slow(clock)
        except Exception:
            _log.exception("the slow jobs could not be done")
    connection.close()


def start_slow_thread(stop: threading.Event) -> None:
    threading.Thread(target=run_slow, args=(stop,), name="outbox-slow", daemon=True).start()


def start_thread() -> threading.Event:
    """Drain in a thread of this process; set what comes back, and ring, to stop it. For SQLite, where one process does all."""
    stop = threading.Event()
    threading.Thread(target=_after_restart, args=(stop,), name="outbox", daemon=True).start()
    return stop


def _after_restart(stop: threading.Event) -> None:
    give_back()
    start_slow_thread(stop)
    run(stop)


def give_back() -> None:
    """Where one process does all the work, what is leased was leased by one that is gone. Jobs are done in order: of those
    that were taken together the first was being tried, and the others were not."""
    left = Job.objects.filter(ended_at=None).exclude(lease=None)
    tried: dict[Any, int] = {}
    for pk, lease in left.order_by("due_at", "id").values_list("pk", "lease"):
        tried.setdefault(lease, pk)
    left.exclude(pk__in=tried.values()).update(attempts=F("attempts") - 1)
    left.update(lease=None, leased_until=None)


def _due(now: datetime, slow: bool = False) -> QuerySet[Job]:
    due = Job.objects.filter(Q(leased_until=None) | Q(leased_until__lte=now), ended_at=None, due_at__lte=now)
    slow_kinds = [kind for kind, handler in HANDLERS.items() if handler.slow]
    if slow:
        return due.filter(kind__in=slow_kinds)
    due = due.exclude(kind__in=slow_kinds) if slow_kinds else due
    waiting = [kind for kind, can in ((letters.KIND, letters.can_send()), (sms.KIND, sms.can_send())) if not can]
    return due.exclude(kind__in=waiting) if waiting else due


def _ours(job: Job) -> bool:
    """Whether the lease is still ours; the row is locked until the transaction ends."""
    return bool(Job.objects.select_for_update().filter(pk=job.pk, lease=job.lease, ended_at=None))


def _end(job: Job, now: datetime) -> None:
    if job.kind in EVERY:
        return _once_more(job, now)
    Job.objects.filter(pk=job.pk).update(ended_at=now, outcome=Outcome.DONE, lease=None, leased_until=None)
    Attempt.objects.create(job=job, number=job.attempts, at=now)
    if job.kind in SENT:
        letters.sent(job)
    return None


def _once_more(job: Job, now: datetime) -> None:
    """What is done over and over has one row, which is due again."""
    Job.objects.filter(pk=job.pk).update(due_at=now + EVERY[job.kind], attempts=0, lease=None, leased_until=None)


def _put_off(job: Job, problem: Exception, now: datetime) -> None:
    handler = HANDLERS.get(job.kind)
    for_good = isinstance(problem, Refused) or (handler is not None and job.attempts >= handler.attempts)
    with transaction.atomic():
        if not _ours(job):
            return
        if job.kind in EVERY:
            _once_more(job, now)
            return
        Attempt.objects.create(job=job, number=job.attempts, at=now, error=f"{type(problem).__name__}: {problem}"[:500])
        changes = {"ended_at": now, "outcome": Outcome.DEAD} if for_good else {"due_at": _later(job, now)}
        Job.objects.filter(pk=job.pk).update(lease=None, leased_until=None, **changes)
        if for_good and handler is not None and handler.dead is not None:
            handler.dead(job, now)
        elif for_good and job.clinic is not None:
            for told in given_up:
                told(job, now)


def _later(job: Job, now: datetime) -> datetime:
    due_at = now + wait_after(job.attempts)
    letter = getattr(job, "letter", None) if job.kind in SENT else None
    return next_waking(due_at, job.clinic.tzinfo) if letter and letter.waking_hours and job.clinic else due_at


