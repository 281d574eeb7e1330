"""The way SQLite is opened, and the queue in front of its one writer."""
from __future__ import annotations

import itertools
import threading

import pytest
from django.core.signals import request_finished
from django.db import OperationalError, connection, transaction

from clinic.people import make_clinic
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.database.sqlite import base

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


# --- one warm connection for threads that take turns


@pytest.fixture
def giving_back(committed_db, monkeypatch):
    """Connections are given back at the end of a request, as where the server answers, and nothing of it is left."""
    free = base.defaultdict(list)
    monkeypatch.setattr(base, "_FREE", free)
    request_finished.connect(base.give_back_after_requests)
    yield
    request_finished.disconnect(base.give_back_after_requests)
    connection.close()
    connection._gave_back = None
    for one in itertools.chain.from_iterable(free.values()):
        one.close()


def answered(act):
    """What `act` gives in the thread of a request, with the driver's connection that it had."""
    found = []

    def thread():
        for _ in range(2):  # the first request of a thread opens a connection, the next one takes what was given back last
            connection.ensure_connection()
            found[:] = [act(), connection.connection]
            request_finished.send(None)

    one = threading.Thread(target=thread)
    one.start()
    one.join()
    return found


def count():
    return Clinic.objects.count()


def test_the_connection_that_was_given_back_last_is_taken_first(giving_back):
    connection.ensure_connection()
    mine = connection.connection
    request_finished.send(None)
    theirs = answered(count)[1]
    connection.ensure_connection()

    assert connection.connection is theirs
    assert theirs is not mine


def test_what_one_thread_has_written_the_next_one_reads(giving_back):
    answered(lambda: Clinic.objects.exists() or make_clinic("a", "A"))

    assert answered(count)[0] == 1


def test_two_at_once_never_share_one(giving_back):
    for _ in range(3):
        answered(count)
    both_have_one, held = threading.Barrier(2), []

    def thread():
        connection.ensure_connection()
        request_finished.send(None)
        for _ in range(50):
            connection.ensure_connection()
            both_have_one.wait(10)
            held.append(id(connection.connection))
            both_have_one.wait(10)
            request_finished.send(None)

    pair = [threading.Thread(target=thread) for _ in range(2)]
    for one in pair:
        one.start()
    for one in pair:
        one.join()

    assert len(held) == 100
    assert all(one != other for one, other in zip(held[::2], held[1::2], strict=True))


def test_what_is_unfinished_is_kept(giving_back):
    with transaction.atomic():
        mine = connection.connection
        connection.give_back()
        assert connection.connection is mine
    connection.give_back()
    assert connection.connection is None
    connection.ensure_connection()
    assert connection.connection is mine and connection.get_autocommit()


@pytest.mark.parametrize(("pragma", "value"), [("synchronous", 2), ("foreign_keys", 1), ("recursive_triggers", 1)])
def test_one_that_was_given_back_is_as_strict(giving_back, pragma, value):
    make_clinic("a", "A")
    request_finished.send(None)
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone() == (value,)
