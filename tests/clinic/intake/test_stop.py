"""Who wants no more messages: by the button of a mail program or of the page, never by what only fetches an address."""
from __future__ import annotations

import datetime
import email
import email.policy
import re

import pytest
from django.test import Client
from django.utils import timezone

from clinic.followup.following import REPORT
from clinic.outbox.sms_server import sms_server
from clinic.patients.people import make_patient
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.followup import actions_events
from waterneedle.clinic.outbox import letters, opting, sms
from waterneedle.clinic.outbox.models import Letter, Link
from waterneedle.clinic.outbox.reaching import STOP, tell
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.tasks.models import Task

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
HOUR, YEAR = datetime.timedelta(hours=1), datetime.timedelta(days=365)


@pytest.fixture(autouse=True)
def https(settings):
    settings.PUBLIC_URL = "https://clinic.example.org"


@pytest.fixture
def ana(by):
    return make_patient(by, email="ana@example.org")


def told(patient, key="1", short="Come: https://x.example/b/abc/", **more):
    """The message that tells the patient something, as it is sent."""
    now = timezone.now()
    tell(patient, write=lambda: ("Come", "Come.", short), about="recall", key=key, now=now, **more)
    return Letter.objects.latest("pk")


def parsed(letter):
    return email.message_from_bytes(letters.unsealed(letter), policy=email.policy.default)


def path_of(letter):
    return parsed(letter)["List-Unsubscribe"].strip("<>").removeprefix("https://clinic.example.org")


def program():
    """A mail program, or a server of one: it keeps no cookies and has read no page."""
    return Client(enforce_csrf_checks=True)


def test_a_letter_has_the_address_in_its_head_on_one_line_and_in_its_text(ana):
    letter = told(ana)
    message = parsed(letter)

    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<https://clinic\.example\.org/stop/[\w-]{43}/>", message["List-Unsubscribe"])
    assert message["List-Unsubscribe"].strip("<>") in message.get_content()
    assert b"List-Unsubscribe: <https://clinic.example.org/stop/" in letters.unsealed(letter)


def test_without_https_no_program_is_asked_to_send_it(ana, settings):
    settings.PUBLIC_URL = "http://localhost:8000"
    message = parsed(told(ana))

    assert message["List-Unsubscribe-Post"] is None
    assert message["List-Unsubscribe"].startswith("<http://localhost:8000/stop/")


def test_one_click_of_a_mail_program_ends_messages(ana):
    path = path_of(told(ana))

    answer = program().post(path, ONE_CLICK)

    assert answer.status_code == 200
    assert opting.opt_out_of(ana) is not None
    entry = Entry.objects.get(action="opt out")
    assert (entry.role, entry.patient_uid) == ("recipient, by link", ana.uid)


@pytest.mark.parametrize("method", ["get", "head"])
def test_what_is_only_fetched_ends_nothing(ana, method):
    path = path_of(told(ana))

    answer = getattr(program(), method)(path)

    assert answer.status_code == 200
    assert opting.opt_out_of(ana) is None


def test_the_page_names_nobody_and_says_what_then_happens(ana, clinic):
    path, browser = path_of(told(ana)), program()

    page = browser.get(path).content.decode()
    form = re.search(r'<form method="post">.*?</form>', page, re.DOTALL)[0]
    said = dict(re.findall(r'name="([^"]+)" value="([^"]+)"', form))
    after = browser.post(path, said).content.decode()

    assert clinic.name in page and "calls" in page
    assert "Ana" not in page + after and "Ruiz" not in page + after
    assert opting.opt_out_of(ana) is not None
    assert "<form" not in after


def test_twice_is_once_and_the_desk_has_the_patient_written_to_again(ana, by):
    path = path_of(told(ana))
    for _ in range(2):
        assert program().post(path, ONE_CLICK).status_code == 200
    assert Entry.objects.filter(action="opt out").count() == 1

    opting.opt_in(patient=ana, by=by, now=timezone.now())

    assert told(ana, key="2").patient == ana
    assert opting.opt_out_of(ana) is None


def test_what_waits_to_be_sent_is_told_by_a_person(ana, clinic):
    letter = told(ana)

    program().post(path_of(letter), ONE_CLICK)

    letter.job.refresh_from_db()
    assert letter.job.outcome == "cancelled"
    assert Task.objects.get(kind="home.letter").patient == ana
    assert tell(ana, write=lambda: ("s", "t", "u"), about="recall", key="3", now=timezone.now()) == []


def test_each_message_has_an_address_of_its_own_and_one_of_another_patient_ends_nothing(ana, by):
    eva = make_patient(by, "Eva Lund", email="eva@example.org")
    paths = [path_of(told(one, key=key)) for one, key in ((ana, "1"), (ana, "2"), (eva, "3"))]
    assert len(set(paths)) == 3

    program().post(paths[2], ONE_CLICK)

    assert opting.opt_out_of(eva) is not None and opting.opt_out_of(ana) is None


def test_a_guessed_an_old_and_a_closed_address_end_nothing(ana, by, monkeypatch):
    path = path_of(told(ana))
    assert program().post("/stop/" + "a" * 43 + "/", ONE_CLICK).status_code == 410
    with monkeypatch.context() as later:
        then = timezone.now() + YEAR + 2 * HOUR
        later.setattr(timezone, "now", lambda: then)
        assert program().post(path, ONE_CLICK).status_code == 410
    mother = patients.add_guardian(patient=ana, by=by, fields={"name": "Eva", "relation": "mother"})
    patients.end_guardian(guardian=mother, by=by)
    assert program().post(path, ONE_CLICK).status_code == 410

    assert opting.opt_out_of(ana) is None


def test_of_who_has_died_nothing_shows_and_nothing_is_noted(ana, by):
    path = path_of(told(ana))
    actions_events.report(patient=ana, by=by, **REPORT | {"outcome": "died"})

    assert [program().get(path).status_code, program().post(path, ONE_CLICK).status_code] == [410, 410]
    assert not Entry.objects.filter(action="opt out").exists()


def test_a_link_to_something_else_is_no_link_to_end_messages(ana, clinic):
    told(ana)
    Link.objects.update(purpose="check-in")
    path = "/stop/" + "b" * 43 + "/"

    assert program().post(path, ONE_CLICK).status_code == 410
    assert not Link.objects.filter(purpose=STOP).exists()


def test_a_text_has_a_short_line_unless_it_would_be_too_long(by, clinic, settings):
    with sms_server(settings):
        ana = make_patient(by, phone="+1 206 555 0117")
        for key, short in (("1", "Come."), ("2", "x" * (sms.LONGEST - 20))):
            told(ana, key=key, short=short)
        one, two = (letters.unsealed(letter).decode() for letter in Letter.objects.order_by("pk"))

    assert "No more texts: https://clinic.example.org/stop/" in one
    assert "/stop/" not in two


def test_in_the_language_of_the_message(ana):
    path = path_of(told(ana, language="es"))

    assert 'lang="es"' in program().get(path).content.decode()
