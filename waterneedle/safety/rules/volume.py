"""How much fluid goes into one place, one route, one muscle, one session."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from waterneedle import knowledge
from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Puncture, Reading


def volume_missing(plan: Reading) -> Iterator[Raised]:
    """The volume of every injection is known."""
    for puncture in plan.injected:
        if puncture.volume_ml is None:
            unknown = [f"{fluid.field}.volume_ml" for fluid in puncture.fluids if fluid.volume_ml is None]
            yield issue("volume_missing", "missing", at=[puncture], missing=unknown)


def volume_per_point(plan: Reading) -> Iterator[Raised]:
    """A point takes no more than its region is given."""
    limits = parameter("volume_per_point", "by_body_part")
    for puncture in sorted(plan.injected, key=lambda one: -(one.volume_ml or 0)):
        most = limits.get(puncture.body_part, limits["elsewhere"])
        if puncture.volume_ml is not None and puncture.volume_ml > most:
            far = puncture.volume_ml > most * parameter("volume_per_point", "far_over")
            yield issue(
                "volume_per_point",
                "far_over" if far else "over",
                at=[puncture],
                cause=str(puncture.body_part),
                most_ml=most,
                volume_ml=puncture.volume_ml,
                region=puncture.body_part or "",
            )
    yield from _same_point(plan, limits)


def _same_point(plan: Reading, limits: dict[str, float]) -> Iterator[Raised]:
    """What is put into one point in several lines of a plan is one volume. It is told where it is graver than each of them."""
    for punctures in at_one_point(plan):
        most = limits.get(punctures[0].body_part, limits["elsewhere"])
        far_over_ml = most * parameter("volume_per_point", "far_over")
        total, largest = total_ml(punctures), max(puncture.volume_ml or 0 for puncture in punctures)
        if (total > most >= largest) or (total > far_over_ml >= largest):
            yield issue(
                "volume_per_point",
                "far_over" if total > far_over_ml else "over",
                at=punctures,
                cause=punctures[0].name,
                most_ml=most,
                volume_ml=total,
                region=punctures[0].body_part or "",
            )


def at_one_point(plan: Reading) -> list[list[Puncture]]:
    """The injections that share a point, with its side and level, where there are several: their volumes known."""
    return _several(plan, "point")


def _several(plan: Reading, kind: str) -> list[list[Puncture]]:
    """Those of `kind` that lie, or may lie, at one place of one side: of a bilateral one each side has its share."""
    together: dict[tuple[str, str, str | None], list[Puncture]] = defaultdict(list)
    for puncture in plan.injected:
        if puncture.kind == kind and puncture.place and puncture.volume_ml is not None:
            for side in _sides(puncture):
                level = puncture.injection.site.level if kind == "point" else None
                together[puncture.place, side, level].append(puncture)
    several = {tuple(one.number for one in punctures): punctures for punctures in together.values() if len(punctures) > 1}
    return list(several.values())


def _sides(puncture: Puncture) -> tuple[str, ...]:
    """Where it goes in, or may: a side that was not said may be either, and what lies on the midline has none."""
    if puncture.kind == "point" and knowledge.points()[puncture.place].side == "midline":
        return ("midline",)
    return (puncture.side,) if puncture.side in ("left", "right") else ("left", "right")


def total_ml(punctures: list[Puncture]) -> float:
    """What they hold together, in mL: three times 0.1 is 0.3 and not a trifle more."""
    return round(sum(puncture.volume_ml or 0 for puncture in punctures), 6)


def volume_by_route(plan: Reading) -> Iterator[Raised]:
    """A layer takes no more than it can."""
    limits = parameter("volume_by_route", "most_ml")
    for puncture in sorted(plan.injected, key=lambda one: -(one.volume_ml or 0)):
        most = limits.get(puncture.injection.route or "")
        if most is not None and puncture.volume_ml is not None and puncture.volume_ml > most:
            yield issue(
                "volume_by_route",
                "over",
                at=[puncture],
                cause=str(puncture.injection.route),
                most_ml=most,
                volume_ml=puncture.volume_ml,
                route=puncture.injection.route,
            )


def volume_per_muscle(plan: Reading) -> Iterator[Raised]:
    """All injections into one muscle together stay within what a muscle is given."""
    most = parameter("volume_per_muscle", "most_ml")
    for punctures in _several(plan, "muscle"):
        total = total_ml(punctures)
        if total > most:
            yield issue("volume_per_muscle", "over", at=punctures, cause=punctures[0].name, volume_ml=total, most_ml=most)


def volume_per_session(plan: Reading) -> Iterator[Raised]:
    """The whole visit stays within a total; more punctures than anybody counts are questioned."""
    total = round(sum((puncture.volume_ml or 0) * puncture.count for puncture in plan.injected), 6)
    most = parameter("volume_per_session", "most_ml")
    if total > most:
        yield issue("volume_per_session", "over", volume_ml=total, most_ml=most)
    count = sum(puncture.count for puncture in plan.punctures)
    if count > parameter("volume_per_session", "most_punctures"):
        yield issue("volume_per_session", "punctures", count=count, most=parameter("volume_per_session", "most_punctures"))
