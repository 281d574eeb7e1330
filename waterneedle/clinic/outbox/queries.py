"""Letters and jobs as they are shown to people: what waits, what has gone, what was given up."""

from __future__ import annotations

from django.db.models import QuerySet

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.outbox.models import Job, Outcome

FILTERS = ("waiting", "dead", "gone")


def jobs(clinic: Clinic, which: str) -> QuerySet[Job]:
    """One of FILTERS: what waits (letters), what was given up (all jobs), what has gone (letters), the latest on top."""
    found = Job.objects.filter(clinic=clinic).select_related("letter", "letter__patient").prefetch_related("tries")
    if which == "dead":
        return found.filter(outcome=Outcome.DEAD).order_by("-ended_at", "-id")
    if which == "gone":
        return found.filter(outcome=Outcome.DONE, letter__isnull=False).order_by("-ended_at", "-id")
    return found.filter(ended_at=None, letter__isnull=False).order_by("due_at", "id")


def given_up(clinic: Clinic) -> int:
    """How many jobs were given up and not looked at yet."""
    return Job.objects.filter(clinic=clinic, outcome=Outcome.DEAD).count()
