"""Letters that come back after a mail server had taken them: reports of non-delivery (RFC 3464), read from a Maildir.

The mailbox of the sender of letters delivers into the folder that `WATERNEEDLE_RETURNED_MAIL` names. A report that says of one of
our letters, by its Message-ID, that it failed for good makes the letter one that was given up: it stands on the page of messages,
and somebody is asked to call. Such a report holds an address and is deleted; whatever else comes is marked as seen and stays.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from datetime import datetime
from email.message import Message
from functools import partial
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import transaction

from waterneedle.clinic.audit.actions import append
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox import letters
from waterneedle.clinic.outbox.handlers import every
from waterneedle.clinic.outbox.models import Attempt, Channel, Job, Letter, Outcome

LARGEST = 2_000_000  # bytes; a report is a few thousand, and the letter that it gives back
AT_ONCE = 200
_FAILED = "failed"  # RFC 3464, 2.3.3; `delayed` may still arrive


class Report(NamedTuple):
    message_id: str  # of the letter that was not delivered
    status: str  # such as 5.1.1 (RFC 3463)


@every("outbox.returned", minutes=5)
def read(job: Job, now: datetime) -> None:
    """Read what is new in the folder, if one is named. A file leaves its place only once what it says is written."""
    if not settings.RETURNED_MAIL:
        return
    folder = Path(settings.RETURNED_MAIL)
    for file in sorted(one for one in (folder / "new").glob("*") if one.is_file())[:AT_ONCE]:
        report = report_of(file.read_bytes()) if file.stat().st_size <= LARGEST else None
        noted = report is not None and note(report, now)
        transaction.on_commit(partial(file.unlink, missing_ok=True) if noted else partial(_seen, file, folder))


def report_of(content: bytes) -> Report | None:
    """What a message says of a letter that failed for good; None for any other message."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    if message.get_content_type() != "multipart/report" or message.get_param("report-type") != "delivery-status":
        return None
    states = [one for one in _recipients(message) if str(one.get("Action", "")).strip().lower() == _FAILED]
    original = next(filter(None, map(_original_id, message.walk())), "")
    if not states or not original:
        return None
    return Report(original, str(states[0].get("Status", "")).partition("(")[0].strip()[:20])


@transaction.atomic
def note(report: Report, now: datetime) -> bool:
    """Give up the letter that has come back, and let the rooms above know. False if it is none of ours; a second report of the
    same letter changes nothing."""
    found = Letter.objects.filter(message_id=report.message_id, channel=Channel.MAIL)
    letter = found.select_related("job", "clinic", "patient").first()
    if letter is None:
        return False
    if not Job.objects.filter(pk=letter.job_id, outcome=Outcome.DONE).update(outcome=Outcome.DEAD, ended_at=now):
        return True
    Attempt.objects.create(job=letter.job, number=letter.job.attempts, at=now, error=f"the letter came back: {report.status}")
    append(
        by=machine("outbox", letter.clinic), action="return", kind="letter", uid=letter.uid,
        patient=letter.patient and letter.patient.uid, detail={"about": letter.about, "status": report.status})
    letters.given_up(letter.job, now)
    return True


def _recipients(message: Message) -> Iterator[Message]:
    """The fields of each recipient; the first block of a report is of the message."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and isinstance(part.get_payload(), list):
            yield from part.get_payload()[1:]


def _original_id(part: Message) -> str:
    """The Message-ID of the letter that is given back, whole or by its headers."""
    original: Message | None = None
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        original = part.get_payload()[0]
    elif part.get_content_type() == "text/rfc822-headers":
        original = email.message_from_bytes(part.get_payload(decode=True) or b"")
    return str(original.get("Message-ID", "")).strip() if original else ""


def _seen(file: Path, folder: Path) -> None:
    (folder / "cur").mkdir(exist_ok=True)
    file.rename(folder / "cur" / f"{file.name.partition(':')[0]}:2,S")
