"""Illnesses that forbid or change an injection: what the labels warn of, infection, weak defences."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from waterneedle.safety import names
from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Reading
from waterneedle.safety.syringe import Fluid


def conditions_known(plan: Reading) -> Iterator[Raised]:
    """The conditions are known, even if there are none."""
    if plan.conditions is None:
        yield issue("conditions_known", "missing", missing=["patient.conditions"])


def leber(plan: Reading) -> Iterator[Raised]:
    """Cyanocobalamin in Leber's disease may take the sight; another cobalamin only on a specialist's word. An optic nerve
    that is ill of what nobody has named may be ill of this."""
    known, perhaps = plan.with_condition("leber"), plan.with_condition("optic_nerve")
    for puncture, fluid in plan.contents if known or perhaps else ():
        if "vitamin_b12" not in fluid.classes:
            continue
        cyano = any(one.id == "cyanocobalamin" for one in fluid.substances) or not fluid.substances
        if known:
            yield issue(
                "leber", "cyanocobalamin" if cyano else "other_cobalamin", at=[puncture], cause=str(cyano), product=fluid.name)
        elif cyano:
            yield issue(
                "leber", "optic_nerve", at=[puncture], cause="optic nerve", product=fluid.name, condition=perhaps[0].text)


def potassium(plan: Reading) -> Iterator[Raised]:
    """B-12 in severe megaloblastic anaemia can drop the potassium to death: know it first. Ask whenever it is low."""
    known = plan.with_condition("severe_megaloblastic_anaemia", "megaloblastic_anaemia") or plan.with_condition("hypokalaemia")
    level = plan.observed_number("potassium")
    is_low = level is not None and level < parameter("potassium", "lowest")
    b12 = [puncture for puncture, fluid in plan.contents if "vitamin_b12" in fluid.classes] if known or is_low else []
    if not b12:
        return
    if is_low and known:
        yield issue("potassium", "low", at=b12, level=level, condition=known[0].text)
    elif is_low:
        yield issue("potassium", "low_alone", at=b12, level=level)
    elif level is None:
        yield issue("potassium", "unknown", at=b12, missing=["patient.observations: potassium"], condition=known[0].text)
    elif plan.with_condition("severe_megaloblastic_anaemia"):
        yield issue("potassium", "watch", at=b12, level=level)


def label_warning(plan: Reading) -> Iterator[Raised]:
    """What the label of the product warns of, where the patient has it."""
    words = plan.condition_words | plan.medication_words
    for puncture, fluid in plan.contents if words else ():
        for warning in fluid.product.warnings if fluid.product else ():
            if warning.concept in words and warning.concept not in parameter("label_warning", "own_rules"):
                have = (*plan.with_condition(warning.concept), *plan.taking(warning.concept))
                yield issue(
                    "label_warning",
                    warning.kind,
                    at=[puncture],
                    cause=f"{fluid.name} {warning.concept}",
                    product=fluid.name,
                    condition=have[0].text,
                    note=warning.note,
                )


def substance_caution(plan: Reading) -> Iterator[Raised]:
    """What the labels of a substance warn of in everybody, whoever makes the product."""
    for puncture, fluid in plan.contents:
        for substance in fluid.substances:
            if substance.caution is not None and (fluid.product is None or substance.id in fluid.mg_per_ml):
                yield issue(
                    "substance_caution", "caution", at=[puncture], cause=substance.id, substance=substance.name,
                    note=substance.caution.note,
                )  # fmt: skip


def kidney_aluminium(plan: Reading) -> Iterator[Raised]:
    """Failing kidneys keep the aluminium of an injection: known and few doses, not a series unseen."""
    dialysis = plan.with_condition("dialysis")
    known = dialysis or plan.with_condition("kidney_disease")
    warned = [puncture for puncture, fluid in plan.contents if _warns_of_aluminium(fluid)] if known else []
    if warned:
        yield issue("kidney_aluminium", "dialysis" if dialysis else "kidney", at=warned, condition=known[0].text)


def _warns_of_aluminium(fluid: Fluid) -> bool:
    return fluid.product is not None and any(
        warning.concept in ("kidney_disease", "dialysis") for warning in fluid.product.warnings
    )


def sulfite_asthma(plan: Reading) -> Iterator[Raised]:
    """Sulfite can bring on an attack in people with asthma."""
    known = plan.with_condition("asthma")
    with_sulfite = [puncture for puncture, fluid in plan.contents if "sulfite" in fluid.allergens] if known else []
    if with_sulfite:
        yield issue("sulfite_asthma", "asthma", at=with_sulfite)


def immunosuppression(plan: Reading) -> Iterator[Raised]:
    """Weak defences: slow infections come weeks after an injection."""
    ill = plan.with_condition("immunosuppression", "hiv", "leukaemia", "chemotherapy")
    treated = plan.taking("immunosuppressant", "chemotherapy", "biologic", "corticosteroid_systemic")
    if (ill or treated) and plan.punctures:
        yield issue("immunosuppression", "weak", condition=[known.text for known in (*ill, *treated)])


def heart_valve(plan: Reading) -> Iterator[Raised]:
    """What a needle carries in can settle in the heart: warned of where that ends worst, noted where it is likelier."""
    worst = plan.with_condition("heart_valve_prosthesis", "endocarditis")
    if known := worst or plan.with_condition("endocarditis_risk"):
        yield issue("heart_valve", "worst" if worst else "damaged", condition=[one.text for one in known])


def infection(plan: Reading) -> Iterator[Raised]:
    """Nobody is injected in a fever or an acute infection. Who takes an antibiotic may have one, unless it is for acne."""
    today = plan.plan.today
    known = plan.with_condition("infection_systemic")
    treated = [one for one in plan.taking("antibiotic") if not _is_for_acne(one.text)]
    if today is not None and today.fever_or_infection:
        yield issue("infection", "today")
    elif today is not None and today.fever_or_infection is False:
        return
    elif known:
        yield issue("infection", "condition", condition=known[0].text)
    elif treated:
        yield issue("infection", "antibiotic", medicine=treated[0].text)


@functools.lru_cache(maxsize=4096)
def _is_for_acne(antibiotic: str) -> bool:
    """Whether acne is all that the line of one antibiotic names: with a second one beside it, that may be for anything."""
    named = [one for piece in names.pieces(antibiotic) for one in names.concept("medication", piece).ids]
    return names.concept("condition", antibiotic).ids == ("acne",) and len(named) <= 1
