"""Vials, ampoules, syringes and needles: in date, opened when, used for whom."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date, timedelta

from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Puncture, Reading
from waterneedle.safety.syringe import Fluid

_SINGLE = ("ampoule", "single_dose_vial")


def container(plan: Reading) -> Iterator[Raised]:
    """The container of every fluid is known: kind, lot and expiry."""
    for puncture, fluid in plan.contents:
        vial = fluid.container
        if vial is None:
            yield issue(
                "container", "missing", at=[puncture], cause=fluid.name, missing=[f"{fluid.field}.container"], product=fluid.name
            )
            continue
        missing = [f"{fluid.field}.container.{name}" for name in ("kind", "lot", "expires") if not getattr(vial, name)]
        if missing:
            yield issue("container", "incomplete", at=[puncture], cause=fluid.name, missing=missing, product=fluid.name)


def expiry(plan: Reading) -> Iterator[Raised]:
    """Nothing past the date on its label is injected."""
    for puncture, fluid, vial in plan.containers:
        if vial.expires and (last := last_day(vial.expires)) < plan.on:
            yield issue(
                "expiry",
                "expired",
                at=[puncture],
                cause=f"{fluid.name} {vial.lot}",
                product=fluid.name,
                lot=vial.lot or "not given",
                last=last,
            )


def beyond_use(plan: Reading) -> Iterator[Raised]:
    """An opened multi-dose vial is good for 28 days or the maker's own figure; a labelled beyond-use date holds."""
    for puncture, fluid, vial in plan.containers:
        words = {"product": fluid.name, "lot": vial.lot or "not given"}
        cause = f"{fluid.name} {vial.lot} {vial.opened_on}"
        if vial.beyond_use is not None and vial.beyond_use < plan.on:
            yield issue("beyond_use", "labelled", at=[puncture], cause=cause, last=vial.beyond_use, **words)
        if vial.kind in _SINGLE or vial.kind == "prefilled_syringe":
            continue
        if vial.opened_on is not None and vial.opened_on > plan.on:
            yield issue("beyond_use", "future", at=[puncture], cause=cause, opened=vial.opened_on, **words)
        elif vial.opened_on is not None:
            days = _days_of_use(fluid)
            if (plan.on - vial.opened_on).days > days:
                last = vial.opened_on + timedelta(days=days)
                yield issue(
                    "beyond_use", "passed", at=[puncture], cause=cause, opened=vial.opened_on, days=days, last=last, **words
                )
        elif vial.opened:
            yield issue(
                "beyond_use", "undated", at=[puncture], cause=cause, missing=[f"{fluid.field}.container.opened_on"], **words
            )
        elif vial.opened is None and vial.kind == "multi_dose_vial":
            yield issue("beyond_use", "unknown", at=[puncture], cause=cause, missing=[f"{fluid.field}.container.opened"], **words)


def _days_of_use(fluid: Fluid) -> int:
    labelled = fluid.product and fluid.product.beyond_use_days
    return int(parameter("beyond_use", "days") if labelled is None else labelled)


def single_dose(plan: Reading) -> Iterator[Raised]:
    """An ampoule or single-dose vial serves one patient once; what is left is thrown away."""
    for puncture, fluid, vial in plan.containers:
        words = {"product": fluid.name, "lot": vial.lot or "not given"}
        if vial.kind in (*_SINGLE, "prefilled_syringe"):
            if vial.used_for_another_patient:
                yield issue("single_dose", "another_patient", at=[puncture], cause=fluid.name, **words)
            if vial.opened_on is not None and vial.opened_on < plan.on:
                yield issue("single_dose", "opened_before", at=[puncture], cause=fluid.name, opened=vial.opened_on, **words)
            elif vial.opened and vial.opened_on is None:
                yield issue(
                    "single_dose",
                    "opened_when",
                    at=[puncture],
                    cause=fluid.name,
                    missing=[f"{fluid.field}.container.opened_on"],
                    **words,
                )
        elif vial.kind is None and vial.used_for_another_patient:
            yield issue(
                "single_dose", "kind_unknown", at=[puncture], cause=fluid.name, missing=[f"{fluid.field}.container.kind"], **words
            )


def multi_dose_shared(plan: Reading) -> Iterator[Raised]:
    """A vial for several patients is kept and entered away from them."""
    shared = [
        puncture for puncture, _, vial in plan.containers if vial.kind == "multi_dose_vial" and vial.used_for_another_patient
    ]
    if shared:
        yield issue("multi_dose_shared", "shared", at=shared)


def returned_fluid(plan: Reading) -> Iterator[Raised]:
    """Nothing that has been in a used syringe or needle comes out of a container."""
    for puncture, fluid, vial in plan.containers:
        if vial.returned_fluid:
            yield issue(
                "returned_fluid",
                "returned",
                at=[puncture],
                cause=f"{fluid.name} {vial.lot}",
                product=fluid.name,
                lot=vial.lot or "not given",
            )


def needle_reuse(plan: Reading) -> Iterator[Raised]:
    """A needle that has been in somebody else, or was used before it entered a container, is not used."""
    used = [puncture for puncture in plan.punctures if puncture.injection.needle and puncture.injection.needle.used_before]
    if used:
        yield issue("needle_reuse", "used", at=used)


def syringe_label(plan: Reading) -> Iterator[Raised]:
    """A drawn-up syringe says what is in it."""
    for puncture, fluid, vial in plan.containers:
        if vial.kind == "prefilled_syringe" and vial.labelled is False:
            yield issue("syringe_label", "unlabelled", at=[puncture], cause=fluid.name, product=fluid.name)


def container_volume(plan: Reading) -> Iterator[Raised]:
    """One ampoule gives no more than it holds."""
    drawn: dict[tuple[str, str | None], list[tuple[Puncture, Fluid]]] = {}
    for puncture, fluid, vial in plan.containers:
        if (
            vial.kind in _SINGLE
            and fluid.product is not None
            and fluid.product.container_volume_ml
            and fluid.volume_ml is not None
        ):
            drawn.setdefault((fluid.product.id, vial.lot), []).append((puncture, fluid))
    for parts in drawn.values():
        total = sum((fluid.volume_ml or 0) * puncture.count for puncture, fluid in parts)
        holds = parts[0][1].product.container_volume_ml
        if total > holds:
            yield issue(
                "container_volume",
                "several",
                at=[puncture for puncture, _ in parts],
                cause=parts[0][1].name,
                product=parts[0][1].name,
                volume_ml=total,
                holds_ml=holds,
            )


def last_day(expires: str) -> date:
    """The last day on which something is good: `2027-08` to the end of that month, a date on that day.

    >>> last_day("2027-02")
    datetime.date(2027, 2, 28)
    """
    if len(expires) == len("YYYY-MM"):
        year, month = int(expires[:4]), int(expires[5:])
        return date(year, month, calendar.monthrange(year, month)[1]) if year else date.min
    return date.fromisoformat(expires)
