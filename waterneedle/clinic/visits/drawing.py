"""What is drawn up for a patient: a syringe from open vials, put down again, and what is left in it."""

from __future__ import annotations

import datetime
import itertools
import secrets
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from waterneedle import knowledge
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Vial
from waterneedle.clinic.visits.drafts import NotCharted, PutAway, TooMuch, open_draft, wrote
from waterneedle.clinic.visits.models import Fill, Injection, Status, Syringe, Visit, total_ml
from waterneedle.clinic.web import words

# Of two published limits for what is drawn up in room air the stricter one: USP General Chapter 797 said one hour in the edition
# of 2008, four hours for immediate use in that of 2023. Past the looser one nothing more is given from it.
SYRINGE_HOURS, SYRINGE_HOURS_AT_MOST = 1, 4
LONGEST_VISIT = datetime.timedelta(days=1)  # our judgement; a longer one is a mistyped day
DRAWN_BEFORE = datetime.timedelta(days=1)  # so long before a draft was begun its syringe may have been; our judgement
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no two that look alike


@transaction.atomic
def load_syringe(
    *, visit: Visit, fills: Iterable[tuple[Vial, Decimal]], by: Person, route: str = "", gauge: int | None = None,
    length_mm: Decimal | None = None, purposes: Sequence[str] = (), at: datetime.datetime | None = None,
) -> Syringe:
    """Draw up from open vials for this patient; `purposes` says of each fill what it is for, where that was said. The book of the
    shelf is written when the visit is signed, but a single dose is this patient's at once. `at` is when it was, in the
    midst of a visit that is written down later."""
    fills = list(fills)
    if not fills or any(ml <= 0 for _, ml in fills):
        raise NotCharted(gettext("say what was drawn up, and how much"))
    open_draft(visit)
    _require_during(visit, at)
    for vial, _ in fills:
        if vial.clinic_id != by.clinic.pk or not _was_open(vial, visit, at):
            raise NotCharted(gettext("vial %(vial)s is not open") % {"vial": vial.code})
        if not was_opened(vial, visit, at):
            raise NotCharted(not_yet_open(vial))
    _reserve([vial for vial, _ in fills], visit)
    now = at or visit.happened_at or timezone.now()
    syringe = Syringe.objects.create(
        clinic=by.clinic, visit=visit, patient=visit.patient, code=_code(visit), route=route, gauge=gauge, length_mm=length_mm,
        drawn_at=now, drawn_by=by.user, discard_at=now + datetime.timedelta(hours=SYRINGE_HOURS),
    )
    Fill.objects.bulk_create(
        Fill(clinic=by.clinic, syringe=syringe, vial=vial, volume_ml=ml, purpose=purpose)
        for (vial, ml), purpose in itertools.zip_longest(fills, purposes, fillvalue="")
    )
    wrote(by, "draw up", "syringe", syringe.uid, visit, vials=[vial.code for vial, _ in fills])
    return syringe


def _require_during(visit: Visit, at: datetime.datetime | None) -> None:
    """Refuse a time at which nothing can have been drawn up for this visit."""
    if at is None:
        return
    if visit.happened_at is None or not visit.happened_at <= at <= min(timezone.now(), visit.happened_at + LONGEST_VISIT):
        raise NotCharted(gettext("nothing can have been drawn up for this visit at that time"))


def _was_open(vial: Vial, visit: Visit, at: datetime.datetime | None) -> bool:
    """Whether it can have been drawn from: what was thrown away since may have been, at a visit that is written down later."""
    return vial.discarded_at is None or (visit.happened_at is not None and vial.discarded_at > (at or visit.happened_at))


def was_opened(vial: Vial, visit: Visit, at: datetime.datetime | None = None) -> bool:
    """Whether it had been opened when the visit was, or at the time `at` in it; that it is entered later changes nothing."""
    return visit.happened_at is None or vial.opened_at <= (at or visit.happened_at)


def not_yet_open(vial: Vial) -> str:
    """Of a vial that was not, what there is to do."""
    return gettext(
        "By the book vial %(vial)s was opened after this visit began, %(when)s. If it was open before, say so on the page of its "
        "lot; if it was opened during the visit, say here when it was drawn up."
    ) % {"vial": vial.code, "when": words.moment(vial.opened_at)}


@transaction.atomic
def correct(
    *, syringe: Syringe, volumes_ml: Sequence[Decimal], purposes: Sequence[str], by: Person,
    drawn_at: datetime.datetime | None = None, drawn_by: User | None = None,
) -> None:
    """Set right how much of each of its fluids was drawn up, in their order, what it is for, and when and by whom, where that was
    not who charted it when it was charted: a slip, or what was not said. Its hour runs from then.

    Raises TooMuch where its injections take more, NotCharted for a time at which it cannot have been drawn up.
    """
    open_draft(syringe.visit)
    if _is_down(syringe):
        raise NotCharted(gettext("the syringe was put down meanwhile"))
    for fill, volume_ml, purpose in zip(syringe.contents, volumes_ml, purposes, strict=True):
        if volume_ml <= 0:
            raise NotCharted(gettext("say what was drawn up, and how much"))
        fill.volume_ml, fill.purpose = volume_ml, purpose
        fill.save(update_fields=["volume_ml", "purpose"])
    require_enough(syringe)
    if drawn_at is not None:
        _require_possible(syringe, drawn_at)
        syringe.drawn_at, syringe.discard_at = drawn_at, drawn_at + datetime.timedelta(hours=SYRINGE_HOURS)
    if drawn_by is not None:
        syringe.drawn_by = drawn_by
    syringe.save(update_fields=["drawn_at", "discard_at", "drawn_by"])
    drawn = [f"{one.vial.code} {one.volume_ml}" for one in syringe.contents]
    more = {"drawn_at": drawn_at.isoformat()} if drawn_at else {}
    more |= {"drawn_by": str(drawn_by.uid)} if drawn_by else {}
    wrote(by, "change", "syringe", syringe.uid, syringe.visit, drawn=drawn, **more)


def _require_possible(syringe: Syringe, at: datetime.datetime) -> None:
    """Refuse a time that is still to come, that is long before the draft, and one after a puncture with the syringe."""
    visit = syringe.visit
    first = Injection.objects.filter(clinic_id=syringe.clinic_id, syringe=syringe, given_at__isnull=False).order_by("given_at")
    given_at = first.values_list("given_at", flat=True).first()
    since = (visit.happened_at or visit.made_at) - DRAWN_BEFORE
    if at > timezone.now() or at < since or (given_at is not None and at > given_at):
        raise NotCharted(gettext("the syringe cannot have been drawn up at that time"))


@transaction.atomic
def put_down(*, syringe: Syringe, by: Person, was_drawn: bool = True) -> None:
    """Put a syringe away that nothing was given from. What was drawn enters no vial again: it is wasted when the visit is signed,
    and a single dose stays this patient's. Unless it `was_drawn` there is nothing to book, and the entry is taken back."""
    open_draft(syringe.visit)
    if _is_down(syringe):
        raise PutAway("somebody else has put it down, and has said what became of it")
    if Injection.objects.filter(clinic_id=syringe.clinic_id, syringe=syringe, removed_at=None).exists():
        raise NotCharted(gettext("injections are charted from this syringe; change or remove them first"))
    syringe.removed_at, syringe.wasted = timezone.now(), was_drawn
    syringe.save(update_fields=["removed_at", "wasted"])
    if not was_drawn:
        let_go(syringe)
    wrote(by, "remove", "syringe", syringe.uid, syringe.visit, wasted=was_drawn)


@transaction.atomic
def take_up(*, syringe: Syringe, by: Person) -> None:
    """Undo `put_down`, once. Raises NotCharted where a single dose in it is another patient's by now."""
    open_draft(syringe.visit)
    if not _is_down(syringe):
        return
    _reserve([one.vial for one in syringe.contents], syringe.visit)
    syringe.removed_at, syringe.wasted = None, False
    syringe.save(update_fields=["removed_at", "wasted"])
    wrote(by, "restore", "syringe", syringe.uid, syringe.visit)


def _is_down(syringe: Syringe) -> bool:
    return Syringe.objects.filter(pk=syringe.pk, removed_at__isnull=False).exists()


def _reserve(vials: Iterable[Vial], visit: Visit) -> None:
    try:
        stock.reserve(vials=vials, patient=visit.patient)
    except stock.Taken as taken:
        raise NotCharted(
            gettext("vial %(vial)s is a single dose and was drawn for another patient") % {"vial": taken.code}) from taken


def let_go(syringe: Syringe) -> None:
    """The single doses of a syringe that does not count any longer are nobody's again."""
    for fill in syringe.contents:
        if fill.vial.lot.item.is_single and not _is_in_a_syringe(fill.vial):
            stock.let_go(vial=fill.vial)


def _is_in_a_syringe(vial: Vial) -> bool:
    rows = Fill.objects.filter(clinic_id=vial.clinic_id, vial=vial)
    rows = rows.exclude(syringe__removed_at__isnull=False, syringe__wasted=False)
    return rows.exclude(syringe__visit__strikes__struck_at__isnull=False).exists()


def left_in(syringe: Syringe) -> Decimal:
    """mL that no injection of the syringe takes, the planned ones counted."""
    taken = _taken(syringe.clinic_id, syringe.pk)
    return total_ml(syringe.contents) - sum((one for one in taken if one is not None), Decimal(0))


@prepared
def _taken(clinic_id: int, syringe: int) -> QuerySet[Any]:
    """The volumes that the injections of a syringe take, the planned ones counted."""
    rows = Injection.objects.filter(clinic_id=clinic_id, syringe_id=syringe, removed_at=None)
    return rows.exclude(status=Status.NOT_DONE).values_list("volume_ml", flat=True)


def require_enough(syringe: Syringe | None) -> None:
    if syringe is not None and (left := left_in(syringe)) < 0:
        raise TooMuch(f"{-left} mL more than syringe {syringe.code} holds")


def _code(visit: Visit) -> str:
    taken = set(Syringe.objects.filter(clinic_id=visit.clinic_id, visit=visit).values_list("code", flat=True))
    while True:
        code = "S" + "".join(secrets.choice(_LETTERS) for _ in range(3))
        if code not in taken and code not in knowledge.points():  # a label that is typed into the line means no point
            return code
