"""People who write over HTTP while something happens to their server: what was sent, what was answered, what must be there.

Four browsers at a time chart and sign visits (`charting.py`), and enter patients, allergies and waste. Whoever got no answer
sends the same again, with the same key, to the server that comes next.
"""

from __future__ import annotations

import http.client
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.urls import reverse

from clinic.disasters.charting import Practitioner, look_at_visits, practitioners
from clinic.patients.people import make_patient
from clinic.people import signed_in
from clinic.stock.shelf import make_lot
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.patients.models import HealthFact, Patient, SearchWord
from waterneedle.clinic.stock.models import Lot, Movement

BROWSERS, PEOPLE = 4, 8
CSRF = "c" * 32
HOLDS_ML = 500_000


class Write(NamedTuple):
    """One form as a browser sends it. `name` stands in the row that it makes, and in no other; a step of a visit has none."""

    kind: str
    path: str
    fields: dict[str, str]
    name: str
    key: str
    by: Practitioner


@dataclass
class Load:
    """What was sent, what was answered, and what waits for an answer."""

    people: list[Practitioner]
    paths: dict[str, str]
    sent: list[Write] = field(default_factory=list)
    answered: list[Write] = field(default_factory=list)
    waiting: list[Write] = field(default_factory=list)
    refused: list[tuple[Write, int]] = field(default_factory=list)
    repeated: int = 0
    record: Path | None = None  # notes of what the server did to its disk
    heard_at: list[tuple[int, Write]] = field(default_factory=list)  # how long the notes were when the answer was there
    heard: threading.Event = field(default_factory=threading.Event)  # the server of now has answered a write

    def new(self, by: Practitioner, chance: random.Random) -> Write:
        key = str(uuid7())
        if chance.random() < 0.75 and (step := by.next()):
            kind, path, fields = step
            self.sent.append(made := Write(kind, path, fields, "", key, by))
            return made
        kind = chance.choice(list(self.paths))
        name = f"N{key.replace('-', '')}"
        fields = {
            "patient": {"given_name": "Rosa", "family_name": name, "sex": "female", "is_new": "1"},
            "allergy": {"allergy-said": name, "allergy-said_by": "patient"},
            "waste": {"waste-volume_ml": "0.25", "waste-why": name},
        }[kind]
        self.sent.append(made := Write(kind, self.paths[kind], fields, name, key, by))
        return made


def prepared() -> Load:
    by, people = practitioners(PEOPLE, holds_ml=HOLDS_ML)
    patient, lot = make_patient(by), make_lot(by, number="0418", containers=HOLDS_ML // 10)
    base = f"/c/{by.clinic.slug}"
    return Load(people, {
        "patient": f"{base}/patients/new/",
        "allergy": f"{base}/patients/{patient.uid}/health/facts/allergy/",
        "waste": f"{base}/stock/lots/{lot.uid}/waste/",
    })


def cookie_of(user: User) -> str:
    session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def born(**more: str) -> tuple[subprocess.Popen, int]:
    """A server that answers, in a session of its own, so that all of its processes can be killed at once."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    # All that makes it the installation of this test, whatever another test has done to the environment of the process.
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}", "WATERNEEDLE_DATA": str(settings.DATA),
        "WATERNEEDLE_SECRET_KEY": settings.SECRET_KEY, "WATERNEEDLE_AUDIT_KEY_FILE": str(settings.AUDIT_KEY_FILE)} | more
    command = [sys.executable, "-m", "waterneedle", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=environment, start_new_session=True, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while True:
        assert server.poll() is None and time.monotonic() < until, "the server does not start"
        try:
            if asked(port, "GET", "/healthz")[0] < 500:
                return server, port
        except OSError:
            time.sleep(0.01)


def asked(port: int, method: str, path: str, body: str = "", cookie: str = "", token: str = "") -> tuple[int, str]:
    """Status and where it leads; 401 for a way to the sign-in."""
    there = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        there.request(method, path, body, headers | ({"Authorization": f"Bearer {token}"} if token else {}))
        answer = there.getresponse()
        answer.read()
        where = answer.getheader("Location", "")
        return (401 if reverse(settings.LOGIN_URL) in where else answer.status), where
    finally:
        there.close()


def write(load: Load, port: int, by: Practitioner, cookie: str) -> None:
    """Send again what of this person waits for an answer, then new writes, until the server is gone."""
    chance = random.Random()
    while True:
        one = next((one for one in load.waiting if one.by is by), None)
        if one is None:
            one = load.new(by, chance)
        else:
            load.waiting.remove(one)
            load.repeated += 1
        if not send(load, port, cookie, one):
            return


def send(load: Load, port: int, cookie: str, one: Write) -> bool:
    """Whether it was answered. What is refused shows in `look`."""
    try:
        body = urlencode(one.fields | {"once": one.key, "csrfmiddlewaretoken": CSRF})
        status, where = asked(port, "POST", one.path, body, cookie)
    except (OSError, http.client.HTTPException):
        load.waiting.append(one)
        return False
    if status != 302:
        load.refused.append((one, status))
        return False
    load.answered.append(one)
    if load.record:
        load.heard_at.append((load.record.stat().st_size, one))
    if not one.name:
        one.by.heard(one.kind, where)
    load.heard.set()
    return True


def look(load: Load) -> None:
    """What was answered is there, once; what is there is there with all that belongs to it; database and trail are whole."""
    assert load.refused == []
    there = rows()
    assert [one for one in load.answered if one.name and there[one.kind, one.name] != 1] == []
    assert there.keys() <= {(one.kind, one.name) for one in load.sent}
    look_at_visits(load.people)
    in_the_trail = Counter(Entry.objects.filter(kind__in=("patient", "allergy", "lot")).values_list("kind", "action"))
    assert in_the_trail["patient", "create"] == Patient.objects.count()
    assert in_the_trail["lot", "waste"] == Movement.objects.filter(kind="wasted", cause="").count()
    assert in_the_trail["allergy", "create"] == HealthFact.objects.filter(kind="allergy").count()
    found_by_words = SearchWord.objects.filter(kind=SearchWord.NAME).values("patient").distinct().count()
    assert found_by_words == Patient.objects.count()
    for lot in Lot.objects.all():
        assert lot.volume_ml == sum(lot.movements.values_list("volume_ml", flat=True))
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert cursor.execute("PRAGMA foreign_key_check").fetchall() == []
    report = verify()
    assert report.ok, report


def rows() -> Counter:
    """How often each name of a write stands in the database."""
    return Counter([
        *(("patient", name) for name in Patient.objects.filter(given_name="Rosa").values_list("family_name", flat=True)),
        *(("allergy", said) for said in HealthFact.objects.filter(said__startswith="N").values_list("said", flat=True)),
        *(("waste", why) for why in Movement.objects.filter(kind="wasted", cause="").values_list("why", flat=True)),
    ])
