"""What a potency means, by `waterneedle.dosage`, for the potencies that labels on file print."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.training.questions.item import Item, apart, cited
from waterneedle.dosage import decimal_potency, final_exponent, parse_potency

TOPIC = "dilution"
MOST_TO_COUNT = 60  # decimal places; beyond that a question would be about nothing but zeros
SHIFTS = (1, -1, 2, -2)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def items() -> Iterator[Item]:
    seen: dict[str, tuple[knowledge.Product, str]] = {}
    for product in sorted(knowledge.products().values(), key=lambda one: one.id):
        for ingredient in product.ingredients or ():
            if ingredient.potency_added:
                seen.setdefault(ingredient.potency_added, (product, ingredient.name))
    for potency, (product, ingredient) in seen.items():
        yield from _one_part_in(potency, product, ingredient)
    for product in sorted(knowledge.products().values(), key=lambda one: one.id):
        yield from _in_the_container(product)


def _one_part_in(potency: str, product: knowledge.Product, ingredient: str) -> Iterator[Item]:
    known = parse_potency(potency)
    places = round(known.log10)
    if known.scale not in ("D", "C") or not 1 <= places <= MOST_TO_COUNT:
        return
    right = _one_in(places)
    others = [places * 2, places // 2] if known.scale == "D" else [known.steps, places + 2]
    yield Item(
        id=f"dilution:potency:{potency}", topic=TOPIC, right=right,
        wrong=apart(right, (_one_in(one) for one in [*others, places + 1, places + 3] if one > 0)),
        text=_("%(potency)s, as %(product)s holds of %(ingredient)s: how far is that diluted?") % {
            "potency": potency, "product": product.name, "ingredient": ingredient},
        why=_("D or X dilutes one to ten at each step, C one to a hundred."), sources=cited(product.sources),
        basis={"potency": potency, "places": places})


def _in_the_container(product: knowledge.Product) -> Iterator[Item]:
    """For one ingredient: its potency in the finished container, which is further diluted than what was put in."""
    for ingredient in product.ingredients or ():
        exponent = final_exponent(ingredient, product.container_volume_ml)
        if exponent is None or not 1 <= exponent <= MOST_TO_COUNT:
            continue
        right = decimal_potency(exponent)
        yield Item(
            id=f"dilution:container:{product.id}:{ingredient.name}", topic=TOPIC, right=right,
            wrong=apart(right, (decimal_potency(exponent + shift) for shift in SHIFTS if exponent + shift > 0)),
            text=_("%(product)s: %(amount)s %(unit)s of %(ingredient)s %(potency)s in %(volume)s mL. "
                   "Which potency does that come to in the container?") % {
                "product": product.name, "amount": f"{ingredient.amount:g}", "unit": (ingredient.unit or "").replace("uL", "µL"),
                "ingredient": ingredient.name, "potency": ingredient.potency_added,
                "volume": f"{product.container_volume_ml:g}"},
            why=_("The potency put in, and the logarithm of volume over amount added to it."), sources=cited(product.sources),
            basis={"product": product.id, "ingredient": ingredient.name})
        return


def _one_in(places: int) -> str:
    return _("1 in 10%(power)s") % {"power": str(places).translate(_RAISED)}
