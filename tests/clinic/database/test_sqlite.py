"""The way SQLite is opened, and the queue in front of its one writer."""
from __future__ import annotations

import threading

import pytest
from django.db import OperationalError, connection, transaction

from clinic.people import make_clinic
from waterneedle.clinic.accounts.models import Clinic

pytestmark = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite")


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("recursive_triggers", 1), ("foreign_keys", 1)])
def test_it_is_opened_durable_and_strict(db, pragma, value):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone() == (value,)


def test_a_transaction_holds_the_writers_place_until_it_ends(committed_db):
    with transaction.atomic():
        assert connection._held is not None
    assert connection._held is None


def test_a_transaction_that_fails_gives_the_place_back(committed_db):
    with pytest.raises(RuntimeError), transaction.atomic():
        raise RuntimeError
    assert connection._held is None
    with pytest.raises(OperationalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO nowhere VALUES (1)")
    assert connection._held is None


def test_a_single_statement_takes_the_place_for_itself(committed_db):
    clinic = make_clinic("a", "A")
    Clinic.objects.filter(pk=clinic.pk).update(name="B")
    assert connection._held is None


def test_a_second_thread_waits_its_turn(committed_db):
    clinic = make_clinic("a", "A")
    order, inside = [], threading.Event()

    def second():
        inside.wait()
        order.append("asks")
        Clinic.objects.filter(pk=clinic.pk).update(name="second")
        order.append("second")
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with transaction.atomic():
        Clinic.objects.filter(pk=clinic.pk).update(name="first")
        inside.set()
        thread.join(0.2)
        order.append("first")
    thread.join()

    assert order == ["asks", "first", "second"]
    assert Clinic.objects.get(pk=clinic.pk).name == "second"


def test_eight_threads_lose_nothing(committed_db):
    clinic = make_clinic("a", "0")

    def count():
        for _ in range(25):
            with transaction.atomic():
                row = Clinic.objects.get(pk=clinic.pk)
                row.name = str(int(row.name) + 1)
                row.save()
        connection.close()

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Clinic.objects.get(pk=clinic.pk).name == "200"
