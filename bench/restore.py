"""How long it takes to bring a clinic back from its backup, and whether it is the same clinic.

    python bench/restore.py [--injections 200000] [--patients 20]

A clinic of invented people is backed up, the backup verified and restored into a new place. Of some patients, half of them with
the longest charts, the whole record is exported as JSON and as PDF before and after: the same bytes. The chains of the trail are
whole, and the report on it is the same (the invented visits were written as rows, which the trail does not know).

To reach: 200,000 injections restored, their backup verified on the way, in 10 minutes. Fails where it is slower or not the same.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

MOST_S = 600


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--injections", type=int, default=200_000)
    options.add_argument("--patients", type=int, default=20)
    said = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="wn-bench-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings", "WATERNEEDLE_DATA": folder, "WATERNEEDLE_DEMO": "1"}
        return measured(said.injections, said.patients, Path(folder))


def measured(injections: int, patients: int, folder: Path) -> int:
    # late: the environment is ready only now
    import django

    django.setup()
    from django.db import connection
    from parts.seeding import Size, ready

    from waterneedle.clinic.audit.verify import verify
    from waterneedle.clinic.database.backup import making

    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, sqlite, load {os.getloadavg()[0]:.1f}")
    ready(Size(injections // 50, injections // 5, injections, injections // 5000), folder)
    before, trail_before = exported(patients), verify()
    key, restored = os.urandom(32), folder / "restored.sqlite3"
    began = time.perf_counter()
    file = making.make(folder / "backups", key, datetime.now(UTC))
    made_s = time.perf_counter() - began
    connection.close()
    began = time.perf_counter()
    making.restore(file, key, str(restored))
    restored_s = time.perf_counter() - began
    connection.settings_dict["NAME"] = str(restored)
    after, trail = exported(patients), verify()
    print(f"backup of {injections:,} injections, {file.stat().st_size / 1e6:.0f} MB: {made_s:.0f} s")
    print(f"verified and restored: {restored_s:.0f} s   to reach {MOST_S} s")
    same = sum(before[one] == after[one] for one in before)
    print(f"records of {len(before)} patients as JSON and as PDF, byte for byte the same: {same}")
    known = (trail_before.rows, trail_before.chains, trail_before.documents) == (trail.rows, trail.chains, trail.documents)
    print(f"trail of {trail.rows:,} entries in {trail.chains:,} chains: {'whole' if not trail.bad else trail.bad}")
    return int(restored_s > MOST_S or before != after or bool(trail.bad) or not known)


def exported(count: int) -> dict[str, tuple[str, str]]:
    """SHA-256 of the whole record as JSON and as PDF, by patient: of the longest charts and of the newest patients."""
    # late: Django is ready only now
    from django.db.models import Count
    from django.utils import translation

    from waterneedle.clinic.exports import on_paper, record
    from waterneedle.clinic.patients.models import Patient
    from waterneedle.clinic.visits.models import Visit

    longest = Visit.objects.values("patient").annotate(number=Count("pk")).order_by("-number", "patient")[: count // 2]
    known = Patient.objects.select_related("clinic")
    some = [*known.filter(pk__in=[one["patient"] for one in longest]), *known.order_by("-pk")[: count - count // 2]]
    made = {}
    with translation.override("en"):
        for patient in some:
            rows = record.rows_of(patient)
            made[str(patient.uid)] = (digest(record.as_json(patient, rows)), digest(on_paper.record_pdf(patient, rows)))
    return made


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    raise SystemExit(main())
