from __future__ import annotations

import json
import sqlite3

import pytest
from django.db import connection

from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person
from waterneedle.clinic.database.backup import making, status
from waterneedle.config import serving


@pytest.fixture
def harbor(installation):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    by = at_work(make_person(clinic, "Alice Archer", "practitioner"), clinic)
    make_patient(by, "Ana Ruiz")
    return by


@pytest.fixture
def file(run, harbor, installation):
    assert run("backup").exit_code == 0
    return making.backups_in(installation / "backups")[0]


@pytest.fixture
def only_sqlite():
    if connection.vendor != "sqlite":
        pytest.skip("with PostgreSQL a database takes the place of a file")


def test_a_backup_is_verified_at_once_and_noted(run, file):
    assert (status.read().made.file, status.read().verified.file) == (file.name, file.name)
    assert json.loads(run("verify", "--json").stdout)["engine"] == connection.vendor


def test_a_damaged_backup_is_said_and_noted(run, file):
    data = bytearray(file.read_bytes())
    data[-5] ^= 1
    file.write_bytes(data)
    done = run("verify", file)

    assert done.exit_code == 1
    assert "not whole" in done.output and status.read().failed.file == file.name


def test_with_another_key_nothing_opens_and_no_key_is_made(run, file, installation):
    (installation / "keys" / "backup_key").unlink()

    assert run("verify", file).exit_code == 1
    assert not (installation / "keys" / "backup_key").exists()


def test_a_folder_that_cannot_be_is_said(run, harbor, installation):
    (installation / "a file").write_text("")
    done = run("backup", "--to", installation / "a file" / "inside")

    assert done.exit_code == 1
    assert "no backup was made" in done.output


def test_a_restored_file_goes_into_service_and_the_old_one_is_kept(run, file, harbor, installation, only_sqlite):
    make_patient(harbor, "Late Comer")
    in_service = connection.settings_dict["NAME"]
    beside = f"{in_service}.new"
    done = run("restore", file, "--into", beside, "--swap")

    assert done.exit_code == 0, done.output
    assert _patients(in_service) == 1
    aside = next(word.rstrip(".") for word in done.output.split() if "-until-" in word)
    assert _patients(aside.removesuffix(".")) == 2
    assert status.read().restored.file == file.name


def test_a_database_that_is_served_is_not_swapped(run, file, installation, only_sqlite):
    place = f"{connection.settings_dict['NAME']}.other"
    with serving.alone():
        done = run("restore", file, "--into", place, "--swap")

    assert done.exit_code == 1
    assert _patients(connection.settings_dict["NAME"]) == _patients(place) == 1


def test_a_restore_writes_over_nothing(run, file, installation, only_sqlite):
    (installation / "mine").write_text("mine")

    assert run("restore", file, "--into", installation / "mine").exit_code == 1
    assert (installation / "mine").read_text() == "mine"


def _patients(place):
    return sqlite3.connect(place).execute("SELECT count(*) FROM patients_patient").fetchone()[0]
