"""`waterneedle dose`: volume to amount, amount to volume, and what a dilution holds."""
from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from waterneedle import dosage, knowledge
from waterneedle.cli.listing import say
from waterneedle.cli.output import fact_argument, json_option, print_json, print_table, refuse
from waterneedle.knowledge import Product
from waterneedle.knowledge.product import Active, Ingredient
from waterneedle.safety import names

MOST_ML = 60  # as in the plan: more is no injection
SMALLER_UNITS = (("g", 1), ("mg", 10**3), ("mcg", 10**6), ("ng", 10**9), ("pg", 10**12), ("fg", 10**15))


@click.command()
@fact_argument("product", knowledge.products)
@click.argument("volume_ml", required=False)
@click.option("--amount", help="The amount wanted, such as '500 mcg', instead of a volume.")
@click.option("--of", "wanted", metavar="SUBSTANCE", help="Which active the amount is of, where there are several.")
@click.option("--weight-kg", type=float, help="Body weight, for the largest single dose.")
@json_option
def dose(
    product: str, volume_ml: str | None, amount: str | None, wanted: str | None, weight_kg: float | None, as_json: bool,
) -> None:
    """What VOLUME_ML of PRODUCT holds, or which volume holds an amount.

    \b
    Examples:
      waterneedle dose cyanocobalamin-1000mcg-ml 0.5
      waterneedle dose "B12 injection" --amount "500 mcg"
      waterneedle dose traumeel-injection-medinatura 2.2
    """
    found = _product(product)
    try:
        volume = _volume_ml(found, volume_ml, amount, wanted)
        report = _report(found, volume, weight_kg)
    except ValueError as error:
        refuse(str(error))
    if as_json:
        print_json(report)
    else:
        _print(report)


def _product(name: str) -> Product:
    """The product of that id or name. A name that is not on file is never guessed: an amount would be computed from it."""
    products = knowledge.products()
    if name in products:
        return products[name]
    meaning = names.product(name)
    if len(meaning.ids) != 1 or not meaning.is_exact:
        near = ", ".join(meaning.ids or meaning.near)
        refuse(f"{name[:60]!r} is not a product on file; " + (f"perhaps {near}" if near else "see `waterneedle products`"))
    return products[meaning.ids[0]]


def _volume_ml(product: Product, volume_ml: str | None, amount: str | None, wanted: str | None) -> Fraction:
    if (volume_ml is None) == (amount is None):
        raise ValueError("give either a volume in mL or --amount, such as --amount '500 mcg'")
    if amount is not None:
        volume = dosage.volume_for(_active(product, wanted), *dosage.parse_amount(amount))
    else:
        text = volume_ml.strip()
        volume = dosage.convert(*dosage.parse_amount(f"{text} mL" if text[-1:].isdigit() else text), "mL")
    if volume > MOST_ML:
        raise ValueError(f"{float(volume):g} mL is more than an injection ({MOST_ML} mL)")
    return volume


def _active(product: Product, wanted: str | None) -> Active:
    found = [active for active in product.actives if wanted in (None, active.substance)]
    if len(found) != 1:
        there = ", ".join(active.substance for active in product.actives) or "none with a strength on file"
        raise ValueError(f"{product.id}: say with --of which active the amount is of; there are: {there}")
    return found[0]


def _report(product: Product, volume: Fraction, weight_kg: float | None) -> dict[str, Any]:
    elements = dosage.element_doses([(product, volume)])
    return {
        "product": product.id,
        "name": product.name,
        "label_version": product.label_version,
        "volume_ml": float(volume),
        "actives": [_active_row(active, volume, weight_kg) for active in product.actives],
        "ingredients": [_ingredient_row(product, part, volume) for part in product.ingredients or ()],
        "ingredients_complete": product.ingredients_complete,
        "elements": elements,
        "scope": dosage.SCOPE if elements else None,
    }


def _active_row(active: Active, volume: Fraction, weight_kg: float | None) -> dict[str, Any]:
    substance = knowledge.substances()[active.substance]
    return {
        "substance": substance.id,
        "name": substance.name,
        "amount": float(dosage.amount_in(active, volume)),
        "unit": active.unit,
        "maximum_dose_mg": dosage.maximum_dose_mg(substance, weight_kg),
    }


def _ingredient_row(product: Product, part: Ingredient, volume: Fraction) -> dict[str, Any]:
    substance = knowledge.substances().get(part.substance or "")
    found = dosage.dilution(part, substance, product.container_volume_ml, volume)
    return {
        "name": part.name,
        "substance": part.substance,
        "potency_added": part.potency_added,
        "potency_label": part.potency_label,
        "final_exponent": dosage.final_exponent(part, product.container_volume_ml),
        "mass_g": None if found.mass_g is None else float(found.mass_g),
        "is_upper_bound": found.is_upper_bound,
        "molecules": None if found.molecules is None else float(found.molecules),
        "probability_none": found.probability_none,
    }


def _print(report: dict[str, Any]) -> None:
    say(f"{report['name']}: {report['volume_ml']:g} mL")
    say(f"Label: {report['label_version']}")
    if report["actives"]:
        print_table(["Active", "Amount", "Largest single dose on file"], map(_active_cells, report["actives"]))
    if report["ingredients"]:
        columns = ["Ingredient", "Put in", "Final", "Starting material", "Molecules", "Chance of none"]
        print_table(columns, map(_ingredient_cells, report["ingredients"]))
        say("1 mL is taken as 1 g. The starting material of a plant is its tincture, not an active substance.")
        if any(row["is_upper_bound"] for row in report["ingredients"]):
            say("≤: the label does not say whether the potency is the final one; this is the most it can be.")
    if not report["actives"] and not report["ingredients"]:
        say("No strength and no ingredient is on file for this product.")
    if report["ingredients_complete"] is False:
        say("The list of ingredients on file is not complete.")
    if report["elements"]:
        columns = ["Element", "Amount", "ICH Q3D by injection, a day", "Share of it"]
        print_table(columns, [_element_cells(symbol, found) for symbol, found in report["elements"].items()])
        say(report["scope"])


def _active_cells(row: dict[str, Any]) -> list[str | None]:
    most = row["maximum_dose_mg"]
    return [row["name"], f"{row['amount']:g} {row['unit']}", None if most is None else f"{most:g} mg"]


def _ingredient_cells(row: dict[str, Any]) -> list[str | None]:
    final, molecules, none = row["final_exponent"], row["molecules"], row["probability_none"]
    return [
        row["name"],
        row["potency_added"] or row["potency_label"],
        None if final is None else dosage.decimal_potency(final),
        _mass(row["mass_g"], row["is_upper_bound"]),
        None if molecules is None else f"{molecules:.3g}",
        None if none is None else f"{none:.3g}",
    ]


def _element_cells(symbol: str, found: dosage.ElementDose) -> list[str | None]:
    if found.from_active:
        share = "not compared: part of the active molecule"
    else:
        share = None if found.ratio is None else f"{found.ratio:.3g}"
    amount = _mass(None if found.ug is None else found.ug / 1e6, found.is_upper_bound)
    if amount is not None and not found.is_complete:
        amount += " and an unknown part"
    return [symbol, amount, None if found.pde_ug is None else f"{found.pde_ug:g} mcg", share]


def _mass(mass_g: float | None, is_upper_bound: bool) -> str | None:
    if mass_g is None:
        return None
    unit, per_g = next((pair for pair in SMALLER_UNITS if mass_g * pair[1] >= 0.9995), SMALLER_UNITS[-1])
    return f"{'≤ ' if is_upper_bound else ''}{mass_g * per_g:.3g} {unit}"
