"""Consents, signed in one line."""

from __future__ import annotations

import json
from typing import Any

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.intake import actions_consent
from waterneedle.clinic.intake.models import AddedLines, Consent
from waterneedle.clinic.patients.models import Patient

DRAWN = json.dumps([[[100, 200], [400, 120], [500, 260]], [[620, 180]]])
EVERY_PRODUCT = ("b12", "homeopathic", "saline", "anaesthetic", "vitamins", "bee_venom", "herbal")


def signed(by: Access, patient: Patient, *lines: str, **more: Any) -> Consent:
    text = actions_consent.text_in_force(clinic=by.clinic, language=more.pop("language", "en"), by=by)
    fields = {"asked": lines or ("b12",), "agreed": lines or ("b12",), "signed_by": "patient", "typed": "Ana Ruiz"} | more
    return actions_consent.sign_consent(patient=patient, text=text, by=by, **fields)


def added(by: Access, consent: Consent, *lines: str, **more: Any) -> AddedLines:
    text = actions_consent.text_in_force(clinic=by.clinic, language="en", by=by)
    fields = {"asked": lines, "agreed": lines, "signed_by": "patient", "typed": "AR"} | more
    return actions_consent.add_lines(consent=consent, text=text, by=by, **fields)
