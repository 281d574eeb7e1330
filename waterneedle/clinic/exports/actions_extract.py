"""Writing an extract for a registry, and leading back from its numbers: what is done, and that it was done."""
from __future__ import annotations

import datetime
import importlib.util
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person, Who
from waterneedle.clinic.database.rows import uuid7
from waterneedle.clinic.followup.models import AdverseEvent
from waterneedle.clinic.outbox.actions import enqueue
from waterneedle.clinic.outbox.models import Job, Outcome
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import kept_record
from waterneedle.clinic.visits.models import Visit

KIND, ACTION = "extract", "export"
JOB = "exports.extract"


@dataclass(frozen=True)
class Wanted:
    """An extract that somebody has asked for: waiting, in hand (`done` of `of` patients read), ready, taken away, or given up."""

    uid: UUID
    state: Literal["waiting", "in hand", "ready", "gone", "failed"]
    done: int
    of: int
    asked_by: str
    asked_at: datetime.datetime

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "in hand")


@transaction.atomic
def ask_for_extract(*, clinic: Clinic, by: Person) -> Job:
    """Have the clinic's extract written by a worker; one that is under way already is not asked for twice."""
    # The clinic first: two who ask at the same moment get one.
    Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    under_way = _jobs(clinic).filter(ended_at=None).first()
    if under_way is not None:
        return under_way
    uid = uuid7()
    made = enqueue(kind=JOB, key=str(uid), clinic=clinic, payload={
        "by": by.user.name, "done": 0, "of": Patient.objects.filter(clinic=clinic).count()})
    audit.append(by=by, action="ask", kind=KIND, uid=made.uid)
    return made


def newest(clinic: Clinic) -> Wanted | None:
    """What was asked for last."""
    job = _jobs(clinic).first()
    return None if job is None else _wanted(job)


@transaction.atomic
def fetch_extract(*, clinic: Clinic, uid: UUID, by: Person) -> bytes | None:
    """The file of an extract that is ready; None where there is none. The trail keeps who took it."""
    job = _jobs(clinic).filter(uid=uid, outcome=Outcome.DONE).first()
    if job is None or not file_of(job).exists():
        return None
    audit.append(by=by, action="read", kind=KIND, uid=job.uid, detail={"why": "taken along"})
    return file_of(job).read_bytes()


def file_of(job: Job) -> Path:
    """Where the extract of `job` lies when it is ready."""
    return Path(settings.EXTRACTS_FOLDER) / f"{job.uid}.zip"


def _jobs(clinic: Clinic) -> QuerySet[Job]:
    return Job.objects.filter(clinic=clinic, kind=JOB).order_by("-pk")


def _wanted(job: Job) -> Wanted:
    says = job.says
    if job.outcome == Outcome.DONE:
        state = "ready" if file_of(job).exists() else "gone"
    elif job.ended_at is not None:
        state = "failed"
    else:
        state = "in hand" if says["done"] else "waiting"
    return Wanted(job.uid, state, says["done"], says["of"], says["by"], job.made_at)


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
            name: told[name] for name in ("clinic", "patients", "left_out", "visits_left_out", "threshold")})
    writing.without_clinic(folder, told["clinic"])
    return writing.write_rows(folder, rows)


def lead_back(*, clinic: Clinic, numbers: Collection[int], by: Person | Who) -> dict[int, Patient]:
    """Whom the numbers of an extract stand for, be it a visit, an event or the patient, as after a recall; unknown ones are not
    there. The trail keeps whose they are."""
    # late: slow (numpy), and not where the registry is not installed
    from waterneedle.clinic.database.backup.making import key_from
    from waterneedle.registry.pseudonyms import Pseudonyms

    pseudonyms, wanted = Pseudonyms(key_from(Path(settings.REGISTRY_KEY_FILE))), frozenset(numbers)
    found: dict[int, Patient] = {}
    for kind, model, whose in (
            ("patient", Patient, "pk"), ("visit", Visit, "patient_id"), ("event", AdverseEvent, "patient_id")):
        rows = model.objects.filter(clinic=clinic).values_list("uid", whose).iterator()
        behind = {number: pk for uid, pk in rows if (number := pseudonyms.number(kind, str(uid))) in wanted}
        patients = Patient.objects.in_bulk(set(behind.values()))
        found |= {number: kept_record(patients[pk]) for number, pk in behind.items()}
    with transaction.atomic():
        for patient in dict.fromkeys(found.values()):
            audit.append(by=by, action="read", kind=KIND, patient=patient.uid, detail={"why": "led back from an extract"})
    return found


def take_extract(*, clinic: Clinic, day: datetime.date, by: Person | Who,
                 done: Callable[[int], None] = lambda count: None) -> bytes:
    """The clinic's extract as one ZIP archive of its files."""
    # late: seldom needed
    import io
    import tempfile
    import zipfile

    with tempfile.TemporaryDirectory(prefix="extract-") as folder:
        write_extract(clinic=clinic, folder=Path(folder), day=day, by=by, done=done)
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:  # Parquet is compressed already
            for file in sorted(Path(folder).rglob("*.parquet")):
                archive.write(file, str(file.relative_to(folder)))
        return made.getvalue()


def is_installed() -> bool:
    """Whether the registry is part of this installation (the extra `registry`)."""
    return importlib.util.find_spec("pyarrow") is not None
