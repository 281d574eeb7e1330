"""The skin at the site, the limb, and what lies in the region: infection, lymphoedema, implants, surgery, numbness."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

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

_STATES = {
    "infected": knowledge.Text(en="infected", es="infectada", zh_hans="感染"),
    "inflamed": knowledge.Text(en="inflamed", es="inflamada", zh_hans="发炎"),
}


def skin(plan: Reading) -> Iterator[Raised]:
    """The skin was looked at, and is whole and healthy where the needle goes in."""
    for puncture in plan.punctures:
        state = puncture.injection.site.skin
        if state == "intact":
            continue
        case = _SKIN_CASES[state]
        missing = [f"{puncture.field}.site.skin"] if case == "unknown" else []
        yield issue("skin", case, at=[puncture], missing=missing, cause=case, state=_STATES.get(state, ""))


def lymphoedema(plan: Reading) -> Iterator[Raised]:
    """A swollen limb is not needled; one at risk only after thought, the other side first."""
    for known in plan.with_condition("lymphoedema", "at_risk_limb"):
        for puncture in plan.punctures:
            in_limb = msgspec.structs.replace(known, parts=_limb_parts(known))
            if not _is_limb(puncture) or not in_limb.may_lie_at(puncture):
                continue
            missing = _unclear(in_limb, puncture)
            swollen = "limb_unclear" if missing else "limb"
            case = swollen if "lymphoedema" in known.words else "at_risk"
            yield issue("lymphoedema", case, at=[puncture], cause=case, missing=missing, condition=known.text)


def local_condition(plan: Reading) -> Iterator[Raised]:
    """What is wrong in the region of the puncture: infected skin, an implant, a graft, numbness, a growth."""
    for case, words in _LOCAL.items():
        for known in plan.with_condition(*words):
            yield from _local(plan, case, known)


def _local(plan: Reading, case: str, known: Known) -> Iterator[Raised]:
    usual = parameter("local_condition", "usual_parts").get(case)
    at = [puncture for puncture in plan.punctures if known.may_lie_at(puncture)]
    if known.parts is None and usual is not None:
        at = [puncture for puncture in at if puncture.body_part is None or puncture.body_part in usual.split()]
    if not at:
        return
    half = case == "numb" and known.side in ("left", "right")  # "numb left side": all of that side
    unplaced = known.parts is None and usual is None and not half
    missing = [known.field.replace(".name", ".region")] if unplaced else []
    case = f"{case}_unplaced" if unplaced else case
    yield issue("local_condition", case, at=at, cause=known.text, missing=missing, condition=known.text)


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


def _is_limb(puncture: Puncture) -> bool:
    limbs = knowledge.regions()["arm"].parts | knowledge.regions()["leg"].parts
    return puncture.body_part is None or puncture.body_part in limbs


def _limb_parts(known: Known) -> frozenset[str] | None:
    """The limb that is meant: the one named or any part of it (a hand: its arm), or the one whose lymph drains through what was
    named (a breast: its arm)."""
    drains, implied = parameter("lymphoedema", "drains_from"), parameter("lymphoedema", "implied_by")
    limbs = {drains[part] for part in known.parts or () if part in drains}
    limbs |= {limb for limb in drains.values() if not knowledge.regions()[limb].parts.isdisjoint(known.parts or ())}
    if known.parts is None:
        limbs = {limb for word, limb in implied.items() if word in names.plain(known.text)}
    named = frozenset(part for limb in limbs for part in knowledge.regions()[limb].parts)
    return named | (known.parts or frozenset()) or None


def _unclear(known: Known, puncture: Puncture) -> list[str]:
    """What would have to be known to tell whether the puncture is in this limb."""
    stem = known.field.removesuffix(".name")
    fields = {f"{stem}.region": known.parts, f"{stem}.side": known.side, f"{puncture.field}.site.side": puncture.side}
    return [field for field, value in fields.items() if value is None]
