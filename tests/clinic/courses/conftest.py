"""Alice at work, and Ana, whom she treats."""

from __future__ import annotations

import pytest

from clinic.followup.following import asked_patient
from clinic.patients.people import at_work
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.patients.models import Patient


@pytest.fixture
def by(alice, clinic) -> Access:
    return at_work(alice, clinic)


@pytest.fixture
def ana(by) -> Patient:
    return asked_patient(by)
