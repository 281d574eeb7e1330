"""Letters: made once as bytes, sealed until they are sent, sent with a Message-ID of their own.

A letter goes out at least once. A worker that dies between the mail server's answer and its own note of it sends the
same bytes again, with the same Message-ID, by which mail programs know it for the same letter.
"""

from __future__ import annotations

import os
import smtplib
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.utils import timezone

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit import keys
from waterneedle.clinic.audit.actions import append
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.handlers import Refused, handler
from waterneedle.clinic.outbox.hours import next_waking
from waterneedle.clinic.outbox.models import Channel, Job, Letter

KIND = "outbox.letter"
_PURPOSE = "outbox letter"
_FOR_GOOD = range(500, 600)  # what a mail server will say of this letter again tomorrow (RFC 5321, 4.2.1)


@transaction.atomic
def send_letter(
    *,
    to: Sequence[str],
    subject: str,
    text: str,
    clinic: Clinic | None,
    about: str,
    key: str = "",
    patient: Any = None,
    html: str = "",
    attachments: Sequence[tuple[str, bytes, str]] = (),
    language: str = "",
    due_at: datetime | None = None,
    waking_hours: bool = False,
    stop_address: str = "",
) -> Job:
    """Have a letter sent when it is due; its job. The same `key` twice is one letter, the first.

    `attachments` are (file name, content, type). With `waking_hours` it is not sent at night by the clinic's clock. At
    `stop_address` the recipient says that they want no more of these: mail programs show a button for it (RFC 8058).
    """
    message = EmailMultiAlternatives(subject, text, settings.DEFAULT_FROM_EMAIL, list(to))
    if html:
        message.attach_alternative(html, "text/html")
    for name, content, kind in attachments:
        message.attach(name, content, kind)
    if language:
        message.extra_headers["Content-Language"] = language
    if stop_address:
        message.extra_headers["List-Unsubscribe"] = f"<{stop_address}>"
    if stop_address.startswith("https://"):  # RFC 8058, 3.1: only such an address is asked by a program
        message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return post(
        message, clinic=clinic, about=about, key=key, patient=patient, language=language, due_at=due_at,
        waking_hours=waking_hours)


@transaction.atomic
def post(
    message: Any,
    *,
    clinic: Clinic | None = None,
    about: str = "",
    key: str = "",
    patient: Any = None,
    language: str = "",
    due_at: datetime | None = None,
    waking_hours: bool = False,
) -> Job:
    """Take one of Django's messages into the outbox, as it is now."""
    def content(uid: UUID, at: datetime) -> bytes:
        return _bytes(message, _message_id(uid), at)

    return take_in(
        kind=KIND, channel=Channel.MAIL, content=content, sender=parseaddr(message.from_email)[1],
        recipients=[parseaddr(one)[1] for one in message.recipients()], clinic=clinic, about=about, key=key, patient=patient,
        language=language, due_at=due_at, waking_hours=waking_hours)


@transaction.atomic
def take_in(
    *,
    kind: str,
    channel: Channel,
    content: Callable[[UUID, datetime], bytes],
    sender: str,
    recipients: Sequence[str],
    clinic: Clinic | None,
    about: str,
    key: str,
    patient: Any,
    language: str,
    due_at: datetime | None,
    waking_hours: bool,
) -> Job:
    """A message of any channel, made once as bytes by `content` (its id, when it is due), and the job of `kind` that sends it."""
    uid, due_at = uuid7(), due_at or timezone.now()
    if waking_hours and clinic is not None:
        due_at = next_waking(due_at, clinic.tzinfo)
    job = enqueue(kind=kind, key=key or str(uid), clinic=clinic, due_at=due_at)
    if Letter.objects.filter(job=job).exists():
        return job
    key_id = keys.ready().current_id
    Letter.objects.create(
        uid=uid,
        clinic=clinic,
        job=job,
        patient=patient,
        channel=channel,
        message_id=_message_id(uid),
        about=about,
        sender=sender,
        recipients=msgspec.json.encode(list(recipients)).decode(),
        language=language,
        waking_hours=waking_hours,
        sealed=_seal(content(uid, due_at), _message_id(uid), key_id),
        key_id=key_id,
    )
    return job


def _message_id(uid: UUID) -> str:
    return f"<{uid}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2] or 'localhost'}>"


def can_send() -> bool:
    """Whether this installation has been told where to send letters; until then they wait."""
    return bool(settings.OUTBOX_FOLDER or settings.EMAIL_HOST)


Told = Callable[[Letter, datetime], None]
_told_of_given_up: list[Told] = []


def given_up_letters_are_told_to(told: Told) -> Told:
    """Let a room above know of a letter of a clinic that is given up, in the transaction that says so."""
    if told not in _told_of_given_up:
        _told_of_given_up.append(told)
    return told


def given_up(job: Job, now: datetime) -> None:
    letter = Letter.objects.select_related("clinic", "patient").get(job=job)
    for told in _told_of_given_up if letter.clinic else ():
        told(letter, now)


@handler(KIND, outside=True, dead=given_up)
def send(job: Job, now: datetime) -> None:
    """Hand a letter to the mail server (or, for trying things out, write it into a folder)."""
    letter = Letter.objects.select_related("clinic", "patient").get(job=job)
    if letter.sealed is None:
        raise Refused("the letter is not there any more")
    content = unsealed(letter)
    if settings.OUTBOX_FOLDER:
        _into_folder(letter, content)
    else:
        _to_server(letter, content)


def sent(job: Job) -> None:
    """What is written when a letter has gone: the entry in the trail, and its bytes are taken away."""
    letter = Letter.objects.select_related("clinic", "patient").get(job=job)
    Letter.objects.filter(pk=letter.pk).update(sealed=None)
    append(
        by=machine("outbox", letter.clinic),
        action="send",
        kind="letter",
        uid=letter.uid,
        patient=letter.patient and letter.patient.uid,
        detail={"about": letter.about},
    )


def unsealed(letter: Letter) -> bytes:
    """The letter as it is sent."""
    sealed = bytes(letter.sealed)
    key = keys.derived(_PURPOSE, letter.key_id)
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], letter.message_id.encode())


def _seal(content: bytes, message_id: str, key_id: int) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(keys.derived(_PURPOSE, key_id)).encrypt(nonce, content, message_id.encode())


def _bytes(message: Any, message_id: str, due_at: datetime) -> bytes:
    message.extra_headers = {**message.extra_headers, "Message-ID": message_id, "Date": format_datetime(due_at)}
    message.extra_headers.setdefault("Auto-Submitted", "auto-generated")  # RFC 3834: no answer by a machine, please
    content = message.message().as_bytes(linesep="\r\n")
    # On one line: a server is known whose signature fails where this is folded (nodemailer, issue 1654).
    return content.replace(b"List-Unsubscribe: \r\n ", b"List-Unsubscribe: ", 1)


def _to_server(letter: Letter, content: bytes) -> None:
    server = EmailBackend(fail_silently=False)
    try:
        server.open()
        refused = server.connection.sendmail(letter.sender, letter.addresses, content)
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _ in problem.recipients.values()]
        raise (Refused if all(code in _FOR_GOOD for code in codes) else OSError)(f"the address is refused: {codes}") from problem
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as problem:
        error = Refused if problem.smtp_code in _FOR_GOOD else OSError
        raise error(f"the mail server refuses the letter: {problem.smtp_code}") from problem
    finally:
        server.close()
    if refused:
        raise Refused(f"{len(refused)} of {len(letter.addresses)} addresses are refused")


def _into_folder(letter: Letter, content: bytes) -> None:
    folder = Path(settings.OUTBOX_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{letter.uid}.eml").write_bytes(content)
