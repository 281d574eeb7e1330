"""Writing an extract for a registry, and leading back from its numbers: what is done, and that it was done."""
from __future__ import annotations

import datetime
import importlib.util
from collections.abc import Callable, Collection
from pathlib import Path

from django.conf import settings
from django.db import transaction

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.patients.models import Patient

KIND, ACTION = "extract", "export"


def write_extract(*, clinic: Clinic, folder: Path, day: datetime.date, by: Person | Who,
                  done: Callable[[int], None] = lambda count: None) -> dict[str, int]:
    """Write the clinic's extract into `folder`; what it wrote there before is taken away. How many rows of each table.

    The trail keeps how many patients are in it and how many were left out. Raises ValueError where the key cannot be used.
    """
    # late: slow (numpy, pyarrow), and not where the registry is not installed
    from waterneedle.clinic.database.backup.making import key_from
    from waterneedle.clinic.exports import extract
    from waterneedle.registry import deidentify, writing
    from waterneedle.registry.pseudonyms import Pseudonyms

    pseudonyms = Pseudonyms(key_from(Path(settings.REGISTRY_KEY_FILE)))
    # Not in one transaction: on SQLite nobody could sign a visit while a large clinic is read.
    found = extract.patients(clinic, day, done)
    rows = deidentify.extract(
        clinic.slug, found, vocabulary=extract.vocabulary(), pseudonyms=pseudonyms, year=day.year)
    told = rows["clinics"][0]
    with transaction.atomic():
        audit.append(by=by, action=ACTION, kind=KIND, detail={
            name: told[name] for name in ("clinic", "patients", "left_out", "threshold")})
    writing.without_clinic(folder, told["clinic"])
    return writing.write_rows(folder, rows)


def lead_back(*, clinic: Clinic, numbers: Collection[int], by: Person | Who) -> dict[int, Patient]:
    """Whom the numbers of an extract stand for, as after a recall; unknown ones are not there. The trail keeps whose they are."""
    # late: slow (numpy), and not where the registry is not installed
    from waterneedle.clinic.database.backup.making import key_from
    from waterneedle.registry.pseudonyms import Pseudonyms

    pseudonyms, wanted = Pseudonyms(key_from(Path(settings.REGISTRY_KEY_FILE))), frozenset(numbers)
    rows = ((pseudonyms.number("patient", str(patient.uid)), patient) for patient in Patient.objects.filter(clinic=clinic))
    found = {number: patient for number, patient in rows if number in wanted}
    with transaction.atomic():
        for patient in found.values():
            audit.append(by=by, action="read", kind=KIND, patient=patient.uid, detail={"why": "led back from an extract"})
    return found


def take_extract(*, clinic: Clinic, day: datetime.date, by: Person | Who) -> bytes:
    """The clinic's extract as one ZIP archive of its files."""
    # late: seldom needed
    import io
    import tempfile
    import zipfile

    with tempfile.TemporaryDirectory(prefix="extract-") as folder:
        write_extract(clinic=clinic, folder=Path(folder), day=day, by=by)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:  # Parquet is compressed already
            for file in sorted(Path(folder).rglob("*.parquet")):
                archive.write(file, str(file.relative_to(folder)))
        return made.getvalue()


def is_installed() -> bool:
    """Whether the registry is part of this installation (the extra `registry`)."""
    return importlib.util.find_spec("pyarrow") is not None
