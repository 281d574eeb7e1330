"""When backups were last made, verified and brought back, or why not: a small file beside the data, for the owner's page.

It lies outside the database, so that a restored database does not tell the news of the day of its backup.
"""

from __future__ import annotations

import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec
from django.conf import settings

FILE = "backup_status.json"
DUE_AFTER = timedelta(days=1, hours=12)  # one is made daily: half a day late is late
TOO_OLD_AFTER = timedelta(days=30)
TRIED_EVERY = timedelta(days=365)  # a restore for trial


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened to a backup, or the reason for which it did not."""

    at: datetime
    file: str = ""
    made_at: str = ""  # the moment whose state the backup holds
    why: str = ""


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What is known. None: it has never happened here."""

    made: Event | None = None
    verified: Event | None = None
    restored: Event | None = None
    failed: Event | None = None  # since the last one that was verified

    def state(self, now: datetime) -> Literal["ok", "late", "too old", "none"]:
        """How the newest verified backup stands: amber from `late` on."""
        if self.verified is None:
            return "none"
        age = now - self.verified.at
        return "ok" if age <= DUE_AFTER else "late" if age <= TOO_OLD_AFTER else "too old"

    def restore_is_due(self, now: datetime) -> bool:
        """Whether nobody has brought a backup back for longer than `TRIED_EVERY`."""
        return self.restored is None or now - self.restored.at > TRIED_EVERY


msgspec.json.Decoder(Status)  # met here, where one thread imports: see `knowledge/store.py`


def read() -> Status:
    """What the file says; nothing is known when it is not there or cannot be read."""
    try:
        return msgspec.json.decode(_place().read_bytes(), type=Status)
    except (OSError, msgspec.DecodeError):
        return Status()


def note(**events: Event | None) -> Status:
    """Put `made`, `verified`, `restored` or `failed` in place of what was known of it."""
    found = msgspec.structs.replace(read(), **events)
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True)
    beside = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
    return found


def _place() -> Path:
    return Path(settings.DATA) / FILE
