"""Columns that the rows of this room share: keys that lead no index, how exact a volume and a length are, and what a site is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

ML = {"max_digits": 7, "decimal_places": 3}
MM = {"max_digits": 5, "decimal_places": 1}


# A puncture is in a point, a muscle or a region.
ONE_SITE = (
    (~Q(point="") & Q(muscle="", region="")) | (~Q(muscle="") & Q(point="", region="")) | (~Q(region="") & Q(point="", muscle=""))
)


def by_key(**more: object) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **more)


def visit_key(related_name: str) -> models.ForeignKey:
    return models.ForeignKey("visits.Visit", on_delete=models.PROTECT, related_name=related_name, db_index=False)


def patient_key() -> models.ForeignKey:
    return models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="+", db_index=False)
