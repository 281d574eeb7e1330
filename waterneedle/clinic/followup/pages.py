"""The page of a patient by link: made for a while, opened at the door, closed after too many wrong answers."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.followup.models import PatientPage
from waterneedle.clinic.followup.queries import arrangement_of, is_reached
from waterneedle.clinic.intake import door
from waterneedle.clinic.intake.calling import number_of as daytime_number_of
from waterneedle.clinic.intake.calling import with_number
from waterneedle.clinic.outbox import links
from waterneedle.clinic.outbox.reaching import language_of, tell
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.web import words

PURPOSE = "patient page"
LASTS = datetime.timedelta(days=30)


class NoAddress(ValueError):
    """Nothing can be written to this patient, or nobody could pass the door: no address, or no date of birth."""


def number_of(clinic: Clinic) -> str:
    """The number at which the clinic is reached, if there is one also at night; "" while none is on file."""
    return arrangement_of(clinic).night_number or daytime_number_of(clinic)


@transaction.atomic
def make(*, patient: Patient, by: Person | Who, language: str = "") -> tuple[PatientPage, str]:
    """A page of the patient, and the secret of its link."""
    page = _new(patient, by, language, timezone.now())
    return page, _link(page)


def address_of(page: PatientPage) -> str:
    """The address of a new link to the page."""
    return settings.PUBLIC_URL + reverse("followup_page", kwargs={"secret": _link(page)})


@transaction.atomic
def send(*, patient: Patient, by: Person) -> PatientPage:
    """Send the patient the link of their page. Raises NoAddress."""
    if not is_reached(patient):
        raise NoAddress("no address or no date of birth is on file")
    now = timezone.now()
    page = _new(patient, by, "", now)

    def write() -> tuple[str, str, str]:
        said = {"clinic": patient.clinic.name, "address": address_of(page), "until": words.day(page.expires_at)}
        text = _(
            "Hello,\n\nYour page at %(clinic)s:\n\n%(address)s\n\n"
            "You will be asked for the patient's first name and date of birth. "
            "The link is for you alone and opens until %(until)s; please do not pass it on."
        ) % said
        return _("%(clinic)s: your page") % said, with_number(text, patient.clinic), _("%(clinic)s: your page %(address)s") % said

    tell(patient, write=write, about="patient page", key=f"page {page.uid}", now=now, language=page.language)
    return page


@transaction.atomic
def knock(*, page: PatientPage, name: str, born: datetime.date | None, now: datetime.datetime) -> bool:
    """Whether the door opens to who says this. After too many wrong answers the link is closed."""
    row = PatientPage.objects.select_for_update().get(pk=page.pk)
    if door.knows(page.patient, name, born):
        PatientPage.objects.filter(pk=row.pk).update(wrong_answers=0)
        audit.append(by=by_link(page), action="open", kind="patient page", uid=page.uid, patient=page.patient.uid)
        return True
    PatientPage.objects.filter(pk=row.pk).update(wrong_answers=F("wrong_answers") + 1)
    if row.wrong_answers + 1 >= door.MOST_WRONG:
        PatientPage.objects.filter(pk=row.pk).update(ended_at=now)
        links.revoke(patient=page.patient, purpose=PURPOSE, about=page.uid, now=now)
        audit.append(by=by_link(page), action="lock", kind="patient page", uid=page.uid, patient=page.patient.uid)
    return False


def by_link(page: PatientPage) -> Who:
    return Who(clinic_id=page.clinic_id, zone=page.clinic.tzinfo, role="patient, by link")


def _new(patient: Patient, by: Person | Who, language: str, now: datetime.datetime) -> PatientPage:
    page = PatientPage.objects.create(
        clinic_id=patient.clinic_id, patient=patient, language=language or language_of(patient), made_at=now,
        made_by=getattr(by, "user", None), expires_at=now + LASTS)
    audit.append(by=by, action="make", kind="patient page", uid=page.uid, patient=patient.uid)
    return page


def _link(page: PatientPage) -> str:
    return links.issue(
        clinic=page.clinic, purpose=PURPOSE, patient=page.patient, about=page.uid, expires_at=page.expires_at,
        language=page.language)
