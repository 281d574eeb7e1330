"""The worklist: whose tasks, in which order, for whose eyes."""
from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from clinic.tasks.test_actions import opened
from waterneedle.clinic.accounts.access import access_to
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.patients.actions import create_patient
from waterneedle.clinic.tasks import actions, queries
from waterneedle.clinic.tasks.models import Task

HOUR = timedelta(hours=1)


@pytest.fixture
def by(alice, clinic):
    return access_to(alice, clinic.slug)


@pytest.fixture
def patient(clinic, by):
    return create_patient(clinic=clinic, fields={"given_name": "Ana", "family_name": "Ruiz"}, by=by)


def url(name, clinic, **more):
    return reverse(f"tasks:{name}", kwargs={"clinic": clinic.slug, **more})


def causes(response):
    return [row["task"].cause for row in response.context["rows"]]


@pytest.fixture
def some(clinic, by, alice, bob):
    now = timezone.now()
    opened(clinic, by, "mine later", owner=alice, role="", due_at=now + 2 * HOUR)
    opened(clinic, by, "mine late", owner=alice, role="", due_at=now - HOUR)
    opened(clinic, by, "my role", due_at=now + HOUR)
    opened(clinic, by, "the desk", role=Role.FRONT_DESK, due_at=now + 3 * HOUR)
    opened(clinic, by, "clinical", needs="chart.read", due_at=now + 4 * HOUR)
    actions.finish(task=opened(clinic, by, "over", owner=bob, role=""), by=by)


@pytest.mark.parametrize(("which", "expected"), [
    ("mine", ["mine late", "mine later"]),
    ("role", ["my role", "clinical"]),
    ("overdue", ["mine late"]),
    ("all", ["mine late", "my role", "mine later", "the desk", "clinical"]),
    ("done", ["over"]),
    ("'; drop table", ["mine late", "mine later"]),
])
def test_the_list_shows_whose_it_is_asked_for(some, clinic, alice, client_of, which, expected):
    assert causes(client_of(alice).get(url("worklist", clinic), {"of": which})) == expected


def test_who_may_not_read_charts_does_not_see_what_is_clinical(some, clinic, bob, client_of):
    browser = client_of(bob)
    clinical = Task.objects.get(cause="clinical")

    assert "clinical" not in causes(browser.get(url("worklist", clinic), {"of": "all"}))
    assert browser.get(url("task", clinic, task=clinical.uid)).status_code == 404
    assert browser.post(url("claim", clinic, task=clinical.uid)).status_code == 404


def test_another_clinic_sees_and_does_nothing(some, clinic, charlie, other_clinic, client_of):
    browser, task = client_of(charlie), Task.objects.get(cause="my role")

    assert browser.get(url("worklist", clinic), {"of": "all"}).status_code == 404
    for there in (clinic, other_clinic):
        assert browser.get(url("task", there, task=task.uid)).status_code == 404
        assert browser.post(url("finish", there, task=task.uid)).status_code == 404
    assert causes(browser.get(url("worklist", other_clinic), {"of": "all"})) == []


def test_a_patients_name_shows_only_to_who_may_read_it(clinic, by, patient, alice, instructor, client_of):
    task = opened(clinic, by, patient=patient)

    assert "Ana Ruiz" in client_of(alice).get(url("task", clinic, task=task.uid)).content.decode()
    for address in (url("task", clinic, task=task.uid), url("worklist", clinic) + "?of=all"):
        shown = client_of(instructor).get(address).content.decode()
        assert "Call after an answer" in shown
        assert "Ruiz" not in shown


def test_a_task_is_taken_and_done_from_the_list(some, clinic, alice, client_of):
    browser, task = client_of(alice), Task.objects.get(cause="my role")
    for step in ("claim", "finish"):
        seen = Task.objects.get(pk=task.pk).steps
        answer = browser.post(url(step, clinic, task=task.uid), {"seen": seen, "back": "list"})
        assert answer.url == url("worklist", clinic)
    task.refresh_from_db()

    assert (task.owner, task.state) == (alice, "done")


def test_who_saw_an_older_state_is_told_and_shown_the_new_one(some, clinic, alice, by, client_of):
    task = Task.objects.get(cause="my role")
    actions.finish(task=task, by=by)
    answer = client_of(alice).post(url("claim", clinic, task=task.uid), {"seen": 1}, follow=True)

    assert "Somebody else" in answer.content.decode()
    assert answer.redirect_chain[0][0] == url("task", clinic, task=task.uid)


def test_a_task_is_handed_only_to_who_may_see_it(some, clinic, alice, bob, client_of):
    browser, task = client_of(alice), Task.objects.get(cause="clinical")
    address = url("hand_over", clinic, task=task.uid)

    assert browser.post(address, {"to": f"user {bob.uid}", "seen": 1}).status_code == 422
    assert browser.post(address, {"to": "role front desk", "seen": 1}).status_code == 422
    assert browser.post(address, {"to": "role assistant", "seen": 1, "note": "please"}).status_code == 302
    task.refresh_from_db()
    assert (task.role, task.owner, task.state) == ("assistant", None, "open")


def test_somebody_writes_down_a_task_about_a_patient(clinic, bob, patient, client_of):
    answer = client_of(bob).post(url("new_about", clinic, patient=patient.uid), {
        "title": "Send the receipt", "to": "role front desk", "due_at": "2026-11-27T10:00", "note": ""})
    task = Task.objects.get()

    assert answer.url == url("task", clinic, task=task.uid)
    assert (task.patient, task.title, task.role) == (patient, "Send the receipt", "front desk")
    assert task.due_at.astimezone(clinic.tzinfo).isoformat() == "2026-11-27T10:00:00-08:00"


@pytest.mark.parametrize(("to", "seen"), [("role practitioner", False), ("role front desk", True)])
def test_what_those_who_treat_write_to_each_other_about_a_patient_the_desk_does_not_see(
    clinic, alice, bob, patient, client_of, to, seen
):
    client_of(alice).post(url("new_about", clinic, patient=patient.uid), {
        "title": "Ask about the thinner", "to": to, "due_at": "2026-11-27T10:00", "note": "bruised at GB21"})

    answer = client_of(bob).get(url("worklist", clinic), {"of": "all"})
    assert ("Ask about the thinner" in answer.content.decode()) is seen
    assert client_of(bob).get(url("task", clinic, task=Task.objects.get().uid)).status_code == (200 if seen else 404)


def test_a_form_with_errors_keeps_what_was_typed(clinic, bob, client_of):
    answer = client_of(bob).post(url("new", clinic), {"title": "Send the receipt", "to": "nobody", "due_at": "tomorrow"})

    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"to", "due_at"}
    assert "Send the receipt" in answer.content.decode()


def test_an_instructor_writes_nothing_about_a_patient_out_of_reach(clinic, instructor, auditor, patient, client_of):
    for person in (instructor, auditor):
        assert client_of(person).get(url("new_about", clinic, patient=patient.uid)).status_code == 404
    assert client_of(auditor).get(url("worklist", clinic)).status_code == 404


def test_a_task_that_is_not_there_is_a_404(clinic, alice, client_of):
    assert client_of(alice).get(url("task", clinic, task=uuid7())).status_code == 404


def test_one_task_and_three_take_the_same_queries(clinic, by, alice, patient, client_of, django_assert_num_queries):
    browser = client_of(alice)
    opened(clinic, by, "0", owner=alice, role="", patient=patient)
    browser.get(url("worklist", clinic))
    with django_assert_num_queries(9):
        browser.get(url("worklist", clinic))
    for number in range(1, 4):
        opened(clinic, by, str(number), owner=alice, role="", patient=patient)
    with django_assert_num_queries(9):
        browser.get(url("worklist", clinic))


def test_a_task_leads_to_where_it_is_done(clinic, by, patient, alice, bob, instructor, client_of, monkeypatch):
    monkeypatch.setattr(queries, "_leads", {})
    task = opened(clinic, by, patient=patient)
    assert queries.address(task, by) == reverse("patients:patient", kwargs={"clinic": clinic.slug, "patient": patient.uid})
    assert queries.address(task, access_to(instructor, clinic.slug)) == ""
    queries.leads("followup.call")(lambda task: f"/answers/{task.about}/")

    assert queries.address(opened(clinic, by, "2", about="x"), by) == "/answers/x/"


def test_a_task_that_is_done_is_opened_again(clinic, by, alice, client_of):
    task = actions.finish(task=opened(clinic, by), by=by)
    client_of(alice).post(url("reopen", clinic, task=task.uid), {"seen": 2, "note": "she called again"})
    task.refresh_from_db()

    assert (task.state, task.history.last().note) == ("claimed", "she called again")
