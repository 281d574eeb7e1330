"""How much is in a volume, which volume holds an amount, and the sum over all syringes."""
from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from waterneedle import knowledge
from waterneedle.dosage.dilution import dilution
from waterneedle.dosage.strength import Strength
from waterneedle.dosage.units import MG_PER_UNIT, Number, convert, exact
from waterneedle.knowledge import Product
from waterneedle.knowledge.product import Active

Contents = Iterable[tuple[Product, Number | None]]  # product and volume in mL, one pair for each part of each syringe


def amount_in(strength: Strength | Active, volume_ml: Number, *, unit: str | None = None) -> Fraction:
    """Amount in `volume_ml`, exactly, in `unit` (by default the unit of the strength itself).

    Raises ValueError for a negative volume, or a unit the amount cannot be turned into.
    """
    volume = exact(volume_ml)
    if volume < 0:
        raise ValueError(f"volume_ml cannot be negative, got {volume_ml}")
    amount = exact(strength.amount) * volume / exact(strength.per_ml)
    return convert(amount, strength.unit, unit or strength.unit)


def volume_for(strength: Strength | Active, amount: Number, unit: str) -> Fraction:
    """Volume in mL that holds `amount`, exactly.

    Raises ValueError for a negative amount, or a unit that cannot be turned into the unit of the strength.
    """
    return convert(amount, unit, strength.unit) * exact(strength.per_ml) / exact(strength.amount)


def doses(contents: Contents) -> dict[str, Fraction | None]:
    """Sum of each substance in mg, by its id, over all syringes and mixtures; exact, so the order does not matter.

    None where a part is unknown: the volume was not given, or the unit has no mass (IU). A homeopathic ingredient counts
    where its substance has a cap (procaine 2X is 10 mg/mL); one whose label does not say whether the potency is that of
    the finished container counts with the most it can be.
    """
    total: dict[str, Fraction | None] = {}
    for product, volume_ml in contents:
        for substance, mg in _parts(product, volume_ml):
            before = total.get(substance, Fraction(0))
            total[substance] = None if mg is None or before is None else before + mg
    return dict(sorted(total.items()))


def _parts(product: Product, volume_ml: Number | None) -> Iterable[tuple[str, Fraction | None]]:
    for active in product.actives:
        has_mass = volume_ml is not None and active.unit in MG_PER_UNIT
        yield active.substance, amount_in(active, volume_ml, unit="mg") if has_mass else None
    for ingredient in product.ingredients or ():
        substance = knowledge.substances().get(ingredient.substance or "")
        if substance is None or not substance.caps:
            continue
        mass_g = None if volume_ml is None else dilution(ingredient, substance, product.container_volume_ml, volume_ml).mass_g
        yield substance.id, None if mass_g is None else mass_g * 1000
