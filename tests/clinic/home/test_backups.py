from __future__ import annotations

import datetime

import pytest

from clinic.patients.people import at_work
from clinic.people import make_clinic, make_person
from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.database.backup import keeping, making, status
from waterneedle.clinic.home import backups, today
from waterneedle.clinic.outbox.handlers import DAILY
from waterneedle.clinic.tasks.models import Task

NOW = datetime.datetime(2026, 11, 26, 1, 15, tzinfo=datetime.UTC)


@pytest.fixture
def place(committed_db, settings, tmp_path):
    settings.DATA, settings.BACKUP_KEY_FILE = tmp_path / "data", tmp_path / "key"
    settings.BACKUP_FOLDER, settings.BACKUP_KEEP = str(tmp_path / "backups"), 3
    make_clinic("harbor", "Harbor Acupuncture")
    return tmp_path


def test_a_backup_is_made_every_night_and_written_down(place):
    backups.back_up(None, NOW)

    assert "home.backup" in DAILY
    assert len(making.backups_in(place / "backups")) == 1
    assert Entry.objects.filter(kind="database", action="back up").count() == 1


def test_without_a_folder_none_is_made(place, settings):
    settings.BACKUP_FOLDER = ""
    backups.back_up(None, NOW)

    assert not (place / "backups").exists()


def test_the_owners_are_told_once_a_night_when_it_fails(place):
    (place / "backups").write_text("not a folder")
    for _ in range(2):
        with pytest.raises(keeping.NoBackup):
            backups.back_up(None, NOW)

    assert Task.objects.filter(kind="home.backup").count() == 1


def test_the_owner_sees_in_the_morning_how_old_the_newest_backup_is(place):
    owner = make_person(Clinic.objects.get(), "Olga Owner", "owner")

    def lines(after=0):
        found = today.parts(at_work(owner, Clinic.objects.get()), NOW + datetime.timedelta(days=after))
        return next(part.lines for part in found if part.title == "Backups")

    assert [one.severity for one in lines()] == ["block"]
    backups.back_up(None, NOW)
    assert [[one.severity for one in lines(days)] for days in (0, 5, 31)] == [["", "warn"], ["warn", "warn"], ["block", "warn"]]
    status.note(restored=status.Event(at=NOW))
    assert [[one.severity for one in lines(days)][1] for days in (0, 365, 366)] == ["", "", "warn"]
