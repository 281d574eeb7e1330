"""A shelf with one lot, in one line."""
from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from waterneedle.clinic.accounts.access import Access
from waterneedle.clinic.stock import actions
from waterneedle.clinic.stock.models import Item, Lot

NOW = datetime.datetime(2026, 11, 26, 20, 0, tzinfo=datetime.UTC)  # noon in Seattle
TODAY = datetime.date(2026, 11, 26)


def make_item(by: Access, name: str = "Cyanocobalamin 1000 mcg/mL", kind: str = "multi_dose_vial", **fields: Any) -> Item:
    known = {"name": name, "container_kind": kind, "container_ml": Decimal(10), "product": "", "gtin": ""}
    return actions.add_item(fields=known | fields, by=by)


def make_lot(by: Access, item: Item | None = None, number: str = "0417", containers: int = 2, **more: Any) -> Lot:
    known = {"expires": datetime.date(2027, 8, 31)}
    return actions.receive(item=item or make_item(by), number=number, containers=containers, by=by, **(known | more))
