from __future__ import annotations

import datetime
import os
import resource
import subprocess
import sys

import pytest
from django.db import connection

from clinic.people import make_clinic
from waterneedle.clinic.database.backup import keeping, making, status

NOW = datetime.datetime(2026, 11, 26, 3, 0, tzinfo=datetime.UTC)


@pytest.fixture
def place(committed_db, settings, tmp_path):
    settings.DATA = tmp_path / "data"
    make_clinic("harbor", "Harbor Acupuncture")
    return tmp_path


def back_up(place, hours=0, keep=None):
    return keeping.back_up(place / "backups", place / "key", NOW + datetime.timedelta(hours=hours), keep=keep)[0]


def test_only_so_many_are_kept(place):
    made = [back_up(place, hours, keep=2) for hours in range(3)]

    assert making.backups_in(place / "backups") == [made[2], made[1]]


def test_no_open_copy_stays_behind_and_one_of_a_killed_process_is_taken_away(place):
    left = place / "data" / ".copying-of-one-that-was-killed"
    left.mkdir(parents=True)
    (left / "copy.sqlite3").write_bytes(b"open data")
    back_up(place)

    assert sorted(one.name for one in (place / "data").iterdir()) == [".backup.lock", status.FILE]


def test_what_fails_is_noted_until_one_holds_again(place):
    (place / "backups").write_text("not a folder")
    with pytest.raises(keeping.NoBackup):
        back_up(place)
    assert status.read().failed.at == NOW and status.read().verified is None
    (place / "backups").unlink()
    back_up(place)

    assert status.read().failed is None and status.read().state(NOW) == "ok"


@pytest.mark.parametrize(("age", "state"), [({"hours": 30}, "ok"), ({"days": 2}, "late"), ({"days": 31}, "too old")])
def test_a_backup_grows_old(place, age, state):
    back_up(place)

    assert status.read().state(NOW + datetime.timedelta(**age)) == state


def test_a_status_that_cannot_be_read_is_no_status(place):
    (place / "data").mkdir()
    (place / "data" / status.FILE).write_text("{")

    assert status.read().state(NOW) == "none"


# A child process in which no file grows beyond a limit: the disk is full for it, whoever runs the tests.
FULL = """
import datetime, os, sys
import django
django.setup()
from pathlib import Path
from waterneedle.clinic.database.backup import keeping
now = datetime.datetime(2026, 11, 26, 3, 0, tzinfo=datetime.UTC)
try:
    keeping.back_up(Path(sys.argv[1]), Path(sys.argv[2]), now)
except keeping.NoBackup as problem:
    print(problem)
    sys.exit(9)
"""


def test_on_a_full_disk_nothing_half_is_left_and_what_was_there_stays(place):
    if connection.vendor != "sqlite":
        pytest.skip("a dump has no size that is known before")
    before = back_up(place)
    size = before.stat().st_size
    address = f"sqlite:///{connection.settings_dict['NAME']}"
    environment = os.environ | {"WATERNEEDLE_DATA": str(place / "data"), "DATABASE_URL": address}
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(place / "backups"), str(place / "key")], env=environment, capture_output=True, text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2)))

    assert done.returncode == 9, done.stderr
    assert "room" in done.stdout
    assert [one.name for one in (place / "backups").iterdir()] == [before.name]
    assert not list((place / "data").glob(".copying*"))


def test_in_a_folder_that_cannot_be_written_to_the_reason_is_said(place):
    folder = place / "backups"
    folder.mkdir()
    if os.getuid() == 0:  # who may do everything is stopped by the disk alone
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", folder], capture_output=True)
        if mounted.returncode:
            pytest.skip("nothing can be mounted here")
    else:
        folder.chmod(0o500)
    try:
        with pytest.raises(keeping.NoBackup, match="cannot be written to"):
            back_up(place)
    finally:
        subprocess.run(["umount", folder], capture_output=True) if os.getuid() == 0 else folder.chmod(0o700)
