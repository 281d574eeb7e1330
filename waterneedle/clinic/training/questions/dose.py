"""Arithmetic of doses, by `waterneedle.dosage` from the strengths and the caps on file."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.training.questions.item import Item, amount, apart, cited
from waterneedle.dosage import amount_in, maximum_dose_mg, volume_for

TOPIC = "dose"
VOLUMES_ML = ("0.2", "0.5", "1.5")
WEIGHTS_KG = (45, 60, 80)
_SLIPS = (Fraction(10), Fraction(1, 10), Fraction(2), Fraction(1, 2))  # a decimal place or a factor of two


def items() -> Iterator[Item]:
    for product in sorted(knowledge.products().values(), key=lambda one: one.id):
        if len(product.actives) == 1:
            yield from _of_product(product)
    for substance in sorted(knowledge.substances().values(), key=lambda one: one.id):
        if substance.caps:
            yield from _of_caps(substance)


def _of_product(product: knowledge.Product) -> Iterator[Item]:
    active = product.actives[0]
    name = knowledge.substances()[active.substance].name
    holds = _("%(product)s holds %(strength)s of %(substance)s in %(volume)s.") % {
        "product": product.name, "strength": amount(active.amount, active.unit), "substance": name,
        "volume": amount(active.per_ml, "mL")}
    for volume_ml in VOLUMES_ML:
        right = amount_in(active, Fraction(volume_ml))
        said = amount(right, active.unit)
        yield Item(
            id=f"dose:in:{product.id}:{volume_ml}", topic=TOPIC, right=said,
            text=_("How much %(substance)s is in %(volume)s of %(product)s?") % {
                "substance": name, "volume": amount(Fraction(volume_ml), "mL"), "product": product.name},
            wrong=apart(said, (amount(right * slip, active.unit) for slip in _SLIPS)), why=holds, sources=cited(product.sources),
            basis={"product": product.id, "volume_ml": volume_ml})
    half = Fraction(str(active.amount)) / 2
    right = volume_for(active, half, active.unit)
    said = amount(right, "mL")
    yield Item(
        id=f"dose:for:{product.id}", topic=TOPIC, right=said,
        text=_("Which volume of %(product)s holds %(amount)s of %(substance)s?") % {
            "product": product.name, "amount": amount(half, active.unit), "substance": name},
        wrong=apart(said, (amount(right * slip, "mL") for slip in _SLIPS)), why=holds, sources=cited(product.sources),
        basis={"product": product.id, "amount": str(half)})


def _of_caps(substance: knowledge.Substance) -> Iterator[Item]:
    for weight_kg in WEIGHTS_KG:
        right = maximum_dose_mg(substance, weight_kg)
        if right is None:
            continue
        said, exact = amount(right, "mg"), Fraction(str(right))
        yield Item(
            id=f"dose:max:{substance.id}:{weight_kg}", topic=TOPIC, right=said,
            text=_("What is the largest single dose on file of %(substance)s for a person of %(weight)s?") % {
                "substance": substance.name, "weight": amount(weight_kg, "kg")},
            wrong=apart(said, (amount(exact * slip, "mg") for slip in (2, Fraction(1, 2), 10, 3))),
            why=_("The smallest of the figures on file holds: per kilogram, and in all."),
            sources=cited(cap.citation for cap in substance.caps), basis={"substance": substance.id, "weight_kg": weight_kg})
