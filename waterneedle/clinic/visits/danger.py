"""Where a depth is never filled in for somebody: over lung, heart, cord, eye and great vessels."""

from __future__ import annotations

import datetime
import functools

from msgspec import UNSET

from waterneedle.safety.plan import Injection, Patient, Plan, Site
from waterneedle.safety.reading import read

DANGERS = frozenset({"lung", "heart", "cord", "eye", "vessel"})  # kinds of hazard zones
_ANY_DAY = datetime.date(2000, 1, 1)


@functools.lru_cache(maxsize=4096)
def is_dangerous(*, point: str = "", muscle: str = "", region: str = "", level: str = "") -> bool:
    """Whether depth, angle and needle must be said anew each time. A place that is not understood counts as dangerous."""
    site = Site(point=point or UNSET, muscle=muscle or UNSET, region=region or UNSET, side="left", level=level or None)
    plan = Plan(date=_ANY_DAY, patient=Patient(), injections=(Injection(site=site, contents=(), technique="needle_only"),))
    puncture = read(plan).punctures[0]
    return puncture.place is None or not DANGERS.isdisjoint(puncture.kinds)
