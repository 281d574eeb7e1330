"""The door of a link to a booking, or of the letter to who asked for one: first name and date of birth, before anything shows.

One telephone may serve a family, and an address may be typed wrong.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from waterneedle.clinic.appointments.models import Asked, WrongAnswer
from waterneedle.clinic.intake.door import MOST_WRONG, knows
from waterneedle.clinic.intake.kept_open import KeptOpen
from waterneedle.clinic.outbox import links
from waterneedle.clinic.outbox.models import Link
from waterneedle.clinic.patients.models import Patient

OPEN_FOR_S = 1800
_KEPT, _KEPT_ASKED = KeptOpen("appointments"), KeptOpen("asked")


@transaction.atomic
def knock(*, link: Link, name: str, born: datetime.date | None, now: datetime.datetime) -> bool:
    """Whether the door opens to who says this. After too many wrong answers the link is closed for good."""
    Link.objects.select_for_update().get(pk=link.pk)
    if knows(link.patient, name, born):
        return True
    WrongAnswer.objects.create(clinic=link.clinic, link=link, made_at=now)
    if WrongAnswer.objects.filter(clinic=link.clinic, link=link).count() >= MOST_WRONG:
        links.revoke(patient=link.patient, purpose=link.purpose, about=link.about, now=now)
    return False


def is_open(request: HttpRequest, link: Link) -> bool:
    return _KEPT.is_open(request, link.uid, OPEN_FOR_S)


def keep_open(response: HttpResponse, request: HttpRequest, link: Link, secret: str) -> None:
    """Leave the door open in this browser, for the addresses of this link alone."""
    _KEPT.keep(response, request, link.uid, path=_path(secret), for_s=OPEN_FOR_S)


def close(response: HttpResponse, link: Link, secret: str) -> None:
    _KEPT.close(response, link.uid, path=_path(secret))


def _path(secret: str) -> str:
    return reverse("appointments_link", kwargs={"secret": secret})


# --- of the letter to who asked on the public page


def knock_asked(*, asked: Asked, name: str, born: datetime.date | None) -> bool:
    """Whether who says this is who asked. After too many wrong answers `public.find` does not find it any more."""
    said = asked.says
    if knows(Patient(given_name=said["given_name"], birth_date=datetime.date.fromisoformat(said["birth_date"])), name, born):
        return True
    Asked.objects.filter(pk=asked.pk).update(wrong_answers=F("wrong_answers") + 1)
    return False


def is_open_asked(request: HttpRequest, asked: Asked) -> bool:
    return _KEPT_ASKED.is_open(request, asked.uid, OPEN_FOR_S)


def keep_open_asked(response: HttpResponse, request: HttpRequest, asked: Asked) -> None:
    """Leave it open in this browser, also in that in which it was asked: so its path must not tell the secret of the letter."""
    path = reverse("appointments_confirm", kwargs={"secret": "-"}).removesuffix("-/")
    _KEPT_ASKED.keep(response, request, asked.uid, path=path, for_s=OPEN_FOR_S)
