"""An upgrade that is killed at any moment: the server does not start and says what to do; the next upgrade goes on to the end.

`WATERNEEDLE_SOAK_UPGRADES` says how many upgrades the long run kills (50).
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

UPGRADES = int(os.environ.get("WATERNEEDLE_SOAK_UPGRADES", "50"))
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="about the one file of SQLite")


@pytest.mark.soak
def test_upgrades_are_killed_again_and_again(tmp_path, capsys):
    began = time.monotonic()
    halves = killed_upgrades(tmp_path, kills=UPGRADES)
    with capsys.disabled():
        print(f"\n{UPGRADES} upgrades killed after {min(halves)} to {max(halves)} steps: each time the server refused to start "
              f"and named the command, each next upgrade finished; {time.monotonic() - began:.0f} s")


def killed_upgrades(folder: Path, kills: int) -> list[int]:
    """How many steps were done at each kill that left a database by half."""
    chance, halves = random.Random(), []
    steps = Installation(folder / "whole").upgraded()
    for number in range(kills):
        place = Installation(folder / str(number))
        wanted = chance.randint(1, steps - 2)
        done = place.killed_at(wanted)
        assert 0 < done < steps, "it was done before it was killed"
        refused = place.run("serve", "--port", "1")
        assert refused.returncode == 1
        assert "waterneedle upgrade" in refused.stderr
        assert place.upgraded() == steps
        assert place.is_whole()
        halves.append(done)
    return halves


class Installation:
    """A folder with nothing in it yet, and the commands that work on it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.place = folder / "waterneedle.sqlite3"
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith(("WATERNEEDLE_", "DJANGO_"))}
        self.environment |= {"WATERNEEDLE_DATA": str(folder), "DATABASE_URL": f"sqlite:///{self.place}",
                             "WATERNEEDLE_BACKUP_FOLDER": str(folder / "backups")}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self._command(*command), env=self.environment, capture_output=True, text=True)

    def upgraded(self) -> int:
        """Upgrade to the end; how many steps there are."""
        done = self.run("upgrade")
        assert done.returncode == 0, done.stderr
        return self.steps()

    def killed_at(self, steps: int) -> int:
        """Upgrade, and kill it when so many steps are done, or at any moment of the one after."""
        command = self._command("upgrade")
        running = subprocess.Popen(command, env=self.environment, start_new_session=True, stdout=subprocess.DEVNULL)
        while self.steps() < steps and running.poll() is None:
            time.sleep(0.002)
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        return self.steps()

    def steps(self) -> int:
        if not self.place.exists():
            return 0
        with sqlite3.connect(f"file:{self.place}?mode=ro", uri=True) as database:
            try:
                return database.execute("SELECT count(*) FROM django_migrations").fetchone()[0]
            except sqlite3.OperationalError:  # no such table yet, or somebody is writing
                return 0

    def is_whole(self) -> bool:
        with sqlite3.connect(self.place) as database:
            whole = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return whole and self.run("audit", "verify").returncode == 0

    @staticmethod
    def _command(*command: str) -> list[str]:
        return [sys.executable, "-m", "waterneedle", *command]
