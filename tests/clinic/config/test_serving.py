"""What a server asks of its database, its port and its neighbours before it starts."""
from __future__ import annotations

import socket

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from waterneedle.clinic.audit import frozen
from waterneedle.config import serving


def test_a_migrated_and_guarded_database_is_served(committed_db):
    serving.ready()


@pytest.mark.parametrize("change", ["half migrated", "of another version", "unguarded"])
def test_a_database_that_does_not_fit_is_not_served(committed_db, change):
    recorder = MigrationRecorder(connection)
    if change == "half migrated":
        recorder.record_unapplied("tasks", "0001_initial")
    elif change == "of another version":
        recorder.record_applied("stock", "9999_of_tomorrow")
    else:
        frozen.remove(connection)

    with pytest.raises(serving.CannotServe):
        serving.ready()


def test_the_next_free_port_is_taken():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = serving.free_port("127.0.0.1", port)

    assert found > port


def test_a_port_that_another_program_would_share_is_refused():
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the server itself does for its processes
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(serving.CannotServe, match=str(port)):
            serving.require_free("127.0.0.1", port)

    serving.require_free("127.0.0.1", port)


def test_one_server_at_a_time_works_on_a_file(committed_db):
    if connection.vendor != "sqlite":
        assert serving.is_running() is None
        return
    with serving.alone():
        assert serving.is_running()
        with pytest.raises(serving.CannotServe), serving.alone():
            pass
    assert not serving.is_running()
