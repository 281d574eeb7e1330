from __future__ import annotations

import pytest

from clinic.training.learning import make_course, make_owner, make_teacher, make_trainee, put_on


@pytest.fixture
def boss(clinic):
    return make_owner(clinic)


@pytest.fixture
def ines(clinic, boss):
    """Instructor, papers in order."""
    return make_teacher(clinic, boss)


@pytest.fixture
def tom(clinic, boss, ines):
    """Student of Ines."""
    return make_trainee(clinic, boss, ines)


@pytest.fixture
def course(ines):
    return make_course(ines)


@pytest.fixture
def enrolment(course, tom, ines):
    return put_on(course, tom, ines)
