"""Alice treats on every day, Bob is at the desk, Ana is new."""

from __future__ import annotations

import pytest

from clinic.appointments.diary import working
from clinic.patients.people import at_work, make_patient


@pytest.fixture
def by(alice, clinic):
    return at_work(alice, clinic)


@pytest.fixture
def desk(bob, clinic):
    return at_work(bob, clinic)


@pytest.fixture
def practitioner(owner, clinic, alice):
    return working(at_work(owner, clinic), user=alice)


@pytest.fixture
def ana(by):
    return make_patient(by, email="ana@example.org", phone="+1 206 555 0117")
