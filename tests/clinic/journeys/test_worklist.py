"""A day's worklist in a browser: found, moved through, taken and done by keyboard, and the owner's pages beside it."""
from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import expect

from clinic.journeys.accessibility import assert_accessible
from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts.access import access_to
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.actions import append
from waterneedle.clinic.outbox import worker
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import Attempt, Job
from waterneedle.clinic.patients.actions import create_patient
from waterneedle.clinic.tasks.actions import hand_over, open_task
from waterneedle.clinic.tasks.models import Task

TASKS = (("Call after an answer", -3), ("Send the receipt", 2), ("Order needles", 30))


@pytest.fixture
def day(site, settings, tmp_path):
    """Alice, who treats and owns, and her patient, with three tasks, a few letters and a trail."""
    settings.OUTBOX_FOLDER = str(tmp_path)
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    alice = make_person(clinic, "Alice Archer", Role.PRACTITIONER, Role.OWNER)
    by, now = access_to(alice, "harbor"), timezone.now()
    patient = create_patient(clinic=clinic, fields={"given_name": "Ana", "family_name": "Ruiz"}, by=by)
    for number, (title, hours) in enumerate(TASKS):
        open_task(
            clinic=clinic, kind="test", cause=str(number), title=title, role=Role.PRACTITIONER, by=by,
            patient=patient if number < 2 else None, due_at=now + timedelta(hours=hours), note="She asked for the morning.")
    hand_over(task=Task.objects.get(cause="2"), by=by, role=Role.PRACTITIONER, note="You know the supplier.")
    for about in ("check-in", "reminder", "invitation"):
        send_letter(
            to=["ana@example.org"], subject="s", text="t", clinic=clinic, about=about, patient=patient, key=about, due_at=now)
    given_up(now)
    with transaction.atomic():
        append(by=by, action="read", kind="chart", patient=patient.uid)
    return alice, patient


def given_up(now) -> None:
    (job,) = worker.take(now, 1)
    Attempt.objects.create(job=job, number=1, at=now, error="Refused: the address is refused: [550]")
    Job.objects.filter(pk=job.pk).update(ended_at=now, outcome="dead", lease=None, leased_until=None)


def test_tasks_are_taken_and_done_by_keyboard(day, site, page_of):
    page = page_of(day[0])
    page.goto(f"{site}/c/harbor/tasks/?of=role")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Call after an answer")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Send the receipt")).to_be_focused()
    page.keyboard.press("t")
    expect(page.get_by_text("It is yours now.")).to_be_visible()
    expect(page.get_by_role("link", name="Send the receipt")).to_be_visible()
    page.wait_for_load_state("load")  # the keys are heard once the scripts of the new page have run
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.get_by_text("Done.", exact=True)).to_be_visible()

    assert Task.objects.get(cause="1").state == "done"


def test_a_letter_that_was_given_up_is_tried_again(day, site, page_of):
    page = page_of(day[0])
    page.goto(f"{site}/c/harbor/outbox/?of=dead")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("It is tried again.")).to_be_visible()

    assert Job.objects.filter(outcome="dead").count() == 0


def test_the_pages_of_tasks_are_accessible(day, site, page_of):
    page = page_of(day[0])
    for path in ("", "?of=role", "new/"):
        page.goto(f"{site}/c/harbor/tasks/{path}")
        assert_accessible(page)
    page.goto(f"{site}/c/harbor/tasks/{Task.objects.get(cause='2').uid}/")
    page.get_by_text("Hand it over").click()
    assert_accessible(page)


def test_the_pages_of_messages_and_of_the_trail_are_accessible(day, site, page_of):
    page = page_of(day[0])
    for path in ("outbox/", "outbox/?of=dead", "outbox/?of=gone", "home/trail/", f"home/trail/patients/{day[1].uid}/"):
        page.goto(f"{site}/c/harbor/{path}")
        assert_accessible(page)
