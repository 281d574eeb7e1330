"""The largest single dose on file, and how much of it is used up."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from waterneedle import knowledge
from waterneedle.dosage.units import Number, exact
from waterneedle.knowledge import Substance


def maximum_dose_mg(substance: Substance, weight_kg: float | None, *, region: str | None = None) -> float | None:
    """Largest single dose of `substance` for a person of `weight_kg`, in mg.

    The smallest figure over all caps that apply: per kilogram of body weight, in total, and those for `region`
    ("head_neck") when the injection is there. Without a weight the totals alone are compared, so the answer can be too
    high for a small person. None when no figure is on file, which is not the same as "no limit". Raises ValueError for a
    weight that is not positive. Source: `substance.caps[…].citation`.

    >>> from waterneedle.knowledge import substances
    >>> maximum_dose_mg(substances()["lidocaine"], weight_kg=50)
    225.0
    """
    if weight_kg is not None and not exact(weight_kg) > 0:
        raise ValueError(f"weight_kg must be positive, got {weight_kg}")
    figures = tuple(_figures_mg(substance, weight_kg, region))
    return float(min(figures)) if figures else None


def class_fraction(
    doses_mg: Mapping[str, Number | None], weight_kg: float | None, *,
    substance_class: str = "local_anesthetic", region: str | None = None,
) -> float | None:
    """Sum of dose over maximum dose for the substances of one class: their toxicity adds up, so 1 is the limit of all together.

    `doses_mg` is by substance id, as `doses` returns it. 0.0 when none of the class is there; None when a dose of the class
    or its cap is unknown. Raises ValueError for an id that is not on file.
    """
    total = Fraction(0)
    for identity, dose_mg in doses_mg.items():
        substance = knowledge.substances().get(identity)
        if substance is None:
            raise ValueError(f"no substance {identity!r} is on file")
        if substance_class not in substance.classes or dose_mg == 0:
            continue
        cap_mg = maximum_dose_mg(substance, weight_kg, region=region)
        if dose_mg is None or cap_mg is None:
            return None
        total += exact(dose_mg) / exact(cap_mg)
    return float(total)


def _figures_mg(substance: Substance, weight_kg: float | None, region: str | None) -> Iterator[Fraction]:
    for cap in substance.caps:
        if cap.region not in (None, region):
            continue
        if cap.mg_total is not None:
            yield exact(cap.mg_total)
        if cap.mg_per_kg is not None and weight_kg is not None:
            yield exact(cap.mg_per_kg) * exact(weight_kg)
