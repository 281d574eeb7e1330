"""What a clinic has arranged, who was asked, and what was answered."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.followup.models import Alarm, Answer, Arrangement, CheckIn, Level
from waterneedle.clinic.outbox import reaching
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of, today_in
from waterneedle.clinic.visits.models import Strike

DEFAULT_WEEKS = (4,)  # slow infections show after 15 to 59 days; four weeks is the middle of it


def arrangement_of(clinic: Clinic) -> Arrangement:
    """What holds now; nothing is asked until the clinic has arranged it."""
    newest = Arrangement.objects.filter(clinic=clinic).order_by("made_at", "pk").last()
    return newest or Arrangement(clinic=clinic, weeks=list(DEFAULT_WEEKS))


def is_reached(patient: Patient) -> bool:
    """Whether a link can be sent: somebody has an address, and the door has a date of birth to ask for."""
    return patient.birth_date is not None and bool(reaching.addresses_of(patient, today_in(patient.clinic)))


def answers_of_clinic(clinic: Clinic) -> QuerySet[Answer]:
    """Every answer, the newest first, without those about visits that were struck."""
    rows = Answer.objects.filter(clinic=clinic).exclude(visit__strikes__struck_at__isnull=False)
    return rows.select_related("patient", "visit", "checkin").order_by("-answered_at", "-pk")


def checkins_of(patient: Patient) -> QuerySet[CheckIn]:
    """All of a patient, the newest first, each with `is_struck`: its visit was charted on the wrong one."""
    struck = Strike.objects.filter(clinic_id=OuterRef("clinic_id"), visit=OuterRef("visit"), struck_at__isnull=False)
    rows = CheckIn.objects.filter(clinic_id=patient.clinic_id, patient_id__in=records_of(patient))
    rows = rows.annotate(is_struck=Exists(struck))
    return rows.select_related("visit", "patient", "clinic").prefetch_related("given").order_by("-made_at", "-pk")


def waiting(clinic: Clinic) -> QuerySet[CheckIn]:
    """Who was asked, or was to be called, and has not answered; who waits longest comes first."""
    rows = CheckIn.objects.filter(clinic=clinic, answered_at=None).filter(ended_at=None)
    return rows.exclude(visit__strikes__struck_at__isnull=False).select_related("patient", "visit").order_by("made_at", "pk")


def open_alarms(clinic: Clinic) -> QuerySet[Alarm]:
    rows = Alarm.objects.filter(clinic=clinic, acknowledged_at=None)
    return rows.select_related("patient", "answer").order_by("-raised_at", "-pk")


def triage_of(answer: Answer) -> dict[str, Any]:
    """What triage said, as it said it then."""
    return msgspec.json.decode(answer.triage)


def told_at_once(answer: Answer) -> dict[str, Any]:
    """What of it the patient reads: where it is grave no word that soothes, such as that a bruise is common."""
    said = triage_of(answer)
    return said | {"reasons": [one for one in said["reasons"] if not (answer.is_grave and _soothes(one))]}


def _soothes(reason: dict[str, Any]) -> bool:
    """Whether it is a reason for looking after oneself, by its words: the answer keeps no more of it."""
    rule = knowledge.triage_rules().get(reason["rule"])
    calm = [one.message for one in rule.cases.values() if one.level == Level.SELF_CARE] if rule else []
    words = filter(None, (text.translation(language) for text in calm for language in dict(settings.LANGUAGES)))
    return reason["message"].startswith(tuple(words))  # a translation that nobody has reviewed says so behind them


def document_of(answer: Answer) -> dict[str, Any]:
    """What triage was told, as the contract has it."""
    return msgspec.json.decode(answer.document)


def product_names(products: list[str]) -> list[str]:
    """Products of the contract by their names; what is not on file stays as it was written."""
    known = knowledge.products()
    return [known[one].name if one in known else one for one in products]
