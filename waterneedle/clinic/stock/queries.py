"""The shelf as it is shown: what is there, what runs out, what expires, which vials are open and until when."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.database.prepared import prepared
from waterneedle.clinic.stock.models import (
    Item,
    Kit,
    KitCheck,
    Lot,
    LotState,
    LotStatus,
    Movement,
    Temperature,
    UseState,
    Vial,
)
from waterneedle.safety.issues import parameter

EXPIRES_SOON_DAYS = 60
SHOWN_DISCARDED = 20


@dataclass(frozen=True)
class ShelfRow:
    """One item with its lots; `usable_ml` is what is released and in date, without what stands in vials past their time."""

    item: Item
    lots: tuple[LotRow, ...]
    usable_ml: Decimal
    is_low: bool


@dataclass(frozen=True)
class LotRow:
    lot: Lot
    status: str
    days_left: int  # negative: past its date
    open_vials: tuple[VialRow, ...]

    @property
    def is_usable(self) -> bool:
        return self.status == LotStatus.RELEASED and self.days_left >= 0

    @property
    def usable_ml(self) -> Decimal:
        """What of it may still be given: a vial that was open too long holds nothing of use until it is discarded."""
        past = sum((one.vial.volume_ml for one in self.open_vials if one.is_past), Decimal(0))
        return self.lot.volume_ml - past if self.is_usable else Decimal(0)

    @property
    def expires_soon(self) -> bool:
        return 0 <= self.days_left <= EXPIRES_SOON_DAYS


@dataclass(frozen=True)
class VialRow:
    vial: Vial
    beyond_use: datetime.date | None
    days_open: int
    is_past: bool

    @property
    def is_withheld(self) -> bool:
        """By the decision that stands as `lot_status`: of the rows that are read with it."""
        return self.vial.lot_status not in (None, LotStatus.RELEASED)


@dataclass(frozen=True)
class Thermometer:
    """That of one place; `use` is None while nobody has taken it out of use or back."""

    place: str
    newest: Temperature
    use: UseState | None

    @property
    def in_use(self) -> bool:
        return self.use is None or self.use.in_use


def shelf(clinic: Clinic, day: datetime.date) -> list[ShelfRow]:
    """Every item that is kept, by name, with the lots that hold something, the first to expire first."""
    vials, lots = defaultdict(list), defaultdict(list)
    for vial in _vials_held(clinic.pk):
        vials[vial.lot_id].append(vial)
    for lot in _lots_held(clinic.pk):
        lot.open_vials = vials[lot.pk]
        lots[lot.item_id].append(lot)
    return [_row(item, lots[item.pk], day, clinic.tzinfo) for item in _items(clinic.pk)]


@prepared
def _items(clinic_id: int) -> QuerySet[Any]:
    return Item.objects.filter(clinic_id=clinic_id, ended_at=None).order_by("name", "container_ml")


@prepared
def _vials_held(clinic_id: int) -> QuerySet[Any]:
    return Vial.objects.filter(clinic_id=clinic_id, discarded_at=None).order_by("opened_at")


def lot_row(lot: Lot, day: datetime.date, zone: datetime.tzinfo) -> LotRow:
    vials = tuple(vial_row(one, day, zone) for one in lot.vials.filter(discarded_at=None).order_by("opened_at"))
    return LotRow(lot, status_of(lot), (lot.last_day - day).days, vials)


def discarded_of(lot: Lot) -> list[Vial]:
    """The vials of a lot that were discarded last, the newest first: a visit that is written down later may be of one."""
    return list(lot.vials.filter(discarded_at__isnull=False).order_by("-discarded_at", "-pk")[:SHOWN_DISCARDED])


def vial_row(vial: Vial, day: datetime.date, zone: datetime.tzinfo) -> VialRow:
    last = beyond_use_of(vial, zone)
    days_open = (day - vial.opened_at.astimezone(zone).date()).days
    return VialRow(vial, last, days_open, last is not None and day > last)


def open_vials(clinic: Clinic, day: datetime.date) -> list[VialRow]:
    """Every open vial, the first to go out of use first; `lot_status` of each is the newest decision about its lot, or None."""
    return _in_order(_open_vials(clinic.pk), clinic, day)


def offered_vials(clinic: Clinic, day: datetime.date) -> list[VialRow]:
    """The same with no more of each vial than a choice of vials asks: the page of a visit has one after each tap."""
    return _in_order(_offered_vials(clinic.pk), clinic, day)


def vials_open_at(clinic: Clinic, day: datetime.date, at: datetime.datetime) -> list[VialRow]:
    """The same for a visit that is written down later: with what was discarded since, each with what was decided of its lot by
    then. What the book says was opened only later is among them: whoever looks for it is told."""
    rows = _with_status(Vial.objects.filter(Q(discarded_at=None) | Q(discarded_at__gt=at), clinic_id=clinic.pk), at)
    return _in_order(list(rows), clinic, day)


def _in_order(vials: list[Vial], clinic: Clinic, day: datetime.date) -> list[VialRow]:
    rows = [vial_row(one, day, clinic.tzinfo) for one in vials]
    return sorted(rows, key=lambda row: row.beyond_use or datetime.date.max)


@prepared
def _open_vials(clinic_id: int) -> QuerySet[Any]:
    return _open(clinic_id)


@prepared
def _offered_vials(clinic_id: int) -> QuerySet[Any]:
    lot = ("number", "expires", "beyond_use", "item__name", "item__container_kind", "item__beyond_use_days")
    return _open(clinic_id).only("uid", "code", "opened_at", "patient_id", *(f"lot__{one}" for one in lot))


def _open(clinic_id: int) -> QuerySet[Any]:
    return _with_status(Vial.objects.filter(clinic_id=clinic_id, discarded_at=None))


def _with_status(vials: QuerySet[Vial], at: datetime.datetime | None = None) -> QuerySet[Any]:
    newest = LotState.objects.filter(clinic_id=OuterRef("clinic_id"), lot_id=OuterRef("lot_id")).order_by("-pk")
    newest = newest.filter(made_at__lte=at) if at else newest
    rows = vials.annotate(lot_status=Subquery(newest.values("status")[:1]))
    return rows.select_related("lot__item").order_by("pk")


def beyond_use_of(vial: Vial, zone: datetime.tzinfo) -> datetime.date | None:
    """The last day of an open vial: that of opening for a single dose, else the maker's figure or 28 days later; never after the
    lot's own. The 28 days are those of the rule `beyond_use`."""
    item, opened = vial.lot.item, vial.opened_at.astimezone(zone).date()
    days = 0 if item.is_single else item.beyond_use_days or int(parameter("beyond_use", "days"))
    return min(opened + datetime.timedelta(days=days), vial.lot.last_day)


def status_of(lot: Lot) -> str:
    """The newest decision about a lot; a lot without one is released."""
    newest = (
        LotState.objects.filter(clinic_id=lot.clinic_id, lot=lot).order_by("-pk").values_list("status", flat=True)
    )
    return newest.first() or LotStatus.RELEASED


def booked_ml(lot: Lot) -> Decimal:
    """What the movements of a lot sum to: the same as its volume, always. Summed here: SQLite would sum binary fractions."""
    return sum(_movements_of(lot).values_list("volume_ml", flat=True), Decimal(0))


def _movements_of(lot: Lot) -> QuerySet[Movement]:
    return Movement.objects.filter(clinic_id=lot.clinic_id, lot=lot)


def item_of(clinic: Clinic, gtin: str) -> Item | None:
    return Item.objects.filter(clinic=clinic, gtin=gtin, ended_at=None).first() if gtin else None


_emptied: list[QuerySet[Any]] = []


def kits_are_emptied_by(what: QuerySet[Any]) -> None:
    """Let a room above say what empties a kit: rows, by OuterRef("clinic_id") and OuterRef("made_at") of a check, that came after
    it. Such a check says no longer what is in the kit."""
    _emptied.append(what)


def _that_hold(checks: QuerySet[KitCheck]) -> QuerySet[KitCheck]:
    return checks.filter(*(~Exists(one) for one in _emptied))


def kits(clinic: Clinic, day: datetime.date) -> list[tuple[Kit, KitCheck | None]]:
    """Every emergency kit with its check of `day` that holds, if there was one."""
    checks = {one.kit_id: one for one in _kit_checks(clinic.pk, day)}
    return [(kit, checks.get(kit.pk)) for kit in _kits(clinic.pk)]


def kits_looked_at(clinic: Clinic, day: datetime.date) -> list[tuple[datetime.date | None, bool]]:
    """Of every emergency kit that was checked on `day`, by its last check: until when its epinephrine is good, and oxygen."""
    last = {kit: (expires, oxygen) for kit, expires, oxygen in _kits_looked_at(clinic.pk, day)}
    return list(last.values())


@prepared
def _kits_looked_at(clinic_id: int, day: datetime.date) -> QuerySet[Any]:
    rows = _that_hold(KitCheck.objects.filter(clinic_id=clinic_id, day=day, kit__ended_at=None)).order_by("pk")
    return rows.values_list("kit_id", "epinephrine_expires", "oxygen")


@prepared
def _kits(clinic_id: int) -> QuerySet[Any]:
    return Kit.objects.filter(clinic_id=clinic_id, ended_at=None).order_by("place")


@prepared
def _kit_checks(clinic_id: int, day: datetime.date) -> QuerySet[Any]:
    return _that_hold(KitCheck.objects.filter(clinic_id=clinic_id, day=day)).order_by("pk").select_related("made_by")


def ended_kits(clinic: Clinic) -> list[Kit]:
    """The kits that are out of use, the last one first, each with its `use`: by whom, when and why."""
    rows = list(Kit.objects.filter(clinic=clinic, ended_at__isnull=False).order_by("-ended_at", "-pk"))
    states = UseState.objects.filter(clinic=clinic, kit__in=rows).select_related("made_by").order_by("pk")
    last = {one.kit_id: one for one in states}
    for one in rows:
        one.use = last.get(one.pk)
    return rows


def thermometers(clinic: Clinic) -> list[Thermometer]:
    """Each place that was ever read, by name, with its newest reading and whether its thermometer is in use."""
    newest = Temperature.objects.filter(clinic_id=clinic.pk, place=OuterRef("place")).order_by("-made_at", "-pk").values("pk")[:1]
    rows = Temperature.objects.filter(clinic=clinic, pk=Subquery(newest)).order_by("place")
    states = UseState.objects.filter(clinic=clinic, kit=None).select_related("made_by").order_by("pk")
    last = {one.place: one for one in states}
    return [Thermometer(one.place, one, last.get(one.place)) for one in rows]


def use_of(clinic: Clinic, place: str) -> UseState | None:
    """The newest state of the thermometer of a place."""
    rows = UseState.objects.filter(clinic=clinic, kit=None, place=place).select_related("made_by")
    return rows.order_by("-pk").first()


def temperatures(clinic: Clinic, limit: int = 60) -> list[Temperature]:
    return list(Temperature.objects.filter(clinic=clinic).order_by("-made_at").select_related("made_by")[:limit])


def history_of(lot: Lot, limit: int = 200) -> list[object]:
    """Movements and decisions of a lot, the newest first."""
    states = LotState.objects.filter(clinic_id=lot.clinic_id, lot=lot).select_related("made_by")
    rows: Iterable[object] = [*_movements_of(lot).select_related("made_by", "vial"), *states]
    return sorted(rows, key=lambda one: one.made_at, reverse=True)[:limit]


@prepared
def _lots_held(clinic_id: int) -> QuerySet[Any]:
    newest = LotState.objects.filter(clinic_id=OuterRef("clinic_id"), lot=OuterRef("pk")).order_by("-pk")
    rows = Lot.objects.filter(clinic_id=clinic_id, volume_ml__gt=0).annotate(status=Subquery(newest.values("status")[:1]))
    return rows.select_related("supplier").order_by("expires", "pk")


def _row(item: Item, lots: list[Lot], day: datetime.date, zone: datetime.tzinfo) -> ShelfRow:
    rows = []
    for lot in lots:
        lot.item = item
        for vial in lot.open_vials:
            vial.lot = lot
        vials = tuple(vial_row(one, day, zone) for one in lot.open_vials)
        rows.append(LotRow(lot, lot.status or LotStatus.RELEASED, (lot.last_day - day).days, vials))
    rows.sort(key=lambda one: one.days_left)  # with the beyond-use date of what a pharmacy made, which the table does not know
    usable = sum((one.usable_ml for one in rows), Decimal(0))
    return ShelfRow(item, tuple(rows), usable, usable < item.reorder_below_ml)
