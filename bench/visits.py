"""How fast a visit of six injections is checked, charted, signed and read, over HTTP, in a clinic of 200,000 visits.

    python bench/visits.py [--quick] [--signatures 800] [--postgresql]

A clinic of 20,000 patients, 200,000 signed visits and 1,000,000 injections is made once and kept (`parts/seeding.py`;
some minutes the first time); a run works on a copy. The real server is started as a user would start it, on SQLite with
full durability, every check on: session, CSRF, permission, safety, stock, trail; one client and eight. The proof of
identity was minted before, as its own request does. In the same run the floor: bare SQLite doing the same logical work
on as many rows (`parts/floor.py`). `--quick` takes a clinic of 12,000 visits, for a look at the ratios; `--postgresql`
makes the clinic anew in a PostgreSQL of its own, which flushes as at work, and prints the figures without a floor.

To reach: live check <= 15 ms p95 (the request that changes a draft of six, checked, saved and answered with every part
of the page that may have changed); a signature <= 6 times the floor, by eight clients >= 250 a second with p95 <= 3 x
p50 and no error; a chart of fifty visits as HTML <= 3.5 times the floor, by eight clients >= 300 a second. A figure of
one client fails where p95 > 4 x p50.
"""

from __future__ import annotations

import argparse
import copy
import datetime
import os
import platform
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from parts import drafting, floor, load, seeding

ROOT = Path(__file__).resolve().parent.parent
PORT = 8392
SIGN_TIMES, CHART_TIMES, CHECK_MS, SIGN_PER_S, CHART_PER_S = 6, 3.5, 15, 250, 300


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--signatures", type=int, default=800, help="by eight clients; a quarter of it by one")
    options.add_argument("--postgresql", action="store_true")
    asked = options.parse_args()
    size = seeding.SMALL if asked.quick else seeding.LARGE
    with tempfile.TemporaryDirectory(prefix="wn-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings", "WATERNEEDLE_DATA": folder, "WATERNEEDLE_DEMO": "1"}
        if asked.postgresql:
            sys.path.insert(0, str(ROOT / "tests"))
            from clinic import postgresql  # that of the tests

            os.environ["DATABASE_URL"] = postgresql.start(durable=True)
        return measured(size, asked.signatures, Path(folder))


def measured(size: seeding.Size, signatures: int, folder: Path) -> int:
    # late: the environment is ready only now
    import django
    from django.db import connection

    django.setup()
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, {connection.vendor}, load {os.getloadavg()[0]:.1f}", flush=True)
    seeding.ready(size, folder)
    alone = max(20, signatures // 4)
    began = time.perf_counter()
    work = prepared_work(signatures + alone + 30)
    print(f"{signatures + alone + 30} visits charted and left to sign in {time.perf_counter() - began:.0f} s", flush=True)
    bare = floor.filled(folder, size.patients, size.visits) if connection.vendor == "sqlite" else None
    connection.close()
    seeding.settle()
    server = subprocess.Popen(
        [sys.executable, "-m", "waterneedle", "serve", "--port", str(PORT)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        failed = figures(work, bare, alone, signatures)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
    for one in failed:
        print(f"NOT REACHED: {one}")
    return int(bool(failed))


class Work:
    """A browser that is signed in, visits that wait for a signature with a proof each, and patients with a long chart."""

    def __init__(self, cookie: str, session: str, drafts: list[dict[str, str]], charts: list[str]) -> None:
        self.cookie, self.session, self.drafts, self.charts = cookie, session, drafts, charts
        self.token = ""

    def headers(self, **more: str) -> dict[str, str]:
        return {"Cookie": self.cookie, "Origin": f"http://localhost:{PORT}"} | more

    def ready(self) -> None:
        """Wait for the server, and take a token for forms from a page."""
        for _ in range(600):
            try:
                status, head, body = load.ask(PORT, load.request("GET", self.charts[0], PORT, self.headers()))
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit("the server does not answer")
        if status != 200:
            raise SystemExit(f"the chart was answered with {status}")
        given = re.search(rb"(?i)set-cookie:\s*(csrf=[^;]+)", head)
        self.cookie += "; " + given[1].decode() if given else ""
        self.token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', body)[1].decode()

    def chart(self, number: int) -> bytes:
        return load.request("GET", self.charts[number % len(self.charts)], PORT, self.headers())

    def change(self, number: int) -> bytes:
        """Another depth of one injection of a draft of six."""
        one = self.drafts[-1 - number % 20]
        fields = {"csrfmiddlewaretoken": self.token, "depth_mm": str(5 + number % 3)} | FIELDS
        return load.request(
            "POST", one["injection"], PORT, self.headers(**{"HX-Request": "true"}), urlencode(fields).encode())

    def sign(self, number: int) -> bytes:
        one = self.drafts[number]
        fields = {"csrfmiddlewaretoken": self.token, "proof": one["proof"], "seen": one["seen"],
                  "deviation_why": "measured", "once": uuid.uuid4().hex}
        return load.request("POST", one["sign"], PORT, self.headers(), urlencode(fields).encode())


FIELDS = {
    "side": "left", "skin": "intact", "route": "SC", "volume_ml": "0.2", "gauge": "30", "length_mm": "13", "angle_deg": "45"}


def figures(work: Work, bare: sqlite3.Connection | None, alone: int, signatures: int) -> list[str]:
    work.ready()
    failed: list[str] = []

    def told(what: str, made: load.Times, wanted: str, reached: bool, uneven: float) -> None:
        bad = [*(["errors: " + made.failed[0]] if made.failed else []), *([] if reached else [wanted])]
        if made.p95 > uneven * made.p50:
            bad.append(f"p95 over {uneven:g} x p50")
        print(f"{what:<44} {made.p50:>7.2f} ms p50 {made.p95:>7.2f} p95 {made.per_s:>7.0f}/s   {wanted}", flush=True)
        if bad:
            failed.append(f"{what}: {'; '.join(bad)}")

    def alone_told(what: str, made: load.Times, ms: list[float], most: float) -> None:
        """One client, against the floor where there is one."""
        if not ms:
            told(what, made, "no floor", True, 4)
            return
        middle = statistics.median(ms)
        print(f"{'the floor: ' + what:<44} {middle:>7.2f} ms p50 {sorted(ms)[int(0.95 * len(ms))]:>7.2f} p95", flush=True)
        told(what, made, f"{made.p50 / middle:.1f} x the floor, to reach {most:g} x", made.p50 <= most * middle, 4)

    def ran(make: Callable[[int], bytes], times: int, clients: int, status: int, warm: int) -> load.Times:
        return load.run(PORT, make, times, clients=clients, status=status, warm=warm)

    ran(work.chart, len(work.charts), 1, 200, 0)  # each is drawn once
    change = ran(work.change, 200, 1, 200, 20)
    told("live check of a draft of six, with its page", change, f"to reach {CHECK_MS} ms p95", change.p95 <= CHECK_MS, 4)
    bare_chart = list(floor.charts(bare, 300)) if bare else []
    alone_told("a chart of fifty visits", ran(work.chart, 300, 1, 200, 30), bare_chart, CHART_TIMES)
    many = ran(work.chart, 1500, 8, 200, 50)
    told("a chart, eight clients", many, f"to reach {CHART_PER_S}/s", many.per_s >= CHART_PER_S, 1000)
    bare_sign = list(floor.signatures(bare, 300)) if bare else []
    order = iter(range(10**9))
    signed = ran(lambda _: work.sign(next(order)), alone, 1, 302, 10)
    alone_told("a signature of six injections", signed, bare_sign, SIGN_TIMES)
    eight = ran(lambda _: work.sign(next(order)), signatures - 30, 8, 302, 0)
    told("a signature, eight clients", eight, f"to reach {SIGN_PER_S}/s", eight.per_s >= SIGN_PER_S, 3)
    counted()
    return failed


def counted() -> None:
    """Every signature that was acknowledged is there, and the stock is what its movements sum to."""
    from waterneedle.clinic.stock.models import Lot
    from waterneedle.clinic.stock.queries import booked_ml

    wrong = [one.number for one in Lot.objects.all() if booked_ml(one) != one.volume_ml]
    print(f"the stock equals its movements: {'yes' if not wrong else 'NO: ' + ', '.join(wrong)}", flush=True)


def prepared_work(count: int) -> Work:
    """Charted by copies of one visit that the room's own actions have charted: the rows are the same but for ids and patient."""
    from django.conf import settings
    from django.db import transaction
    from django.db.models.base import ModelState
    from django.test import Client
    from django.urls import reverse
    from django.utils import timezone

    from waterneedle.clinic.accounts.access import Access
    from waterneedle.clinic.accounts.models import User
    from waterneedle.clinic.audit import actions as audit
    from waterneedle.clinic.database.rows import uuid7
    from waterneedle.clinic.intake.models import Consent
    from waterneedle.clinic.patients.models import Patient
    from waterneedle.clinic.stock.models import Vial
    from waterneedle.clinic.visits import models
    from waterneedle.clinic.visits.document import charted_hash
    from waterneedle.clinic.visits.rows import read
    from waterneedle.clinic.visits.signing import _session

    alice = User.objects.get(email=f"alice@{seeding.SLUG}.example")
    clinic = alice.memberships.first().clinic
    by = Access(user=alice, clinic=clinic, roles=frozenset({"practitioner"}))
    patients = list(Patient.objects.filter(clinic=clinic).order_by("-pk")[: count + 1])
    long = list(Patient.objects.filter(clinic=clinic).order_by("pk")[:40])
    first = drafting.draft(patients[0], by, Vial.objects.order_by("pk").first())
    browser = Client()
    browser.force_login(alice)
    key, now = browser.session.session_key, timezone.now()
    drafts = []
    with transaction.atomic():
        vials = list(Vial.objects.order_by("pk"))
        here = {"clinic": clinic, "visit": first}  # the clinic leads every index
        visit_row, consent_row = models.Visit.objects.get(pk=first.pk), Consent.objects.get(clinic=clinic, patient=patients[0])
        today_row, state_row = models.Today.objects.filter(**here).last(), models.VisitState.objects.filter(**here).first()
        syringe_row, reasons = models.Syringe.objects.get(**here), list(models.Reason.objects.filter(**here))
        fill_row, punctures = syringe_row.contents[0], list(models.Injection.objects.filter(**here).order_by("seq"))

        def copied(like, **said):
            row = copy.copy(like)
            row.pk, row._state = None, ModelState()
            for name, value in (({"uid": uuid7()} if hasattr(row, "uid") else {}) | said).items():
                setattr(row, name, value)
            row.save(force_insert=True)
            return row

        for number, patient in enumerate(patients[1:]):
            copied(consent_row, patient=patient)
            visit = copied(visit_row, patient=patient)
            copied(today_row, visit=visit)
            copied(state_row, visit=visit)
            # Whoever is entered and charted stands in the trail by then: the signature does not begin the patient's chain.
            audit.append(by=by, action="begin", kind="visit", uid=visit.uid, patient=patient.uid)
            syringe = copied(syringe_row, visit=visit, patient=patient)
            copied(fill_row, syringe=syringe, vial=vials[number % len(vials)])
            given = [copied(one, visit=visit, patient=patient, syringe=syringe) for one in punctures]
            for one in reasons:
                copied(one, visit=visit, patient=patient)
            proof = models.Proof.objects.create(
                clinic=clinic, visit=visit, user=alice, session=_session(key), method="passkey", made_at=now,
                until=now + datetime.timedelta(hours=2))
            where = {"clinic": clinic.slug, "patient": patient.uid, "visit": visit.uid}
            drafts.append({
                "sign": reverse("visits:sign", kwargs=where), "proof": str(proof.uid), "seen": charted_hash(read(visit)),
                "injection": reverse("visits:injection", kwargs=where | {"injection": given[0].uid})})
    charts = [reverse("visits:visits", kwargs={"clinic": clinic.slug, "patient": one.uid}) for one in long]
    return Work(f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}", key, drafts, charts)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    raise SystemExit(main())
