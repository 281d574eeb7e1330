"""Toxic elements in what is injected, beside the figures of ICH Q3D."""
from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from waterneedle import knowledge
from waterneedle.dosage.amounts import Contents, amount_in
from waterneedle.dosage.dilution import dilution
from waterneedle.dosage.units import MG_PER_UNIT, Number, exact
from waterneedle.knowledge import Product

SCOPE = (
    "ICH Q3D limits elements as impurities of a drug product. A homeopathic mineral is an intended ingredient, so the permitted "
    "daily exposure by injection is a toxicological benchmark here, not a limit of law. The cobalt of vitamin B-12 is part of "
    "the active molecule, no impurity, and is not compared."
)


class ElementDose(msgspec.Struct, frozen=True):
    """How much of an element is injected, and how that compares with the permitted daily exposure by injection.

    `ug` leaves out what is part of an active molecule, unless the element is there in no other way (`from_active`): then it
    is that amount, and `ratio` is None because nothing is compared. `ug` is None when no amount is known.
    """

    ug: float | None
    pde_ug: float | None  # None: no figure on file
    ratio: float | None  # ug / pde_ug
    from_active: bool
    is_complete: bool = True  # False: some of what holds the element has an unknown amount, so there is more than `ug`
    is_upper_bound: bool = False  # a label leaves open whether its potency is the final one; the most it can be is counted


class _Part(msgspec.Struct, frozen=True):
    element: str
    ug: Fraction | None
    is_active: bool
    is_upper_bound: bool = False


def element_doses(contents: Contents) -> dict[str, ElementDose]:
    """Dose of each element by its symbol, over all syringes and mixtures. Read `SCOPE` beside it.

    Only substances whose share of an element is on file (`Substance.elements`) are counted; an element that is not in the
    answer was not looked for, which is not the same as absent.
    """
    parts: dict[str, list[_Part]] = {}
    for product, volume_ml in contents:
        for part in _parts(product, volume_ml):
            parts.setdefault(part.element, []).append(part)
    return {element: _summed(element, parts[element]) for element in sorted(parts)}


def _summed(element: str, parts: list[_Part]) -> ElementDose:
    compared = [part for part in parts if not part.is_active]
    counted = compared or parts
    known = [part.ug for part in counted if part.ug is not None]
    ug = sum(known, Fraction(0)) if known else None
    limit = knowledge.element_limits().get(element)
    pde_ug = None if limit is None else exact(limit.pde_ug_per_day)
    return ElementDose(
        ug=None if ug is None else float(ug),
        pde_ug=None if pde_ug is None else float(pde_ug),
        ratio=None if ug is None or pde_ug is None or not compared else float(ug / pde_ug),
        from_active=not compared,
        is_complete=len(known) == len(counted),
        is_upper_bound=any(part.is_upper_bound for part in counted),
    )


def _parts(product: Product, volume_ml: Number | None) -> Iterator[_Part]:
    substances = knowledge.substances()
    for active in product.actives:
        has_mass = volume_ml is not None and active.unit in MG_PER_UNIT
        ug = amount_in(active, volume_ml, unit="mcg") if has_mass else None
        for share in substances[active.substance].elements:
            yield _Part(share.element, None if ug is None else ug * exact(share.fraction), share.is_active)
    for ingredient in product.ingredients or ():
        substance = substances.get(ingredient.substance or "")
        if substance is None or not substance.elements:
            continue
        found = None if volume_ml is None else dilution(ingredient, substance, product.container_volume_ml, volume_ml)
        mass_g = None if found is None else found.mass_g
        for share in substance.elements:
            ug = None if mass_g is None else mass_g * 10**6 * exact(share.fraction)
            yield _Part(share.element, ug, False, found is not None and found.is_upper_bound)
