"""Writes about the shelf.

The lot's row is locked first, several lots in the order of their numbers: two people who draw from the same lot at the same
moment queue there, and nobody draws what is not there.
"""

from __future__ import annotations

import datetime
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.audit.who import Person
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.database.written import insert, update
from waterneedle.clinic.patients.models import Patient
from waterneedle.clinic.patients.queries import records_of
from waterneedle.clinic.stock.models import (
    Item,
    Kit,
    KitCheck,
    Lot,
    LotState,
    LotStatus,
    Movement,
    MovementKind,
    Supplier,
    Temperature,
    UseState,
    Vial,
)
from waterneedle.clinic.stock.queries import beyond_use_of, status_of, use_of

TOO_MUCH_ML = Decimal(1_000_000)  # a thousand litres; the columns hold what is below
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no two that look alike


class NotOnTheShelf(ValueError):
    """Base of what the shelf refuses; the text is for people. Nothing was written."""


class TooLittle(NotOnTheShelf):
    """Less is booked than was asked for: count it, and correct the book. `held`: of which vials, where it is about vials."""

    def __init__(self, said: str, held: Iterable[Held] = ()) -> None:
        super().__init__(said)
        self.held = tuple(held)


class InOpenVials(TooLittle):
    """More stands in open vials than was counted, or than is closed: those are discarded first."""


class TooMuch(NotOnTheShelf):
    """More than the book of one lot holds: the number of containers is misread."""


class Closed(NotOnTheShelf):
    """The lot is in quarantine or recalled, past its date, or the vial is discarded or another patient's."""


class Taken(Closed):
    """A single dose that is another patient's."""

    def __init__(self, code: str) -> None:
        super().__init__(f"vial {code} is a single dose and was drawn for another patient")
        self.code = code


class NotEarlier(NotOnTheShelf):
    """A vial was said to have been opened later than the book says: it would be used for longer than it may."""


class RoomHasKit(NotOnTheShelf):
    """Another kit stands in the room of one that was to be used again."""


class Unexplained(NotOnTheShelf):
    """What was counted differs from the book, and nobody has said why."""


# --- what is kept


@transaction.atomic
def add_supplier(*, fields: Mapping[str, Any], by: Person) -> Supplier:
    made = Supplier.objects.create(clinic=by.clinic, **fields)
    audit.append(by=by, action="create", kind="supplier", uid=made.uid)
    return made


@transaction.atomic
def add_item(*, fields: Mapping[str, Any], by: Person) -> Item:
    made = Item.objects.create(clinic=by.clinic, **fields)
    audit.append(by=by, action="create", kind="item", uid=made.uid, detail={"product": made.product})
    return made


@transaction.atomic
def receive(
    *,
    item: Item,
    number: str,
    expires: datetime.date,
    containers: int,
    by: Person,
    supplier: Supplier | None = None,
    pharmacy: str = "",
    beyond_use: datetime.date | None = None,
) -> Lot:
    """Put `containers` of a lot on the shelf. More of a lot that is there already is added to it, however its number was typed:
    a recall of one must find both. With another date it is refused, for one of the two is misread."""
    if containers < 1:
        raise ValueError(f"containers must be at least 1, got {containers}")
    number = _number_on_file(item, number)
    lot, made = Lot.objects.get_or_create(
        clinic=by.clinic,
        item=item,
        number=number,
        defaults={"expires": expires, "supplier": supplier, "pharmacy": pharmacy, "beyond_use": beyond_use},
    )
    if not made and (lot.expires, lot.beyond_use) != (expires, beyond_use):
        raise Closed(f"lot {number} is on file with {lot.expires}, not {expires}")
    _move(_locked(lot), MovementKind.RECEIVED, containers * item.container_ml, by)
    lot.refresh_from_db()
    audit.append(by=by, action="receive", kind="lot", uid=lot.uid, detail={"number": number, "containers": containers})
    return lot


@transaction.atomic
def decide(*, lot: Lot, status: str, why: str, by: Person) -> LotState:
    """Quarantine, recall or release a lot. It holds at once."""
    if not why.strip():
        raise ValueError("a reason must be given")
    lot = _locked(lot)
    state = LotState.objects.create(clinic=by.clinic, lot=lot, status=LotStatus(status), why=why, made_by=by.user)
    audit.append(by=by, action=status, kind="lot", uid=lot.uid, detail={"why": why})
    return state


# --- vials


@transaction.atomic
def open_vial(*, lot: Lot, by: Person, at: datetime.datetime, code: str = "") -> Vial:
    """Open one container of a lot: its clock runs from `at`, which lies in the past where it is entered later. Raises Closed for
    a lot that may not be used, TooLittle when all of it is booked out or stands open."""
    lot = _locked(lot)
    _require_usable(lot, at.astimezone(by.clinic.tzinfo).date())
    closed_ml = lot.volume_ml - sum(one.volume_ml for one in lot.vials.filter(discarded_at=None))
    if closed_ml <= 0:
        raise TooLittle(f"no closed container of lot {lot.number} is booked")
    size_ml = min(lot.item.container_ml, closed_ml)
    vial = Vial.objects.create(
        clinic=by.clinic, lot=lot, code=code or _new_code(by), opened_at=at, opened_by=by.user, volume_ml=size_ml
    )
    said = {"lot": lot.number, "code": vial.code, "opened": at.isoformat()}
    audit.append(by=by, action="open", kind="vial", uid=vial.uid, detail=said)
    return vial


@transaction.atomic
def opened_earlier(*, vial: Vial, at: datetime.datetime, by: Person) -> None:
    """Say that a vial was opened before the time on the book, as when its opening was entered later; of one that is discarded
    too, for what was drawn from it may be written down still. Raises NotEarlier for a later time, which would let it be used for
    longer."""
    [locked] = _locked_vials([vial.pk])
    if at >= locked.opened_at:
        raise NotEarlier(f"vial {locked.code} was opened on {locked.opened_at} by the book")
    before, locked.opened_at = locked.opened_at, at
    update(locked, "opened_at")
    said = {"code": locked.code, "before": before.isoformat(), "opened": at.isoformat()}
    audit.append(by=by, action="change", kind="vial", uid=locked.uid, detail=said)


@transaction.atomic
def draw(*, vial: Vial, volume_ml: Decimal, patient: Patient, by: Person, at: datetime.datetime, cause: str = "") -> Movement:
    """Draw up from an open vial for a patient. A single-dose container is that patient's from then on."""
    lot = _locked(vial.lot)
    vial = Vial.objects.select_for_update().get(pk=vial.pk)
    day = at.astimezone(by.clinic.tzinfo).date()
    _require_usable(lot, day)
    if vial.discarded_at is not None:
        raise Closed(f"vial {vial.code} is discarded")
    if (last := beyond_use_of(vial, by.clinic.tzinfo)) is not None and day > last:
        raise Closed(f"vial {vial.code} was good until {last}")
    if lot.item.is_single and is_anothers(vial, patient):
        raise Taken(vial.code)
    if volume_ml > vial.volume_ml:
        raise TooLittle(f"{vial.volume_ml} mL are left in vial {vial.code}, {volume_ml} were asked for")
    vial.volume_ml -= volume_ml
    if lot.item.is_single:
        vial.patient = patient
    vial.save(update_fields=["volume_ml", "patient"])
    return _move(lot, MovementKind.DRAWN, -volume_ml, by, vial=vial, cause=cause)


@transaction.atomic
def reserve(*, vials: Iterable[Vial], patient: Patient) -> None:
    """Let the single doses among `vials` be this patient's from the moment they are drawn up, long before that is booked.

    Raises Taken where one is another patient's.
    """
    # The vials first, in one order: two who draw up from one ampoule at the same moment must queue here.
    single = sorted({one.pk for one in vials if one.lot.item.is_single})
    for vial in _locked_vials(single) if single else ():
        if is_anothers(vial, patient):
            raise Taken(vial.code)
        if vial.patient_id is None:
            vial.patient = patient
            update(vial, "patient_id")


def is_anothers(vial: Vial, patient: Patient) -> bool:
    """Whether it was drawn for somebody else: not for who has a second record, which was joined with this one."""
    return vial.patient_id not in (None, patient.pk) and vial.patient_id not in records_of(patient)


@transaction.atomic
def let_go(*, vial: Vial) -> None:
    """A single dose that nothing was given from after all is nobody's again."""
    [locked] = _locked_vials([vial.pk])
    if locked.patient_id and not _drawn_from(locked).exists():
        locked.patient = None
        update(locked, "patient_id")


@dataclass(frozen=True)
class Drawn:
    """What was drawn from one vial and is to be booked: what went in, and what was left in the syringe."""

    vial: Vial  # with its lot and item
    given_ml: Decimal
    wasted_ml: Decimal

    @property
    def ml(self) -> Decimal:
        return self.given_ml + self.wasted_ml


@dataclass(frozen=True)
class Held:
    """The rows behind what was drawn, locked; `missing_ml` is what the book must be corrected by first."""

    drawn: Drawn
    lot: Lot
    vial: Vial
    missing_ml: Decimal


def hold(drawn: Iterable[Drawn], *, recount: bool = False) -> list[Held]:
    """Lock lots and vials, and look whether the book has what was drawn. It has happened: no date and no quarantine refuses it.

    Raises TooLittle where the book says that a vial held less, unless `recount` says that it was counted. Nothing is written yet.
    """
    drawn = sorted(drawn, key=lambda one: (one.vial.lot_id, one.vial.pk))
    lots = {one.pk: one for one in _locked_lots(sorted({one.vial.lot_id for one in drawn}))} if drawn else {}
    vials = {one.pk: one for one in _locked_vials([one.vial.pk for one in drawn])} if drawn else {}
    held = [
        Held(one, lots[one.vial.lot_id], vial, max(one.ml - vial.volume_ml, Decimal(0)))
        for one in drawn for vial in (vials[one.vial.pk],)
    ]
    short = [one for one in held if one.missing_ml]
    if short and not recount:
        raise TooLittle(f"less than was drawn is left in {', '.join(one.vial.code for one in short)} by the book", short)
    for lot in lots.values():
        taken_ml = sum(one.drawn.ml - one.missing_ml for one in held if one.lot is lot)
        if taken_ml > lot.volume_ml:
            raise TooLittle(f"{lot.volume_ml} mL of lot {lot.number} are booked, {taken_ml} were to go")
    return held


def book(held: Iterable[Held], *, patient: Patient, by: Person, cause: str) -> None:
    """Write what is held: what was given and what was wasted, in the transaction of the cause."""
    for one in held:
        lot, vial, drawn = one.lot, one.vial, one.drawn
        if one.missing_ml:
            _move(lot, MovementKind.COUNTED, one.missing_ml, by, vial=vial, why="held more than was booked", cause=cause)
        for kind, ml in ((MovementKind.DRAWN, drawn.given_ml), (MovementKind.WASTED, drawn.wasted_ml)):
            if ml:
                _move(lot, kind, -ml, by, vial=vial, cause=cause)
        vial.volume_ml += one.missing_ml - drawn.ml
        if drawn.vial.lot.item.is_single and vial.patient_id is None:
            vial.patient = patient
        update(vial, "volume_ml", "patient_id")


@transaction.atomic
def enter_back(*, cause: str, by: Person) -> int:
    """Enter back what was booked for `cause`, by counter-entries: how many. A second time there is nothing left to enter back.

    A single dose that only this cause was drawn from is nobody's again. Nothing goes back into a vial that is discarded or past
    its time: it comes back into the book and leaves it as wasted at once, so that the history of the lot says both.
    """
    rows = list(Movement.objects.filter(clinic=by.clinic, cause=cause).select_related("vial").order_by("lot_id", "pk"))
    if any(one.kind == MovementKind.RETURNED for one in rows):
        return 0
    taken = [one for one in rows if one.kind in (MovementKind.DRAWN, MovementKind.WASTED)]
    for one in taken:
        _move(_locked(one.lot), MovementKind.RETURNED, -one.volume_ml, by, vial=one.vial, cause=cause)
        vial = Vial.objects.select_for_update().select_related("lot__item").get(pk=one.vial_id)
        if gone := _gone(vial, by):
            _move(_locked(one.lot), MovementKind.WASTED, one.volume_ml, by, vial=vial, why=gone, cause=cause)
            continue
        vial.volume_ml -= one.volume_ml
        if vial.patient_id and not _drawn_from(vial).exclude(cause=cause).exists():
            vial.patient = None
        vial.save(update_fields=["volume_ml", "patient"])
    return len(taken)


def is_wasted_again(*, vial: Vial, cause: str) -> bool:
    """Whether what came back for `cause` left the book at once, for nothing goes back into this vial (`enter_back`)."""
    rows = Movement.objects.filter(clinic_id=vial.clinic_id, cause=cause, vial=vial)
    back = rows.filter(kind=MovementKind.RETURNED).order_by("pk").values_list("pk", flat=True).first()
    return back is not None and rows.filter(kind=MovementKind.WASTED, pk__gt=back).exists()


def _drawn_from(vial: Vial) -> QuerySet[Movement]:
    return Movement.objects.filter(clinic_id=vial.clinic_id, lot_id=vial.lot_id, vial=vial, kind=MovementKind.DRAWN)


def _gone(vial: Vial, by: Person) -> str:
    """Why nothing may go back into the vial; "" when it may."""
    if vial.discarded_at is not None:
        return _("entered back, but the vial was discarded")
    zone = by.clinic.tzinfo
    past = timezone.now().astimezone(zone).date() > beyond_use_of(vial, zone)
    return _("entered back, but the vial is past its time") if past else ""


@transaction.atomic
def discard(*, vial: Vial, why: str, by: Person) -> None:
    """Throw away a vial with what is left in it."""
    lot = _locked(vial.lot)
    vial = Vial.objects.select_for_update().get(pk=vial.pk)
    if vial.discarded_at is not None:
        return
    if vial.volume_ml:
        _move(lot, MovementKind.WASTED, -vial.volume_ml, by, vial=vial, why=why)
    Vial.objects.filter(pk=vial.pk).update(discarded_at=timezone.now(), volume_ml=0)
    audit.append(by=by, action="discard", kind="vial", uid=vial.uid, detail={"why": why})


@transaction.atomic
def waste(*, lot: Lot, volume_ml: Decimal, why: str, by: Person) -> Movement:
    """Take what broke or spoiled out of the book: closed containers; an open vial is discarded."""
    if not why.strip():
        raise ValueError("a reason must be given")
    lot = _locked(lot)
    closed_ml = lot.volume_ml - sum(one.volume_ml for one in lot.vials.filter(discarded_at=None))
    if volume_ml > closed_ml:
        error = InOpenVials if volume_ml <= lot.volume_ml else TooLittle
        raise error(f"{closed_ml} mL of lot {lot.number} are closed on the shelf, {volume_ml} were to be wasted")
    movement = _move(lot, MovementKind.WASTED, -volume_ml, by, why=why)
    audit.append(by=by, action="waste", kind="lot", uid=lot.uid, detail={"volume_ml": str(volume_ml), "why": why})
    return movement


@transaction.atomic
def count(*, lot: Lot, counted_ml: Decimal, why: str, by: Person) -> Movement:
    """Write what was counted over what was booked. A difference needs a reason; none is a count that agreed."""
    if counted_ml < 0:
        raise ValueError(f"counted_ml must not be negative, got {counted_ml}")
    lot = _locked(lot)
    difference = counted_ml - lot.volume_ml
    if difference and not why.strip():
        raise Unexplained("a difference needs a reason")
    open_ml = sum(one.volume_ml for one in lot.vials.filter(discarded_at=None))
    if counted_ml < open_ml:
        raise InOpenVials(f"{open_ml} mL of lot {lot.number} stand in open vials: discard those first")
    movement = _move(lot, MovementKind.COUNTED, difference, by, why=why)
    audit.append(
        by=by,
        action="count",
        kind="lot",
        uid=lot.uid,
        before=audit.digest(str(lot.volume_ml - difference)),
        after=audit.digest(str(counted_ml)),
        detail={"difference_ml": str(difference), "why": why},
    )
    return movement


# --- temperature and kit


@transaction.atomic
def log_temperature(*, fields: Mapping[str, Any], by: Person, at: datetime.datetime) -> Temperature:
    """A reading. A thermometer that was out of use is in use again with it: somebody relies on it."""
    made = Temperature.objects.create(clinic=by.clinic, made_at=at, made_by=by.user, **fields)
    audit.append(by=by, action="create", kind="temperature", detail={"place": made.place, "celsius": str(made.celsius)})
    use_thermometer_again(place=made.place, by=by)
    return made


@transaction.atomic
def add_kit(*, place: str, by: Person) -> Kit:
    made = Kit.objects.create(clinic=by.clinic, place=place)
    audit.append(by=by, action="create", kind="kit", uid=made.uid)
    return made


@transaction.atomic
def end_kit(*, kit: Kit, why: str, by: Person) -> None:
    """It is out of use: nobody is asked to look through it any more. A second time nothing changes."""
    now = timezone.now()
    if Kit.objects.filter(pk=kit.pk, ended_at=None).update(ended_at=now):
        _use(by, kit=kit, in_use=False, why=why, made_at=now)
        audit.append(by=by, action="retire", kind="kit", uid=kit.uid, detail={"why": why})


@transaction.atomic
def use_kit_again(*, kit: Kit, by: Person) -> None:
    """It is back in its room, to be looked through before anybody relies on it. Raises RoomHasKit where another one stands."""
    try:
        with transaction.atomic():
            changed = Kit.objects.filter(pk=kit.pk, ended_at__isnull=False).update(ended_at=None)
    except IntegrityError as taken:
        raise RoomHasKit(kit.place) from taken
    if changed:
        _use(by, kit=kit, in_use=True, made_at=timezone.now())
        audit.append(by=by, action="use again", kind="kit", uid=kit.uid)


@transaction.atomic
def end_thermometer(*, place: str, why: str, by: Person) -> None:
    """The thermometer of a place is out of use: its reading is not asked for any more. A second time nothing changes."""
    last = use_of(by.clinic, place)
    if last is None or last.in_use:
        _use(by, place=place, in_use=False, why=why, made_at=timezone.now())
        audit.append(by=by, action="retire", kind="thermometer", detail={"place": place, "why": why})


@transaction.atomic
def use_thermometer_again(*, place: str, by: Person) -> None:
    last = use_of(by.clinic, place)
    if last is not None and not last.in_use:
        _use(by, place=place, in_use=True, made_at=timezone.now())
        audit.append(by=by, action="use again", kind="thermometer", detail={"place": place})


def _use(by: Person, *, in_use: bool, why: str = "", **fields: Any) -> None:
    if not in_use and not why.strip():
        raise ValueError("a reason must be given")
    UseState.objects.create(clinic=by.clinic, in_use=in_use, why=why, made_by=by.user, **fields)


@transaction.atomic
def check_kit(*, kit: Kit, day: datetime.date, fields: Mapping[str, Any], by: Person) -> KitCheck:
    made = KitCheck.objects.create(clinic=by.clinic, kit=kit, day=day, made_by=by.user, **fields)
    missing = [str(what.value) for what in made.missing_on(day)]
    audit.append(
        by=by, action="check", kind="kit", uid=kit.uid,
        detail={"complete": not missing} | ({"missing": missing} if missing else {}))
    return made


# --- inside


def _locked(lot: Lot) -> Lot:
    return _locked_lot(lot.pk)[0]


@prepared
def _locked_lot(number: int) -> QuerySet[Any]:
    return Lot.objects.select_for_update(of=("self",)).select_related("item").filter(pk=number)


@prepared
def _locked_lots(numbers: Sequence[int]) -> QuerySet[Any]:
    return Lot.objects.select_for_update().filter(pk__in=numbers).order_by("pk")


@prepared
def _locked_vials(numbers: Sequence[int]) -> QuerySet[Any]:
    return Vial.objects.select_for_update().filter(pk__in=numbers).order_by("pk")


def _require_usable(lot: Lot, day: datetime.date) -> None:
    if (status := status_of(lot)) != LotStatus.RELEASED:
        raise Closed(f"lot {lot.number} is {LotStatus(status).label}")
    if day > lot.last_day:
        raise Closed(f"lot {lot.number} was good until {lot.last_day}")


def _move(
    lot: Lot,
    kind: str,
    volume_ml: Decimal,
    by: Person,
    *,
    vial: Vial | None = None,
    why: str = "",
    cause: str = "",
) -> Movement:
    if lot.volume_ml + volume_ml < 0:
        raise TooLittle(f"{lot.volume_ml} mL of lot {lot.number} are booked, {-volume_ml} were to go")
    if lot.volume_ml + volume_ml >= TOO_MUCH_ML:
        raise TooMuch(f"{lot.volume_ml + volume_ml} mL of lot {lot.number} are more than one lot can be")
    lot.volume_ml += volume_ml
    update(lot, "volume_ml")
    movement = Movement(
        clinic_id=lot.clinic_id,
        lot_id=lot.pk,
        vial_id=vial and vial.pk,
        kind=kind,
        volume_ml=volume_ml,
        why=why,
        cause=cause,
        made_at=timezone.now(),
        made_by_id=by.user.pk,
    )
    insert(movement)
    return movement


def _number_on_file(item: Item, number: str) -> str:
    """The number as the clinic has it already, where it differs in case, spaces or hyphens alone."""
    known = Lot.objects.filter(clinic_id=item.clinic_id, item=item).order_by("pk").values_list("number", flat=True)
    return next((one for one in known if _bare(one) == _bare(number)), number)


def _bare(number: str) -> str:
    return re.sub(r"[\s\-]", "", number).casefold()


def _new_code(by: Person) -> str:
    """A short label for a vial that no open vial of the clinic has."""
    taken = set(Vial.objects.filter(clinic=by.clinic, discarded_at=None).values_list("code", flat=True))
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(4))
        if code not in taken:
            return code
