"""The door of a link to a booking: first name and date of birth, before anything shows; one telephone may serve a family."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from waterneedle.clinic.appointments.models import WrongAnswer
from waterneedle.clinic.intake.door import MOST_WRONG, knows
from waterneedle.clinic.intake.kept_open import KeptOpen
from waterneedle.clinic.outbox import links
from waterneedle.clinic.outbox.models import Link

OPEN_FOR_S = 1800
_KEPT = KeptOpen("appointments")


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
