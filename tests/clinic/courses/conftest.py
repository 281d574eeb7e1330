"""Alice at work, and Ana, whom she treats."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from clinic.followup.following import asked_patient
from clinic.patients.people import at_work
from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.courses import counting
from waterneedle.clinic.patients.models import Patient


@pytest.fixture
def by(alice, clinic) -> Access:
    return at_work(alice, clinic)


@pytest.fixture
def ana(by) -> Patient:
    return asked_patient(by)


@pytest.fixture(autouse=True)
def nothing_is_kept() -> None:
    """What an earlier test has counted of a clinic with the same number is not read again."""
    counting.forget()


@pytest.fixture(autouse=True)
def no_language_is_left_behind() -> Iterator[None]:
    """A page that was asked for in another language leaves it active in this thread."""
    yield
    translation.deactivate()
