"""What a patient may read of themself behind a link: visits with their aftercare, forms, notices, and how the pain went."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from waterneedle.clinic.appointments.queries import coming_of
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.followup.models import Answer, CheckInKind, Recalled
from waterneedle.clinic.followup.queries import arrangement_of
from waterneedle.clinic.intake.models import Form
from waterneedle.clinic.outbox.opting import opt_out_of
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record, records_of
from waterneedle.clinic.visits.models import Signature

MOST_VISITS = 50


def page_of(patient: Patient) -> dict[str, Any]:
    now = timezone.now()
    signatures = list(signatures_of(patient)[:MOST_VISITS])
    pains = pains_of(patient, signatures)
    return {
        "patient": patient,
        "visits": signatures,
        "forms": list(open_forms(patient, now)),
        "notices": list(Recalled.objects.filter(**_own(patient)).exclude(sent_at=None).order_by("-sent_at")),
        "pains": pains,
        "pain_line": [one["pain"] for one in pains],
        "pain_said": _("pain over time, the last one %(pain)s") % {"pain": pains[-1]["pain"]} if pains else "",
        "bookings": [{"when": one.starts_at, "with_whom": str(one.practitioner)} for one in coming_of(patient, now)],
        "arranged": arrangement_of(patient.clinic),
        "wants_none": opt_out_of(kept_record(patient)) is not None,
    }


def signatures_of(patient: Patient) -> QuerySet[Signature]:
    """Signed visits that stand, the newest first."""
    rows = Signature.objects.filter(clinic_id=patient.clinic_id, visit__patient_id__in=records_of(patient))
    rows = rows.exclude(visit__strikes__struck_at__isnull=False)
    rows = rows.select_related("visit__patient__clinic", "visit__clinic", "visit__practitioner__user")
    return rows.order_by("-visit__day", "-pk")


def told_unasked(patient: Patient, answer: UUID) -> Answer | None:
    """What the patient has told out of turn."""
    rows = Answer.objects.filter(**_own(patient), uid=answer, checkin__kind=CheckInKind.UNASKED)
    return rows.exclude(visit__strikes__struck_at__isnull=False).first()


def open_forms(patient: Patient, now: datetime.datetime) -> QuerySet[Form]:
    return Form.objects.filter(**_own(patient), submitted_at=None, ended_at=None, expires_at__gt=now).order_by("made_at")


def pains_of(patient: Patient, signatures: list[Signature]) -> list[dict[str, Any]]:
    """Pain from 0 to 10, the oldest first: before and after each visit, and what was answered afterwards."""
    zone, found = patient.clinic.tzinfo, []
    for one in signatures:
        noon = datetime.datetime.combine(one.visit.day, datetime.time(12), zone)
        for hours, what, pain in ((0, "before", one.visit.pain_before), (1, "after", one.visit.pain_after)):
            if pain is not None:
                found.append({"at": noon + datetime.timedelta(hours=hours), "what": what, "pain": pain})
    answers = Answer.objects.filter(**_own(patient)).exclude(visit__strikes__struck_at__isnull=False).exclude(pain=None)
    found += [
        {"at": one.answered_at, "what": "told" if one.checkin.kind == CheckInKind.UNASKED else "answer", "pain": one.pain}
        for one in answers.select_related("checkin")]
    return sorted(found, key=lambda one: one["at"])


def note_printed(request: HttpRequest, signature: Signature) -> None:
    """Write down that the sheet was given out."""
    with transaction.atomic():
        audit.append(
            by=request.access, action="print", kind="aftercare", uid=signature.visit.uid, patient=request.patient.uid)


def _own(patient: Patient) -> dict[str, Any]:
    return {"clinic_id": patient.clinic_id, "patient_id__in": records_of(patient)}
