"""Patients, made in one line."""
from __future__ import annotations

import datetime
from typing import Any

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import Clinic, User
from waterneedle.clinic.patients import actions
from waterneedle.clinic.patients.models import Patient


def at_work(user: User, clinic: Clinic) -> Access:
    """`user` at work in `clinic`, with the roles that they have there."""
    roles = user.memberships.filter(clinic=clinic, ended_at=None).values_list("role", flat=True)
    return Access(user=user, clinic=clinic, roles=frozenset(roles))


def make_patient(by: Access, name: str = "Ana Ruiz", **fields: Any) -> Patient:
    given, _, family = name.partition(" ")
    fields = {"birth_date": datetime.date(1982, 3, 14), "sex": "female", "given_name": given, "family_name": family} | fields
    return actions.create_patient(clinic=by.clinic, fields=fields, by=by)
