"""A server that starts: not on a database whose trail is not guarded."""
from __future__ import annotations

import pytest
from django.db import connection

from waterneedle.clinic.outbox import worker
from waterneedle.config import starting


@pytest.fixture
def started(monkeypatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(worker, "start_thread", lambda: found.append("outbox"))
    return found


def test_with_sqlite_the_server_drains_the_outbox(db, started):
    starting.begin()

    assert started == (["outbox"] if connection.vendor == "sqlite" else [])


def test_a_database_that_lost_a_trigger_is_refused(db, started):
    of_table = " ON audit_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER audit_entry_frozen_delete{of_table}")
    with pytest.raises(SystemExit, match=r"audit_entry_frozen_delete(?s:.*)waterneedle upgrade"):
        starting.begin()

    assert started == []
