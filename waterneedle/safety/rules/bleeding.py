"""Blood thinners, bleeding disorders and low platelets, against the depth and the volume of the injection."""

from __future__ import annotations

from collections.abc import Iterator

from waterneedle.safety import measured, names, relatives
from waterneedle.safety.issues import Raised, issue, parameter
from waterneedle.safety.reading import Puncture, Reading, as_number


def medications_known(plan: Reading) -> Iterator[Raised]:
    """The medicines are known: a blood thinner changes what is safe."""
    if plan.medications is None:
        yield issue("medications_known", "missing", missing=["patient.medications"])


def anticoagulant(plan: Reading) -> Iterator[Raised]:
    """Blood thinners: small, superficial, with firm pressure; never into muscle above the therapeutic range."""
    taken = plan.taking("anticoagulant")
    if not taken or not plan.punctures:
        return
    words = {"medicine": [known.text for known in taken]}
    deep = [puncture for puncture in plan.punctures if is_deep(puncture)]
    is_antagonist = any("vitamin_k_antagonist" in known.words for known in taken)
    is_known_direct = all(not known.words.isdisjoint(("doac", "heparin")) for known in taken)
    inr = _recent_inr(plan)
    if inr is not None and inr > parameter("anticoagulant", "highest_inr"):
        yield issue("anticoagulant", "inr_high" if deep else "inr_high_superficial", at=deep or plan.punctures, inr=inr, **words)
    large = [one for one in deep if one.volume_ml is not None and one.volume_ml >= parameter("anticoagulant", "most_ml")]
    if large:
        yield issue("anticoagulant", "large", at=large, most_ml=parameter("anticoagulant", "most_ml"), **words)
    missing = [] if inr is not None or is_known_direct else ["patient.observations: INR"]
    if deep:
        yield issue("anticoagulant", "muscle", at=deep, missing=missing, **words)
    elif missing and is_antagonist:
        yield issue("anticoagulant", "inr_unknown", missing=missing, **words)
    elif missing:
        yield issue("anticoagulant", "kind_unknown", missing=missing, **words)
    else:
        yield issue("anticoagulant", "superficial", at=plan.punctures, **words)
    if deep and plan.taking("antiplatelet", "aspirin"):
        yield issue("anticoagulant", "with_antiplatelet", at=deep, **words)


def antiplatelet(plan: Reading) -> Iterator[Raised]:
    """An antiplatelet alone means bruises, not danger; two of them and a needle in muscle are asked about."""
    taken = plan.taking("antiplatelet", "aspirin", "nsaid", "mild_bleeding_effect")
    if not taken or plan.taking("anticoagulant") or not plan.punctures:
        return
    strong = {
        concept.id
        for known in taken
        for concept in known.concepts
        if {"antiplatelet", "aspirin"} & {concept.id, *concept.classes}
    }
    deep = [puncture for puncture in plan.punctures if is_deep(puncture)]
    case = "two" if (len(strong) > 1 or plan.taking("dual_antiplatelet")) and deep else "one"
    yield issue("antiplatelet", case, at=deep if case == "two" else (), medicine=[known.text for known in taken])


def bleeding_disorder(plan: Reading) -> Iterator[Raised]:
    """Haemophilia and other disorders of clotting: nothing deep without the haematologist."""
    known = plan.with_condition("haemophilia", "bleeding_disorder")
    if not known or not plan.punctures:
        return
    deep = [puncture for puncture in plan.punctures if is_deep(puncture)]
    yield issue("bleeding_disorder", "deep" if deep else "superficial", at=deep or plan.punctures, condition=known[0].text)


def platelets(plan: Reading) -> Iterator[Raised]:
    """Platelets under 50: nothing deep; 50 to 100: superficial, small, with pressure."""
    count = _platelets(plan)
    known = plan.with_condition("thrombocytopenia")
    deep = [puncture for puncture in plan.punctures if is_deep(puncture)]
    if not plan.punctures:
        return
    if count is None:
        given = plan.observed("platelets")  # "<20": written down, and no number
        if known or given is not None:
            condition = known[0].text if known else f"platelets {str(given)[:40]!r}"
            yield issue("platelets", "unknown", at=deep, missing=["patient.observations: platelets"], condition=condition)
    elif count < parameter("platelets", "lowest"):
        yield issue("platelets", "very_low_deep" if deep else "very_low", at=deep or plan.punctures, count=count)
    elif count < parameter("platelets", "low"):
        yield issue("platelets", "low_deep" if deep else "low", at=deep or plan.punctures, count=count)


def _platelets(plan: Reading) -> float | None:
    """The platelet count in 10*9/L; None where it is not known, or is given in a unit that is not understood. Where none was
    observed, a low one that stands among the illnesses counts."""
    if plan.observed("platelets") is None:
        written = (measured.low_platelets(relatives.own(one.text)) for one in plan.conditions or ())
        return min((count for count in written if count is not None), default=None)
    count, unit = plan.observed_number("platelets"), "".join((plan.unit_of("platelets") or "").casefold().split())
    if count is None:
        return None
    if unit in parameter("platelets", "units_per_microlitre") or (not unit and count >= parameter("platelets", "no_such_count")):
        return count / 1000
    return count if not unit or unit in parameter("platelets", "units") else None


def is_deep(puncture: Puncture) -> bool:
    """Into muscle, or deeper than the skin's own layers; a route that was not given is taken for muscle."""
    if puncture.injection.route in ("SC", "ID"):
        return puncture.planned_mm is not None and puncture.planned_mm > parameter("anticoagulant", "superficial_mm")
    return True


def _recent_inr(plan: Reading) -> float | None:
    """The latest INR that is recent enough, or undated; None where there is none, or where it is no number."""
    longest = parameter("anticoagulant", "inr_days")
    found = [
        one
        for one in plan.patient.observations or ()
        if "inr" in names.concept("observation", one.name).ids and (one.date is None or 0 <= (plan.on - one.date).days <= longest)
    ]
    return max((value for one in found if (value := as_number(one.value)) is not None), default=None)
