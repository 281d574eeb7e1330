"""The server: granian with this application, after everything has been checked that must hold before anybody signs in."""

from __future__ import annotations

import contextlib
import fcntl
import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PORT = 8000
_NEXT_PORTS = 50
# Of one web process: one for the request whose turn it is (`turns.py`), the others for those that take long.
THREADS = 4
# How long those who were asked to end may take over what they have begun; whoever is still there is killed, and loses nothing
# that was acknowledged. Without this a process that was stopped before it listened to signals would be waited for without end.
STOP_S = 10


class CannotServe(RuntimeError):
    """Why the server does not start; the text says what to do."""


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next port that nobody listens on."""
    for port in range(wanted, min(wanted + _NEXT_PORTS, 65536)):
        if _taken(host, port) is None:
            return port
    raise CannotServe(f"none of the ports {wanted} to {wanted + _NEXT_PORTS - 1} is free: name another one with --port")


def require_free(host: str, port: int) -> None:
    """Raises CannotServe where the server cannot listen. It shares its port with its own processes, so that the system would let
    it share with any other program of the same user too, and each would answer some of the requests."""
    if problem := _taken(host, port):
        raise CannotServe(f"{host} port {port}: {problem.strerror or problem}; name another one with --port")


def _taken(host: str, port: int) -> OSError | None:
    """Why nobody can listen there now; None: it is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as problem:
            return problem
    return None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def ready() -> None:
    """Raises CannotServe where the database is out of reach, not up to date, or does not guard its trail."""
    # late: Django is ready only now
    from django.db import connection

    from waterneedle.config.starting import problem

    wrong = problem()
    connection.close()
    if wrong:
        raise CannotServe(wrong)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Holds the lock of this installation's SQLite file; raises CannotServe while another server has it.

    SQLite has one web process: it drains the outbox, and a database under a running server is neither upgraded nor exchanged.
    With PostgreSQL there may be several, and nothing is locked.
    """
    # late: the settings are read only now
    from django.conf import settings
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    place = Path(f"{settings.DATABASES['default']['NAME']}.lock")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise CannotServe(f"{place} cannot be written: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotServe("a server is running on this database: stop it first") from None
        yield
    finally:
        os.close(handle)


def is_running() -> bool | None:
    """Whether a server of this machine works on the SQLite file; None with PostgreSQL, where nobody here can know."""
    # late: the settings are read only now
    from django.db import connection

    if connection.vendor != "sqlite":
        return None
    try:
        with alone():
            return False
    except CannotServe:
        return True


def run(host: str, port: int, *, workers: int = 1, certificate: Path | None = None, key: Path | None = None) -> None:
    """Serve until stopped. With `certificate` and `key` (PEM) the server itself speaks TLS."""
    # late: slow, and only for who serves
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    spoken: dict[str, Any] = {"ssl_cert": certificate, "ssl_key": key} if certificate else {}
    Granian(
        "waterneedle.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.auto,
        websockets=False,
        workers=workers,
        blocking_threads=THREADS,
        backpressure=128,
        workers_kill_timeout=STOP_S,
        log_access=False,  # an address may hold what nobody else should read
        log_level=LogLevels.error,
        **spoken,
    ).serve()
