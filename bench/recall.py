"""How fast a lot with five hundred injections is traced to its patients, names included, over HTTP.

    python bench/recall.py [--injections 1000000] [--rounds 200]

The real server on SQLite, one client that is signed in, every check on: session, permission, the entry in the trail, the page as
people see it. In the same run, on the same file, in turns with it, the floor: the bare statement through sqlite3 with its file
mapped into memory, fetched whole. To reach: 3 times the floor. A figure fails where p95 > 4 x p50. `--injections 10000000` is the
larger clinic: one of 200,000 injections, without the documents of signed visits, grown by SQLite itself in some four minutes.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

PORT, SLUG, HITS, TIMES = 8393, "harbor", 500, 3.0
# Who was given something of a lot, and all that who calls them needs: one statement, one row for each injection, in order.
FLOOR = """
SELECT p.id, p.uid, p.given_name, p.family_name, p.number, p.phone, p.email, v.uid, CAST(v.day AS text),
       i.point, i.muscle, i.region, i.side, i.volume_ml, l.id, l.number, a.code, t.name
FROM stock_vial a
JOIN stock_lot l ON l.id = a.lot_id JOIN stock_item t ON t.id = l.item_id
JOIN visits_fill f ON f.clinic_id = a.clinic_id AND f.vial_id = a.id
JOIN visits_injection i ON i.clinic_id = f.clinic_id AND i.syringe_id = f.syringe_id
JOIN visits_visit v ON v.id = i.visit_id JOIN patients_patient p ON p.id = i.patient_id
WHERE a.clinic_id = ? AND l.uid = ? AND i.removed_at IS NULL AND i.status IN ('given', 'stopped')
  AND NOT EXISTS (
    SELECT 1 FROM visits_strike s WHERE s.clinic_id = i.clinic_id AND s.visit_id = i.visit_id AND s.struck_at IS NOT NULL)
ORDER BY p.family_name, p.given_name, p.id, v.day, i.id
"""
CELL = b'<td class="num">'  # one in the row of each injection


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--injections", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=200)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="wn-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings", "WATERNEEDLE_DATA": folder, "WATERNEEDLE_DEMO": "1"}
        return measured(asked.injections, asked.rounds, Path(folder))


def measured(injections: int, rounds: int, folder: Path) -> int:
    # late: the environment is ready only now
    import django

    django.setup()
    from parts.growing import grow
    from parts.seeding import LARGE, Size, ready, settle

    times = max(1, injections // LARGE.injections * 5)
    grown = injections > LARGE.injections
    whole = injections // times if grown else injections
    size = LARGE if injections == LARGE.injections else Size(
        patients=whole // 50, visits=whole // 5, injections=whole, long_charts=max(2, whole // 5000), documents=not grown)
    ready(size, folder)
    if grown:
        grow(times)
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, sqlite {sqlite3.sqlite_version}, {injections:,} injections, load {os.getloadavg()[0]:.1f}", flush=True)
    cookie, lot, given, hits = prepared()
    settle()
    server = subprocess.Popen(
        [sys.executable, "-m", "waterneedle", "serve", "--port", str(PORT)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        page = over_http(cookie, f"/c/{SLUG}/followup/recall/?kind=lot&lot={lot}", hits)
        floor, ours = in_turns(bare(folder / "waterneedle.sqlite3", given, hits), page, rounds)
    finally:
        server.terminate()
        server.wait()
    say("the bare statement, sqlite3", floor)
    say(f"a lot with {hits} hits over HTTP, the page", ours)
    say_where(lot, rounds)
    times = statistics.median(ours) / statistics.median(floor)
    late = quantile(ours) > 4 * statistics.median(ours)
    least = min(ours) / min(floor)
    print(f"{times:.1f} times the floor, {least:.1f} by the least of each; to reach {TIMES:.0f}"
          f"{'   p95 > 4 x p50' if late else ''}")
    return int(times > TIMES or late)


def prepared() -> tuple[str, str, list[object], int]:
    """A lot of its own that about five hundred injections were given from; who asks, what `FLOOR` is given, and how many."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from waterneedle.clinic.accounts.models import User
    from waterneedle.clinic.accounts.session import BEGAN, SEEN
    from waterneedle.clinic.audit import frozen
    from waterneedle.clinic.stock.models import Item, Lot, Vial
    from waterneedle.clinic.visits.models import Fill

    item, now = Item.objects.first(), timezone.now()
    lot = Lot.objects.create(
        clinic=item.clinic, item=item, number="BENCH", expires=datetime.date(2029, 12, 31), volume_ml=Decimal(1))
    user = User.objects.get(email__startswith="olga")
    vial = Vial.objects.create(
        clinic=item.clinic, lot=lot, code="BENCH", opened_at=now, opened_by=user, volume_ml=Decimal(1))
    frozen.remove(connection)  # signed visits are moved to the lot: in the copy alone
    last = Fill.objects.order_by("-pk").first().pk
    step = max(1, last // 120)
    taken, ids = 0, []
    for number in range(1, last + 1, step):
        fill = Fill.objects.select_related("syringe").get(pk=number)
        taken += fill.syringe.injections.count()
        ids.append(number)
        if taken >= HITS:
            break
    Fill.objects.filter(pk__in=ids).update(vial=vial)
    frozen.install(connection)
    browser = Client()
    browser.force_login(user)
    session = browser.session
    session["second_factor_of"] = user.pk
    session[BEGAN] = session[SEEN] = time.time()
    session.save()
    connection.close()
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={browser.cookies[name].value}", str(lot.uid), [item.clinic.pk, lot.uid.hex], taken


def bare(path: Path, given: list[object], hits: int) -> Callable[[], None]:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA mmap_size=2147418112")

    def once() -> None:
        rows = connection.execute(FLOOR, given).fetchall()
        assert len(rows) == hits, (len(rows), hits)

    return once


def over_http(cookie: str, path: str, hits: int) -> Callable[[], None]:
    from parts import load

    asked = load.request("GET", path, PORT, {"Cookie": cookie})
    while True:
        try:
            load.ask(PORT, load.request("GET", "/sign-in/", PORT, {}))
            break
        except OSError:
            time.sleep(0.02)
    connection = load.Connection(PORT)

    def once() -> None:
        connection.send(asked)
        while (answer := connection.whole()) is None:
            connection.read += connection.socket.recv(1 << 18)
        status, _head, page = answer
        assert status == 200, status
        assert page.count(CELL) == hits, page.count(CELL)

    return once


def in_turns(one: Callable[[], None], other: Callable[[], None], rounds: int) -> tuple[list[float], list[float]]:
    """ms of each, in turns of ten, so that both meet the same machine."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(1 + -(-rounds // 10)):
        for act, times in zip((one, other), found, strict=True):
            times.extend(timed(act) for _ in range(10))
            if turn == 0:
                times.clear()
    return found


def timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def say_where(lot: str, rounds: int) -> None:
    """What the parts of one page take in this process, each by itself: the least of many, for that is what the work costs."""
    from django.http import QueryDict
    from django.utils import timezone

    from waterneedle.clinic.accounts.models import Clinic
    from waterneedle.clinic.followup import hits, tracing
    from waterneedle.clinic.followup.forms_recall import TraceForm

    clinic = Clinic.objects.get(slug=SLUG)
    timezone.activate(clinic.tzinfo)
    found = tracing.trace(clinic, "lot", {"lot": lot})

    def asked() -> None:
        form = TraceForm(QueryDict(f"kind=lot&lot={lot}"), clinic=clinic)
        assert form.is_valid() and form.asked() and form.in_words()

    for what, act in {
        "who and what": lambda: tracing.trace(clinic, "lot", {"lot": lot}), "rows as HTML": lambda: hits.rows(clinic, found),
        "what was asked": asked,
    }.items():
        print(f"  of it {what:<38} least {min(timed(act) for _ in range(max(rounds, 50))):5.2f} ms", flush=True)


def quantile(found: list[float], share: float = 0.95) -> float:
    return sorted(found)[int(share * (len(found) - 1))]


def say(what: str, found: list[float]) -> None:
    times = f"least {min(found):6.2f} ms   p50 {statistics.median(found):7.2f} ms   p95 {quantile(found):7.2f} ms"
    print(f"{what:<44} {times}   n {len(found)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
