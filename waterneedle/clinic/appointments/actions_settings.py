"""Writing how the clinic books: services, hours, closures, rooms, the policy, feeds."""

from __future__ import annotations

import datetime
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.appointments.actions import locked_policy
from waterneedle.clinic.appointments.models import Closure, Feed, Hours, Kind, Policy, Room, Service
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.practitioners.models import Practitioner

Spans = Mapping[int, Sequence[tuple[datetime.time, datetime.time]]]


@transaction.atomic
def change_policy(*, clinic: Clinic, fields: Mapping[str, Any], by: Person) -> Policy:
    """Change how the clinic books. What is booked stays as it is."""
    row = locked_policy(clinic)
    before = {name: getattr(row, name) for name in fields}
    for name, value in fields.items():
        setattr(row, name, value)
    row.full_clean(exclude=["clinic"])
    row.save(update_fields=[*fields, "changed_at"])
    changed = sorted(name for name in fields if before[name] != fields[name])
    audit.append(by=by, action="change", kind="booking policy", uid=clinic.slug, detail={"fields": changed})
    return row


@transaction.atomic
def set_service(
    *, clinic: Clinic, kind: str, by: Person, name: str = "", minutes: int | None = None, price: Decimal | None = None
) -> Service:
    """Say how long a kind of visit takes and what it costs, or what is sold beside. What was booked before keeps its length."""
    locked_policy(clinic)
    now = timezone.now()
    if kind != Kind.BESIDE:
        Service.objects.filter(clinic=clinic, kind=kind, ended_at=None).update(ended_at=now)
    made = Service.objects.create(clinic=clinic, kind=kind, name=name, minutes=minutes, price=price, made_by=by.user)
    audit.append(by=by, action="set", kind="service", uid=made.uid, detail={"kind": str(kind)})
    return made


@transaction.atomic
def end_service(*, service: Service, by: Person) -> None:
    if Service.objects.filter(pk=service.pk, ended_at=None).update(ended_at=timezone.now()):
        audit.append(by=by, action="end", kind="service", uid=service.uid)


@transaction.atomic
def add_room(*, clinic: Clinic, name: str, by: Person) -> Room | None:
    """A room; None where there is one of this name."""
    locked_policy(clinic)
    if Room.objects.filter(clinic=clinic, name=name, ended_at=None).exists():
        return None
    made = Room.objects.create(clinic=clinic, name=name)
    audit.append(by=by, action="create", kind="room", uid=made.uid)
    return made


@transaction.atomic
def end_room(*, room: Room, by: Person) -> None:
    """No longer booked. What is booked in it stays there."""
    if Room.objects.filter(pk=room.pk, ended_at=None).update(ended_at=timezone.now()):
        audit.append(by=by, action="end", kind="room", uid=room.uid)


@transaction.atomic
def set_hours(*, practitioner: Practitioner, spans: Spans, by: Person) -> None:
    """Let somebody treat in exactly these spans of each weekday. Bookings stay where they are."""
    clinic, now = practitioner.clinic, timezone.now()
    locked_policy(clinic)
    Hours.objects.filter(clinic=clinic, practitioner=practitioner, ended_at=None).update(ended_at=now)
    Hours.objects.bulk_create(
        Hours(clinic=clinic, practitioner=practitioner, weekday=day, begins=begins, ends=ends, made_by=by.user)
        for day, of in spans.items()
        for begins, ends in of
    )
    audit.append(by=by, action="set", kind="hours", uid=practitioner.uid)


@transaction.atomic
def close(
    *,
    clinic: Clinic,
    practitioner: Practitioner | None,
    begins_at: datetime.datetime,
    ends_at: datetime.datetime,
    by: Person,
    why: str = "",
) -> Closure:
    locked_policy(clinic)
    made = Closure.objects.create(
        clinic=clinic, practitioner=practitioner, begins_at=begins_at, ends_at=ends_at, why=why, made_by=by.user
    )
    audit.append(by=by, action="close", kind="closure", uid=made.uid)
    return made


@transaction.atomic
def open_again(*, closure: Closure, by: Person) -> None:
    if Closure.objects.filter(pk=closure.pk, ended_at=None).update(ended_at=timezone.now()):
        audit.append(by=by, action="open again", kind="closure", uid=closure.uid)


@transaction.atomic
def make_feed(*, practitioner: Practitioner, by: Person) -> str:
    """A new address for the calendar of a practitioner: its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    made = Feed.objects.create(clinic=practitioner.clinic, practitioner=practitioner, hash=hashed(secret), made_by=by.user)
    audit.append(by=by, action="create", kind="calendar feed", uid=made.uid)
    return secret


@transaction.atomic
def end_feeds(*, practitioner: Practitioner, by: Person) -> None:
    rows = Feed.objects.filter(clinic=practitioner.clinic, practitioner=practitioner, revoked_at=None)
    if rows.update(revoked_at=timezone.now()):
        audit.append(by=by, action="end", kind="calendar feed", uid=practitioner.uid)


def hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
