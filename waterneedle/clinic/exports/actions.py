"""Taking a record along: the file, and that it was taken."""
from __future__ import annotations

from hashlib import sha256

from django.db import transaction

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.exports import on_paper, record
from waterneedle.clinic.patients.models import Patient

JSON, PDF = "json", "pdf"


def take_along(*, patient: Patient, form: str, purpose: str, by: Access) -> bytes:
    """The whole record as `form` (JSON or PDF). The trail keeps for whom it was, and the hash of the file."""
    if form not in (JSON, PDF):
        raise ValueError(f"a record is taken along as json or pdf, got {form!r}")
    found = record.rows_of(patient)
    # Outside of a transaction: on SQLite nobody else writes while one is open, and a long record takes a moment to print.
    made = record.as_json(patient, found) if form == JSON else on_paper.record_pdf(patient, found)
    with transaction.atomic():
        audit.append(
            by=by, action=record.ACTION, kind=record.KIND, uid=patient.uid, patient=patient.uid, after=sha256(made).digest(),
            detail={"form": form, "purpose": purpose})
    return made
