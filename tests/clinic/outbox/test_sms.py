"""SMS by the documented request, to a real server on loopback."""

from __future__ import annotations

import datetime
import hashlib
import hmac

import pytest

from clinic.outbox.conftest import NOW
from clinic.outbox.sms_server import SECRET, sms_server
from clinic.patients.people import make_patient
from waterneedle.clinic.outbox import sms, worker
from waterneedle.clinic.outbox.models import Job, Letter
from waterneedle.clinic.outbox.reaching import addresses_of, tell
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.patients.models import Guardian
from waterneedle.clinic.web import words

TO = "+1 206 555 0117"
DAY = datetime.date(2026, 11, 26)


@pytest.fixture
def service(settings):
    with sms_server(settings) as server:
        yield server


def send(clinic, **more):
    return sms.send_sms(to=TO, text="Come at 9: https://x.example/b/abc/", clinic=clinic, about="test", due_at=NOW, **more)


def test_a_message_is_asked_for_as_it_is_documented(clinic, service, clock):
    send(clinic, key="k", language="es")
    worker.drain(clock)

    [(headers, body)] = service.asked
    [message] = service.messages
    letter = Letter.objects.get()
    assert message == {
        "id": str(letter.uid), "to": "+12065550117", "text": "Come at 9: https://x.example/b/abc/", "language": "es"}
    assert headers["path"] == "/send?from=clinic"
    assert (headers["Content-Type"], headers["Idempotency-Key"]) == ("application/json", str(letter.uid))
    at, _comma, made = headers["X-Waterneedle-Signature"].partition(",")
    wanted = hmac.new(SECRET.encode(), at.removeprefix("t=").encode() + b"." + body, hashlib.sha256).hexdigest()
    assert made == f"v1={wanted}"


def test_what_was_sent_is_kept_no_longer(clinic, service, clock):
    send(clinic)
    worker.drain(clock)

    assert (Letter.objects.get().sealed, Job.objects.get().outcome) == (None, "done")


@pytest.mark.parametrize("answer", [408, 425, 429, 500, 503])
def test_it_is_tried_again_with_the_same_key_and_the_same_words(clinic, service, clock, answer):
    service.answers = [answer]
    send(clinic)
    worker.drain(clock)
    assert service.asked == [] and Job.objects.get().ended_at is None

    clock.forward(minutes=1)
    worker.drain(clock)
    [message] = service.messages
    assert message["id"] == str(Letter.objects.get().uid)


def test_a_service_out_of_reach_is_tried_again(clinic, settings, clock):
    settings.SMS_URL, settings.SMS_SECRET = "http://127.0.0.1:9/send", SECRET
    send(clinic)
    worker.drain(clock)

    assert Job.objects.get().ended_at is None and "ConnectionRefusedError" in Job.objects.get().last_error


@pytest.mark.parametrize("answer", [301, 400, 401, 404, 422])
def test_any_other_answer_gives_it_up_at_once(clinic, service, clock, answer):
    service.answers = [answer]
    send(clinic)
    worker.drain(clock)

    assert Job.objects.get().outcome == "dead"


def test_without_a_service_it_waits(clinic, settings, clock):
    settings.SMS_URL = ""
    send(clinic)

    assert worker.drain(clock) == 0 and Job.objects.get().ended_at is None


def test_by_night_it_waits_for_the_morning(clinic, service, clock):
    clock.now = datetime.datetime(2026, 11, 26, 6, tzinfo=datetime.UTC)  # ten at night in Los Angeles
    sms.send_sms(to=TO, text="Come", clinic=clinic, about="test", due_at=clock.now)
    worker.drain(clock)
    assert service.asked == []

    clock.forward(hours=10)
    worker.drain(clock)
    assert len(service.asked) == 1


@pytest.mark.parametrize(("phone", "number"), [
    ("+1 206 555 0117", "+12065550117"), ("+49 (30) 1234-567", "+49301234567"), ("206 555 0117", ""), ("0049 30 1234567", ""),
    ("+0 206 555 0117", ""), ("+1 206 555 0117 x12", ""), ("", "")])
def test_only_a_number_with_its_country_is_written_to(phone, number):
    assert sms.international(phone) == number


# --- who is reached, and how


def shown(patient, day=DAY):
    return [one.mail or one.phone for one in addresses_of(patient, day)]


def test_mail_goes_before_sms_and_a_number_counts_only_with_a_service(by, settings):
    both, phone = make_patient(by, phone=TO, email="ana@example.org"), make_patient(by, "Ida Berg", phone=TO)
    settings.SMS_URL = ""
    assert (shown(both), shown(phone)) == (["ana@example.org"], [])

    settings.SMS_URL = "https://sms.example/"
    assert (shown(both), shown(phone)) == (["ana@example.org"], ["+12065550117"])


def test_a_minor_is_reached_through_who_speaks_for_them_and_only_so(by):
    kit = make_patient(by, "Kit Ruiz", birth_date=datetime.date(2017, 5, 5), email="kit@example.org")
    assert shown(kit) == []

    rosa = {"name": "Rosa", "relation": "mother", "email": "rosa@example.org"}
    guardian = patients.add_guardian(patient=kit, fields=rosa, by=by)
    assert shown(kit) == ["rosa@example.org"]
    assert shown(kit, datetime.date(2035, 5, 5)) == ["kit@example.org"]
    Guardian.objects.filter(pk=guardian.pk).update(ended_at=NOW)
    assert shown(kit) == []


def test_a_patient_is_written_to_in_their_language_by_the_clinics_clock(by, service, clock):
    patient = make_patient(by, phone=TO, language="es")
    tell(patient, write=lambda: ("", "", words.moment(NOW)), about="test", key="k", now=NOW, due_at=NOW)
    worker.drain(clock)

    [message] = service.messages
    assert (message["language"], "10:00" in message["text"]) == ("es", True)


def test_a_text_is_spelled_so_that_it_takes_the_fewest_parts(clinic, service, clock):
    sms.send_sms(to=TO, text="Véala, cámbiela o cancélela" + "." * 60, clinic=clinic, about="test", due_at=NOW)
    worker.drain(clock)

    [message] = service.messages
    assert message["text"] == "Véala, cambiela o cancélela" + "." * 60


def test_the_same_cause_twice_is_one_message(by, service, clock):
    patient = make_patient(by, phone=TO)
    for _ in range(2):
        tell(patient, write=lambda: ("", "", "Come"), about="test", key="k", now=NOW, due_at=NOW)
    worker.drain(clock)

    assert len(service.asked) == 1
