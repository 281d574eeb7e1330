"""A mail server on loopback, jobs that tests do, and a clock that they set."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller

from waterneedle.clinic.outbox import handlers

NOW = datetime(2026, 11, 26, 18, tzinfo=UTC)  # ten in the morning in Los Angeles


class MailServer:
    """What came in, in order; `answers` are given first to the next letters instead of taking them."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], bytes]] = []
        self.answers: list[str] = []
        self.refused_addresses: set[str] = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused_addresses:
            return "550 5.1.1 nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            return self.answers.pop(0)
        self.letters.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 OK"


@pytest.fixture(autouse=True)
def daily(monkeypatch) -> dict:
    """What is due daily in a test: nothing, unless it says so."""
    none: dict = {}
    monkeypatch.setattr("waterneedle.clinic.outbox.worker.DAILY", none)
    monkeypatch.setattr("waterneedle.clinic.outbox.worker.EVERY", {})
    return none


class OnFreePort(Controller):
    """On a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mail(settings) -> Iterator[MailServer]:
    server = MailServer()
    controller = OnFreePort(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.OUTBOX_FOLDER, settings.EMAIL_USE_TLS, settings.DEFAULT_FROM_EMAIL = "", False, "Harbor <clinic@harbor.example>"
    yield server
    controller.stop()


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def done(monkeypatch) -> list[str]:
    """The keys of jobs of the kind `test.note` in the order in which they were done; a key that begins with `fail` fails."""
    found: list[str] = []
    monkeypatch.setattr(handlers, "HANDLERS", handlers.HANDLERS.copy())
    monkeypatch.setattr("waterneedle.clinic.outbox.worker.HANDLERS", handlers.HANDLERS)

    @handlers.handler("test.note", attempts=3, dead=lambda job, now: found.append(f"dead {job.key}"))
    def note(job, now):
        if job.key.startswith("fail"):
            raise ConnectionError("out of reach")
        if job.key.startswith("refuse"):
            raise handlers.Refused("no such thing")
        found.append(job.key)

    return found
