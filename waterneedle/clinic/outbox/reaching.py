"""How a patient is reached: by mail or by SMS, themself or who speaks for them, in their language, at a civil hour.

    tell(patient, subject=…, text=…, short=…, about="booking", key=…)      the jobs, none where nobody can be reached

Who cannot speak for themself (a minor, or who lacks capacity) is reached through the guardians on file, and only through them.
What stands in a record that was joined into another is old: the kept one counts. Who is not to be written to (`opting`) is not.
No text names anybody or says anything of health: one telephone may serve a family, and what a message opens is behind a link.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from waterneedle.clinic.outbox import sms
from waterneedle.clinic.outbox.letters import KIND, send_letter
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.outbox.opting import is_written_to
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import guardians_of, kept_record, needs_guardian


@dataclass(frozen=True)
class Address:
    """Where a message goes: an e-mail address, or a telephone number as the SMS service takes it."""

    mail: str = ""
    phone: str = ""


def addresses_of(patient: Patient, day: datetime.date) -> list[Address]:
    """Where the patient is reached on `day`; empty where nothing is on file, or nobody is to write. Each person once: by mail if
    there is an address, else by SMS if the clinic has a service and the number is written with its country."""
    patient = kept_record(patient)
    if not is_written_to(patient):
        return []
    people: list[Any] = [patient]
    if needs_guardian(patient, day):
        people = guardians_of(patient)
    found = [one for one in map(_address, people) if one is not None]
    return list(dict.fromkeys(found))


def language_of(patient: Patient) -> str:
    """The patient's language, else the first of the clinic, else English."""
    known = dict(settings.LANGUAGES)
    return next((one for one in (patient.language, *patient.clinic.languages) if one in known), "en")


@contextmanager
def in_words_of(patient: Patient, language: str = "") -> Iterator[None]:
    """Write in the patient's language (or the one given), and of times by the clinic's clock."""
    with translation.override(language or language_of(patient)), timezone.override(patient.clinic.tzinfo):
        yield


def tell(
    patient: Patient,
    *,
    write: Callable[[], tuple[str, str, str]],
    about: str,
    key: str,
    now: datetime.datetime,
    attachments: Sequence[tuple[str, bytes, str]] = (),
    due_at: datetime.datetime | None = None,
    language: str = "",
    urgent: bool = False,
) -> list[Job]:
    """Have everybody told who is reached for `patient`; the jobs, none where nobody can be.

    `write` gives subject, text and the short text for SMS, in the language that is active; it is called once for each address, so
    that each message has a link of its own. The same `key` twice is one message. By night it waits, unless `urgent`.
    """
    jobs, patient = [], kept_record(patient)
    for place, address in enumerate(addresses_of(patient, now.astimezone(patient.clinic.tzinfo).date())):
        kind, cause = (KIND if address.mail else sms.KIND), f"{key} {place}"
        if job := Job.objects.filter(kind=kind, key=cause).first():
            jobs.append(job)  # written before: another link would open what that one opens
            continue
        with in_words_of(patient, language):
            subject, text, short = write()
        said = {
            "clinic": patient.clinic,
            "about": about,
            "patient": patient,
            "language": language or language_of(patient),
            "due_at": due_at,
            "waking_hours": not urgent,
            "key": cause,
        }
        if address.mail:
            jobs.append(send_letter(to=[address.mail], subject=subject, text=text, attachments=attachments, **said))
        else:
            jobs.append(sms.send_sms(to=address.phone, text=short, **said))
    return jobs


def _address(person: Any) -> Address | None:
    if person.email:
        return Address(mail=person.email)
    phone = sms.international(person.phone) if sms.can_send() else ""
    return Address(phone=phone) if phone else None
