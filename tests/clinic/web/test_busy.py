"""Where another one is writing for too long, nothing is saved, it is said so, and the same can be sent again."""
from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.web.middleware import is_busy


@pytest.fixture
def bob(committed_db):
    return make_person(make_clinic("harbor", "Harbor"), "Bob Baker", Role.FRONT_DESK)


@pytest.fixture
def impatient(bob, monkeypatch):
    """This connection waits for others for a moment only."""
    if connection.vendor == "sqlite":
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")


@pytest.fixture
def browser(bob, client_of):
    browser = client_of(bob)
    browser.raise_request_exception = False
    return browser


@pytest.fixture
def written_elsewhere(bob):
    """Another thread has changed the row of Bob and goes on writing until it is told to end."""
    writes, end = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            User.objects.filter(pk=bob.pk).update(name="Robert Baker")
            writes.set()
            end.wait()
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    writes.wait()

    def stop():
        end.set()
        thread.join()

    yield stop
    stop()


def test_who_waited_in_vain_is_told_and_may_send_it_again(bob, browser, impatient, written_elsewhere):
    typed = {"language": "es", "theme": "dark", "next": "/offline/"}

    answer = browser.post("/preferences/", typed)
    written_elsewhere()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Send it again" in answer.content.decode()
    assert User.objects.get(pk=bob.pk).language != "es"
    assert browser.post("/preferences/", typed).status_code == 302
    assert User.objects.get(pk=bob.pk).language == "es"


def test_another_fault_of_the_database_is_no_busy_moment(db):
    with pytest.raises(DatabaseError) as raised, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")

    assert not is_busy(raised.value)
