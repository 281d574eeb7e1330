"""A backup as the day makes it: alone, verified at once, noted for the owner, and old ones taken away once a new one holds."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from waterneedle.clinic.database.backup import copying, making, status
from waterneedle.clinic.database.backup.making import Verified
from waterneedle.clinic.database.backup.sealed import NotSealed
from waterneedle.clinic.database.backup.status import Event


class NoBackup(RuntimeError):
    """Why there is no verified backup now, and what to do about it."""


def back_up(folder: Path, key_file: Path, now: datetime, *, keep: int | None = None) -> tuple[Path, Verified]:
    """Make a backup in `folder` and verify it; with `keep`, take away all but that many of the newest.

    Raises NoBackup, and notes why. Nothing that is not whole stays behind, and no older backup is touched before the new one
    is verified.
    """
    file: Path | None = None
    try:
        with _alone():
            file = making.make(folder, making.key_from(key_file), now)
            status.note(made=Event(at=now, file=file.name, made_at=now.isoformat(timespec="seconds")))
            verified = check(file, key_file, now)
            for old in making.backups_in(folder)[keep:] if keep else ():
                if old != file:  # which is not the newest by its name where the clock went back
                    old.unlink(missing_ok=True)
    except NoBackup as problem:
        if file is not None and isinstance(problem.__cause__, NotSealed):
            file.unlink(missing_ok=True)  # it never was one
        raise
    except (OSError, ValueError, DatabaseError, sqlite3.Error, copying.CannotCopy) as error:
        raise _noted(error, now, file) from error
    return file, verified


def check(file: Path, key_file: Path, now: datetime) -> Verified:
    """Verify a backup and note that it holds; raises NoBackup where it does not."""
    try:
        verified = making.verify(file, existing_key(key_file))
    except (OSError, ValueError, sqlite3.Error, copying.CannotCopy) as error:
        raise _noted(error, now, file) from error
    status.note(verified=Event(at=now, file=file.name, made_at=verified.made_at), failed=None)
    return verified


def existing_key(key_file: Path) -> bytes:
    """The key that is there. Raises ValueError where there is none: to open a backup no new key is of any use."""
    if not key_file.exists():
        raise ValueError(f"there is no key at {key_file}: put the key there with which the backup was made")
    return making.key_from(key_file)


def because(error: Exception) -> str:
    """Why something about a backup failed, in a sentence for who looks after the installation."""
    if isinstance(error, NotSealed):
        return f"it is not whole: {error}"
    if "disk I/O" in str(error):
        return f"the disk did not take or give it ({error}): look whether there is room left, and at the disk itself"
    number = getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or "full" in str(error):
        return f"there is no room left ({error}): make room, or name another folder"
    if number in (errno.EROFS, errno.EACCES, errno.EPERM) or "readonly" in str(error):
        return f"the folder cannot be written to ({error}): name another one, or give this user the right to write there"
    return str(error)


def _noted(error: Exception, now: datetime, file: Path | None) -> NoBackup:
    why = because(error)
    with contextlib.suppress(OSError):  # where the disk is full, this file has no room either; who asked is told in any case
        status.note(failed=Event(at=now, file=file.name if file else "", why=why))
    return NoBackup(why)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One at a time; what one left behind that was killed is taken away: it holds open data."""
    data = Path(settings.DATA)
    data.mkdir(parents=True, exist_ok=True)
    handle = os.open(data / ".backup.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError("another backup is being made at this moment") from None
        for left in (*data.glob(f"{copying.COPYING}*"), *data.glob(f"{making.VERIFYING}*")):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(handle)
