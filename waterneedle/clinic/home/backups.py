"""The backup of every night: made, verified, and called out to the owners when it cannot be."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.actions import append
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.database.backup import keeping
from waterneedle.clinic.outbox.handlers import daily
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.tasks.actions import open_task


@daily("home.backup", at=time(1, 15), outside=True)
def back_up(job: Job, now: datetime) -> None:
    """Make and verify a backup, where the settings name a folder. What fails is tried again, and the owners are told."""
    if not settings.BACKUP_FOLDER:
        return
    try:
        file, verified = keeping.back_up(
            Path(settings.BACKUP_FOLDER), Path(settings.BACKUP_KEY_FILE), now, keep=settings.BACKUP_KEEP)
    except keeping.NoBackup:
        with transaction.atomic():
            for clinic in Clinic.objects.order_by("id"):
                _tell(clinic, now)
        raise
    with transaction.atomic():
        append(by=machine("outbox"), action="back up", kind="database",
               detail={"file": file.name, "bytes": verified.content_bytes})


def _tell(clinic: Clinic, now: datetime) -> None:
    open_task(
        clinic=clinic, kind="home.backup", cause=f"{now:%Y-%m-%d}", role=Role.OWNER, due_at=now + timedelta(hours=12),
        title=gettext_noop("Tonight's backup could not be made: have the operator run “waterneedle doctor”."),
        needs="figures.read", by=machine("outbox", clinic))
