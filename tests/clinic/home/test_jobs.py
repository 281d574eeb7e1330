"""What is done regularly: the trail is checked and its owners told, and late tasks are called out."""
from __future__ import annotations

import random
from datetime import timedelta

import msgspec
from django.db import connection
from django.utils import timezone

from clinic.audit.tampering import tamper
from clinic.audit.test_verify import write_trail
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import frozen
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.home import jobs, trail
from waterneedle.clinic.tasks.actions import open_task
from waterneedle.clinic.tasks.models import Task

NOW = timezone.now()


def test_the_trail_is_checked_and_the_result_written_down(clinic, db):
    write_trail(random.Random(1), patients=2, rows=5)
    jobs.check_trail(None, NOW)
    said = msgspec.json.decode(Entry.objects.get(action="verify").detail)

    assert (said["bad"], said["rows"]) == (0, Entry.objects.count() - 1)
    assert trail.state(clinic).checked_at is not None
    assert Task.objects.count() == 0


def test_owners_are_told_when_it_is_not_whole(clinic, db):
    write_trail(random.Random(1), patients=2, rows=5)
    frozen.remove(connection)
    tamper("edit", random.Random(2))
    connection.check_constraints()  # what waits for the end of the transaction holds up the triggers
    frozen.install(connection)
    jobs.check_trail(None, NOW)
    jobs.check_trail(None, NOW)

    assert [(task.role, task.kind) for task in Task.objects.all()] == [("owner", "home.trail")]
    assert trail.state(clinic).bad == 1


def test_late_tasks_are_called_out(clinic, db):
    task = open_task(
        clinic=clinic, kind="x", cause="x", title="Call", role=Role.ASSISTANT, due_at=NOW, escalate_at=NOW - timedelta(minutes=1),
        by=machine("test", clinic))
    jobs.call_out_late_tasks(None, NOW)
    task.refresh_from_db()

    assert task.role == "owner"
