"""Writes about practitioners and their papers. A paper is entered or withdrawn, never edited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.practitioners.models import PAPERS, Paper, Practitioner, Training


class OwnPaper(PermissionError):
    """Nobody vouches for a certificate of their own."""


class OnFileAlready(ValueError):
    """A course that is on file already: its hours would count twice, and open a gate that they do not open."""


@transaction.atomic
def add_practitioner(*, user: User, profession: str, by: Person, supervised_by: Practitioner | None = None) -> Practitioner:
    made = Practitioner.objects.create(clinic=by.clinic, user=user, profession=profession, supervised_by=supervised_by)
    audit.append(by=by, action="create", kind="practitioner", uid=made.uid, detail={"profession": profession})
    return made


@transaction.atomic
def change_practitioner(
    *, practitioner: Practitioner, profession: str, by: Person, supervised_by: Practitioner | None = None
) -> None:
    before = {"profession": practitioner.profession, "supervised_by": practitioner.supervised_by_id}
    practitioner.profession, practitioner.supervised_by = profession, supervised_by
    practitioner.save(update_fields=["profession", "supervised_by"])
    after = {"profession": profession, "supervised_by": practitioner.supervised_by_id}
    audit.append(
        by=by,
        action="change",
        kind="practitioner",
        uid=practitioner.uid,
        before=audit.digest(before),
        after=audit.digest(after),
        detail={"profession": profession},
    )


@transaction.atomic
def add_paper(*, practitioner: Practitioner, kind: str, fields: Mapping[str, Any], by: Person) -> Paper:
    """Enter a paper that was seen. Raises OwnPaper for a certificate or training that somebody enters for themself, and
    OnFileAlready for a course that is on file with this day."""
    if kind in ("certificate", "training") and practitioner.user_id == by.user.id:
        raise OwnPaper(f"{kind}: somebody else has to enter it")
    if kind == "training":
        # Two who enter one paper at the same moment must queue here.
        Practitioner.objects.select_for_update().only("pk").get(pk=practitioner.pk)
        same = Training.objects.filter(
            clinic_id=practitioner.clinic_id, practitioner=practitioner, withdrawn_at=None, completed_on=fields["completed_on"])
        if any(_bare(one.course) == _bare(fields["course"]) for one in same):
            raise OnFileAlready(f"{fields['course']} of {fields['completed_on']}")
    made = PAPERS[kind].objects.create(clinic_id=practitioner.clinic_id, practitioner=practitioner, made_by=by.user, **fields)
    audit.append(
        by=by,
        action="create",
        kind=kind,
        uid=made.uid,
        after=audit.digest({name: str(value) for name, value in fields.items()}),
        detail={"practitioner": str(practitioner.uid)},
    )
    return made


@transaction.atomic
def withdraw_paper(*, paper: Paper, kind: str, why: str, by: Person) -> None:
    """Take a paper out of force at once: it was revoked, or entered wrongly."""
    if not why.strip():
        raise ValueError("a reason must be given")
    done = (
        PAPERS[kind]
        .objects.filter(pk=paper.pk, withdrawn_at=None)
        .update(withdrawn_at=timezone.now(), withdrawn_by=by.user, withdrawn_why=why)
    )
    if done:
        audit.append(
            by=by, action="withdraw", kind=kind, uid=paper.uid, detail={"practitioner": str(paper.practitioner.uid), "why": why}
        )


def _bare(title: str) -> str:
    return " ".join(title.split()).casefold()
