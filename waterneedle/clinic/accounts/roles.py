"""Who may do what: the table of docs/roles.md, and nothing that is not in it.

`scope("practitioner", "chart.read")` is how far a role reaches: everything of the clinic (`ALL`), what trainees of this
instructor are responsible for (`TRAINEES`), what is about the person themself (`OWN`), or nothing (None).
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

Scope = Literal["yes", "trainees", "own"]
ALL, TRAINEES, OWN = "yes", "trainees", "own"
_WIDEST_FIRST: tuple[Scope, ...] = (ALL, TRAINEES, OWN)


class Role(models.TextChoices):
    OWNER = "owner", _("owner")
    PRACTITIONER = "practitioner", _("practitioner")
    ASSISTANT = "assistant", _("assistant")
    FRONT_DESK = "front desk", _("front desk")
    INSTRUCTOR = "instructor", _("instructor")
    AUDITOR = "auditor", _("auditor")


# In the order of `Role`: owner, practitioner, assistant, front desk, instructor, auditor.
_TABLE = {
    "clinic.read": "yes yes yes yes yes yes",
    "clinic.write": "yes – – – – –",
    "day.read": "yes yes yes yes – yes",
    "day.write": "yes yes yes yes – –",
    "people.read": "yes yes yes yes yes yes",
    "people.write": "yes – – – – –",
    "demographics.read": "yes yes yes yes trainees –",
    "demographics.write": "yes yes yes yes – –",
    "merge.write": "yes yes – yes – –",
    "bookings.read": "yes yes yes yes trainees –",
    "bookings.write": "yes yes yes yes – –",
    "forms.read": "yes yes yes yes trainees –",
    "forms.write": "yes yes yes yes – –",
    "observation.read": "yes yes yes yes trainees –",
    "observation.write": "– yes yes – – –",
    "chart.read": "– yes yes – trainees –",
    "chart.write": "– yes yes – – –",
    "reaction.write": "yes yes yes yes trainees –",
    "sign.write": "– yes – – – –",
    "cosign.write": "– – – – trainees –",
    "followup.read": "– yes yes – trainees –",
    "followup.write": "– yes yes – – –",
    "credentials.read": "yes yes yes – trainees –",
    "credentials.write": "yes own – – – –",
    "stock.read": "yes yes yes – yes –",
    "stock.write": "yes yes yes – – –",
    "quarantine.write": "yes yes – – – –",
    "incidents.read": "yes own own own own yes",
    "incidents.write": "yes own own own own –",
    "tasks.read": "yes yes yes yes yes –",
    "tasks.write": "yes yes yes yes yes –",
    "messages.read": "yes yes yes yes – –",
    "messages.write": "yes yes – yes – –",
    "figures.read": "yes yes – – yes –",
    "training.read": "yes own – – yes –",
    "training.write": "yes – – – yes –",
    "learning.write": "– own – – – –",
    "trials.read": "– yes yes – – –",
    "trials.write": "– yes – – – –",
    "billing.read": "yes yes – yes – –",
    "billing.write": "yes – – yes – –",
    "export.read": "– yes – – – –",
    "extract.read": "yes – – – – –",
    "import.write": "yes – – – – –",
    "tokens.write": "yes – – – – –",
    "struck.read": "– yes yes – – yes",
    "audit.read": "yes – – – – yes",
    "breakglass.use": "yes – – yes yes –",
    "breakglass.read": "yes – – – – yes",
    "breakglass.review": "yes – – – – –",
}
PERMISSIONS: dict[str, dict[str, Scope]] = {
    permission: {role: cell for role, cell in zip(Role.values, cells.split(), strict=True) if cell != "–"}
    for permission, cells in _TABLE.items()
}


def scope(role: str, permission: str) -> Scope | None:
    """How far `role` reaches with `permission`; None for not at all. An unknown permission is a KeyError."""
    return PERMISSIONS[permission].get(role)


def widest(roles: Iterable[str], permission: str) -> Scope | None:
    """How far a person reaches who has all of `roles`."""
    found = {scope(role, permission) for role in roles}
    return next((one for one in _WIDEST_FIRST if one in found), None)
