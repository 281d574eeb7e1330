"""Entries of the trail in a transaction of their own, for tests that record nothing else."""
from __future__ import annotations

from typing import Any

from django.db import transaction

from waterneedle.clinic.audit import actions


@transaction.atomic
def append(**said: Any) -> None:
    actions.append(**said)
