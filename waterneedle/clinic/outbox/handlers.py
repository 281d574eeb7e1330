"""Who does a job of which kind. Rooms above register theirs; the outbox knows none of them.

    @handler("followup.ask")
    def ask(job, now): ...           # in the transaction that ends the job: what it writes happens once

    @handler("followup.fetch", outside=True)
    def fetch(job, now): ...         # outside of a transaction, for what is slow; it may run twice

    @handler("exports.extract", slow=True)
    def write(job, now): ...         # takes minutes: outside of a transaction, by a worker that does nothing else

    @daily("followup.recall", at=time(3))
    def recall(job, now): ...        # once a day, UTC, of no clinic

    @every("tasks.escalate", minutes=5)
    def escalate(job, now): ...      # over and over; one that was missed is not made up for
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from waterneedle.clinic.outbox.models import Job

Work = Callable[[Job, datetime], None]
MOST_ATTEMPTS = 12


class Refused(Exception):
    """Trying again would be of no use: the job is given up at once."""


@dataclass(frozen=True)
class Handler:
    """How a kind of job is done; `dead` is called, in the same transaction, when one is given up. `slow`: see `worker.renew`."""

    work: Work
    outside: bool
    attempts: int
    dead: Work | None
    slow: bool = False


Told = Callable[[Job, datetime], None]
given_up: list[Told] = []


def given_up_jobs_are_told_to(told: Told) -> Told:
    """Let a room above know of a clinic's job that is given up, in the transaction that says so, where its kind sees to nothing
    itself (`dead`)."""
    if told not in given_up:
        given_up.append(told)
    return told


HANDLERS: dict[str, Handler] = {}
DAILY: dict[str, time] = {}
EVERY: dict[str, timedelta] = {}


def handler(
    kind: str, *, outside: bool = False, attempts: int = MOST_ATTEMPTS, dead: Work | None = None, slow: bool = False
) -> Callable[[Work], Work]:
    def registered(work: Work) -> Work:
        HANDLERS[kind] = Handler(work, outside or slow, attempts, dead, slow)
        return work

    return registered


def daily(kind: str, *, at: time, outside: bool = False) -> Callable[[Work], Work]:
    def registered(work: Work) -> Work:
        DAILY[kind] = at
        return handler(kind, outside=outside)(work)

    return registered


def every(kind: str, *, minutes: int) -> Callable[[Work], Work]:
    def registered(work: Work) -> Work:
        EVERY[kind] = timedelta(minutes=minutes)
        return handler(kind, attempts=1)(work)

    return registered
