"""The real server, killed at any moment while people write: what it has answered is there, whole, and nothing is there by half.

Whoever got no answer sends the same again, with the same key, to the server that comes next: it is written once
(`load.py`). `WATERNEEDLE_SOAK_KILLS` says how many kills the long run has (1000).
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections import Counter

import pytest
from django.db import connection, connections

from clinic.disasters.load import BROWSERS, Load, born, cookie_of, look, prepared, rows, send, write
from waterneedle.clinic.outbox.models import Job, Outcome

KILLS = int(os.environ.get("WATERNEEDLE_SOAK_KILLS", "1000"))
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="about the one server of an SQLite file")


@pytest.mark.soak
def test_a_server_is_killed_hundreds_of_times(committed_db, capsys):
    began = time.monotonic()
    load = outlive(kills=KILLS)
    kinds = ", ".join(f"{count} × {kind}" for kind, count in sorted(Counter(one.kind for one in load.answered).items()))
    with capsys.disabled():
        print(f"\n{KILLS} kills of the server on SQLite: {len(load.sent)} writes sent ({kinds}), {len(load.answered)} answered, "
              f"0 of them lost, {load.repeated} sent again and written once, 0 by half; database and trail whole each time; "
              f"{time.monotonic() - began:.0f} s")


def outlive(kills: int) -> Load:
    chance = random.Random()
    load = prepared()
    for _ in range(kills):
        cookies = [(one, cookie_of(one.user)) for one in chance.sample(load.people, BROWSERS)]
        connections.close_all()  # so that the server finds the log as the last one left it
        server, port = born()
        try:
            look(load)
            connections.close_all()
            load.heard.clear()
            people = [threading.Thread(target=write, args=(load, port, *one)) for one in cookies]
            for one in people:
                one.start()
            if chance.random() < 0.9:  # else it dies at its first requests, which take longest
                assert load.heard.wait(60)
            time.sleep(chance.uniform(0, 1))  # the moment of death is the experiment, not a wait for anything
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        for one in people:
            one.join()
    cookies = {id(one): cookie_of(one.user) for one in load.people}
    server, port = born()
    try:
        while load.waiting:
            left = len(load.waiting)
            load.repeated += 1
            one = load.waiting.pop()
            assert send(load, port, cookies[id(one.by)], one), f"{left} writes are never answered"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    look(load)
    assert len(load.answered) == len(load.sent) > 0
    assert not Job.objects.filter(outcome=Outcome.DEAD).exists()  # what nobody had begun is not given up for the deaths
    assert rows() == Counter((one.kind, one.name) for one in load.sent if one.name)  # each once, and nothing else
    return load
