"""A letter that is given up becomes a task of the front desk."""
from __future__ import annotations

import pytest
from django.utils import timezone

from clinic.patients.people import at_work, make_patient
from waterneedle.clinic.outbox import worker
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import Letter, Outcome
from waterneedle.clinic.tasks.models import Task


@pytest.fixture
def ana(alice, clinic):
    return make_patient(at_work(alice, clinic))


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.OUTBOX_FOLDER = str(tmp_path)


def letter_of(clinic, patient, lost, about="test"):
    job = send_letter(to=["ana@example.org"], subject="Hello", text="Hello", clinic=clinic, about=about, patient=patient)
    if lost:
        Letter.objects.filter(job=job).update(sealed=None)
    worker.drain(timezone.now)
    job.refresh_from_db()
    return job


def test_who_is_at_the_desk_is_asked_to_reach_the_patient(clinic, ana):
    job = letter_of(clinic, ana, lost=True)

    task = Task.objects.get(kind="home.letter")
    assert job.outcome == Outcome.DEAD
    assert (task.role, task.patient, task.needs, task.about) == ("front desk", ana, "messages.read", str(job.letter.uid))


def test_who_is_at_the_desk_is_not_told_of_whom_somebody_was_called(clinic, ana):
    letter_of(clinic, ana, lost=True, about="alarm")

    assert Task.objects.get(kind="home.letter").patient is None


def test_a_letter_that_went_asks_nobody(clinic, ana):
    assert letter_of(clinic, ana, lost=False).outcome == Outcome.DONE
    assert not Task.objects.filter(kind="home.letter").exists()


def test_a_letter_of_no_clinic_asks_nobody(clinic):
    assert letter_of(None, None, lost=True).outcome == Outcome.DEAD
    assert not Task.objects.filter(kind="home.letter").exists()
