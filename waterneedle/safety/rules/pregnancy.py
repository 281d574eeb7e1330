"""Pregnancy: the points and regions to leave alone, the week, and a pregnancy that is possible or was not asked about; and the
child at the breast."""

from __future__ import annotations

from collections.abc import Iterator

from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Puncture, Reading, may_be_lumbar
from waterneedle.safety.syringe import Fluid


def pregnancy(plan: Reading) -> Iterator[Raised]:
    """Points and regions that pregnancy forbids; where it is unknown, it is asked before the needle goes in."""
    status = _status(plan)
    listed = [puncture for puncture in plan.punctures if puncture.is_over("pregnancy")]
    near = [puncture for puncture in plan.punctures if _is_in_region(puncture) and puncture not in listed]
    if status == "pregnant":
        yield from _pregnant(plan, listed, near)
    elif status == "possible":
        if listed or near:
            yield issue("pregnancy", "possible_points", at=listed + near)
        else:
            yield issue("pregnancy", "possible")
    elif status == "unknown" and may_be_pregnant(plan):
        yield issue("pregnancy", "unknown", at=listed + near, missing=["patient.pregnancy.status"])


def _pregnant(plan: Reading, listed: list[Puncture], near: list[Puncture]) -> Iterator[Raised]:
    weeks = plan.patient.pregnancy and plan.patient.pregnancy.weeks
    if listed:
        yield issue("pregnancy", "points", at=listed)
    if near and weeks is None:
        yield issue("pregnancy", "region_week_unknown", at=near, missing=["patient.pregnancy.weeks"])
    elif near and weeks < parameter("pregnancy", "first_trimester_weeks"):
        yield issue("pregnancy", "region_first_trimester", at=near, weeks=weeks)
    elif near:
        yield issue("pregnancy", "region", at=near)
    if not listed and not near:
        yield issue("pregnancy", "pregnant")


def _status(plan: Reading) -> str:
    given = plan.patient.pregnancy and plan.patient.pregnancy.status
    if given == "pregnant" or plan.with_condition("pregnancy"):
        return "pregnant"
    if given == "possible" or plan.with_condition("possible_pregnancy"):
        return "possible"
    return given if given in ("not_pregnant", "not_applicable") else "unknown"


def breastfeeding(plan: Reading) -> Iterator[Raised]:
    """What is known of each fluid and the milk of who breastfeeds, or that nothing is."""
    known = plan.with_condition("breastfeeding")
    for puncture, fluid in plan.contents if known else ():
        for case, substance in _of_milk(fluid):
            yield issue(
                "breastfeeding", case, at=[puncture], cause=f"{fluid.name} {substance}", condition=known[0].text,
                substance=substance, product=fluid.name,
            )  # fmt: skip


def _of_milk(fluid: Fluid) -> Iterator[tuple[str, str]]:
    """The case that speaks of the product, or of each substance in it, with the name of that."""
    read, nothing_to_say = parameter("breastfeeding", "read"), parameter("breastfeeding", "nothing_to_say")
    if fluid.product is not None and fluid.product.id in read:
        yield read[fluid.product.id], ""
        return
    yield from ((read[one.id], one.name) for one in fluid.substances if one.id in read)
    if not fluid.substances or any(one.id not in read and one.id not in nothing_to_say for one in fluid.substances):
        yield "nothing_on_file", ""


def may_be_pregnant(plan: Reading) -> bool:
    """Whether the patient is of the sex and of an age to be, as far as they are known."""
    youngest, oldest = parameter("pregnancy", "youngest_years"), parameter("pregnancy", "oldest_years")
    return plan.patient.sex != "male" and (plan.age_years is None or youngest <= plan.age_years <= oldest)


def _is_in_region(puncture: Puncture) -> bool:
    return puncture.body_part in parameter("pregnancy", "body_parts") or may_be_lumbar(puncture)
