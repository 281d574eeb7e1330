from __future__ import annotations

import datetime
import json
import os
import socket

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from waterneedle.clinic.audit import frozen
from waterneedle.clinic.database.backup import status
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.config import doctor


@pytest.fixture
def found(run, settings):
    """What the doctor finds wrong or doubtful, as (about, state)."""
    def examined():
        done = run("doctor", "--json")
        return {(one["about"], one["state"]) for one in json.loads(done.stdout) if one["state"] != "ok"}, done.exit_code

    return examined


@pytest.fixture
def sound(installation, run, settings, monkeypatch):
    """Everything in order, as far as a machine alone can have it."""
    for name in [name for name in os.environ if name.startswith("WATERNEEDLE_TEST_")]:
        monkeypatch.delenv(name)
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.AUDIT_HEADS_FOLDER = str(installation / "heads")
    settings.AUDIT_KEY_FILE = installation / "audit_keys.json"
    assert run("backup").exit_code == 0
    status.note(restored=status.Event(at=timezone.now()))


def test_nothing_is_wrong_with_a_sound_installation(sound, found):
    problems, code = found()

    # A test has neither a second disk nor a mail server, and nobody serves.
    assert problems <= {("backups", "warn"), ("mail", "warn"), ("worker", "warn"), ("keys", "warn")}
    assert code == 0


@pytest.mark.parametrize(("setting", "value", "finding"), [
    ("BACKUP_FOLDER", "", ("backups", "wrong")),
    ("DEBUG", True, ("settings", "wrong")),
    ("ALLOWED_HOSTS", ["clinic.example", "localhost"], ("TLS", "wrong")),
    ("ALLOWED_HOSTS", ["*"], ("hosts", "wrong")),
    ("PUBLIC_URL", "http://elsewhere.example", ("hosts", "wrong")),
    ("TLS", True, ("TLS", "wrong")),
    ("AUDIT_HEADS_FOLDER", "", ("signed heads", "warn")),
    ("EMAIL_HOST", "no.such.host.invalid", ("mail", "wrong")),
    ("OUTBOX_FOLDER", "letters", ("mail", "warn")),
])
def test_a_setting_that_does_harm_is_found(sound, found, settings, setting, value, finding):
    setattr(settings, setting, value)

    assert finding in found()[0]


def test_a_misspelled_setting_is_found(sound, run, monkeypatch):
    monkeypatch.setenv("WATERNEEDLE_SMTP_HSOT", "mail.example.org")
    (finding,) = [one for one in json.loads(run("doctor", "--json").stdout) if "HSOT" in one["says"]]

    assert (finding["about"], finding["state"], finding["do"]) == ("settings", "warn", "did you mean WATERNEEDLE_SMTP_HOST?")


def test_a_broken_file_is_not_to_be_started(sound, settings, monkeypatch, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("with PostgreSQL a server is started")
    (tmp_path / "broken.sqlite3").write_bytes(b"x" * 5000)
    connection.close()
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "NAME", tmp_path / "broken.sqlite3")
        (finding,) = doctor.database(settings, timezone.now())
        connection.close()

    assert finding.state == "wrong" and "waterneedle restore" in finding.do


def test_tables_and_triggers_are_looked_at(sound, found):
    MigrationRecorder(connection).record_applied("tasks", "9999_of_tomorrow")
    frozen.remove(connection)

    problems, code = found()
    assert {("tables", "wrong"), ("trail", "wrong")} <= problems
    assert code == 1


def test_a_key_that_others_can_read_and_one_beside_the_backups_are_found(sound, found, settings, installation):
    settings.BACKUP_KEY_FILE.chmod(0o644)
    assert ("keys", "wrong") in found()[0]
    settings.BACKUP_KEY_FILE.chmod(0o600)
    assert ("keys", "wrong") not in found()[0]
    settings.BACKUP_FOLDER = str(installation)
    assert ("keys", "wrong") in found()[0]


@pytest.mark.parametrize(("days", "state"), [(0, None), (2, "warn"), (31, "wrong")])
def test_an_old_backup_is_found(sound, found, days, state, settings, installation):
    status.note(verified=status.Event(at=timezone.now() - datetime.timedelta(days=days), file="f"))
    says = [one.state for one in doctor.backups(settings, timezone.now()) if one.says.startswith("verified")]
    assert says == [state or "ok"]


def test_jobs_that_nobody_does_are_found(sound, found):
    enqueue(kind="home.escalate", key="k", due_at=timezone.now() - datetime.timedelta(hours=1))

    assert ("worker", "wrong") in found()[0]


def test_a_mail_server_that_answers_is_asked(sound, found, settings):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(_Quiet(), hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    try:
        assert not {one for one in found()[0] if one[0] == "mail"}
        settings.EMAIL_USE_TLS = True
        assert ("mail", "wrong") in found()[0]
    finally:
        server.stop()


@pytest.mark.parametrize(("command", "state"), [(["cp", "-t", "/tmp"], "ok"), (["no-such-printer"], "wrong")])
def test_the_command_that_prints_the_papers_of_the_morning_is_looked_for(sound, settings, command, state):
    assert list(doctor.printer(settings, timezone.now())) == []
    settings.PRINT = command

    assert [one.state for one in doctor.printer(settings, timezone.now())] == [state]


class _Quiet:
    """Takes no letter; the doctor sends none."""
