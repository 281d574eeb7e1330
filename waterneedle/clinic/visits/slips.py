"""A slip of the finger, taken back within a moment: exactly what stood before stands again, and the trail keeps both.

    to = way_back(visit, [one], day)            from what was just marked; for the address of its button, "" where there is none
    take_back(visit=…, to=to, by=access)        the marks as they were before
    step_back(visit=…, to=to, by=access)        a step that was just entered, by `way_back_from_step(state)`: as if never; who was
                                                observed with it, by `way_back_from_watching(row)`, is not
    unsaid(visit=…, to=to, by=access)           answers of today that were given in one tap, by `way_back_from_answers(said)`
    not_drawn(syringe=…, to=to, by=access)      a syringe that was just drawn up, by `way_back_from(syringe)`: it never was

What stood before goes sealed into the address, so that nobody can make up another; it holds no words. Where words would be lost,
or a puncture was charted against a block, there is no way back but to correct it in its row, where one says why. What somebody
has changed since is not taken back.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.database.written import update
from waterneedle.clinic.patients.actions import take_back_pregnancy
from waterneedle.clinic.visits import drawing
from waterneedle.clinic.visits.drafts import NotCharted, open_draft, wrote
from waterneedle.clinic.visits.drawing import require_enough
from waterneedle.clinic.visits.models import Injection, Syringe, Today, Visit, VisitState
from waterneedle.clinic.visits.models_after import Observation
from waterneedle.clinic.visits.rows import answered, injections_of

A_MOMENT = datetime.timedelta(minutes=1)  # in which a slip is taken back without a word; the way back shows for ten seconds


class NotSealed(LookupError):
    """No way back that was made here."""


class TooLate(NotCharted):
    """It is no longer of this moment, or was changed since; the text is a whole sentence."""


def way_back(visit: Visit, marked: Sequence[Injection], day: datetime.date) -> str:
    """What stood before the marks of `marked`, and the `day` of the visit."""
    if not marked or any(one.before is None or one.before.status_why or one.blocked for one in marked):
        return ""
    before = [[one.seq, *msgspec.structs.astuple(one.before)] for one in marked]
    return _sealed(visit, before=before, seen=_seen(marked), day=None if day == visit.day else day.isoformat())


@transaction.atomic
def take_back(*, visit: Visit, to: str, by: Person) -> None:
    """Raises NotSealed, TooLate, and what any write to a draft raises."""
    said = _opened(visit, to, _("This is no longer of this moment: correct it in its row, and say why."))
    open_draft(visit)
    before = {seq: Before(*values) for seq, *values in said["before"]}
    rows = [one for one in injections_of(visit) if one.seq in before]
    if _seen(rows) != said["seen"]:
        raise TooLate(_("This was changed since, or taken back already: correct it in its row, and say why."))
    for one in rows:
        was, then = {"was": one.status} | ({"why": one.status_why} if one.status_why else {}), before[one.seq]
        one.status, one.status_why, one.blocked, one.volume_ml = then.status, "", then.blocked, then.volume()
        one.given_at, one.charted_at = _moment(then.given_at), _moment(then.charted_at)
        update(one, "status", "status_why", "given_at", "charted_at", "blocked", "volume_ml")
        require_enough(one.syringe)
        wrote(by, "take back", "injection", one.uid, visit, now=then.status, **was)
    if said["day"] and not any(one.is_in for one in injections_of(visit)):
        visit.day = datetime.date.fromisoformat(said["day"])
        visit.save(update_fields=["day"])
        wrote(by, "change", "visit", visit.uid, visit, fields=["day"])


class Before(msgspec.Struct, frozen=True):
    """How a puncture was marked before; times and amounts as text, for the seal."""

    status: str
    given_at: str | None
    charted_at: str | None
    blocked: bool
    volume_ml: str | None
    status_why: str = ""

    def volume(self) -> Decimal | None:
        return None if self.volume_ml is None else Decimal(self.volume_ml)


def marked(one: Injection) -> Before:
    given_at, charted_at = _text(one.given_at), _text(one.charted_at)
    return Before(one.status, given_at, charted_at, one.blocked, _ml(one.volume_ml), one.status_why)


# --- a step


def way_back_from_step(state: VisitState) -> str:
    return _sealed(state.visit, step=state.pk) if state.visit.is_draft else ""


def way_back_from_watching(row: Observation) -> str:
    """From who has just been noted as being observed; who was observed before stays so."""
    if row.entered is None or not row.visit.is_draft:
        return ""
    return _sealed(row.visit, step=row.entered.pk, watch=[row.pk, _text(row.began_at)] if row.is_new else None)


@transaction.atomic
def step_back(*, visit: Visit, to: str, by: Person) -> VisitState:
    """The step before it counts again, with its time; what was taken back. Raises as `take_back`."""
    said = _opened(visit, to, _("This is no longer of this moment: note where the patient is by now."))
    open_draft(visit)
    last = VisitState.objects.filter(clinic_id=visit.clinic_id, visit=visit, removed_at=None).order_by("-pk").first()
    if last is None or last.pk != said["step"]:
        raise TooLate(_("Another step was noted since, or this was taken back already: note where the patient is by now."))
    VisitState.objects.filter(pk=last.pk).update(removed_at=timezone.now())
    wrote(by, "take back", "step", visit.uid, visit, step=last.step)
    if watch := said.get("watch"):
        _not_watched(visit, *watch, by)
    return last


def _not_watched(visit: Visit, number: int, began_at: str, by: Person) -> None:
    """Of who was observed by a slip. Where another needle went in since, the time runs anew from it, and that is no slip."""
    row = Observation.objects.select_for_update().filter(clinic_id=visit.clinic_id, visit=visit, pk=number, ended_at=None).first()
    if row is None or _text(row.began_at) != began_at:
        raise TooLate(_("The observation was begun anew since, or has ended: note where the patient is by now."))
    row.ended_at = row.removed_at = timezone.now()
    row.ended_by = by.user
    row.save(update_fields=["ended_at", "ended_by", "removed_at"])
    wrote(by, "take back", "observation", row.uid, visit)


# --- the answers of today


def way_back_from_answers(said: Today) -> str:
    return _sealed(said.visit, said=said.pk, seen=_seen_in(said.visit))


@transaction.atomic
def unsaid(*, visit: Visit, to: str, by: Person) -> None:
    """What was answered before counts again, of pregnancy in the patient's record too; rows of answers are kept, and the newest
    counts. Raises as `take_back`."""
    sealed = _opened(visit, to, _("This is no longer of this moment: answer each question by itself."))
    open_draft(visit)
    last, before = answered(visit)
    if last is None or last.pk != sealed["said"] or _seen_in(visit) != sealed["seen"]:
        raise TooLate(_("Somebody has gone on since, or this was taken back already: answer each question by itself."))
    stood = {name: getattr(before, name) for name in Today.ANSWERS} if before else {}
    Today.objects.create(clinic=by.clinic, visit=visit, made_at=timezone.now(), made_by=by.user, **stood)
    take_back_pregnancy(patient=visit.patient, visit=visit.uid, since=last.made_at, by=by)
    wrote(by, "take back", "answer", visit.uid, visit)


# --- a syringe


def way_back_from(syringe: Syringe) -> str:
    return _sealed(syringe.visit, seen=_drawn(syringe))


@transaction.atomic
def not_drawn(*, syringe: Syringe, to: str, by: Person) -> None:
    """It was never drawn up. Raises as `take_back`, and NotCharted where something is charted from it."""
    said = _opened(syringe.visit, to, _("This is no longer of this moment: say beside the syringe what became of it."))
    open_draft(syringe.visit)
    now = Syringe.objects.select_related("visit").get(pk=syringe.pk)
    if now.removed_at is not None or _drawn(now) != said["seen"]:
        raise TooLate(_("This was changed since, or taken back already: look at the syringe again."))
    drawing.put_down(syringe=now, by=by, was_drawn=False)


# --- inside


def _seen(rows: Iterable[Injection]) -> str:
    """Stands for how they are marked."""
    return _short([[one.seq, *msgspec.structs.astuple(marked(one))] for one in sorted(rows, key=lambda one: one.seq)])


def _seen_in(visit: Visit) -> str:
    """Stands for what went in: an answer on which a needle went in is not taken back in passing."""
    return _seen(one for one in injections_of(visit) if one.is_in)


def _drawn(one: Syringe) -> str:
    fills = [[fill.vial_id, _ml(fill.volume_ml), fill.purpose] for fill in one.contents]
    return _short([str(one.uid), _text(one.drawn_at), one.drawn_by_id, fills])


def _short(said: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]


def _ml(volume_ml: Decimal | None) -> str | None:
    return None if volume_ml is None else f"{Decimal(volume_ml).normalize():f}"


def _text(at: datetime.datetime | None) -> str | None:
    return at and at.astimezone(datetime.UTC).isoformat()


def _moment(text: str | None) -> datetime.datetime | None:
    return None if text is None else datetime.datetime.fromisoformat(text)


def _sealed(visit: Visit, **said: Any) -> str:
    return signing.dumps({"at": _text(timezone.now()), **said}, salt=_salt(visit), compress=True)


def _opened(visit: Visit, to: str, too_late: str) -> dict[str, Any]:
    try:
        said = signing.loads(to, salt=_salt(visit))
    except signing.BadSignature:
        raise NotSealed("this way back was not made here") from None
    if timezone.now() - datetime.datetime.fromisoformat(said["at"]) > A_MOMENT:
        raise TooLate(too_late)
    return said


def _salt(visit: Visit) -> str:
    return f"visits.slips {visit.clinic_id} {visit.uid}"
