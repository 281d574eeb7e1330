"""The power goes while the real server writes: what it had answered is on the disk, in its order, and nothing is there by half.

The server runs on a noted disk (`recorder.c`). Of one run many losses are made: at any moment of it, with nothing, some or all of
what was not synced kept. `WATERNEEDLE_SOAK_LOSSES` says how many the long run has (200).
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, connections

from clinic.disasters import power
from clinic.disasters.charting import STEPS, look_at_signed, steps_found
from clinic.disasters.load import BROWSERS, Load, born, cookie_of, prepared, rows, write
from clinic.disasters.preloaded import built, needs_compiler
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.visits.models import Visit

LOSSES = int(os.environ.get("WATERNEEDLE_SOAK_LOSSES", "200"))
EACH_RUN = 20  # losses made of one run of the server
pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="about the disk under an SQLite file"),
    needs_compiler,
]


@pytest.mark.soak
def test_what_was_answered_outlives_the_power_hundreds_of_times(committed_db, tmp_path, capsys):
    began = time.monotonic()
    runs = max(1, LOSSES // EACH_RUN)
    counted = losses(tmp_path, runs=runs, of_each=EACH_RUN)
    with capsys.disabled():
        print(f"\n{runs * EACH_RUN} losses of power in {runs} runs of the server on SQLite, {counted['notes']} writes, cuts and "
              f"syncs noted: {counted['answered']} answered writes looked for, each found; {counted['most unanswered']} more at "
              f"most, sent and not yet answered; database, trail, stock and signatures whole each time; "
              f"{time.monotonic() - began:.0f} s")


def losses(folder: Path, runs: int, of_each: int) -> Counter[str]:
    chance, counted, load = random.Random(), Counter(), prepared()
    for run in range(runs):
        place, before, notes = noted_run(load, folder, run)
        counted["notes"] += len(notes)
        for _ in range(of_each):
            kept = notes[:chance.randint(1, len(notes))]
            answered = [one for heard_at, one in load.heard_at if heard_at <= kept[-1].end]
            with disk(folder / "lost", place, power.after_power_loss(kept, chance, before)):
                more = look_at_what_is_left(load, answered)
            counted["answered"] += len(answered)
            counted["most unanswered"] = max(counted["most unanswered"], more)
        load.heard_at = [(0, one) for one in load.answered]  # on the disk before the next run
    return counted


def noted_run(load: Load, folder: Path, run: int) -> tuple[str, dict[str, bytes], list[power.Note]]:
    """Where the database is, what its files held before the server ran for a while, and what it did to them."""
    chance = random.Random()
    cookies = [(one, cookie_of(one.user)) for one in chance.sample(load.people, BROWSERS)]
    place = str(connection.settings_dict["NAME"])
    connections.close_all()
    before = {str(file): file.read_bytes() for file in (Path(place), Path(f"{place}-wal")) if file.exists()}
    load.record = folder / f"notes-{run}"
    server, port = born(
        LD_PRELOAD=str(built("recorder", folder)), WN_RECORD=str(load.record), WN_RECORD_UNDER=os.path.realpath(place))
    try:
        load.heard.clear()
        people = [threading.Thread(target=write, args=(load, port, *one)) for one in cookies]
        for one in people:
            one.start()
        assert load.heard.wait(60)
        time.sleep(chance.uniform(1, 2))  # so long it works
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
    for one in people:
        one.join()
    assert load.refused == []
    return place, before, [one._replace(path=one.path.replace(os.path.realpath(place), place)) for one in power.read(load.record)]


@contextmanager
def disk(folder: Path, place: str, files: dict[str, bytes]) -> Iterator[None]:
    """The database of this test is for a while what was left of it."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for path, content in files.items():
        (folder / Path(path).name).write_bytes(content)
    connections.close_all()
    connection.settings_dict["NAME"] = str(folder / Path(place).name)
    try:
        yield
    finally:
        connections.close_all()
        connection.settings_dict["NAME"] = place


def look_at_what_is_left(load: Load, answered: list) -> int:
    """All that was answered is there and whole. How much more is: what was being asked when the power went."""
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []
    report = verify()
    assert report.ok, report
    visits = {one.uid: one for one in Visit.objects.all()}
    look_at_signed(visits)
    there, steps = rows(), steps_found(visits)
    assert [one for one in answered if one.name and there[one.kind, one.name] != 1] == []
    of_visits = [one for one in answered if not one.name and one.kind != "begin"]
    assert [one for one in of_visits if steps[UUID(one.path.split("/")[6]), one.kind] != 1] == []
    assert set(there.values()) | {count for (_, step), count in steps.items() if step in STEPS} <= {0, 1}
    more = sum(there.values()) + sum(count for (_, step), count in steps.items() if step in STEPS) - len(answered)
    assert 0 <= more <= len(load.people)  # each waits for one answer at most
    return more


# --- that the imagined disk can lose something at all

WRITER = """
import sqlite3, sys
place, mode, acknowledged = sys.argv[1:]
database = sqlite3.connect(place, isolation_level=None)
database.execute("PRAGMA journal_mode=WAL"); database.execute(f"PRAGMA synchronous={mode}")
database.execute("CREATE TABLE written (number INTEGER)")
with open(acknowledged, "w") as told:
    for number in range(60):
        database.execute("INSERT INTO written VALUES (?)", [number])
        print(number, file=told, flush=True)
"""


@pytest.mark.parametrize("mode, loses", [("FULL", False), ("OFF", True)])
def test_the_imagined_disk_keeps_what_was_synced_and_loses_what_was_not(tmp_path, mode, loses):
    place, told = tmp_path / "noted.sqlite3", tmp_path / "noted.told"
    subprocess.run([sys.executable, "-c", WRITER, str(place), mode, str(told)], check=True, env=os.environ | {
        "LD_PRELOAD": str(built("recorder", tmp_path)), "WN_RECORD": str(tmp_path / "notes"),
        "WN_RECORD_UNDER": str(tmp_path / "noted")})
    notes, chance, lost = power.read(tmp_path / "notes"), random.Random(1), 0
    for _ in range(30):
        kept = notes[:chance.randint(1, len(notes))]
        acknowledged = sum(one.data.count(b"\n") for one in kept if one.path == str(told) and one.kind == power.WRITE)
        lost += acknowledged - numbers_left(tmp_path, power.after_power_loss(kept, chance, {}), place) > 0

    assert (lost > 0) == loses


def numbers_left(folder: Path, files: dict[str, bytes], place: Path) -> int:
    """How many of the numbers are there, from the first on, without a gap."""
    (folder / "lost").mkdir(exist_ok=True)
    copy = folder / "lost" / place.name
    for ending in ("", "-wal", "-shm"):
        Path(f"{copy}{ending}").unlink(missing_ok=True)
        if f"{place}{ending}" in files:
            Path(f"{copy}{ending}").write_bytes(files[f"{place}{ending}"])
    database = sqlite3.connect(copy)
    try:
        found = [number for number, in database.execute("SELECT number FROM written ORDER BY number")]
    except sqlite3.DatabaseError:  # no table yet, or nothing that is a database
        return 0
    finally:
        database.close()
    return len(found) if found == list(range(len(found))) else 0
