"""How deep the needle may go: lung, heart, cord, eye, great vessels, organs. All depths are straight down from the skin.

A typed depth is not trusted alone: a needle whose full length at its angle could reach the smallest published depth is
named, whatever depth was typed. What is not known is taken at its worst: no angle, or 0, is 90 degrees, no depth is the whole
needle.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from waterneedle import knowledge
from waterneedle.knowledge import HazardZone
from waterneedle.safety.issues import JUDGEMENT, Raised, issue, parameter
from waterneedle.safety.reading import Puncture, Reading


class Limit(NamedTuple):
    """The smallest depth at which a structure may lie below a puncture, and whether somebody measured it there."""

    mm: float
    structure: knowledge.Text
    is_measured: bool
    whose: tuple[str, ...]  # sources of the figure


def pleura_depth(plan: Reading) -> Iterator[Raised]:
    """The tip stays above the pleura."""
    yield from _reached(plan, "pleura_depth", "lung")


def heart_depth(plan: Reading) -> Iterator[Raised]:
    """The tip stays above the heart; the breastbone may have a hole."""
    yield from _reached(plan, "heart_depth", "heart")


def cord_depth(plan: Reading) -> Iterator[Raised]:
    """The tip stays above the spinal canal and the medulla."""
    yield from _reached(plan, "cord_depth", "cord")


def eye_depth(plan: Reading) -> Iterator[Raised]:
    """Nothing is injected into the orbit, and the tip stays in the skin beside it."""
    yield from _reached(plan, "eye_depth", "eye")


def vessel_depth(plan: Reading) -> Iterator[Raised]:
    """The tip stays above a great vessel; over a small one the pulse is felt for first."""
    great = parameter("vessel_depth", "great_vessels")
    yield from _reached(plan, "vessel_depth", "vessel", only=great)
    small = [
        puncture
        for puncture in plan.injected
        if puncture.is_over("vessel") and not any(zone.id in great for zone in puncture.zones)
    ]
    if small:
        yield issue("vessel_depth", "small", at=small)


def organ_depth(plan: Reading) -> Iterator[Raised]:
    """The tip stays above the organs of the abdomen, which may be larger than usual."""
    yield from _reached(plan, "organ_depth", "organ")
    enlarged = plan.with_condition("enlarged_liver", "enlarged_spleen")
    over = [puncture for puncture in plan.punctures if puncture.is_over("organ")]
    if enlarged and over:
        yield issue("organ_depth", "enlarged", at=over, condition=enlarged[0].text)


def bladder(plan: Reading) -> Iterator[Raised]:
    """The bladder is empty before a needle that could reach it."""
    over = [puncture for puncture in plan.punctures if puncture.is_over("bladder") and _could_reach(puncture, "bladder")]
    if not over:
        return
    state = plan.observed("bladder")
    if state is None:
        yield issue("bladder", "unknown", at=over, missing=["patient.observations: bladder"])
    elif str(state).strip().casefold() not in parameter("bladder", "empty_words"):
        yield issue("bladder", "full", at=over)


def forbidden_site(plan: Reading) -> Iterator[Raised]:
    """Some places take no needle at all: nipple, umbilicus, genitals, an infant's fontanelle."""
    for puncture in plan.punctures:
        for zone in puncture.zones:
            if zone.kind == "forbidden" and not (_is_fontanelle(zone) and _is_closed(plan)):
                yield issue("forbidden_site", "no_needle", at=[puncture], cause=zone.id, structure=zone.structure)


def needle_length(plan: Reading) -> Iterator[Raised]:
    """A planned depth fits the needle: one of the two is a slip otherwise."""
    for puncture in plan.punctures:
        injection = puncture.injection
        depth = max(injection.depth_mm or 0, injection.depth_max_mm or 0)
        length = injection.needle and injection.needle.length_mm
        if length is not None and depth > length:
            yield issue("needle_length", "too_short", at=[puncture], cause=f"{depth} {length}", depth_mm=depth, length_mm=length)
        if injection.depth_mm is not None and injection.depth_max_mm is not None and injection.depth_max_mm < injection.depth_mm:
            yield issue("needle_length", "range", at=[puncture], depth_mm=injection.depth_mm, depth_max_mm=injection.depth_max_mm)


def lung_disease(plan: Reading) -> Iterator[Raised]:
    """Diseased lungs and a thin chest wall lie closer and collapse sooner; the depths on file are an adult's."""
    over = [puncture for puncture in plan.punctures if puncture.is_over("lung")]
    if not over:
        return
    known = plan.with_condition("chronic_lung_disease", "pneumothorax_history", "thin_build")
    bmi = _bmi(plan)
    is_child = plan.age_years is not None and 0 <= plan.age_years < parameter("lung_disease", "measured_from_years")
    if is_child:
        yield issue("lung_disease", "child", at=over, years=int(plan.age_years))
    if known:
        yield issue("lung_disease", "disease", at=over, condition=known[0].text)
    elif prone := plan.with_condition("pneumothorax_prone"):
        yield issue("lung_disease", "prone", at=over, condition=prone[0].text)
    elif is_child:  # whose mass index says less than the years
        return
    elif bmi is None:
        missing = [f"patient.{field}" for field in ("height_cm", "weight_kg") if getattr(plan.patient, field) is None]
        yield issue("lung_disease", "build_unknown", at=over, missing=missing)
    elif bmi < parameter("lung_disease", "thin_bmi"):
        yield issue("lung_disease", "thin", at=over, bmi=bmi)


def _reached(plan: Reading, rule: str, kind: str, only: tuple[str, ...] | None = None) -> Iterator[Raised]:
    found = []
    for puncture in plan.punctures:
        limit = _limit(puncture, kind, only) if kind in puncture.kinds else None
        case = limit and _case(
            puncture, limit, judged_block=parameter(rule, "judged_block"), trusted="trusts_depth" in _flags(rule)
        )
        if case:
            found.append((limit.mm, puncture, limit, case))
    for _, puncture, limit, case in sorted(found, key=lambda one: (one[0], one[1].number)):
        missing = (
            [f"{puncture.field}.{field}" for field, value in _needed(puncture) if value is None] if case == "unknown" else []
        )
        yield issue(
            rule,
            # What bars a needle and what is done once one was in are two; a warning reads the same, and keeps its answer.
            "was_reached" if case == "reached" and not puncture.is_planned else case,
            at=[puncture],
            missing=missing,
            is_planned=puncture.is_planned,
            structure=limit.structure,
            limit_mm=limit.mm,
            planned_mm=puncture.planned_mm or 0.0,
            reach_mm=puncture.reach_mm or 0.0,
            whose=limit.whose,
            safe_mm=limit.mm * parameter("pleura_depth", "safe_share"),
        )


def _case(puncture: Puncture, limit: Limit, *, judged_block: float, trusted: bool) -> str | None:
    """How near the needle comes.

    A judged limit blocks only from `judged_block` times itself; where `trusted`, a typed depth is believed.
    """
    planned, reach = puncture.planned_mm, puncture.reach_mm
    if planned is not None and planned >= limit.mm:
        return "reached" if limit.is_measured or planned >= limit.mm * judged_block else "judged"
    if trusted and planned is not None:
        return None
    if reach is None:
        return "unknown"
    if reach >= limit.mm:
        return "needle_could_reach"
    # A depth that was not given is that of the whole needle.
    if limit.is_measured and (reach if planned is None else planned) >= limit.mm * parameter("pleura_depth", "safe_share"):
        return "unknown" if planned is None else "close"
    return None


def _flags(rule: str) -> tuple[str, ...]:
    return parameter(rule, "flags") if "flags" in knowledge.rules()[rule].parameters else ()


def _could_reach(puncture: Puncture, kind: str) -> bool:
    limit = _limit(puncture, kind)
    return limit is not None and _case(puncture, limit, judged_block=1.0, trusted=True) is not None


def _needed(puncture: Puncture) -> Iterator[tuple[str, float | None]]:
    yield "depth_mm", puncture.planned_mm
    yield "needle.length_mm", puncture.reach_mm
    yield "angle_deg", puncture.injection.angle_deg


def _limit(puncture: Puncture, kind: str, only: tuple[str, ...] | None = None) -> Limit | None:
    """The smallest depth of all zones of `kind` below the puncture: measured at this point, else judged for the zone."""
    limits = [
        limit
        for zone in puncture.zones
        if zone.kind == kind and (only is None or zone.id in only)
        for limit in [_zone_limit(zone, puncture.place)]
    ]
    return min(limits, key=lambda one: (one.mm, one.structure.en, one.is_measured), default=None)


def _zone_limit(zone: HazardZone, place: str | None) -> Limit:
    here = [distance for distance in zone.distances if place in distance.points]
    if not here and zone.limit_mm is not None:
        return Limit(zone.limit_mm, zone.structure, False, (JUDGEMENT,))
    published = here or zone.distances
    smallest_mm = min((one.smallest_mm for one in published), default=0.0)
    whose = dict.fromkeys(one.citation.source for one in published if one.smallest_mm == smallest_mm)
    return Limit(smallest_mm, zone.structure, bool(here), tuple(whose) or (JUDGEMENT,))


def _is_fontanelle(zone: HazardZone) -> bool:
    return zone.id == "fontanelle"


def _is_closed(plan: Reading) -> bool:
    return plan.age_years is not None and plan.age_years >= parameter("forbidden_site", "fontanelle_closed_years")


def _bmi(plan: Reading) -> float | None:
    """Body mass index in kg/m², or None where height or weight is not known."""
    height_cm, weight_kg = plan.patient.height_cm, plan.patient.weight_kg
    return None if height_cm is None or weight_kg is None else weight_kg / (height_cm / 100) ** 2
