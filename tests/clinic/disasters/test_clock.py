"""The clock of the real server goes back an hour, and forward a year, while it runs: nothing is lost, what is closed says so."""

from __future__ import annotations

import os
import signal
import struct
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from clinic.api.conftest import make_token
from clinic.disasters.charting import STEPS, Charted, Practitioner, look_at_signed, practitioners
from clinic.disasters.load import CSRF, asked, born, cookie_of
from clinic.disasters.preloaded import built, needs_compiler
from clinic.intake.filling import handed
from clinic.patients.people import at_work
from clinic.people import at_midday
from waterneedle.clinic.accounts.session import BEGAN, SEEN
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.audit.verify import verify
from waterneedle.clinic.patients.models import HealthFact, Patient
from waterneedle.clinic.visits.models import Signature, Visit
from waterneedle.clinic.visits.models_after import Observation
from waterneedle.clinic.visits.rows import answers_of
from waterneedle.config import doctor

HOUR_S, YEAR_S = 3600, 365 * 24 * 3600
pytestmark = [
    pytest.mark.skipif(connection.vendor != "sqlite", reason="about the clock of the one server of an SQLite file"),
    needs_compiler,
]


class Clinic:
    """One practitioner at a server whose clock can be set."""

    def __init__(self, folder: Path) -> None:
        self.owner, (self.person,) = practitioners(1, holds_ml=1000)
        self.by = at_work(self.person.user, at_midday(self.owner.clinic))
        self.patient = Patient.objects.get()
        self.cookie = cookie_of(self.person.user)
        self.clock = folder / "clock"
        self.set_clock(0)
        connection.close()
        self.server, self.port = born(LD_PRELOAD=str(built("clock", folder)), WN_CLOCK=str(self.clock))

    def set_clock(self, ahead_s: int) -> None:
        """Written in place: the server has the file in its memory."""
        with open(self.clock, "r+b" if self.clock.exists() else "wb") as file:
            file.write(struct.pack("=q", ahead_s))
        self.ahead_s = ahead_s

    def get(self, path: str, cookie: str | None = None) -> int:
        return asked(self.port, "GET", path, cookie=self.cookie if cookie is None else cookie)[0]

    def post(self, path: str, **fields: str) -> int:
        return self.send(path, fields)[0]

    def send(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        return asked(self.port, "POST", path, urlencode(fields | {"csrfmiddlewaretoken": CSRF}), self.cookie)

    def body(self, token: str) -> int:
        """Another program asks with its token."""
        return asked(self.port, "GET", "/api/v1/body?sex=female&age=40", token=token)[0]

    def chart(self, until: str) -> str:
        """Chart a visit up to and with the step `until`; where its page is."""
        person: Practitioner = self.person
        for _ in STEPS:
            step, path, fields = person.next()
            status, where = self.send(path, fields)
            assert status == 302, step
            visit = person.visits[-1]
            person.heard(step, where)
            if step == until:
                break
        return visit.path

    def sign_in(self) -> None:
        """A session of a moment ago by the server's clock."""
        self.cookie = cookie_of(self.person.user)
        key = self.cookie.split(";")[0].split("=")[1]
        row = Session.objects.get(session_key=key)
        data = row.get_decoded()
        data[BEGAN] = data[SEEN] = data[SEEN] + self.ahead_s
        row.session_data = Session.get_session_store_class()().encode(data)
        row.expire_date = timezone.now() + timedelta(seconds=self.ahead_s + 12 * HOUR_S)
        row.save()

    @property
    def base(self) -> str:
        return f"/c/{self.owner.clinic.slug}"


@pytest.fixture
def clinic(committed_db, tmp_path) -> Iterator[Clinic]:
    made = Clinic(tmp_path)
    yield made
    os.killpg(made.server.pid, signal.SIGKILL)
    made.server.wait()


def held() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in (Patient, HealthFact, Visit, Signature, Observation)}


def test_an_hour_back_goes_on_in_order(clinic, settings):
    filling = handed(clinic.by, clinic.patient)
    _, secret = make_token(clinic.owner.clinic, clinic.owner.user)
    page = clinic.chart(until="given")
    assert clinic.post(f"{page}step/", step="observed") == 302
    assert clinic.post(f"{clinic.base}/patients/{clinic.patient.uid}/health/facts/allergy/", **{
        "allergy-said": "cobalt", "allergy-said_by": "patient"}) == 302

    clinic.set_clock(-HOUR_S)

    # What is said after it is the newest, though its time is earlier.
    assert clinic.post(f"{page}today/", pregnancy="possible") == 302
    assert answers_of(Visit.objects.get()).pregnancy == "possible"
    assert clinic.post(f"{page}today/", pregnancy="not_pregnant") == 302
    fact = HealthFact.objects.get()
    assert clinic.post(f"{clinic.base}/patients/{clinic.patient.uid}/health/facts/{fact.uid}/end/", why="misheard") == 302
    watched = Observation.objects.get()
    assert watched.ended_at is None and clinic.get(f"{clinic.base}/visits/observations/") == 200
    assert clinic.get(f"/f/{filling.secret}/", cookie="") == 200
    assert clinic.body(secret) == 200
    clinic.chart(until="sign")
    for path in (page, f"{clinic.base}/stock/", f"{clinic.base}/patients/{clinic.patient.uid}/"):
        assert clinic.get(path) == 200

    look_at_signed({one.uid: one for one in Visit.objects.all()})
    assert verify().ok
    at = list(Entry.objects.filter(kind="visit").order_by("chain_id", "seq").values_list("at", flat=True))
    assert at != sorted(at)  # the chain has the order of what happened, not that of the clock
    said = {one.about: one for one in doctor.examine(settings, timezone.now() - timedelta(seconds=HOUR_S))}["clock"]
    assert said.state == "wrong" and "time server" in said.do


def test_a_year_ahead_closes_what_has_ended_and_loses_nothing(clinic):
    filling = handed(clinic.by, clinic.patient)
    _, secret = make_token(clinic.owner.clinic, clinic.owner.user)
    page = clinic.chart(until="given")
    assert clinic.post(f"{page}step/", step="observed") == 302
    before = held()

    clinic.set_clock(YEAR_S)

    assert clinic.get(page) == 401  # the session has ended; what was typed stays on the page
    assert clinic.post(f"{page}change/", note="lost") == 401
    assert asked(clinic.port, "GET", f"/f/{filling.secret}/")[0] == 410
    assert clinic.body(secret) == 401
    clinic.sign_in()
    assert clinic.get(page) == 200
    assert clinic.get(f"{clinic.base}/visits/observations/") == 200
    assert Observation.objects.get().ended_at is None  # a clock ends no observation: a person does
    assert held() == before
    draft = clinic.person.visits.pop()
    clinic.person.visits.append(Charted())
    later = clinic.chart(until="today")
    load = {"vial": str(clinic.person.vial), "volume_ml": "1", "route": "SC", "gauge": "30", "length_mm": "13"}
    assert clinic.post(f"{later}syringes/", **load) == 422  # the vial is past its 28 days

    clinic.set_clock(0)

    clinic.sign_in()
    clinic.person.visits.append(draft)
    assert asked(clinic.port, "GET", f"/f/{filling.secret}/")[0] == 200
    assert clinic.body(secret) == 200
    clinic.chart(until="sign")
    look_at_signed({one.uid: one for one in Visit.objects.all()})
    assert verify().ok
