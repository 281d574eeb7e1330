"""Writing to the trail: what an entry says, where it stands, what it costs, and that threads never fork a chain."""
from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from clinic.audit.writing import append
from clinic.people import make_clinic
from waterneedle.clinic.accounts.access import access_to
from waterneedle.clinic.audit import actions
from waterneedle.clinic.audit.actions import digest, read
from waterneedle.clinic.audit.models import Chain, Entry
from waterneedle.clinic.audit.who import Where, machine, where
from waterneedle.clinic.database.rows import uuid7

PATIENT = uuid7()


@pytest.fixture
def by(alice, clinic):
    return access_to(alice, clinic.slug)


def entries(name: str) -> list[Entry]:
    return list(Entry.objects.filter(chain__name=name).order_by("seq"))


def test_an_entry_says_who_what_whom_when_and_from_where(by, clinic):
    token = where.set(Where(ip="10.0.0.7", agent="0123456789abcdef", request_id="fedcba9876543210"))
    append(by=by, action="change", kind="allergy", uid="a1", patient=PATIENT, before=digest("old"), after=digest("new"),
           detail={"reason": "told by the patient"})
    where.reset(token)
    (entry,) = entries(f"patient/{PATIENT}")

    assert (entry.user_uid, entry.user_name, entry.role) == (by.user.uid, "Alice Archer", "practitioner")
    assert (entry.clinic_id, entry.action, entry.kind, entry.object_uid) == (clinic.id, "change", "allergy", "a1")
    assert (entry.patient_uid, bytes(entry.before), bytes(entry.after)) == (PATIENT, digest("old"), digest("new"))
    assert json.loads(entry.detail) == {"reason": "told by the patient"}
    assert (entry.ip, entry.agent, entry.request_id) == ("10.0.0.7", "0123456789abcdef", "fedcba9876543210")


def test_the_time_is_utc_with_the_clinics_offset(by, clinic):
    append(by=by, action="open", kind="day")
    entry = entries(f"clinic/{clinic.id}")[-1]

    assert abs(datetime.now(UTC) - entry.at) < timedelta(minutes=1)
    assert timedelta(minutes=entry.offset_min) == entry.at.astimezone(clinic.tzinfo).utcoffset()


def test_a_chain_says_in_the_one_above_that_it_was_begun(by, clinic):
    append(by=by, action="read", kind="chart", patient=PATIENT)

    assert [(one.action, one.object_uid) for one in entries(f"clinic/{clinic.id}")] == [("begin", f"patient/{PATIENT}")]
    assert [(one.action, one.object_uid) for one in entries("installation")] == [("begin", ""), ("begin", f"clinic/{clinic.id}")]


def test_the_chain_keeps_its_length_and_last_link(by):
    for _ in range(3):
        append(by=by, action="read", kind="chart", patient=PATIENT)
    chain = Chain.objects.get(name=f"patient/{PATIENT}")

    assert (chain.length, bytes(chain.link)) == (3, bytes(entries(chain.name)[-1].link))


def test_a_read_takes_few_statements(by, django_assert_num_queries):
    request, patient = SimpleNamespace(access=by), SimpleNamespace(uid=PATIENT)
    read(request, patient)
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 3):
        read(request, patient)


def test_an_entry_goes_with_what_it_records(by):
    with pytest.raises(KeyError), transaction.atomic():
        append(by=by, action="change", kind="allergy", patient=PATIENT)
        raise KeyError

    assert entries(f"patient/{PATIENT}") == []


def test_nothing_is_written_outside_of_a_transaction(committed_db):
    with pytest.raises(ValueError, match="transaction"):
        actions.append(by=machine("test"), action="read", kind="chart")


def test_the_digest_is_of_the_value_not_of_the_order_of_its_keys():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": 2})


def test_eight_threads_append_to_one_chain_and_it_does_not_fork(committed_db):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    start, failed = threading.Barrier(8), []

    def work() -> None:
        try:
            start.wait()
            for _ in range(10):
                with transaction.atomic():
                    append(by=machine("test", clinic), action="read", kind="chart", patient=PATIENT)
        except Exception as problem:
            failed.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert [one.seq for one in entries(f"patient/{PATIENT}")] == list(range(1, 81))
    assert [one.object_uid for one in entries(f"clinic/{clinic.id}")] == [f"patient/{PATIENT}"]
