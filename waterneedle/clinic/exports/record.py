"""One patient's whole record as one value, and as canonical JSON: the same rows give the same bytes. See docs/record.md."""
from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.apps import apps
from django.db import models, transaction
from django.db.models import F, Q

from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.audit.models import Entry
from waterneedle.clinic.exports.parts import NOWHERE, PARTS, Part
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.stock.models import Vial

SCHEMA = "waterneedle/record/1"
KIND, ACTION = "record", "export"
_TRAIL = (
    "at", "offset_min", "user_uid", "user_name", "role", "on_behalf", "action", "kind", "object_uid", "before", "after", "link")

Found = dict[str, list[models.Model]]  # rows by the model's label, in the order of their entry


def rows_of(patient: Patient) -> Found:
    """Every row of the record, and of each that was joined into it: by the parts, the trail as `audit.Entry`."""
    with transaction.atomic():  # one state of the database, not one for each kind of row
        numbers = records_of(patient)
        uids = list(Patient.objects.filter(pk__in=numbers).values_list("uid", flat=True))
        found = {part.model: list(_rows(part, patient, numbers, uids)) for part in PARTS}
        return found | {"audit.Entry": list(trail_of(patient, uids))}


def trail_of(patient: Patient, uids: list[UUID]) -> models.QuerySet[Entry]:
    """Who did and read what of the record. That it was taken along is left out: no file could say so of itself, and two files
    of the same record would never be the same."""
    rows = Entry.objects.filter(clinic_id=patient.clinic_id, patient_uid__in=uids).exclude(kind=KIND, action=ACTION)
    return rows.annotate(chain_name=F("chain__name")).order_by("at", "chain_name", "seq")


def as_json(patient: Patient, found: Found) -> bytes:
    """The record in canonical form: keys sorted, indented by two, UTF-8, a line break at the end."""
    whole = {
        "schema": SCHEMA,
        "clinic": {"name": patient.clinic.name, "slug": patient.clinic.slug, "zone": patient.clinic.zone},
        "patient": patient.uid,
        "rows": {part.model: [_columns(part, row) for row in found[part.model]] for part in PARTS},
        "trail": [_entry(row) for row in found["audit.Entry"]],
    }
    return msgspec.json.format(msgspec.json.encode(whole, order="deterministic"), indent=2) + b"\n"


def columns_of(part: Part) -> list[models.Field]:
    """The columns of a part that belong to the record."""
    return [one for one in _model(part)._meta.concrete_fields if one.name not in NOWHERE | part.without]


# --- inside


def _model(part: Part) -> type[models.Model]:
    return apps.get_model(part.model)


def _rows(part: Part, patient: Patient, numbers: list[int], uids: list[UUID]) -> models.QuerySet:
    wanted = uids if part.by_uid else numbers
    any_path = Q()
    for path in part.paths:
        any_path |= Q(**{f"{path}__in": wanted})
    model = _model(part)
    names = {field.name for field in model._meta.concrete_fields}
    rows = model._default_manager.filter(any_path, **({"clinic_id": patient.clinic_id} if "clinic" in names else {}))
    if part.strikes:
        rows = rows.exclude(**{f"{part.strikes}__struck_at__isnull": False})
    related = [*(field.name for field in columns_of(part) if field.is_relation), *part.deep]
    return rows.select_related(*related).order_by("pk") if related else rows.order_by("pk")


def _columns(part: Part, row: models.Model) -> dict[str, Any]:
    return {field.name: _value(part, row, field) for field in columns_of(part)}


def _value(part: Part, row: models.Model, field: models.Field) -> Any:
    value = getattr(row, field.name)
    if isinstance(value, models.Model):
        return _named(value)
    if field.name in part.json:
        return msgspec.json.decode(value)
    return _plain(value)


def _named(row: models.Model) -> Any:
    """What stands for a row that another one leads to: a person or a vial in words, else its uid, else what it calls itself."""
    if isinstance(row, User):
        return {"uid": row.uid, "name": row.name}
    if isinstance(row, Vial):  # the shelf is no part of the record; of which lot something was, is
        return {"uid": row.uid, "item": row.lot.item.name, "lot": row.lot.number, "expires": row.lot.expires}
    return getattr(row, "uid", None) or str(row)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC)
    return value


def _entry(row: Entry) -> dict[str, Any]:
    said = {name: _plain(getattr(row, name)) for name in _TRAIL}
    return said | {"chain": row.chain_name, "seq": row.seq, "detail": msgspec.json.decode(row.detail) if row.detail else None}
