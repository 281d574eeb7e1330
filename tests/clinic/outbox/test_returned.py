"""A letter that comes back days after a mail server took it is given up, and somebody is asked to call."""
from __future__ import annotations

import pytest

from clinic.outbox.conftest import NOW
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.who import machine
from waterneedle.clinic.outbox import actions, returned, worker
from waterneedle.clinic.outbox.letters import send_letter
from waterneedle.clinic.outbox.models import Letter, Outcome
from waterneedle.clinic.tasks.models import Task

WHOLE = """Content-Type: message/rfc822

From: clinic@harbor.example
Message-ID: {id}
Subject: a letter

https://example.org/secret-link
"""
HEADERS = """Content-Type: text/rfc822-headers

From: clinic@harbor.example
Message-ID:
 {id}
"""


def report(message_id, action="failed", back=WHOLE, kind="delivery-status"):
    return f"""From: MAILER-DAEMON@mail.example
To: clinic@harbor.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="b"

--b
Content-Type: text/plain

I am sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
Arrival-Date: Thu, 26 Nov 2026 10:00:00 -0800

Final-Recipient: rfc822; ana@example.org
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b
{back.format(id=message_id)}
--b--
""".replace("\n", "\r\n").encode()


@pytest.fixture
def letter(clinic, mail, clock):
    job = send_letter(to=["ana@example.org"], subject="s", text="t", clinic=clinic, about="check-in", due_at=NOW)
    worker.drain(clock)
    return Letter.objects.get(job=job)


@pytest.fixture
def arrive(tmp_path, settings, django_capture_on_commit_callbacks):
    """Have a message delivered and read; the folder."""
    settings.RETURNED_MAIL = str(tmp_path)
    (tmp_path / "new").mkdir()

    def act(content):
        (tmp_path / "new" / "1795651200.1.host").write_bytes(content)
        with django_capture_on_commit_callbacks(execute=True):
            returned.read(None, NOW)
        return sorted(one.relative_to(tmp_path).as_posix() for one in tmp_path.glob("*/*"))

    return act


@pytest.mark.parametrize("back", [WHOLE, HEADERS])
def test_a_letter_that_came_back_is_given_up_and_somebody_is_asked(letter, arrive, clinic, back):
    assert arrive(report(letter.message_id, back=back)) == []

    letter.job.refresh_from_db()
    assert (letter.job.outcome, letter.job.last_error) == (Outcome.DEAD, "the letter came back: 5.1.1")
    assert Task.objects.get(kind="home.letter").about == str(letter.uid)
    assert Entry.objects.filter(action="return", object_uid=letter.uid).count() == 1


def test_a_second_report_changes_nothing(letter, arrive):
    arrive(report(letter.message_id))
    assert arrive(report(letter.message_id)) == []
    assert Task.objects.filter(kind="home.letter").count() == Entry.objects.filter(action="return").count() == 1


@pytest.mark.parametrize("content", [
    report("<another@harbor.example>"), report("{id}", action="delayed"), report("{id}", kind="disposition-notification"),
    b"From: ana@example.org\r\nSubject: thank you\r\n\r\nHello {id}", b"\xff\x00", b"",
])
def test_anything_else_is_marked_as_seen_and_stays(letter, arrive, content):
    files = arrive(content.replace(b"{id}", letter.message_id.encode()))

    assert files == ["cur/1795651200.1.host:2,S"]
    letter.job.refresh_from_db()
    assert letter.job.outcome == Outcome.DONE


def test_what_came_back_is_not_there_to_be_sent_again(letter, arrive, clinic):
    arrive(report(letter.message_id))
    letter.job.refresh_from_db()

    assert not actions.try_again(job=letter.job, now=NOW, by=machine("outbox", clinic))
    assert actions.give_up(job=letter.job, now=NOW, by=machine("outbox", clinic))


def test_without_a_folder_nothing_is_read(settings, letter):
    settings.RETURNED_MAIL = ""
    returned.read(None, NOW)
    letter.job.refresh_from_db()
    assert letter.job.outcome == Outcome.DONE
