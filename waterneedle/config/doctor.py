"""What is wrong with this installation: one finding for each thing that was looked at, with what to do about it.

Every check is a function that takes the settings and the moment and yields findings; none changes anything.
"""

from __future__ import annotations

import difflib
import os
import shutil
import smtplib
import stat
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from django.db import DatabaseError, connection
from django.db.models import Max

from waterneedle.clinic.audit.checks import trail_is_guarded
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.database import schema
from waterneedle.clinic.database.backup import status
from waterneedle.clinic.outbox.models import Job
from waterneedle.config import serving
from waterneedle.config.environment import ASKED

State = Literal["ok", "warn", "wrong"]
LATE = timedelta(minutes=15)  # a job that is due for longer has no worker
CLOCK_MAY_DIFFER = timedelta(minutes=1)
LEAST_FREE_BYTES = 500_000_000
_MAIL_TIMEOUT_S = 5
_OURS = "WATERNEEDLE_"
_HERE = {"localhost", "127.0.0.1", "[::1]", "::1"}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """How one thing stands, and what to do where it is not ok."""

    about: str
    state: State
    says: str
    do: str = ""


Check = Callable[[Any, datetime], Iterator[Finding]]


def examine(settings: Any, now: datetime) -> list[Finding]:
    """Every finding, in the order in which an operator would look. Without a database what needs one is left out."""
    reached = list(database(settings, now))
    checks = CHECKS if reached[0].state != "wrong" else [check for check in CHECKS if check not in NEED_DATABASE]
    return reached + [finding for check in checks for finding in check(settings, now)]


def ok(about: str, says: str) -> Finding:
    return Finding(about=about, state="ok", says=says)


def warn(about: str, says: str, do: str) -> Finding:
    return Finding(about=about, state="warn", says=says, do=do)


def wrong(about: str, says: str, do: str) -> Finding:
    return Finding(about=about, state="wrong", says=says, do=do)


# --- rows


def database(settings: Any, now: datetime) -> Iterator[Finding]:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        yield wrong("database", f"{name} does not exist", "run waterneedle upgrade, which makes it; or set WATERNEEDLE_DATA")
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        do = "start it, or mend DATABASE_URL"
        if connection.vendor == "sqlite":
            do = "look at the disk and at who may read the file; if it is broken: waterneedle restore FILE --into NEW --swap"
        yield wrong("database", f"cannot be reached: {str(error).strip()}", do)
        return
    yield ok("database", f"{connection.vendor}, {name}")


def names(settings: Any, now: datetime) -> Iterator[Finding]:
    """What begins like a setting and is none: nobody would notice that it does nothing."""
    for name in sorted(os.environ):
        if name.startswith(_OURS) and name not in ASKED:
            near = difflib.get_close_matches(name, sorted(ASKED), n=1)
            do = f"did you mean {near[0]}?" if near else "take it away, or look it up in docs/operate.md"
            yield warn("settings", f"{name} is no setting, so what it says does not hold", do)


def migrations(settings: Any, now: datetime) -> Iterator[Finding]:
    problem = schema.problem(schema.schema())
    yield wrong("tables", problem, "waterneedle upgrade") if problem else ok("tables", "up to date")


def triggers(settings: Any, now: datetime) -> Iterator[Finding]:
    found = trail_is_guarded(databases=["default"])
    for one in found:
        yield wrong("trail", str(one.msg), one.hint or "waterneedle upgrade")
    if not found:
        yield ok("trail", "guarded: what was written cannot be changed")


def second_place(settings: Any, now: datetime) -> Iterator[Finding]:
    if settings.AUDIT_HEADS_FOLDER or settings.AUDIT_HEADS_MAIL:
        yield ok("signed heads", f"sent to {settings.AUDIT_HEADS_FOLDER or settings.AUDIT_HEADS_MAIL}")
    else:
        yield warn("signed heads", "stay on this machine, where whoever holds it can change them too",
                   "set WATERNEEDLE_AUDIT_HEADS_MAIL or WATERNEEDLE_AUDIT_HEADS_FOLDER")


def clock(settings: Any, now: datetime) -> Iterator[Finding]:
    """The trail knows a moment that has been: a clock that shows an earlier one is wrong, or was wrong then."""
    newest = Entry.objects.aggregate(newest=Max("at"))["newest"]
    if newest is None or newest - now <= CLOCK_MAY_DIFFER:
        yield ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")
        return
    yield wrong("clock", f"shows {now:%Y-%m-%d %H:%M} UTC, and the trail has an entry of {newest:%Y-%m-%d %H:%M} UTC",
                "let the machine take its time from a time server; nothing is lost: entries keep their order by number, "
                "and times written meanwhile are wrong by as much")


# --- keys


def keys(settings: Any, now: datetime) -> Iterator[Finding]:
    data = Path(settings.DATA)
    files = [Path(settings.AUDIT_KEY_FILE), Path(settings.BACKUP_KEY_FILE), Path(settings.REGISTRY_KEY_FILE), data / "secret_key"]
    open_ones = [file for file in files if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077]
    for file in open_ones:
        yield wrong("keys", f"{file} can be read by others on this machine", f"chmod 600 {file}")
    if not open_ones:
        yield ok("keys", "for their owner alone")
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite" and Path(name).exists() and Path(name).stat().st_mode & 0o007:
        yield warn("keys", f"{name} can be read by everybody on this machine", f"chmod 600 {name} (and 700 its folder)")
    if settings.BACKUP_FOLDER:
        beside = [file for file in files[:3] if file.exists() and _is_within(file, Path(settings.BACKUP_FOLDER))]
        for file in beside:
            yield wrong("keys", f"{file} lies beside the backups: whoever takes them has the key too",
                        "move it, and name it in WATERNEEDLE_BACKUP_KEY_FILE, WATERNEEDLE_AUDIT_KEY_FILE or "
                        "WATERNEEDLE_REGISTRY_KEY_FILE")


def _is_within(file: Path, folder: Path) -> bool:
    return folder.resolve() in file.resolve().parents


# --- backups


def backups(settings: Any, now: datetime) -> Iterator[Finding]:
    known = status.read()
    if not settings.BACKUP_FOLDER:
        yield wrong("backups", "none is made by itself", "set WATERNEEDLE_BACKUP_FOLDER, best to a folder of another machine")
    elif _same_disk(Path(settings.BACKUP_FOLDER), Path(settings.DATA)):
        yield warn("backups", f"{settings.BACKUP_FOLDER} is on the disk of the data: both are lost with it",
                   "name a folder of another machine or disk in WATERNEEDLE_BACKUP_FOLDER, or copy them there each day")
    if known.failed:
        yield wrong("backups", f"failed at {known.failed.at:%Y-%m-%d %H:%M} UTC: {known.failed.why}", "then: waterneedle backup")
    state = known.state(now)
    if known.verified is None:
        yield wrong("backups", "none was ever verified here", "waterneedle backup")
        return
    days = (now - known.verified.at).days
    says = f"verified {days} days ago ({known.verified.file})" if days else f"verified today ({known.verified.file})"
    if state == "ok":
        yield ok("backups", says)
    else:
        make = wrong if state == "too old" else warn
        yield make("backups", says, "waterneedle backup; and see in the server's log why the nightly one does not come")
    if known.restore_is_due(now):
        yield warn("restore", "nobody has brought a backup back within a year",
                   "try it: waterneedle restore FILE --into /tmp/look.sqlite3, look at it, and delete it")


def _same_disk(one: Path, other: Path) -> bool:
    while not one.exists() and one != one.parent:
        one = one.parent
    return other.exists() and one.stat().st_dev == other.stat().st_dev


# --- the machine


def disk(settings: Any, now: datetime) -> Iterator[Finding]:
    data = Path(settings.DATA)
    if not data.exists():
        yield wrong("disk", f"{data} does not exist", "make it, or set WATERNEEDLE_DATA")
        return
    if not os.access(data, os.W_OK):
        yield wrong("disk", f"{data} cannot be written to", "give the user of the server the right to write there")
    free = shutil.disk_usage(data).free
    name = connection.settings_dict["NAME"]
    size = Path(name).stat().st_size if connection.vendor == "sqlite" and Path(name).exists() else 0
    says = f"{free / 1e9:.1f} GB free at {data}"
    if free < max(size, LEAST_FREE_BYTES // 5):
        yield wrong("disk", says, "make room now: soon nothing can be written")
    elif free < max(3 * size, LEAST_FREE_BYTES):
        yield warn("disk", says, "make room: a backup and an upgrade need about twice the database")
    else:
        yield ok("disk", says)


def worker(settings: Any, now: datetime) -> Iterator[Finding]:
    waiting = Job.objects.filter(ended_at=None, due_at__lt=now - LATE)
    if not settings.EMAIL_HOST and not settings.OUTBOX_FOLDER:
        waiting = waiting.exclude(kind="outbox.letter")  # said below: there is no mail server
    late = waiting.count()
    running = serving.is_running()
    if late:
        do = "start waterneedle serve" if connection.vendor == "sqlite" else "start waterneedle worker"
        yield wrong("worker", f"{late} jobs are due for more than {LATE.seconds // 60} minutes", do)
    elif running is False:
        yield warn("worker", "no server runs on this database", "start waterneedle serve")
    else:
        yield ok("worker", "does what is due")


# --- the way in and out


def web(settings: Any, now: datetime) -> Iterator[Finding]:
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    outside = [name for name in settings.ALLOWED_HOSTS if name not in _HERE]
    if settings.DEBUG:
        yield wrong("settings", "WATERNEEDLE_DEBUG is on: pages of errors show what is inside", "take WATERNEEDLE_DEBUG away")
    if settings.DEMO:
        yield warn("settings", "this is a demonstration: its passwords are printed", "never enter a real patient here")
    if "*" in settings.ALLOWED_HOSTS:
        yield wrong("hosts", "every host name is let in", "name those of this clinic in WATERNEEDLE_HOSTS")
    if outside and not settings.TLS:
        yield wrong("TLS", f"{', '.join(outside)} is reached without https: passwords cross the network in the open",
                    "put a proxy with a certificate in front (docs/operate.md), then WATERNEEDLE_TLS=true")
    elif settings.TLS and not settings.PUBLIC_URL.startswith("https://"):
        yield wrong("TLS", f"letters lead to {settings.PUBLIC_URL}, which is not https", "mend WATERNEEDLE_URL")
    else:
        yield ok("TLS", "https" if settings.TLS else "not needed: only this machine reaches the server")
    if host and host not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        yield wrong("hosts", f"letters lead to {host}, which WATERNEEDLE_HOSTS does not let in", "name it in WATERNEEDLE_HOSTS")
    else:
        yield ok("hosts", ", ".join(settings.ALLOWED_HOSTS))


def mail(settings: Any, now: datetime) -> Iterator[Finding]:
    if settings.OUTBOX_FOLDER and not settings.DEMO:
        yield warn("mail", f"letters stay in {settings.OUTBOX_FOLDER}", "take WATERNEEDLE_MAIL_FOLDER away once they may leave")
        return
    if not settings.EMAIL_HOST:
        if not settings.DEMO:
            yield warn("mail", "no letter leaves: invitations, new passwords and check-ins wait",
                       "set WATERNEEDLE_SMTP_HOST and its user and password")
        return
    try:
        with smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=_MAIL_TIMEOUT_S) as server:
            server.ehlo()
            if settings.EMAIL_USE_TLS and not server.has_extn("starttls"):
                yield wrong("mail", f"{settings.EMAIL_HOST} does not speak STARTTLS",
                            "another port, or WATERNEEDLE_SMTP_STARTTLS=false")
                return
    except (OSError, smtplib.SMTPException) as error:
        yield wrong("mail", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} does not answer: {error}",
                    "mend WATERNEEDLE_SMTP_HOST or WATERNEEDLE_SMTP_PORT")
        return
    yield ok("mail", f"{settings.EMAIL_HOST} answers")


def printer(settings: Any, now: datetime) -> Iterator[Finding]:
    if not settings.PRINT:
        return
    if shutil.which(settings.PRINT[0]) is None:
        yield wrong("paper", f"there is no command {settings.PRINT[0]!r} to print the papers of the morning",
                    "mend WATERNEEDLE_PRINT, or install what it names")
        return
    yield ok("paper", f"the papers of the morning are printed by {settings.PRINT[0]}")


CHECKS: list[Check] = [migrations, triggers, clock, second_place, keys, backups, disk, worker, names, web, mail, printer]
NEED_DATABASE: list[Check] = [migrations, triggers, clock, worker]
