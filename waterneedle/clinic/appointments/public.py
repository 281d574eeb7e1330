"""What a visitor of the public page asks for, and what comes of it.

The page never says whether somebody is a patient: whatever is typed, the answer is that a letter is on its way to the address
that was typed. Who opens it has shown that the address is theirs; only then is a record looked for, and only one with the same
name, date of birth and address is taken for theirs. Everybody else is entered as somebody new.
"""

from __future__ import annotations

import datetime
import hashlib
import secrets
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.appointments import actions, messages, queries
from waterneedle.clinic.appointments.models import Asked, Booking, Online, State, Way
from waterneedle.clinic.audit.who import Who
from waterneedle.clinic.intake import door
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Guardian, Patient
from waterneedle.clinic.patients.queries import kept_record, needs_guardian, today_in
from waterneedle.clinic.practitioners.models import Practitioner
from waterneedle.clinic.web import words

LETTER_LASTS = datetime.timedelta(hours=2)
AN_HOUR, A_DAY = datetime.timedelta(hours=1), datetime.timedelta(days=1)
MOST_FROM_ONE_PLACE, MOST_TO_ONE_ADDRESS = 10, 5  # in an hour, in a day


class TooOften(ValueError):
    """More than one place or one address may ask for. Nothing was written."""


@transaction.atomic
def ask(
    *,
    clinic: Clinic,
    kind: str,
    practitioner: Practitioner,
    starts_at: datetime.datetime,
    said: dict[str, Any],
    language: str,
    source: str,
    now: datetime.datetime,
) -> Asked:
    """Take down what a visitor asks for, and write to the address that was typed."""
    actions.locked_policy(clinic)
    place, to = _keyed("place", source), _keyed("address", said["email"].casefold())
    rows = Asked.objects.filter(clinic=clinic)
    if rows.filter(source=place, made_at__gt=now - AN_HOUR).count() >= MOST_FROM_ONE_PLACE:
        raise TooOften("from this place")
    if rows.filter(to=to, made_at__gt=now - A_DAY).count() >= MOST_TO_ONE_ADDRESS:
        raise TooOften("to this address")
    secret = secrets.token_urlsafe(32)
    asked = Asked.objects.create(
        clinic=clinic,
        kind=kind,
        practitioner=practitioner,
        starts_at=starts_at,
        hash=_hash(secret),
        source=place,
        to=to,
        said=msgspec.json.encode(said | {"language": language}).decode(),
        expires_at=now + LETTER_LASTS,
    )
    address = settings.PUBLIC_URL + reverse("appointments_confirm", kwargs={"secret": secret})
    with_words = {
        "clinic": clinic.name,
        "day": words.day(starts_at),
        "clock": words.clock(starts_at),
        "address": address,
        "until": words.clock(asked.expires_at),
    }
    send_letter(
        to=[said["email"]],
        clinic=clinic,
        about="booking asked",
        key=f"asked {asked.uid}",
        language=language,
        subject=_("%(clinic)s: confirm your appointment on %(day)s") % with_words,
        text=_(
            "Hello,\n\nsomebody asked %(clinic)s for %(day)s at %(clock)s and gave this address. Was it you? Then "
            "confirm it here until %(until)s:\n\n%(address)s\n\nUntil then the time is not kept. Was it not you? Then "
            "do nothing."
        )
        % with_words,
    )
    return asked


def find(secret: str, now: datetime.datetime) -> Asked | None:
    """What stands behind the link of a letter, while it opens."""
    rows = Asked.objects.filter(hash=_hash(secret), used_at=None, expires_at__gt=now, wrong_answers__lt=door.MOST_WRONG)
    return rows.select_related("clinic", "practitioner__user", "practitioner__clinic").first()


def clinic_of(secret: str) -> Clinic | None:
    """Whose page the letter with this link came from, whether or not it still opens."""
    asked = Asked.objects.filter(hash=_hash(secret)).select_related("clinic").first()
    return asked and asked.clinic


@transaction.atomic
def confirm(*, asked: Asked, practitioner: Practitioner, starts_at: datetime.datetime, now: datetime.datetime) -> Booking:
    """Book what was asked for, or another time that was chosen instead, for the record that fits or for somebody new. Raises
    NotBooked, and has then written nothing."""
    policy = actions.locked_policy(asked.clinic)
    if not Asked.objects.filter(pk=asked.pk, used_at=None).update(used_at=now):
        raise actions.NotNow("this link was used")
    by = visitor(asked.clinic)
    patient = _patient(asked, by)
    state = State.REQUESTED if policy.online == Online.REQUEST else State.BOOKED
    booking = actions.book(
        patient=patient, practitioner=practitioner, starts_at=starts_at, by=by, way=Way.PAGE, state=state, now=now
    )
    Asked.objects.filter(pk=asked.pk).update(booking=booking)
    if state == State.REQUESTED:
        messages.requested(booking, now=now)
        actions.have_confirmed(booking, by, now)
    return booking


def visitor(clinic: Clinic) -> Who:
    """Who acts on the public page, as the trail says it."""
    return Who(clinic_id=clinic.pk, zone=clinic.tzinfo, role="visitor, by link")


def minutes_for(asked: Asked) -> int:
    """How long the visit takes that the person behind the letter may book."""
    found = matching(asked.clinic, asked.says)
    kind = queries.kind_for(found) if found else "first"
    return queries.length_of(asked.clinic, kind)


def matching(clinic: Clinic, said: dict[str, Any]) -> Patient | None:
    """The one record with this name, date of birth and address (the patient's own, or that of who speaks for them)."""
    born, address = datetime.date.fromisoformat(said["birth_date"]), said["email"].casefold()
    today = today_in(clinic)
    rows = [
        one
        for one in Patient.objects.filter(clinic=clinic, birth_date=born, retracted_at=None)
        if door.knows(one, said["given_name"], born) and address in _addresses(one, today)
    ]
    found = {one.pk: one for one in map(kept_record, rows)}
    return next(iter(found.values())) if len(found) == 1 else None


def _addresses(patient: Patient, today: datetime.date) -> set[str]:
    """Their own, and those of who speaks for them; of who is of age nobody does."""
    if needs_guardian(kept_record(patient), today) is False:
        return {patient.email.casefold()} - {""}
    guardians = Guardian.objects.filter(clinic_id=patient.clinic_id, patient=patient, ended_at=None).values_list(
        "email", flat=True
    )
    return {one.casefold() for one in (patient.email, *guardians)} - {""}


def _patient(asked: Asked, by: Who) -> Patient:
    said = asked.says
    found = matching(asked.clinic, said)
    if found is not None:
        return found
    by_other = bool(said.get("guardian"))
    made = patients.create_patient(
        clinic=asked.clinic,
        by=by,
        fields={
            "given_name": said["given_name"],
            "family_name": said["family_name"],
            "phone": said["phone"],
            "birth_date": datetime.date.fromisoformat(said["birth_date"]),
            "email": "" if by_other else said["email"],
            "language": said["language"] if said["language"] in asked.clinic.languages else "",
        },
    )
    if by_other:
        patients.add_guardian(
            patient=made,
            by=by,
            fields={
                "name": said["guardian"],
                "relation": said["relation"] or _("not said"),
                "phone": said["phone"],
                "email": said["email"],
            },
        )
    return made


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _keyed(what: str, value: str) -> str:
    return salted_hmac(f"waterneedle.appointments.{what}", value, algorithm="sha256").hexdigest()
