"""Columns that the rows of this room share: keys that lead no index, and how exact a volume and a length are."""

from __future__ import annotations

from django.conf import settings
from django.db import models

ML = {"max_digits": 7, "decimal_places": 3}
MM = {"max_digits": 5, "decimal_places": 1}


def by_key(**more: object) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **more)


def visit_key(related_name: str) -> models.ForeignKey:
    return models.ForeignKey("visits.Visit", on_delete=models.PROTECT, related_name=related_name, db_index=False)


def patient_key() -> models.ForeignKey:
    return models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+", db_index=False)
