"""How a patient is reached: by mail or by SMS, themself or who speaks for them, in their language, at a civil hour.

    tell(patient, subject=…, text=…, short=…, about="booking", key=…)      the jobs, none where nobody can be reached

Who cannot speak for themself (a minor, or who lacks capacity) is reached through the guardians on file, and only through them.
What stands in a record that was joined into another is old: the kept one counts. Who is not to be written to (`opting`) is not.
No text names anybody or says anything of health: one telephone may serve a family, and what a message opens is behind a link.
Beneath every text stands the address at which whoever has it says that they want no more (`STOP`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from waterneedle.clinic.outbox import links, sms
from waterneedle.clinic.outbox.letters import KIND, send_letter
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.outbox.opting import is_written_to
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import guardians_of, kept_record, needs_guardian

STOP = "stop messages"  # the purpose of a link
STOP_LASTS = datetime.timedelta(days=365)  # a letter may lie for long; our judgement
_stops: list[str] = []


def stopping_leads_to(route: str) -> None:
    """Let the route of a room above (taking `secret`) be where a recipient says that they want no more messages."""
    _stops[:] = [route]


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
            stop = _stop_address(patient, now, language)
            if stop:
                text, short = _with_stop(text, short, stop)
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
            said |= {"attachments": attachments, "stop_address": stop}
            jobs.append(send_letter(to=[address.mail], subject=subject, text=text, **said))
        else:
            jobs.append(sms.send_sms(to=address.phone, text=short, **said))
    return jobs


def _stop_address(patient: Patient, now: datetime.datetime, language: str) -> str:
    """A new link to the page at which the patient is written to no more. It is not used up, and closes with all others."""
    if not _stops:
        return ""
    secret = links.issue(
        clinic=patient.clinic, purpose=STOP, patient=patient, expires_at=max(now, timezone.now()) + STOP_LASTS,
        language=language or language_of(patient))
    return settings.PUBLIC_URL + reverse(_stops[0], kwargs={"secret": secret})


def _with_stop(text: str, short: str, address: str) -> tuple[str, str]:
    """A letter and a short text with the address beneath; a text that is too long for it goes without."""
    line = _("No more texts: %(address)s") % {"address": address}
    text += "\n\n" + _(
        "You want no more messages from us? Say so here; whoever has something to tell you calls instead:\n%(address)s"
    ) % {"address": address}
    return text, f"{short}\n{line}" if len(short) + 1 + len(line) <= sms.LONGEST else short


def _address(person: Any) -> Address | None:
    if person.email:
        return Address(mail=person.email)
    phone = sms.international(person.phone) if sms.can_send() else ""
    return Address(phone=phone) if phone else None
