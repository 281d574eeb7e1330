"""Bringing patients in from a file: looked at first, then all in one transaction, and taken back while nobody has used them."""

from __future__ import annotations

import datetime
import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.patients import importing
from waterneedle.clinic.patients.actions import By, found_by
from waterneedle.clinic.patients.alike import alike
from waterneedle.clinic.patients.importing import Row, Sheet
from waterneedle.clinic.patients.models import Import, Imported, Patient, SearchWord

FORGOTTEN_AFTER = datetime.timedelta(days=1)  # what was never brought in
_AT_ONCE = 500


class NotBroughtIn(ValueError):
    """Nothing was written, because of what the preview shows."""


@dataclass(frozen=True)
class Preview:
    """What an import would do."""

    sheet: Sheet
    columns: tuple[str, ...]
    mistaken: list[str]
    rows: tuple[Row, ...]
    alike: dict[int, Patient | int]

    @property
    def problems(self) -> list[importing.Problem]:
        return [problem for row in self.rows for problem in row.problems]

    @property
    def sound(self) -> list[Row]:
        return [row for row in self.rows if not row.problems]

    def taken(self, *, take_alike: bool) -> list[Row]:
        return [row for row in self.sound if take_alike or row.line not in self.alike]


@transaction.atomic
def begin_import(*, clinic: Clinic, file_name: str, content: bytes, day_first: bool, by: By) -> Import:
    """Keep a file until it is brought in. Raises importing.Unreadable for what is no table of patients."""
    sheet = importing.read(content)
    columns = importing.guess(sheet.header)
    Import.objects.filter(clinic=clinic, done_at=None, made_at__lt=timezone.now() - FORGOTTEN_AFTER).update(content=None)
    made = Import.objects.create(
        clinic=clinic, file_name=file_name[-200:], sha256=hashlib.sha256(content).hexdigest(), content=zlib.compress(content),
        columns=msgspec.json.encode(columns).decode(), day_first=importing.guess_day_first(sheet, columns, day_first),
        made_by=getattr(by, "user", None))
    audit.append(by=by, action="begin", kind="import", uid=made.uid, detail={"rows": len(sheet.rows), "sha256": made.sha256})
    return made


@transaction.atomic
def read_columns_as(*, source: Import, columns: Sequence[str], day_first: bool) -> None:
    Import.objects.filter(pk=source.pk, done_at=None).update(
        columns=msgspec.json.encode(list(columns)).decode(), day_first=day_first)
    source.refresh_from_db()


def preview(source: Import) -> Preview:
    """What bringing it in would do, by its columns as they are chosen. Raises ValueError when its content is gone."""
    if source.content is None:
        raise ValueError("the content of this import is gone")
    sheet = importing.read(zlib.decompress(bytes(source.content)))
    columns = tuple(msgspec.json.decode(source.columns, type=list[str]))
    mistaken = importing.mistaken(columns, sheet.header)
    rows = () if mistaken else tuple(importing.understood(sheet, columns, day_first=source.day_first))
    return Preview(sheet, columns, mistaken, rows, alike(source.clinic, rows))


def bring_in(*, source: Import, leave_out_problems: bool, take_alike: bool, by: By) -> int:
    """Make the patients of a file, all or none; how many. Raises NotBroughtIn while there are problems that nobody left out."""
    seen = preview(source)
    taken = seen.taken(take_alike=take_alike)
    if seen.mistaken or not taken or (seen.problems and not leave_out_problems):
        raise NotBroughtIn("there is nothing to bring in, or there are problems")
    patients = [Patient(clinic_id=source.clinic_id, **row.values) for row in taken]
    words = [sorted(found_by(one)) for one in patients]  # before the transaction: others wait for its end
    with transaction.atomic():
        # The clinic's row first, as for one patient: the numbers of charts queue here.
        Clinic.objects.select_for_update(no_key=True).get(pk=source.clinic_id)
        done = Import.objects.filter(pk=source.pk, done_at=None).update(
            done_at=timezone.now(), content=None, patients=len(taken))
        if not done:
            raise NotBroughtIn("this file was brought in already")
        _write(source, taken, patients, words)
        said = {"patients": len(taken), "sha256": source.sha256}
        audit.append(by=by, action="create", kind="import", uid=source.uid, detail=said)
    return len(taken)


def undo(*, source: Import, why: str, by: By) -> tuple[int, int]:
    """Retract what an import has made, but for those that somebody has used since: how many went, and how many stay."""
    with transaction.atomic():
        untouched = untouched_of(source)
        ids = list(untouched.values_list("pk", flat=True))
        now = timezone.now()
        for start in range(0, len(ids), _AT_ONCE):
            Patient.objects.filter(pk__in=ids[start : start + _AT_ONCE]).update(retracted_at=now, retracted_why=why)
        stay = standing_of(source)
        Import.objects.filter(pk=source.pk).update(undone_at=now)
        said = {"patients": len(ids), "stay": stay, "why": why}
        audit.append(by=by, action="retract", kind="import", uid=source.uid, detail=said)
    return len(ids), stay


def standing_of(source: Import) -> int:
    """How many records of an import are not retracted."""
    return Imported.objects.filter(clinic_id=source.clinic_id, source=source, patient__retracted_at=None).count()


def untouched_of(source: Import) -> QuerySet[Patient]:
    """The patients of an import that are as it made them, and about whom nobody has written anything in any room."""
    made = Imported.objects.filter(clinic_id=source.clinic_id, source=source)
    found = Patient.objects.filter(
        clinic_id=source.clinic_id, pk__in=made.values("patient_id"), version=1, first_signed_at=None, retracted_at=None)
    for relation in Patient._meta.get_fields(include_hidden=True):
        if not (relation.one_to_many or relation.one_to_one) or relation.related_model in (SearchWord, Imported):
            continue
        name = relation.field.attname
        used = relation.related_model._base_manager.filter(**{f"{name}__in": made.values("patient_id")})
        found = found.exclude(pk__in=used.values(name))
    return found


def _write(
    source: Import, taken: Sequence[Row], patients: list[Patient], words: Sequence[Sequence[tuple[str, str]]]
) -> None:
    clinic_id = source.clinic_id
    first = (Patient.objects.filter(clinic_id=clinic_id).aggregate(last=Max("number"))["last"] or 0) + 1
    for place, one in enumerate(patients):
        one.number = first + place
    Patient.objects.bulk_create(patients, batch_size=_AT_ONCE)
    SearchWord.objects.bulk_create(
        [SearchWord(clinic_id=clinic_id, patient_id=one.pk, kind=kind, word=word)
         for one, found in zip(patients, words, strict=True) for kind, word in found],
        batch_size=_AT_ONCE)
    Imported.objects.bulk_create(
        [Imported(clinic_id=clinic_id, source=source, patient_id=one.pk, line=row.line)
         for one, row in zip(patients, taken, strict=True)],
        batch_size=_AT_ONCE)
