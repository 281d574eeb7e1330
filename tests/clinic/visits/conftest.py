"""A student and who answers for them, and a visit of the student."""

from __future__ import annotations

import pytest

from clinic.patients.people import at_work
from clinic.people import PASSWORD, make_person
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.practitioners import actions as practitioners
from waterneedle.clinic.visits import actions
from waterneedle.clinic.web.addresses import address


@pytest.fixture
def ines(clinic):
    return make_person(clinic, "Ines Instructor", Role.INSTRUCTOR)


@pytest.fixture
def tom(clinic, owner, ines):
    """A student of Ines."""
    by = at_work(owner, clinic)
    teacher = practitioners.add_practitioner(user=ines, profession="acupuncturist", by=by)
    student = make_person(clinic, "Tom Trainee", Role.PRACTITIONER)
    practitioners.add_practitioner(user=student, profession="student", by=by, supervised_by=teacher)
    return student


@pytest.fixture
def by_tom(clinic, tom):
    """A visit of the student, to be signed."""
    by = at_work(tom, clinic)
    ana = make_ready_patient(by)
    made = make_visit(by, ana, why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    one = plan(by, made, make_syringe(by, made))
    actions.mark(injection=one, status="given", why="under supervision", by=by)
    return made


@pytest.fixture
def by_the_student(client_of, tom, by_tom):
    """The same, signed by the student: as a deviation, for a student's papers are none."""
    where = {"clinic": "harbor", "patient": by_tom.patient.uid, "visit": by_tom.uid}
    answer = client_of(tom).post(address("visits:sign", **where), {"password": PASSWORD, "deviation_why": "under supervision"})
    assert answer.status_code == 302, answer.context["form"].errors
    return by_tom
