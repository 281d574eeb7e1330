"""The door of a link: who opens it first says their first name and date of birth, and nothing shows before that."""

from __future__ import annotations

import datetime
import re

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from waterneedle.clinic.intake.kept_open import KeptOpen
from waterneedle.clinic.intake.models import Form, Way
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record
from waterneedle.clinic.patients.searching import plain, words_of

MOST_WRONG = 5  # answers; then the link is closed, and the clinic sends another
_KEPT = KeptOpen("intake")
OPEN_FOR_S = {Way.LINK: 2 * 3600, Way.DEVICE: 3600}  # without a word typed; then the door is asked again


def knows(patient: Patient, name: str, born: datetime.date | None) -> bool:
    """Whether somebody who says so is the patient, or speaks for them: the given or the preferred name, or the first word of
    one, and the date of birth, by the record that counts. A patient whose date of birth is not on file has no door that opens."""
    patient = kept_record(patient) if patient.pk else patient
    names = [one for one in (patient.given_name, patient.preferred_name) if one]
    known = {_letters(part) for one in names for part in (one, one.split()[0])} - {""}
    said = words_of(name)
    fits = _letters(name) in known or any(words_of(one) and words_of(one) <= said for one in names)
    return fits and patient.birth_date is not None and born == patient.birth_date


def is_open(request: HttpRequest, form: Form) -> bool:
    return _KEPT.is_open(request, form.uid, OPEN_FOR_S[form.way])


def keep_open(response: HttpResponse, request: HttpRequest, form: Form, secret: str) -> None:
    """Leave the door open in this browser, for the addresses of this link alone."""
    _KEPT.keep(response, request, form.uid, path=_path(secret), for_s=OPEN_FOR_S[form.way])


def close(response: HttpResponse, form: Form, secret: str) -> None:
    _KEPT.close(response, form.uid, path=_path(secret))


def _letters(name: str) -> str:
    return re.sub(r"[^\w]+", "", plain(name))


def _path(secret: str) -> str:
    return reverse("intake_link", kwargs={"secret": secret})
