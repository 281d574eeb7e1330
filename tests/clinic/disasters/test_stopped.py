"""The real server ends when it is asked to, also where one of its processes does not hear it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from django.db import connection, connections

from clinic.disasters.load import born

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="`born` starts a server on SQLite alone")


@pytest.mark.parametrize("deaf", [False, True], ids=["all hear it", "one is deaf"])
def test_a_server_ends_when_it_is_asked_to(committed_db, deaf):
    connections.close_all()
    server, _ = born()
    try:
        if deaf:
            os.kill(worker_of(server.pid), signal.SIGSTOP)
        server.terminate()
        assert server.wait(timeout=60) == 0
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def worker_of(server: int) -> int:
    [worker] = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    return int(worker)
