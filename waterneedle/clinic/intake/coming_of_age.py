"""The day on which a child is of age: who spoke for them speaks for them no more, and the desk asks the patient themself.

Links that were sent before open no more from the first minute of that day (`outbox.links`), and what a guardian has signed holds
no more (`queries.consent_for`). What is done here: a task some weeks before, and the end of the guardian on file. Who cannot
consent for themself keeps their guardian, and so does who was given one when they were of age already.
"""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox.handlers import every
from waterneedle.clinic.outbox.models import Job
from waterneedle.clinic.outbox.opting import is_closed
from waterneedle.clinic.patients.actions import end_guardian
from waterneedle.clinic.patients.models import Guardian, Patient
from waterneedle.clinic.patients.queries import ADULT_AGE, has_come_of_age, kept_record, of_age_on
from waterneedle.clinic.tasks.actions import ends_with_death, open_task

TASK = "intake.of_age"
ends_with_death(TASK)
TOLD_BEFORE = datetime.timedelta(days=30)  # our judgement: one visit or one telephone call


@every(TASK, minutes=60)
def watch(job: Job, now: datetime.datetime) -> None:
    for clinic in Clinic.objects.order_by("id"):
        see_to(clinic, now)


def see_to(clinic: Clinic, now: datetime.datetime) -> None:
    """End the guardians of who is of age today, and have the desk ask who will be soon."""
    today = now.astimezone(clinic.tzinfo).date()
    found = [(kept_record(one.patient), one) for one in _whose_patient_may_be(clinic, today + TOLD_BEFORE)]
    # In the order of the patients' chains in the trail: two writers of the same two must not wait for each other.
    for patient, guardian in sorted(found, key=lambda one: (one[0].uid, one[1].pk)):
        came, entered = of_age_on(patient), guardian.made_at.astimezone(clinic.tzinfo).date()
        if came is None or patient.lacks_capacity or not entered < came <= today + TOLD_BEFORE or is_closed(patient):
            continue
        _ask(patient, came, clinic)
        if has_come_of_age(patient, since=entered, day=today):
            end_guardian(guardian=guardian, by=machine("outbox", clinic))


def _whose_patient_may_be(clinic: Clinic, day: datetime.date) -> list[Guardian]:
    """The guardians on file of who is of age on `day`, by the record that they stand in or by another of the same person."""
    born = day.replace(year=day.year - ADULT_AGE, day=min(day.day, 28)) + datetime.timedelta(days=4)
    rows = Guardian.objects.filter(clinic=clinic, ended_at=None, patient__retracted_at=None)
    joined = Q(patient__joined_into__isnull=False, patient__joined_into__parted_at=None)
    rows = rows.filter(Q(patient__birth_date__lte=born) | joined).select_related("patient__clinic")
    return list(rows.distinct().order_by("pk"))


def _ask(patient: Patient, came: datetime.date, clinic: Clinic) -> None:
    open_task(
        clinic=clinic,
        kind=TASK,
        cause=str(patient.uid),
        role=Role.FRONT_DESK,
        due_at=datetime.datetime.combine(came, datetime.time(), clinic.tzinfo),
        patient=patient,
        about=patient.uid,
        needs="demographics.write",
        by=machine("outbox", clinic),
        title=gettext_noop(
            "This patient is of age when this is due: ask for an address of their own and for consents that they sign themself. "
            "Who spoke for them is written to no more."
        ),
    )

