"""Alice, who treats, Ann, who prepares, and Ana, who takes part."""

from __future__ import annotations

import pytest

from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.patients.models import Patient


@pytest.fixture
def by(alice, clinic) -> Access:
    return at_work(alice, clinic)


@pytest.fixture
def ann(assistant, clinic) -> Access:
    return at_work(assistant, clinic)


@pytest.fixture
def ana(by) -> Patient:
    return make_patient(by)
