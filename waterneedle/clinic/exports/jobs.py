"""Writing an extract takes minutes in a large clinic: it is done by a worker, and waits in a folder until it is taken."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.exports import actions_extract
from waterneedle.clinic.outbox.handlers import Refused, every, handler
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.outbox.worker import renew
from waterneedle.clinic.patients.queries import today_in

KEPT = timedelta(days=1)
TELL_EVERY_S = 1.0


@handler(actions_extract.JOB, slow=True, attempts=3)
def write(job: Job, now: datetime) -> None:
    """Write the extract that `job` asks for. The file is whole or not there."""
    clinic, told_at = job.clinic, 0.0

    def done(count: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= TELL_EVERY_S:
            told_at = time.monotonic()
            renew(job, job.says | {"done": count})

    try:
        made = actions_extract.take_extract(clinic=clinic, day=today_in(clinic), by=machine("outbox", clinic), done=done)
    except ValueError as problem:
        raise Refused(str(problem)) from problem  # the key of the pseudonyms cannot be used: a person must look
    place = actions_extract.file_of(job)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = place.with_suffix(".half")
    half.touch(mode=0o600)
    half.write_bytes(made)
    half.replace(place)


@every("exports.tidy", minutes=60)
def tidy(job: Job, now: datetime) -> None:
    """Take away extracts that nobody needs any more."""
    for file in Path(settings.EXTRACTS_FOLDER).glob("*.*"):
        if now.timestamp() - file.stat().st_mtime > KEPT.total_seconds():
            file.unlink(missing_ok=True)
