"""What each write to the draft of a visit begins and ends with, and what drafts refuse.

A visit that is signed or struck takes no write (`AlreadySigned`, `Struck`); the database refuses it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.database.written import execute
from waterneedle.clinic.visits.models import Signature, Strike, Visit


class NotCharted(ValueError):
    """Base of what a draft refuses; the text is for people. Nothing was written."""


class AlreadySigned(NotCharted):
    """The visit is signed: what is to be said now is an amendment."""


class Struck(NotCharted):
    """The visit stands on the wrong patient: it is entered anew with the right one."""


class ChangedMeanwhile(NotCharted):
    """Somebody else has changed the draft since this page was opened."""


class TooMuch(NotCharted):
    """More than is in the syringe."""


class OfAnother(NotCharted):
    """The syringe was drawn up for another patient, or for another visit."""


class PutAway(OfAnother):
    """The syringe was drawn up for this visit, and put down again."""


class NotStoodFor(NotCharted):
    """A visit of a student for which nobody stands is not repeated; the text is a whole sentence."""


class Refused(NotCharted):
    """The check bars the next puncture."""


class NotAsked(NotCharted):
    """Something is to be asked before the next puncture; the text says what, in words."""


def open_draft(visit: Visit, version: int | None = None) -> None:
    """Lock the visit, refuse what is signed, struck or was changed meanwhile, and move its version."""
    ((found, is_draft),) = _locked_version(visit.pk)
    if _signed(visit.clinic_id, visit.pk):
        raise AlreadySigned("the visit is signed")
    if not is_draft:
        raise Struck("the visit is struck")
    if version is not None and version != found:
        raise ChangedMeanwhile("somebody else has changed this visit")
    execute("UPDATE visits_visit SET version = version + 1 WHERE id = %s", visit.pk)
    visit.version = found + 1


def closed(visit: Visit) -> NotCharted | None:
    """Why the visit takes no write, as `open_draft` would say it; None for a draft. To be told beforehand: it locks nothing."""
    if _signed(visit.clinic_id, visit.pk):
        return AlreadySigned("the visit is signed")
    return None if visit.is_draft else Struck("the visit is struck")


def require_not_struck(visit: Visit) -> None:
    """Lock the visit, for what may still be noted once it is signed, such as a step. Raises Struck."""
    ((_version, is_draft),) = _locked_version(visit.pk)
    struck = Strike.objects.filter(clinic_id=visit.clinic_id, visit=visit, struck_at__isnull=False)
    if not is_draft and struck.exists():
        raise Struck("the visit is struck")


@prepared
def _locked_version(number: int) -> QuerySet[Any]:
    return Visit.objects.select_for_update().filter(pk=number).values_list("version", "is_draft")


@prepared
def _signed(clinic_id: int, visit_id: int) -> QuerySet[Any]:
    return Signature.objects.filter(clinic_id=clinic_id, visit_id=visit_id).values_list("pk", flat=True)


def require_known(fields: Mapping[str, Any], allowed: Iterable[str]) -> None:
    unknown = set(fields) - set(allowed)
    if unknown:
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")


def wrote(by: Person, action: str, kind: str, uid: Any, visit: Visit, **detail: Any) -> None:
    audit.append(
        by=by, action=action, kind=kind, uid=uid, patient=visit.patient.uid, detail={"visit": str(visit.uid), **detail}
    )
