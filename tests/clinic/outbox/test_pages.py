"""The page of messages: whether they arrived, not what they say, and only this clinic's."""
from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.outbox.conftest import NOW
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox import worker
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import Job, Letter
from waterneedle.clinic.patients.actions import create_patient


@pytest.fixture
def letters(clinic, mail, clock):
    """One that has gone, one that was given up, one that waits."""
    patient = create_patient(
        clinic=clinic, fields={"given_name": "Ana", "family_name": "Ruiz"}, by=machine("test", clinic))
    for key in ("gone", "dead", "waiting"):
        mail.refused_addresses = {"ana@example.org"} if key == "dead" else set()
        send_letter(to=["ana@example.org"], subject="Secret subject", text="Secret words", clinic=clinic, about=f"{key} letter",
                    key=key, patient=patient, due_at=NOW)
        if key != "waiting":
            worker.drain(clock)


def url(name, clinic, **more):
    return reverse(f"outbox:{name}", kwargs={"clinic": clinic.slug, **more})


def shown(browser, clinic, which):
    response = browser.get(url("letters", clinic), {"of": which})
    assert response.status_code == 200
    return [job.key for job in response.context["page"]], response.content.decode()


@pytest.mark.parametrize(("which", "expected"), [
    ("waiting", ["waiting"]), ("dead", ["dead"]), ("gone", ["gone"]), ("x", ["waiting"])])
def test_each_list_shows_its_own_and_nothing_of_what_they_say(letters, clinic, bob, client_of, which, expected):
    keys, page = shown(client_of(bob), clinic, which)

    assert keys == expected
    assert "Ana Ruiz" in page
    assert "Secret" not in page


def test_of_whom_somebody_was_called_only_who_reads_the_follow_up_sees(letters, clinic, alice, bob, owner, client_of):
    Letter.objects.update(about="alarm")

    for which in ("waiting", "dead", "gone"):
        assert "Ana Ruiz" in shown(client_of(alice), clinic, which)[1]
        for person in (bob, owner):
            assert "Ana Ruiz" not in shown(client_of(person), clinic, which)[1]


@pytest.mark.parametrize(("language", "word"), [("en", "check-in"), ("es", "seguimiento"), ("zh-hans", "随访")])
def test_what_a_message_is_about_is_said_in_the_language_of_who_reads(letters, clinic, bob, client_of, language, word):
    Letter.objects.update(about="check-in")
    bob.language = language
    bob.save()

    assert f'<th scope="row">{word}</th>' in shown(client_of(bob), clinic, "waiting")[1]


def test_why_a_letter_was_given_up_is_shown(letters, clinic, bob, client_of):
    assert "the address is refused: [550]" in shown(client_of(bob), clinic, "dead")[1]


def test_a_letter_is_tried_again(letters, clinic, bob, client_of, mail):
    mail.refused_addresses = set()
    job = Job.objects.get(key="dead")
    client_of(bob).post(url("again", clinic, job=job.uid))
    worker.drain()
    job.refresh_from_db()

    assert job.outcome == "done"
    assert len(mail.letters) == 3


def test_a_letter_is_left(letters, clinic, bob, client_of):
    job = Job.objects.get(key="dead")
    client_of(bob).post(url("leave", clinic, job=job.uid))
    job.refresh_from_db()

    assert (job.outcome, job.letter.sealed) == ("cancelled", None)
    assert shown(client_of(bob), clinic, "dead")[0] == []


def test_others_see_and_do_nothing(letters, clinic, other_clinic, charlie, instructor, auditor, client_of):
    job = Job.objects.get(key="dead")
    for person in (charlie, instructor, auditor):
        assert client_of(person).get(url("letters", clinic)).status_code == 404
        assert client_of(person).post(url("again", clinic, job=job.uid)).status_code == 404
    assert client_of(charlie).post(url("again", other_clinic, job=job.uid)).status_code == 404
    assert shown(client_of(charlie), other_clinic, "dead")[0] == []


def test_that_there_is_no_mail_server_is_said(clinic, bob, client_of, settings):
    settings.EMAIL_HOST, settings.OUTBOX_FOLDER = "", ""

    assert "WATERNEEDLE_SMTP_HOST" in shown(client_of(bob), clinic, "waiting")[1]


def test_one_letter_and_three_take_the_same_queries(letters, clinic, bob, client_of):
    browser = client_of(bob)
    counted = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            shown(browser, clinic, "waiting")
        counted.append(len(queries))
        for more in range(3):
            send_letter(to=["a@example.org"], subject="s", text="t", clinic=clinic, about="x", key=f"{number}{more}", due_at=NOW)
            enqueue(kind="test.note", key=f"{number}{more}", clinic=clinic)

    assert counted[0] == counted[1]
