"""How fast a visit of six injections is checked as it is charted, and signed.

    python bench/visits.py [--visits 100]

The room's own actions, on SQLite with full durability, every check on, one client, no HTTP. Beside them, in the same run, the
floor: the rows that a signature writes put into a bare SQLite file, one flush each. Prints figures with the machine named. To
reach: live check <= 15 ms p95; a signature <= 6 times the floor. A figure fails where p95 > 4 x p50.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from functools import partial
from pathlib import Path

PRODUCT = "cyanocobalamin-1000mcg-ml"
POINTS = [(point, side) for point in ("ST36", "LI11", "GB34") for side in ("left", "right")]
ROWS_OF_A_SIGNATURE = 12  # movements, proof, signature, patient, lot, vial, entry and head of the trail


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--visits", type=int, default=100)
    visits = options.parse_args().visits
    with tempfile.TemporaryDirectory(prefix="wn-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings", "WATERNEEDLE_DATA": folder, "WATERNEEDLE_DEMO": "1"}
        return measured(visits, Path(folder))


def measured(visits: int, folder: Path) -> int:
    # late: the environment is ready only now
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, sqlite, load {os.getloadavg()[0]:.1f}")
    from waterneedle.clinic.visits.models import Visit
    from waterneedle.clinic.visits.plan import checked

    by, charted = filled(visits)
    known = Visit.objects.select_related("clinic", "patient", "practitioner__user")
    checks = [timed(partial(lambda row: checked(known.get(pk=row.pk)), one)) for one in charted]
    signatures = [timed(partial(sign, one, by)) for one in charted]
    floor = [timed(write) for write in bare_writes(folder, visits)]
    least = statistics.median(floor)
    failed = say("live check of a draft of six", checks, f"to reach 15 ms p95, {quantile(checks):.1f}", quantile(checks) > 15)
    times = statistics.median(signatures) / least
    failed |= say("a signature of six injections", signatures, f"to reach 6 x the floor, {times:.1f} x", times > 6)
    say("the floor: its rows in bare SQLite", floor, "", False)
    return int(failed)


def filled(visits: int) -> tuple[object, list[object]]:
    """A clinic with so many patients, each with a visit of six given injections, ready to be signed."""
    from django.utils import timezone

    from waterneedle.clinic.accounts.models import Clinic
    from waterneedle.clinic.patients import actions as patients
    from waterneedle.clinic.stock import actions as stock
    from waterneedle.clinic.visits import actions
    from waterneedle.config.demo import people
    from waterneedle.config.demo.visits import sign_consent

    clinic: Clinic = people.make_clinic()
    workers = people.make_workers(clinic)
    now = timezone.now()
    today = now.astimezone(clinic.tzinfo).date()
    people.enter_papers(workers, today)
    by = workers["alice"]
    kept = {
        "name": "Cyanocobalamin", "product": PRODUCT, "container_kind": "multi_dose_vial", "container_ml": Decimal(2 * visits),
        "reorder_below_ml": Decimal(0), "gtin": "",
    }
    expires = today + datetime.timedelta(days=500)
    lot = stock.receive(item=stock.add_item(fields=kept, by=by), number="1", expires=expires, containers=1, by=by)
    vial = stock.open_vial(lot=lot, by=by, at=now)
    made = []
    for number in range(visits):
        fields = {"given_name": f"Patient{number}", "birth_date": datetime.date(1970, 1, 1), "sex": "male"}
        patient = patients.create_patient(clinic=clinic, fields=fields, by=by)
        for kind in ("condition", "allergy", "medication"):
            patients.say_none(patient=patient, kind=kind, by=by)
        sign_consent(patient, by)
        visit = actions.begin(patient=patient, by=by)
        well = {"identity_confirmed": True, "new_medicines": False, "fever_or_infection": False, "reacted_last": False,
                "eaten": True, "lying_down": True}
        actions.answer_today(visit=visit, answers=well, by=by)
        how = {"route": "SC", "gauge": 30, "length_mm": Decimal(13)}
        syringe = actions.load_syringe(visit=visit, fills=[(vial, Decimal("1.2"))], by=by, **how)
        sites = [actions.Site(point=point, side=side) for point, side in POINTS]
        depth = {"depth_mm": Decimal(6), "angle_deg": 45, "skin": "intact"}
        actions.add(visit=visit, sites=sites, syringe=syringe, volume_ml=Decimal("0.2"), by=by, **depth)
        for one in visit.injections.all():
            actions.mark(injection=one, status="given", why="no kit was looked at", by=by)
        answer_warnings(visit, by)
        made.append(visit)
    return by, made


def answer_warnings(visit, by) -> None:
    from waterneedle.clinic.visits import actions
    from waterneedle.clinic.visits.plan import checked

    for issue in checked(visit).issues:
        if issue.severity == "warn":
            actions.give_reason(visit=visit, rule=issue.rule, note="known", by=by)


def sign(visit, by) -> None:
    from waterneedle.clinic.visits import signing

    proof = signing.mint(visit=visit, user=by.user, session_key="bench", method="passkey")
    signing.sign(visit=visit, proof=proof.uid, session_key="bench", by=by, deviation_why="measured")


def bare_writes(folder: Path, times: int) -> list[Callable[[], None]]:
    """Each call writes the rows of one signature and flushes once."""
    bare = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    bare.execute("PRAGMA journal_mode=WAL")
    bare.execute("PRAGMA synchronous=FULL")
    bare.execute("CREATE TABLE written (id INTEGER PRIMARY KEY, visit INTEGER, document TEXT)")
    bare.execute("CREATE INDEX by_visit ON written (visit)")

    def write() -> None:
        with closing(bare.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("INSERT INTO written (visit, document) VALUES (1, ?)", ("x" * 6000,))
            for row in range(ROWS_OF_A_SIGNATURE):
                cursor.execute("INSERT INTO written (visit, document) VALUES (?, ?)", (row, "y" * 200))
            cursor.execute("COMMIT")

    return [write] * times


def timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def quantile(figures: list[float], share: float = 0.95) -> float:
    return sorted(figures)[min(len(figures) - 1, int(share * len(figures)))]


def say(what: str, figures: list[float], wanted: str, failed: bool) -> bool:
    p50, p95 = statistics.median(figures), quantile(figures)
    uneven = p95 > 4 * p50
    told = "   NOT REACHED" if failed else "   uneven" if uneven else ""
    print(f"{what:<38} {p50:>8.2f} ms p50 {p95:>8.2f} ms p95   {wanted}{told}")
    return failed or uneven


if __name__ == "__main__":
    raise SystemExit(main())
