"""What a command says where nothing was ever made: a mistaken folder leads there, and no traceback comes of it."""
from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(("command", "status"), [
    ("backup", 1), ("audit verify", 2), ("import patients table.csv", 1),
    ("createclinic --name A --zone UTC --owner B --email b@example.org", 1),
])
def test_a_database_in_which_nothing_was_made_is_said(tmp_path, command, status):
    (tmp_path / "table.csv").write_text("First name\nAna\n")
    known = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")}
    known |= {"WATERNEEDLE_DATA": str(tmp_path / "data"), "WATERNEEDLE_BACKUP_FOLDER": str(tmp_path / "backups")}

    words = [sys.executable, "-m", "waterneedle", *command.split()]
    done = subprocess.run(words, env=known, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.count("\n")) == (status, 1)
    assert "waterneedle upgrade" in done.stderr and "WATERNEEDLE_DATA" in done.stderr
    assert not (tmp_path / "backups").exists()
