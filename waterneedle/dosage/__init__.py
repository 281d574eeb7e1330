"""Amounts, strengths, limits and dilutions of what is injected.

Pure functions of numbers and of facts from `waterneedle.knowledge`; nothing here reads a file or a clock. Sums are exact
(`fractions.Fraction`), so that neither the order of the syringes nor the unit on the label changes a dose.

>>> strength = parse_strength("1 %")
>>> float(amount_in(strength, 2.5, unit="mg"))
25.0
"""
from waterneedle.dosage.amounts import amount_in, doses, volume_for
from waterneedle.dosage.dilution import Dilution, Potency, decimal_potency, dilution, final_exponent, parse_potency
from waterneedle.dosage.elements import SCOPE, ElementDose, element_doses
from waterneedle.dosage.limits import class_fraction, maximum_dose_mg
from waterneedle.dosage.strength import Strength, parse_amount, parse_strength
from waterneedle.dosage.units import convert, exact, parse_unit, to_mg

__all__ = [
    "SCOPE", "Dilution", "ElementDose", "Potency", "Strength", "amount_in", "class_fraction", "convert", "decimal_potency",
    "dilution", "doses", "element_doses", "exact", "final_exponent", "maximum_dose_mg", "parse_amount", "parse_potency",
    "parse_strength", "parse_unit", "to_mg", "volume_for",
]
