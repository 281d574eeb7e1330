"""A practitioner with papers that are all in order, in one line."""

from __future__ import annotations

import datetime
from typing import Any

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.practitioners import actions
from waterneedle.clinic.practitioners.models import Paper, Practitioner

DAY = datetime.date(2026, 11, 22)
IN_ORDER: dict[str, dict[str, Any]] = {
    "licence": {"jurisdiction": "US-WA", "number": "AC1", "expires": datetime.date(2027, 6, 30), "seen": "register"},
    "training": {"course": "Point injection", "provider": "School", "completed_on": datetime.date(2024, 4, 1), "hours": 26,
                 "hands_on_hours": 9, "emergency_hours": 2, "seen": "original"},
    "certificate": {"issuer": "Ines Instructor", "certified_on": datetime.date(2024, 5, 1), "expires": datetime.date(2027, 5, 1),
                    "seen": "original"},
    "resuscitation": {"course": "BLS", "expires": datetime.date(2027, 1, 31), "seen": "card"},
}


def make_practitioner(user: User, by: Access, profession: str = "acupuncturist", without: str = "") -> Practitioner:
    practitioner = actions.add_practitioner(user=user, profession=profession, by=by)
    for kind in IN_ORDER:
        if kind != without:
            add(practitioner, kind, by)
    return practitioner


def add(practitioner: Practitioner, kind: str, by: Access, **fields: Any) -> Paper:
    return actions.add_paper(practitioner=practitioner, kind=kind, fields=IN_ORDER[kind] | fields, by=by)
