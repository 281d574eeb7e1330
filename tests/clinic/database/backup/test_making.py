from __future__ import annotations

import contextlib
import datetime
import shutil
import sqlite3
import stat

import pytest
from django.db import connection

from clinic.patients.people import at_work, make_patient
from clinic.people import make_clinic, make_person
from waterneedle.clinic.audit.verify import verify as verify_trail
from waterneedle.clinic.database.backup import copying, making
from waterneedle.clinic.database.backup.sealed import NotSealed, WrongKey
from waterneedle.clinic.patients import queries

NOW = datetime.datetime(2026, 11, 26, 3, 0, tzinfo=datetime.UTC)
KEY = bytes(range(32))


@pytest.fixture
def filled(committed_db):
    clinic = make_clinic("harbor", "Harbor Acupuncture")
    by = at_work(make_person(clinic, "Alice Archer", "practitioner"), clinic)
    for name in ("Ana Ruiz", "Bo Lind", "小明 王"):
        make_patient(by, name)
    return clinic


def test_a_backup_is_made_whole_and_for_its_owner_alone(filled, tmp_path):
    file = making.make(tmp_path / "backups", KEY, NOW)

    assert making.backups_in(tmp_path / "backups") == [file]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    assert b"Ruiz" not in file.read_bytes()


def test_a_backup_never_takes_the_place_of_another(filled, tmp_path):
    making.make(tmp_path, KEY, NOW)
    with pytest.raises(FileExistsError):
        making.make(tmp_path, KEY, NOW)

    assert len(list(tmp_path.iterdir())) == 1


def test_a_verified_backup_says_what_it_holds(filled, tmp_path):
    verified = making.verify(making.make(tmp_path, KEY, NOW), KEY)

    assert (verified.made_at, verified.engine) == ("2026-11-26T03:00:00+00:00", connection.vendor)
    if connection.vendor == "sqlite":
        assert verified.rows["patients_patient"] == 3


def test_what_is_changed_afterwards_is_not_in_the_backup(filled, tmp_path):
    file = making.make(tmp_path, KEY, NOW)
    make_patient(at_work(make_person(filled, "Zoe Late", "practitioner"), filled), "Late Comer")

    if connection.vendor == "sqlite":
        assert making.verify(file, KEY).rows["patients_patient"] == 3
    assert len(queries.newest(filled)) == 4


def test_a_flipped_bit_is_noticed_and_nothing_is_restored(filled, tmp_path):
    file = making.make(tmp_path, KEY, NOW)
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)

    with pytest.raises(NotSealed):
        making.restore(file, KEY, str(tmp_path / "new.sqlite3"))
    assert not (tmp_path / "new.sqlite3").exists()


def test_without_the_key_nothing_comes_back(filled, tmp_path):
    file = making.make(tmp_path, KEY, NOW)
    with pytest.raises(WrongKey):
        making.restore(file, bytes(32), str(tmp_path / "new.sqlite3"))


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path):
    file = tmp_path / "keys" / "backup_key"

    assert making.key_from(file) == making.key_from(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("nonsense")
    with pytest.raises(ValueError, match="no key"):
        making.key_from(file)


@pytest.fixture
def only_sqlite():
    if connection.vendor != "sqlite":
        pytest.skip("a file is restored and swapped on SQLite alone; on PostgreSQL a database is, below")


def test_a_restored_file_has_every_row_and_a_trail_that_holds(filled, tmp_path, only_sqlite):
    file = making.make(tmp_path, KEY, NOW)
    making.restore(file, KEY, str(tmp_path / "new.sqlite3"))
    connection.close()

    for query in ("SELECT * FROM patients_patient ORDER BY id", "SELECT * FROM audit_entry ORDER BY chain_id, seq"):
        rows = [sqlite3.connect(place).execute(query).fetchall()
                for place in (connection.settings_dict["NAME"], tmp_path / "new.sqlite3")]
        assert rows[0] == rows[1] != []
    assert verify_trail().ok


def test_a_restore_never_writes_over_anything(filled, tmp_path, only_sqlite):
    file = making.make(tmp_path, KEY, NOW)
    there = tmp_path / "there.sqlite3"
    there.write_bytes(b"mine")

    with pytest.raises(copying.CannotCopy, match="already"):
        making.restore(file, KEY, str(there))
    assert there.read_bytes() == b"mine"


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_a_restore_goes_nowhere_where_the_log_of_another_database_lies(filled, tmp_path, only_sqlite, end):
    file = making.make(tmp_path, KEY, NOW)
    (tmp_path / f"new.sqlite3{end}").write_bytes(b"of another one")

    with pytest.raises(copying.CannotCopy, match=f"new.sqlite3{end} is there already"):
        making.restore(file, KEY, str(tmp_path / "new.sqlite3"))
    assert not (tmp_path / "new.sqlite3").exists()


def test_half_a_restored_file_is_none(tmp_path, only_sqlite):
    def parts():
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        copying.bring_back(parts(), str(tmp_path / "new.sqlite3"))
    assert not (tmp_path / "new.sqlite3").exists()


def test_a_log_without_its_file_is_not_played_into_what_takes_its_place(tmp_path, only_sqlite):
    in_service, restored = tmp_path / "w.sqlite3", tmp_path / "new.sqlite3"
    _of_one_word(in_service, "old")
    shutil.copy(in_service, restored)
    with contextlib.closing(sqlite3.connect(in_service)) as writing:
        writing.execute("PRAGMA journal_mode=WAL")
        writing.execute("PRAGMA wal_autocheckpoint=0")
        writing.execute("UPDATE t SET word = 'from the log'")
        writing.commit()
        shutil.copy(tmp_path / "w.sqlite3-wal", tmp_path / "kept")
    in_service.unlink()
    (tmp_path / "kept").rename(tmp_path / "w.sqlite3-wal")

    making.swap(restored, in_service, NOW)

    assert sqlite3.connect(in_service).execute("SELECT word FROM t").fetchone()[0] == "old"


def _of_one_word(place, word):
    with sqlite3.connect(place) as made:
        made.execute("CREATE TABLE t (word)")
        made.execute("INSERT INTO t VALUES (?)", (word,))


def test_what_was_in_service_is_kept_when_the_restored_takes_its_place(tmp_path, only_sqlite):
    in_service, restored = tmp_path / "w.sqlite3", tmp_path / "new.sqlite3"
    for place, word in ((in_service, "old"), (restored, "new")):
        _of_one_word(place, word)

    aside = making.swap(restored, in_service, NOW)

    words = [sqlite3.connect(place).execute("SELECT word FROM t").fetchone()[0] for place in (in_service, aside)]
    assert words == ["new", "old"]
    assert not restored.exists()


def test_a_database_in_use_is_not_swapped(tmp_path, only_sqlite):
    in_service, restored = tmp_path / "w.sqlite3", tmp_path / "new.sqlite3"
    writer = sqlite3.connect(in_service, isolation_level=None)
    writer.execute("CREATE TABLE t (word)")
    writer.execute("BEGIN IMMEDIATE")
    sqlite3.connect(restored).execute("CREATE TABLE t (word)")

    with pytest.raises(copying.CannotCopy, match="stop the server"):
        making.swap(restored, in_service, NOW)
    assert in_service.exists() and restored.exists()


def test_a_dump_comes_back_into_an_empty_database_and_into_no_other(filled, tmp_path, new_database):
    file = making.make(tmp_path, KEY, NOW)
    making.restore(file, KEY, new_database)

    with pytest.raises(copying.CannotCopy, match="not empty"):
        making.restore(file, KEY, new_database)


@pytest.fixture
def new_database(committed_db):
    """The address of an empty database of the test's server."""
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite a file is restored, above")
    told = connection.settings_dict
    name = f"{told['NAME']}_restored"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield f"postgresql://{told['USER']}@/{name}?host={told['HOST']}" + (f"&port={told['PORT']}" if told["PORT"] else "")
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
