"""The shelf of the demonstration: what is there, what runs out, one lot in quarantine, open vials, kits and a thermometer."""

from __future__ import annotations

import datetime
from decimal import Decimal

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.home import sharps
from waterneedle.clinic.stock import actions
from waterneedle.clinic.stock.models import Vial

ITEMS = (
    # name, product on file, container, mL, order again below mL, lots: (number, days to its date, containers)
    ("Cyanocobalamin 1000 mcg/mL", "cyanocobalamin-1000mcg-ml", "multi_dose_vial", "10", "20",
     (("0417", 610, 5), ("0398", 45, 1))),
    ("Methylcobalamin 1000 mcg/mL, compounded", "methylcobalamin-us-compounded", "multi_dose_vial", "5", "5", (("M-22", 40, 1),)),
    ("Traumeel injection solution", "traumeel-injection-medinatura", "ampoule", "2.2", "22", (("TR81", 380, 6),)),
    ("Sodium chloride 0.9 %", "sodium-chloride-0.9-preservative-free", "ampoule", "5", "50", (("NS10", 720, 30),)),
    ("Lidocaine 1 %", "lidocaine-1pct-multidose", "multi_dose_vial", "20", "20", (("L77", 300, 2),)),
)
# What the pharmacy's own label says, where the facts have none.
LABELS = {
    "Methylcobalamin 1000 mcg/mL, compounded": {
        "substance": "methylcobalamin", "strength": Decimal(1000), "strength_unit": "mcg", "strength_per_ml": Decimal(1),
        "allergens": "none", "preservatives": "none",
    },
}


def fill_shelf(treating: Access, owner: Access, now: datetime.datetime) -> Vial:
    """Fill the shelf; gives the open vial of B-12."""
    today = now.astimezone(treating.clinic.tzinfo).date()
    supplier = actions.add_supplier(
        by=owner, fields={"name": "Northwest Medical Supply", "basis": "licence of the practice and standing order of 2025"}
    )
    lots = {}
    for name, product, kind, container_ml, low_ml, received in ITEMS:
        item = actions.add_item(
            by=treating,
            fields={
                "name": name,
                "product": product,
                "container_kind": kind,
                "container_ml": Decimal(container_ml),
                "reorder_below_ml": Decimal(low_ml),
                "gtin": "",
                **LABELS.get(name, {}),
            },
        )
        for number, days, containers in received:
            compounded = (
                {"pharmacy": "Harbor Compounding", "beyond_use": today + datetime.timedelta(days=days)}
                if "compounded" in name
                else {}
            )
            lots[number] = actions.receive(
                item=item,
                number=number,
                expires=today + datetime.timedelta(days=days),
                containers=containers,
                supplier=supplier,
                by=treating,
                **compounded,
            )
    vial = _open(lots["0417"], treating, now, 12)
    _open(lots["L77"], treating, now, 29)
    actions.decide(lot=lots["TR81"], status="quarantined", why="box arrived with a broken seal; asked the supplier", by=owner)
    _kits_and_fridge(treating, now, today)
    return vial


def _open(lot: object, treating: Access, now: datetime.datetime, days_ago: int) -> Vial:
    return actions.open_vial(lot=lot, by=treating, at=now - datetime.timedelta(days=days_ago))


def _kits_and_fridge(treating: Access, now: datetime.datetime, today: datetime.date) -> None:
    full = sharps.open_container(code="S-11", place="Room 1", by=treating)
    sharps.close_container(container=full, by=treating)
    sharps.open_container(code="S-12", place="Room 1", by=treating)
    first, _second = (actions.add_kit(place=place, by=treating) for place in ("Room 1", "Room 2"))
    actions.check_kit(
        kit=first,
        day=today,
        by=treating,
        fields={
            "epinephrine_expires": today + datetime.timedelta(days=200),
            "oxygen": True,
            "airway": True,
            "initials": "AA",
            "note": "",
        },
    )
    for hours, celsius, action in (
        (26, "4.8", ""),
        (14, "9.1", "door stood open; moved the vials, 30 minutes later 5.2"),
        (2, "4.6", ""),
    ):
        actions.log_temperature(
            by=treating,
            at=now - datetime.timedelta(hours=hours),
            fields={
                "place": "Refrigerator",
                "celsius": Decimal(celsius),
                "low": Decimal(2),
                "high": Decimal(8),
                "action": action,
            },
        )
