from __future__ import annotations

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from waterneedle.clinic.database.backup import making
from waterneedle.config import serving


def test_there_may_be_nothing_to_do(run, installation):
    done = run("upgrade")

    assert done.exit_code == 0
    assert not making.backups_in(installation / "backups")


def test_a_step_that_fails_says_how_to_go_back_and_the_server_stays_down(run, installation):
    MigrationRecorder(connection).record_unapplied("tasks", "0001_initial")  # its tables are there: making them again fails
    done = run("upgrade")

    file = making.backups_in(installation / "backups")[0]
    assert done.exit_code == 1
    assert f"waterneedle restore {file}" in done.output and "tasks.0001_initial" in done.output
    assert run("serve", "--port", "1").exit_code == 1


def test_without_a_backup_nothing_is_changed(run, installation, settings):
    MigrationRecorder(connection).record_unapplied("tasks", "0001_initial")
    (installation / "backups").write_text("not a folder")
    done = run("upgrade")

    assert done.exit_code == 1
    assert "no backup was made" in done.output


def test_a_database_of_a_later_version_is_left_alone(run):
    MigrationRecorder(connection).record_applied("tasks", "9999_of_tomorrow")
    done = run("upgrade")

    assert done.exit_code == 1
    assert "another version" in done.output


def test_a_database_that_is_served_is_not_upgraded(run):
    if connection.vendor == "sqlite":
        with serving.alone():
            assert run("upgrade").exit_code == 1
