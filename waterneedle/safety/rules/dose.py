"""How much of each substance the visit gives, against what its label allows; and strengths that cannot be right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from waterneedle import dosage
from waterneedle.knowledge import Substance
from waterneedle.safety.classes import named
from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Puncture, Reading
from waterneedle.safety.syringe import Fluid, strengths


def dose_limit(plan: Reading) -> Iterator[Raised]:
    """The summed dose of each substance stays under its cap; doses of one class are added as shares of their caps."""
    weight_kg = plan.patient.weight_kg
    today_mg = earlier_today_mg(plan)
    shares: dict[str, list[tuple[float, str, list[Puncture]]]] = defaultdict(list)
    for substance, total_mg, punctures in doses_mg(plan):
        cap_mg = dosage.maximum_dose_mg(substance, weight_kg)
        if cap_mg is None:
            continue
        lowest_mg = _lowest_cap_mg(plan, substance) if weight_kg is None else cap_mg
        if total_mg > cap_mg:
            yield issue(
                "dose_limit", "over", at=punctures, cause=substance.id, substance=substance.name, total_mg=total_mg, cap_mg=cap_mg
            )
        elif (earlier_mg := today_mg.get(substance.id, 0.0)) and total_mg + earlier_mg > cap_mg:
            yield issue(
                "dose_limit", "over_today", at=punctures, cause=substance.id, substance=substance.name, total_mg=total_mg,
                earlier_mg=earlier_mg, cap_mg=cap_mg,
            )  # fmt: skip
        elif total_mg > lowest_mg:
            yield issue(
                "dose_limit",
                "weight_unknown",
                at=punctures,
                cause=substance.id,
                missing=["patient.weight_kg"],
                substance=substance.name,
                total_mg=total_mg,
            )
        for cls in substance.classes:
            shares[cls].append((total_mg / lowest_mg, substance.name, punctures))
    for cls, parts in shares.items():
        total = sum(share for share, _, _ in parts)
        if len(parts) > 1 and total > 1 and all(share <= 1 for share, _, _ in parts):
            yield issue(
                "dose_limit",
                "class_over",
                at=[one for _, _, punctures in parts for one in punctures],
                cause=cls,
                kind=named(cls),
                substances=[name for _, name, _ in parts],
                percent=100 * total,
            )


def doses_mg(plan: Reading) -> list[tuple[Substance, float, list[Puncture]]]:
    """Each substance with a known strength: its total in mg over the visit, and the punctures it goes into."""
    totals: dict[str, float] = defaultdict(float)
    places: dict[str, list[Puncture]] = defaultdict(list)
    found: dict[str, Substance] = {}
    for puncture, fluid in plan.contents:
        for substance in fluid.substances:
            if substance.id in fluid.mg_per_ml and fluid.volume_ml is not None:
                found[substance.id] = substance
                totals[substance.id] += fluid.mg_per_ml[substance.id] * fluid.volume_ml * puncture.count
                places[substance.id].append(puncture)
    return [(substance, totals[identity], places[identity]) for identity, substance in found.items()]


def earlier_today_mg(plan: Reading) -> dict[str, float]:
    """What was given of each substance earlier on this day, in mg by its id; what has no volume or strength is not counted."""
    totals: dict[str, float] = defaultdict(float)
    for one in plan.plan.previous or ():
        if one.date == plan.on and one.volume_ml is not None:
            for identity, mg_per_ml in strengths(one.product).items():
                totals[identity] += mg_per_ml * one.volume_ml
    return totals


def _lowest_cap_mg(plan: Reading, substance: Substance) -> float:
    """The cap of the lightest person of this age: what holds as long as the weight is unknown."""
    is_adult = plan.age_years is not None and plan.age_years >= parameter("guardian", "adult_years")
    lightest_kg = parameter("dose_limit", "lightest_adult_kg" if is_adult else "lightest_child_kg")
    return dosage.maximum_dose_mg(substance, lightest_kg) or 0.0


def dose_head_neck(plan: Reading) -> Iterator[Raised]:
    """Some labels give less for head and neck."""
    totals: dict[str, float] = defaultdict(float)
    places: dict[str, list[Puncture]] = defaultdict(list)
    caps: dict[str, tuple[str, float]] = {}
    for puncture, fluid in plan.contents:
        if puncture.body_part not in parameter("dose_head_neck", "body_parts") or fluid.volume_ml is None:
            continue
        for substance in fluid.substances:
            lower = [cap.mg_total for cap in substance.caps if cap.region == "head_neck" and cap.mg_total is not None]
            if lower and substance.id in fluid.mg_per_ml:
                caps[substance.id] = (substance.name, min(lower))
                totals[substance.id] += fluid.mg_per_ml[substance.id] * fluid.volume_ml * puncture.count
                places[substance.id].append(puncture)
    for identity, (name, cap_mg) in caps.items():
        if totals[identity] > cap_mg:
            yield issue(
                "dose_head_neck",
                "over",
                at=places[identity],
                cause=identity,
                substance=name,
                total_mg=totals[identity],
                cap_mg=cap_mg,
            )


def strength(plan: Reading) -> Iterator[Raised]:
    """A product without a strength gives no dose; one whose strength is far from what is marketed is questioned."""
    for puncture, fluid in plan.contents:
        if _needs_strength(fluid) and not fluid.mg_per_ml:
            yield issue(
                "strength",
                "missing",
                at=[puncture],
                cause=fluid.name,
                missing=[f"{fluid.field}.product.strength"],
                product=fluid.name,
            )
        if fluid.product is not None:
            continue  # a label's own strength is not questioned
        for substance in fluid.substances:
            stated, marketed = fluid.mg_per_ml.get(substance.id), substance.plausible_mg_per_ml
            if stated is None or marketed is None or marketed[0] <= stated <= marketed[1]:
                continue
            far = not marketed[0] / parameter("strength", "far_off") <= stated <= marketed[1] * parameter("strength", "far_off")
            yield issue(
                "strength",
                "implausible" if far else "unusual",
                at=[puncture],
                cause=fluid.name,
                product=fluid.name,
                stated=stated,
                least=marketed[0],
                most=marketed[1],
            )


def _needs_strength(fluid: Fluid) -> bool:
    weak = set(parameter("strength", "needless_classes"))
    if not fluid.is_known:
        return True
    return not fluid.classes <= weak if fluid.classes else True


def stated_dose(plan: Reading) -> Iterator[Raised]:
    """The dose that was written down is the one that volume and strength give."""
    for puncture, fluid in plan.contents:
        if (dose := fluid.content.dose) is None or fluid.volume_ml is None:
            continue
        if dose.unit.strip().casefold() in ("ml", "cc"):
            stated, given, unit = dose.amount, fluid.volume_ml, "mL"
        elif len(fluid.mg_per_ml) == 1:
            try:
                stated, unit = dosage.to_mg(dose.amount, dose.unit), "mg"
            except ValueError:
                yield issue("stated_dose", "unit", at=[puncture], cause=dose.unit, unit=dose.unit[:20], product=fluid.name)
                continue
            given = next(iter(fluid.mg_per_ml.values())) * fluid.volume_ml
        else:
            continue
        ratio = max(stated, given) / min(stated, given)
        if ratio > parameter("stated_dose", "tolerance"):
            yield issue(
                "stated_dose",
                "far_off" if ratio >= parameter("stated_dose", "far_off") else "differs",
                at=[puncture],
                cause=fluid.field,
                product=fluid.name,
                stated=stated,
                given=given,
                unit=unit,
                ratio=ratio,
            )


def toxic_elements(plan: Reading) -> Iterator[Raised]:
    """Mercury, lead, arsenic and the like, against the ICH Q3D figures for injections: a benchmark, not a law."""
    contents = [
        (fluid.composition, fluid.volume_ml * puncture.count)
        for puncture, fluid in plan.contents
        if fluid.composition is not None and fluid.volume_ml is not None and _holds_elements(fluid)
    ]
    for element, dose in dosage.element_doses(contents).items():
        if dose.from_active or (dose.is_complete and (dose.ratio or 0.0) <= parameter("toxic_elements", "quiet_share")):
            continue
        at = [
            puncture
            for puncture, fluid in plan.contents
            if any(part.element == element and not part.is_active for one in fluid.substances for part in one.elements)
        ]
        percent = 100 * (dose.ratio or 0.0)
        figures = {"element": element, "ug": dose.ug or 0.0, "pde_ug": dose.pde_ug or 0.0, "percent": percent}
        yield issue("toxic_elements", _element_case(dose), at=at, cause=element, **figures)


def _element_case(dose: dosage.ElementDose) -> str:
    ratio = dose.ratio or 0.0
    if ratio > parameter("toxic_elements", "far_over"):
        return "far_over"
    if ratio > 1:
        return "over"
    return "share" if dose.is_complete else "unknown"


def _holds_elements(fluid: Fluid) -> bool:
    """Whether anything beside an active molecule brings an element with it: the cobalt of B-12 is not looked up each time."""
    return any(not part.is_active for one in fluid.substances for part in one.elements)
