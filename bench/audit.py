"""How fast the trail is: writing one entry, and checking a million.

    python bench/audit.py [--rows 1000000] [--database postgresql://…]

Prints figures with the machine named. To reach: `audit verify` <= 60 s per million rows.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import sys
import tempfile
from time import perf_counter

TO_REACH_S = 60.0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--patients", type=int, default=20_000)
    options.add_argument("--database", default="")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="wn-bench-") as folder:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "waterneedle.config.settings", "WATERNEEDLE_DATA": folder}
        if asked.database:
            os.environ["DATABASE_URL"] = asked.database
        return measured(asked.rows, asked.patients)


def measured(rows: int, patients: int) -> int:
    # late: the environment is ready only now
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0)
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, {connection.vendor}")
    write(rows, patients)
    return check(rows)


def write(rows: int, patients: int) -> None:
    """`rows` entries over the chains of `patients`, a thousand to a transaction; then 300 alone, each with its own commit."""
    from django.db import transaction

    from waterneedle.clinic.audit.actions import append
    from waterneedle.clinic.audit.who import Who
    from waterneedle.clinic.database.rows import uuid7

    chance = random.Random(1)
    uids = [uuid7() for _ in range(patients)]
    by = Who(clinic_id=1, user_uid=uuid7(), user_name="Alice Archer", role="practitioner")

    def one() -> None:
        append(by=by, action="read", kind="chart", uid=uids[0], patient=chance.choice(uids), after=bytes(32))

    began = perf_counter()
    for start in range(0, rows, 1000):
        with transaction.atomic():
            for _ in range(min(1000, rows - start)):
                one()
    seconds = perf_counter() - began
    print(f"{rows} entries in transactions of 1,000: {seconds:.1f} s, {seconds / rows * 1e6:.0f} µs each")
    alone = []
    for _ in range(300):
        began = perf_counter()
        with transaction.atomic():
            one()
        alone.append((perf_counter() - began) * 1000)
    print(f"one entry with its commit: median {statistics.median(alone):.2f} ms, p95 {sorted(alone)[284]:.2f} ms")


def check(rows: int) -> int:
    from waterneedle.clinic.audit.verify import verify

    report = verify()
    per_million = report.seconds / report.rows * 1e6
    print(f"verify: {report.rows} rows, {report.chains} chains, {report.seconds:.1f} s; {per_million:.1f} s per million rows")
    assert report.ok, report.bad[:3]
    return 0 if per_million <= TO_REACH_S else 1


if __name__ == "__main__":
    sys.exit(main())
