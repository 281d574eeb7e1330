"""The skin at the site, the limb, and what lies in the region: infection, lymphoedema, implants, surgery, numbness."""

from __future__ import annotations

from collections.abc import Iterator

from waterneedle import knowledge
from waterneedle.safety import names
from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Known, Puncture, Reading

_SKIN_CASES = {
    "infected": "infected",
    "inflamed": "infected",
    "broken": "broken",
    "plaque": "plaque",
    "scar": "scar",
    "tattoo": "tattoo",
    "unknown": "unknown",
    None: "unknown",
}


def skin(plan: Reading) -> Iterator[Raised]:
    """The skin was looked at, and is whole and healthy where the needle goes in."""
    for puncture in plan.punctures:
        state = puncture.injection.site.skin
        if state == "intact":
            continue
        case = _SKIN_CASES[state]
        missing = [f"{puncture.field}.site.skin"] if case == "unknown" else []
        yield issue("skin", case, at=[puncture], missing=missing, cause=case, state=state or "unknown")


def lymphoedema(plan: Reading) -> Iterator[Raised]:
    """A swollen limb is not needled; one at risk only after thought, the other side first."""
    for known in plan.with_condition("lymphoedema", "at_risk_limb"):
        for puncture in plan.punctures:
            if not _is_limb(puncture) or not _concerns(known, puncture, without_region=True):
                continue
            missing = _unclear(known, puncture)
            swollen = "limb_unclear" if missing else "limb"
            case = swollen if "lymphoedema" in known.words else "at_risk"
            yield issue("lymphoedema", case, at=[puncture], cause=case, missing=missing, condition=known.text)


def local_condition(plan: Reading) -> Iterator[Raised]:
    """What is wrong in the region of the puncture: infected skin, an implant, a graft, numbness, a growth."""
    for case, words in _LOCAL.items():
        for known in plan.with_condition(*words):
            unplaced = known.condition is None or not known.condition.region
            at = [
                puncture
                for puncture in plan.punctures
                if _concerns(known, puncture, without_region=case in parameter("local_condition", "anywhere"))
            ]
            at = [puncture for puncture in at if not unplaced or _default_region(case, puncture)]
            if at:
                named = f"{case}_unplaced" if unplaced and case in parameter("local_condition", "anywhere") else case
                missing = [known.field.replace(".name", ".region")] if named.endswith("_unplaced") else []
                yield issue("local_condition", named, at=at, cause=known.text, missing=missing, condition=known.text)


_LOCAL = {
    "skin_infection": ("skin_infection",),
    "cancer": ("cancer_active", "lymphatic_cancer"),
    "implant": ("joint_implant", "spinal_implant", "neurostimulator", "vascular_graft_or_port", "filler_or_cosmetic_implant"),
    "breast_implant": ("breast_implant",),
    "cardiac_device": ("pacemaker", "icd"),
    "surgery": ("prior_surgery",),
    "numb": ("loss_of_sensation",),
    "varicose": ("varicose_veins",),
    "aneurysm": ("aneurysm",),
    "keloid": ("keloid",),
}


def _default_region(case: str, puncture: Puncture) -> bool:
    """Where a condition lies when nobody said where: a breast implant in the chest, a pacemaker below the collar bone."""
    usual = {
        "breast_implant": ("chest", "axilla"),
        "cardiac_device": ("chest", "shoulder", "axilla"),
    }.get(case)
    return usual is None or puncture.body_part in usual


def _is_limb(puncture: Puncture) -> bool:
    return puncture.body_part is None or puncture.body_part in {*_group("arm"), *_group("leg")}


def _group(name: str) -> tuple[str, ...]:
    return parameter("lymphoedema", f"{name}_parts")


def _concerns(known: Known, puncture: Puncture, *, without_region: bool) -> bool:
    """Whether a local condition may lie where the puncture goes; an unknown side is taken for the same side."""
    condition = known.condition
    if condition is None or not condition.region:
        return without_region and _same_side(None if condition is None else condition.side, puncture.side)
    side = condition.side or names.region(condition.region).side
    parts = _parts(condition.region)
    if parts is None or puncture.body_part is None:
        return _same_side(side, puncture.side)
    return puncture.body_part in parts and _same_side(side, puncture.side)


def _parts(region: str) -> frozenset[str] | None:
    """The parts of the body that a named region covers; None where it was not understood."""
    words = set(names.words_of(region))
    for group in ("arm", "leg", "back", "head"):
        if words & set(parameter("lymphoedema", f"{group}_words")):
            return frozenset(_group(group))
    place = names.point(region)
    if place.id is not None:
        return frozenset((knowledge.points()[place.id].body_part,))
    found = names.region(region)
    return None if found.id is None else frozenset((knowledge.regions()[found.id].body_part,))


def _same_side(one: str | None, other: str | None) -> bool:
    return {one, other} != {"left", "right"}


def _unclear(known: Known, puncture: Puncture) -> list[str]:
    condition = known.condition
    stem = known.field.removesuffix(".name")
    missing = []
    if condition is None or not condition.region or _parts(condition.region) is None:
        missing.append(f"{stem}.region")
    if condition is None or not (condition.side or (condition.region and names.region(condition.region).side)):
        missing.append(f"{stem}.side")
    if puncture.side is None:
        missing.append(f"{puncture.field}.site.side")
    return missing
