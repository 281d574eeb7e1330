"""The whole database at one moment as bytes, and bytes brought into a new, empty place. Each engine does it by its own means.

No shell is involved, and no name or password is ever part of a command line.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connection

_READ = 1 << 20
COPYING = ".copying-"  # a folder of a moment


class CannotCopy(RuntimeError):
    """The engine refused; the text is what it said."""


def content(folder: Path) -> Iterator[bytes]:
    """The database of this installation as it is now. SQLite copies itself into `folder` first, and writers go on."""
    return _sqlite_content(folder) if connection.vendor == "sqlite" else _postgresql_content()


def bring_back(parts: Iterable[bytes], place: str) -> None:
    """Put a content into `place`: a path where no file is yet, or the address of a PostgreSQL database that is empty."""
    if place.startswith(("postgres://", "postgresql://")):
        _into_postgresql(parts, place)
    else:
        _into_file(parts, Path(place))


# --- SQLite


def _sqlite_content(folder: Path) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(dir=folder, prefix=COPYING) as inside:
        copy = Path(inside) / "copy.sqlite3"
        with (
            contextlib.closing(
                sqlite3.connect(f"file:{_quoted(connection.settings_dict['NAME'])}?mode=ro", uri=True)
            ) as source,
            contextlib.closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            # The copy needs no log of its own beside it.
            target.execute("PRAGMA journal_mode=DELETE")
        with copy.open("rb") as opened:
            while part := opened.read(_READ):
                yield part


def _into_file(parts: Iterable[bytes], place: Path) -> None:
    for there in (place, *logs_of(place)):
        if there.exists():
            raise CannotCopy(f"{there} is there already; a backup is restored into a new place")
    with place.open("xb") as target:
        try:
            os.chmod(place, 0o600)
            for part in parts:
                target.write(part)
            target.flush()
            os.fsync(target.fileno())
        except BaseException:  # the disk is full, or somebody has stopped it: half a database is none
            place.unlink(missing_ok=True)
            raise


def logs_of(place: Path) -> tuple[Path, ...]:
    """What SQLite keeps beside a file. It plays such a log into whatever file of this name it opens, also into another one."""
    return tuple(place.with_name(place.name + end) for end in ("-wal", "-shm", "-journal"))


def _quoted(path: Any) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


# --- PostgreSQL


def _postgresql_content() -> Iterator[bytes]:
    told = connection.settings_dict
    environment = _environment(told["HOST"], told["PORT"], told["USER"], told["PASSWORD"], told["NAME"])
    yield from _output(["pg_dump", "--format=custom", "--no-owner", "--no-privileges"], environment)


def _into_postgresql(parts: Iterable[bytes], place: str) -> None:
    address = urlsplit(place)
    name = unquote(address.path.lstrip("/"))
    host = dict(pair.partition("=")[::2] for pair in address.query.split("&")).get("host") or address.hostname or ""
    environment = _environment(
        unquote(host), address.port, unquote(address.username or ""), unquote(address.password or ""), name
    )
    found = b"".join(
        _output(
            ["psql", "--no-psqlrc", "--tuples-only", "--command", "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"],
            environment,
        )
    ).strip()
    if found != b"0":
        raise CannotCopy(f"the database {name} is not empty; a backup is restored into a new place")
    with tempfile.TemporaryFile() as dump:
        for part in parts:
            dump.write(part)
        dump.seek(0)
        command = ["pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", f"--dbname={name}"]
        done = subprocess.run(command, stdin=dump, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise CannotCopy(done.stderr.decode(errors="replace").strip())


def entries_of_dump(dump: Path) -> dict[str, int]:
    """How many entries a dump's table of contents has, as `pg_restore` reads it; raises CannotCopy where it cannot."""
    told = b"".join(_output(["pg_restore", "--list", str(dump)], dict(os.environ))).decode(errors="replace")
    return {"entries of the dump": sum(1 for line in told.splitlines() if line and not line.startswith(";"))}


def _environment(host: Any, port: Any, user: Any, password: Any, name: Any) -> dict[str, str]:
    told = {"PGHOST": host, "PGPORT": port, "PGUSER": user, "PGPASSWORD": password, "PGDATABASE": name}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {key: str(value) for key, value in told.items() if value}


def _output(command: list[str], environment: dict[str, str]) -> Iterator[bytes]:
    """What a command writes, part by part. Raises CannotCopy with what it said when it fails."""
    try:
        running = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except FileNotFoundError:
        raise CannotCopy(f"{command[0]} is not installed: it comes with PostgreSQL's client programs") from None
    with running:
        while part := running.stdout.read(_READ):
            yield part
        said = running.stderr.read().decode(errors="replace").strip()
    if running.returncode:
        raise CannotCopy(said or f"{command[0]} ended with {running.returncode}")
