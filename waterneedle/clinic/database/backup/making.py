"""Make a backup, verify it, bring it back, and put what was brought back into service.

A backup is first written under another name, so that a file which is there is whole. Verifying decrypts all of it, compares it
with what was hashed when it was made, and lets the engine check the database. Restoring never touches what is there.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from waterneedle.clinic.database.backup import copying, sealed
from waterneedle.clinic.database.backup.sealed import Damaged

ENDING = ".wnbackup"
VERIFYING = ".verifying-"  # folders of a moment


class Verified(NamedTuple):
    """What a verified backup holds."""

    made_at: str
    engine: str
    content_bytes: int
    rows: dict[str, int]


def key_from(file: Path) -> bytes:
    """The key of backups, from a file that is made once. It must be kept apart from the backups, where a fire spares it."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as made:
            made.write(secrets.token_hex(sealed.KEY_BYTES) + "\n")
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (UnicodeDecodeError, ValueError):
        key = b""
    if len(key) != sealed.KEY_BYTES:
        raise ValueError(f"{file} holds no key: 64 hexadecimal digits are expected")
    return key


def make(folder: Path, key: bytes, now: datetime) -> Path:
    """A new sealed backup in `folder`, named by its moment."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / f"waterneedle-{now:%Y%m%dT%H%M%SZ}{ENDING}"
    header = {"made_at": now.isoformat(timespec="seconds"), "engine": connection.vendor, "migrations": _migrations()}
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".making-", delete=False) as unfinished:
        try:
            os.chmod(unfinished.name, 0o600)
            sealed.seal(_told(copying.content(_workplace())), header, key, unfinished)
            unfinished.flush()
            os.fsync(unfinished.fileno())
            os.link(unfinished.name, place)  # refuses to take the place of another backup
        finally:
            Path(unfinished.name).unlink(missing_ok=True)
    return place


def verify(file: Path, key: bytes) -> Verified:
    """Check all of a backup. Raises NotSealed, or Damaged where the engine finds its content broken."""
    with file.open("rb") as source, tempfile.TemporaryDirectory(dir=_workplace(), prefix=VERIFYING) as inside:
        header = sealed.header_of(source)
        source.seek(0)
        place = Path(inside) / "content"
        size = 0
        with place.open("wb") as target:
            for part in _proved(sealed.opened(source, key)):
                size += target.write(part)
        rows = _rows_of_file(place) if header.get("engine") == "sqlite" else copying.entries_of_dump(place)
    return Verified(str(header.get("made_at")), str(header.get("engine")), size, rows)


def restore(file: Path, key: bytes, place: str) -> Verified:
    """Bring a backup back into `place`, which is new; the backup is verified first, all of it."""
    verified = verify(file, key)
    with file.open("rb") as source:
        copying.bring_back(_proved(sealed.opened(source, key)), place)
    return verified


def swap(restored: Path, in_service: Path, now: datetime) -> Path:
    """Put a restored SQLite file into service; what was there is kept beside it under a name of this moment, which is returned
    (where nothing was in service, there is no file of that name).

    The server must be stopped: a file that somebody still writes to cannot be moved without losing what they write.
    """
    if restored.stat().st_dev != in_service.parent.stat().st_dev:
        raise copying.CannotCopy(f"{restored} is on another disk than {in_service}: restore into the folder of that, then swap")
    aside = in_service.with_name(f"{in_service.stem}-until-{now:%Y%m%dT%H%M%SZ}{in_service.suffix}")
    if in_service.exists():
        _require_still(in_service)
    for old in (in_service, *copying.logs_of(in_service)):
        if old.exists():
            os.rename(old, aside.with_name(aside.name + old.name.removeprefix(in_service.name)))
    os.rename(restored, in_service)
    return aside


def backups_in(folder: Path) -> list[Path]:
    """The backups of a folder, the newest first."""
    return sorted(folder.glob(f"*{ENDING}"), reverse=True) if folder.is_dir() else []


# --- inside


def _require_still(place: Path) -> None:
    """Raises CannotCopy where somebody has the file open to write."""
    with contextlib.closing(sqlite3.connect(place, timeout=1)) as current:
        try:
            current.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            current.execute("PRAGMA locking_mode=EXCLUSIVE")
            current.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as busy:
            raise copying.CannotCopy("the database is in use: stop the server first") from busy
        current.rollback()


def _workplace() -> Path:
    """Where an open copy lies for a moment: beside the database, never where backups go, which may be another machine."""
    place = Path(settings.DATA)
    place.mkdir(parents=True, exist_ok=True)
    return place


def _migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _told(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The content, and behind it the hash of all of it."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part)
        yield part
    yield whole.digest()


def _proved(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The content without the hash behind it. Raises Damaged where the two do not fit."""
    whole, held = hashlib.sha256(), b""
    size = whole.digest_size
    for part in parts:
        held += part
        if len(held) > size:
            whole.update(held[:-size])
            yield held[:-size]
            held = held[-size:]
    if held != whole.digest():
        raise Damaged("the content is not what was counted when the backup was made")


def _rows_of_file(place: Path) -> dict[str, int]:
    with contextlib.closing(sqlite3.connect(f"file:{copying._quoted(place)}?mode=ro&immutable=1", uri=True)) as database:
        try:
            wrong = [row[0] for row in database.execute("PRAGMA integrity_check")]
            broken = database.execute("PRAGMA foreign_key_check").fetchall()
            tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            counted: dict[str, Any] = {
                name: database.execute('SELECT count(*) FROM "{}"'.format(name.replace('"', '""'))).fetchone()[0]
                for name in tables
            }
        except sqlite3.DatabaseError as error:
            raise Damaged(f"the database inside is broken: {error}") from error
    if wrong != ["ok"] or broken:
        raise Damaged(f"the database inside is broken: {wrong[0] if wrong != ['ok'] else broken[0]}")
    return counted
