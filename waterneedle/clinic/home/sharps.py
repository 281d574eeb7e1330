"""Containers for sharps, from the first needle to the carrier's receipt, and the log of people who were stuck."""

from __future__ import annotations

import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.home.models import NeedleStick, SharpsContainer
from waterneedle.clinic.tasks.actions import ends_with_words, open_task
from waterneedle.clinic.visits.slips import A_MOMENT

STICK_TASK = "home.needle_stick"
STICK_DUE_HOURS = 1  # what is done against an infection is done within hours; our judgement
SHOWN_COLLECTED = 20
ends_with_words(STICK_TASK)


class LabelTaken(ValueError):
    """A container with this label is in use."""


class TooLate(ValueError):
    """It was noted as full a while ago, or by somebody else, or was taken away since."""


def in_use(clinic: Clinic) -> list[SharpsContainer]:
    """The containers that nobody has collected yet, the full ones first."""
    rows = SharpsContainer.objects.filter(clinic=clinic, collected_at=None).select_related("opened_by", "full_by")
    return sorted(rows, key=lambda one: (one.full_at is None, one.opened_at, one.pk))


def collected(clinic: Clinic) -> list[SharpsContainer]:
    """Those that were collected last."""
    rows = SharpsContainer.objects.filter(clinic=clinic, collected_at__isnull=False).select_related("collected_by")
    return list(rows.order_by("-collected_at")[:SHOWN_COLLECTED])


def collected_between(clinic: Clinic, since: datetime.datetime, until: datetime.datetime) -> list[SharpsContainer]:
    """Those that were collected from one moment to another, the first ones first."""
    return list(SharpsContainer.objects.filter(clinic=clinic, collected_at__range=(since, until)).order_by("collected_at", "pk"))


@transaction.atomic
def open_container(*, code: str, place: str, by: Person) -> SharpsContainer:
    """A new container stands at `place`. Raises LabelTaken while another with its label is in use."""
    try:
        with transaction.atomic():
            row = SharpsContainer.objects.create(
                clinic=by.clinic, code=code, place=place, opened_at=timezone.now(), opened_by=by.user)
    except IntegrityError as taken:
        raise LabelTaken(code) from taken
    audit.append(by=by, action="open", kind="sharps container", uid=row.uid, detail={"label": code})
    return row


@transaction.atomic
def close_container(*, container: SharpsContainer, by: Person) -> bool:
    """It is full, and closed. Whether it was not so before."""
    changed = SharpsContainer.objects.filter(pk=container.pk, full_at=None).update(full_at=timezone.now(), full_by=by.user)
    if changed:
        audit.append(by=by, action="close", kind="sharps container", uid=container.uid)
    return bool(changed)


@transaction.atomic
def not_full(*, container: SharpsContainer, by: Person) -> None:
    """The way back from a slip, for who made it: it stands open as before. Raises TooLate once it is no longer of this moment;
    a container that is really full is not opened again."""
    theirs = SharpsContainer.objects.filter(pk=container.pk, collected_at=None, full_by=by.user)
    if not theirs.filter(full_at__gt=timezone.now() - A_MOMENT).update(full_at=None, full_by=None):
        raise TooLate(container.uid)
    audit.append(by=by, action="take back", kind="sharps container", uid=container.uid)


@transaction.atomic
def collect_container(*, container: SharpsContainer, how: str, by: Person) -> None:
    """It was taken away; one that nobody had noted as full is closed with it."""
    now = timezone.now()
    close_container(container=container, by=by)
    changed = SharpsContainer.objects.filter(pk=container.pk, collected_at=None).update(
        collected_at=max(now, timezone.now()), collected_by=by.user, collected_how=how)
    if changed:
        audit.append(by=by, action="collect", kind="sharps container", uid=container.uid, detail={"how": how})


@transaction.atomic
def report_stick(*, who: str, place: str, device: str, how: str, happened_at: datetime.datetime, by: Person) -> NeedleStick:
    """Write it into the log, and put it on the owner's list at once. The task does not say who it was."""
    row = NeedleStick.objects.create(
        clinic=by.clinic, who=who, place=place, device=device, how=how, happened_at=happened_at, made_by=by.user)
    open_task(
        clinic=by.clinic, kind=STICK_TASK, cause=str(row.uid), about=row.uid, by=by, role=Role.OWNER,
        title=gettext_noop("Somebody was stuck by a used needle: have it treated, and written up"),
        note=f"{place}: {how}"[:500], due_at=timezone.now() + datetime.timedelta(hours=STICK_DUE_HOURS),
    )
    audit.append(by=by, action="create", kind="needle stick", uid=row.uid)
    return row


def sticks_between(clinic: Clinic, since: datetime.datetime, until: datetime.datetime) -> list[NeedleStick]:
    """The injuries from one moment to another, the newest first."""
    rows = NeedleStick.objects.filter(clinic=clinic, happened_at__range=(since, until)).select_related("made_by")
    return list(rows.order_by("-happened_at", "-pk"))
