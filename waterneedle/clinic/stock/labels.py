"""What the check is told about the fluid of an item: a product on file, or what the item's own label says."""

from __future__ import annotations

import re

from waterneedle import knowledge
from waterneedle.clinic.stock.models import Item, StrengthUnit
from waterneedle.safety import names
from waterneedle.safety.plan import CustomIngredient, CustomProduct, Strength

_POTENCY = re.compile(r"^(?P<substance>.+?)\s+(?P<potency>[DXCK]?\d+\s*[DXCKM]*|Q\d*|\u00d8|MT|LM\d+)$", re.IGNORECASE)


def fluid_of(item: Item) -> str | CustomProduct:
    """The product as the plan's contract takes it: by its id or name, or as typed from its label."""
    if not _is_described(item):
        return item.product or item.name
    on_file = knowledge.products().get(item.product)
    return CustomProduct(
        name=_name(item),
        category=on_file.category if on_file else None,
        strength=_strength(item),
        ingredients=tuple(map(_ingredient, _each(item.potencies))) or None,
        allergens=_known([*(on_file.allergens or () if on_file else ()), *_each(item.allergens)], item.allergens),
        preservatives=_known(_each(item.preservatives), item.preservatives),
    )


def is_complete_on_file(product: str) -> bool:
    """Whether the facts carry what is in it: then there is nothing to type from the label."""
    known = knowledge.products().get(product)
    return known is not None and bool(known.actives or known.ingredients)


def _is_described(item: Item) -> bool:
    said = item.substance or item.strength or item.potencies or item.allergens or item.preservatives
    return bool(said) and not is_complete_on_file(item.product)


def _name(item: Item) -> str:
    return item.substance or item.name


def _strength(item: Item) -> Strength | None:
    if item.strength is None:
        return None
    per_ml = None if item.strength_unit == StrengthUnit.PERCENT else float(item.strength_per_ml)
    return Strength(amount=float(item.strength), unit=item.strength_unit, per_ml=per_ml)


def _ingredient(text: str) -> CustomIngredient:
    """`Arnica montana 6X` in its two parts; a text without a potency is a substance."""
    if found := _POTENCY.match(text):
        return CustomIngredient(substance=found["substance"], potency=found["potency"].replace(" ", ""))
    return CustomIngredient(substance=text)


def _each(text: str) -> list[str]:
    """`methylparaben, none` -> [methylparaben]: a word for none is no name."""
    return [one for part in re.split(r"[,;\n]", text) if (one := part.strip()) and not names.concept("allergy", one).says_none]


def _known(found: list[str], said: str) -> tuple[str, ...] | None:
    """Nothing typed is not known; `none` is none."""
    return tuple(found) if found or said.strip() else None
