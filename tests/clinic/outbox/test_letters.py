"""Letters reach a real mail server, are the same when sent again, and hide what they hold until then."""
from __future__ import annotations

import email
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.core.mail import send_mail

from clinic.outbox.conftest import NOW
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox import letters, worker
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import Job, Letter
from waterneedle.clinic.patients.actions import create_patient


def letter_to(clinic, key="", **more):
    return send_letter(
        to=["Ana Ruiz <ana@example.org>"], subject="Mañana 足三里", text="https://example.org/secret-link", clinic=clinic,
        about="check-in", key=key, due_at=NOW, **more)


def reminder(clinic, due_at):
    return send_letter(
        to=["ana@example.org"], subject="s", text="t", clinic=clinic, about="reminder", due_at=due_at, waking_hours=True)


def test_a_letter_arrives_as_it_was_written(clinic, mail, clock):
    letter_to(clinic, html="<p>Hello</p>", attachments=[("plan.json", b"{}", "application/json")], language="es")
    worker.drain(clock)
    ((to, content),) = mail.letters
    message = email.message_from_bytes(content, policy=email.policy.default)

    assert (to, message["Subject"], message["To"]) == (["ana@example.org"], "Mañana 足三里", "Ana Ruiz <ana@example.org>")
    assert (message["From"], message["Content-Language"]) == ("Harbor <clinic@harbor.example>", "es")
    assert message["Message-ID"] == Letter.objects.get().message_id
    assert [part.get_content_type() for part in message.walk() if not part.is_multipart()] == [
        "text/plain", "text/html", "application/json"]


def test_a_letter_sent_again_is_the_same_letter(clinic, mail, clock, monkeypatch):
    """The worker dies after the mail server has taken the letter, before it could note that."""
    letter_to(clinic)
    with monkeypatch.context() as dies:
        dies.setattr(worker, "_end", lambda job, now: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            worker.drain(clock)
    clock.forward(minutes=6)
    worker.drain(clock)

    assert len(mail.letters) == 2
    assert mail.letters[0] == mail.letters[1]


def test_a_letter_is_sealed_until_it_is_sent_and_gone_afterwards(clinic, mail, clock):
    job = letter_to(clinic)
    sealed = bytes(job.letter.sealed)
    assert b"secret-link" not in sealed
    assert b"secret-link" in letters.unsealed(job.letter)
    worker.drain(clock)

    assert Letter.objects.get().sealed is None


def test_a_sealed_letter_does_not_fit_another(clinic, mail):
    one, other = letter_to(clinic, "1").letter, letter_to(clinic, "2").letter
    one.sealed = other.sealed
    with pytest.raises(InvalidTag):
        letters.unsealed(one)


def test_the_same_cause_is_one_letter_the_first(clinic, mail, clock):
    letter_to(clinic, "visit 1")
    letter_to(clinic, "visit 1", html="<p>another</p>")
    worker.drain(clock)
    letter_to(clinic, "visit 1")
    worker.drain(clock)

    assert len(mail.letters) == 1
    assert b"another" not in mail.letters[0][1]


def test_a_letter_to_a_patient_is_in_the_trail_when_it_has_gone(clinic, mail, clock):
    patient = create_patient(clinic=clinic, fields={"given_name": "Ana"}, by=machine("test", clinic))
    letter_to(clinic, patient=patient)
    worker.drain(clock)
    (entry,) = Entry.objects.filter(action="send")

    assert (entry.patient_uid, entry.kind, entry.user_name) == (patient.uid, "letter", "outbox")
    assert entry.detail == '{"about":"check-in"}'


@pytest.mark.parametrize(("answer", "outcome"), [("451 4.3.0 later", ""), ("554 5.7.1 no", "dead")])
def test_what_the_mail_server_says_decides_whether_to_try_again(clinic, mail, clock, answer, outcome):
    letter_to(clinic)
    mail.answers = [answer]
    worker.drain(clock)
    assert Job.objects.get(kind=letters.KIND).outcome == outcome
    clock.forward(minutes=1)
    worker.drain(clock)

    assert len(mail.letters) == (0 if outcome else 1)


def test_an_address_that_does_not_exist_is_given_up_and_the_letter_kept_for_another_try(clinic, mail, clock):
    mail.refused_addresses = {"ana@example.org"}
    job = letter_to(clinic)
    worker.drain(clock)
    job.refresh_from_db()

    assert (job.outcome, job.tries.get().error) == ("dead", "Refused: the address is refused: [550]")
    assert Letter.objects.get().sealed is not None


def test_a_mail_server_out_of_reach_is_tried_again(clinic, mail, clock, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    letter_to(clinic)
    worker.drain(clock)
    settings.EMAIL_PORT = port
    clock.forward(minutes=1)
    worker.drain(clock)

    assert len(mail.letters) == 1


def test_without_a_mail_server_letters_wait(clinic, mail, clock, settings):
    settings.EMAIL_HOST, host = "", settings.EMAIL_HOST
    letter_to(clinic)
    assert worker.drain(clock) == 0
    settings.EMAIL_HOST = host
    assert worker.drain(clock) == 1


def test_letters_can_go_into_a_folder(clinic, clock, settings, tmp_path):
    settings.OUTBOX_FOLDER = str(tmp_path / "mail")
    letter_to(clinic)
    worker.drain(clock)

    assert [b"secret-link" in one.read_bytes() for one in (tmp_path / "mail").glob("*.eml")] == [True]


def test_nobody_is_woken_at_night(clinic, mail, clock):
    clock.forward(hours=12)  # ten in the evening
    reminder(clinic, clock.now)
    assert worker.drain(clock) == 0
    clock.forward(hours=10)
    assert worker.drain(clock) == 1


def test_a_reminder_that_failed_in_the_evening_waits_for_the_morning(clinic, mail, clock):
    clock.forward(hours=10, minutes=59, seconds=50)
    reminder(clinic, clock.now)
    mail.answers = ["451 later"]
    worker.drain(clock)

    assert Job.objects.get(kind=letters.KIND).due_at == NOW + timedelta(hours=22)


def test_what_a_library_sends_goes_through_the_outbox(db, mail, clock, settings):
    settings.EMAIL_BACKEND = "waterneedle.clinic.outbox.backend.OutboxBackend"
    assert send_mail("Reset", "the link", None, ["alice@example.org"]) == 1
    assert mail.letters == []
    clock.now = Job.objects.get(kind=letters.KIND).due_at
    worker.drain(clock)

    assert [to for to, _ in mail.letters] == [["alice@example.org"]]
