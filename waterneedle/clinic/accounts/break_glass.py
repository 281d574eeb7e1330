"""Emergency access: one patient's chart for an hour, against a reason, seen by the owner.

It widens reading, never writing, and only for who has `breakglass.use` (docs/roles.md).
"""
from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from waterneedle.clinic.accounts import mail
from waterneedle.clinic.accounts.models import BreakGlass, BreakGlassReview, Clinic, Membership, User
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit.actions import append, digest
from waterneedle.clinic.audit.who import Person

OPENS = frozenset({
    "demographics.read", "bookings.read", "forms.read", "observation.read", "chart.read", "followup.read"})


def in_force(*, clinic: Clinic, user: User, patient_uid: UUID, now: datetime) -> BreakGlass | None:
    """The use that lets `user` read this patient's chart at this moment."""
    uses = BreakGlass.objects.filter(clinic=clinic, user=user, patient_uid=patient_uid, ended_at=None)
    return uses.filter(began_at__lte=now, ends_at__gt=now).select_related("clinic").order_by("-began_at").first()


@transaction.atomic
def begin(*, clinic: Clinic, patient_uid: UUID, reason: str, by: Person, now: datetime) -> BreakGlass:
    """Open the chart and tell the owners. While one is in force, a second asking changes nothing."""
    before = in_force(clinic=clinic, user=by.user, patient_uid=patient_uid, now=now)
    if before:
        return before
    use = BreakGlass.objects.create(
        clinic=clinic, user=by.user, patient_uid=patient_uid, reason=reason.strip(), began_at=now,
        ends_at=now + timedelta(minutes=settings.BREAK_GLASS_MINUTES))
    append(
        by=by, action="break glass", kind="chart", uid=use.uid, patient=patient_uid, after=digest(use.reason),
        detail={"until": use.ends_at.isoformat()})
    for owner in User.objects.filter(memberships__in=_owners(clinic), is_active=True).distinct():
        # No patient in a letter: the page that it leads to names them.
        mail.send("break_glass", owner.email, language=owner.language, clinic=clinic, use=use, by=by.user)
    return use


@transaction.atomic
def end(*, use: BreakGlass, by: Person, now: datetime) -> None:
    """Give it back before its end."""
    if BreakGlass.objects.filter(pk=use.pk, user=by.user, ended_at=None, ends_at__gt=now).update(ended_at=now):
        append(by=by, action="end", kind="break glass", uid=use.uid, patient=use.patient_uid)


@transaction.atomic
def review(*, use: BreakGlass, justified: bool, note: str, by: Person) -> BreakGlassReview:
    """What `by` thinks of it. Nobody reviews their own."""
    if use.user_id == by.user.pk:
        raise ValueError("a person does not review their own emergency access")
    append(by=by, action="review", kind="break glass", uid=use.uid, detail={"justified": justified})
    return BreakGlassReview.objects.create(
        clinic_id=use.clinic_id, use=use, reviewed_by=by.user, justified=justified, note=note)


def _owners(clinic: Clinic) -> object:
    return Membership.objects.filter(clinic=clinic, role=Role.OWNER, ended_at=None)
