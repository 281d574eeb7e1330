"""The emergency kits of a day as they stand: what was looked through before epinephrine was given is not known any more."""

from __future__ import annotations

import datetime

from waterneedle.clinic.accounts.models import Clinic
from waterneedle.clinic.stock import queries as stock
from waterneedle.clinic.stock.models import Kit, KitCheck
from waterneedle.clinic.visits.reactions import epinephrine_given_at


def kits(clinic: Clinic, day: datetime.date) -> list[tuple[Kit, KitCheck | None]]:
    """Every kit with its check of `day` that still says what is in it. Nobody writes down from which kit a dose came."""
    given_at = epinephrine_given_at(clinic, day)
    return [
        (kit, None if check is not None and given_at is not None and check.made_at < given_at else check)
        for kit, check in stock.kits(clinic, day)]
