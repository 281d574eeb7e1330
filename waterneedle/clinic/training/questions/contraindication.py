"""What a label forbids, and which product an allergy bars, from the labels and by the rule of the safety check."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.training.questions.item import Item, apart, cited, spread
from waterneedle.safety.plan import Allergy, Content, Injection, Patient, Plan, Site
from waterneedle.safety.reading import read
from waterneedle.safety.rules.allergy import allergy

TOPIC = "contraindication"
ALLERGIES = ("cobalamin", "cobalt", "paraben", "benzyl_alcohol", "amide_local_anesthetic", "ester_local_anesthetic", "sulfite",
             "asteraceae", "bee_venom")
_ANY_DAY = datetime.date(2026, 1, 1)  # labels and allergies do not depend on the day


def items() -> Iterator[Item]:
    products = sorted(knowledge.products().values(), key=lambda one: one.id)
    every = dict.fromkeys(one.concept for product in products for one in product.warnings)
    for product in products:
        for warning in product.warnings:
            if warning.kind == "contraindication":
                yield from _on_the_label(product, warning, list(every))
    for allergen in ALLERGIES:
        if allergen in knowledge.vocabulary():
            yield from _barred(allergen, products)


def raised_by(allergen: str, product: str) -> frozenset[str]:
    """The cases that the rule of allergies raises for a patient with this allergy and this product."""
    puncture = Injection(
        site=Site(point="ST36", side="left"), contents=(Content(product=product, volume_ml=0.3),), route="SC")
    named = knowledge.vocabulary()[allergen].term
    plan = Plan(date=_ANY_DAY, patient=Patient(allergies=(Allergy(substance=named),)), injections=(puncture,))
    return frozenset(one.case for one in allergy(read(plan)))


def _on_the_label(product: knowledge.Product, warning: knowledge.product.LabelWarning, every: list[str]) -> Iterator[Item]:
    terms = knowledge.vocabulary()
    named = {one.concept for one in product.warnings} | {
        word for one in product.warnings if one.concept in terms for word in terms[one.concept].classes}
    others = [terms[one].term for one in every
              if one in terms and one not in named and named.isdisjoint(terms[one].classes) and not _implies(named, one)]
    right = terms[warning.concept].term if warning.concept in terms else ""
    wrong = apart(right, spread(others, 5))
    if right and len(wrong) >= 2:
        yield Item(
            id=f"contraindication:label:{product.id}:{warning.concept}", topic=TOPIC, right=right, wrong=wrong,
            text=_("Which of these does the label of %(product)s name as a contraindication?") % {"product": product.name},
            why=warning.note, sources=cited([warning.citation]), basis={"product": product.id, "concept": warning.concept})


def _implies(named: set[str], other: str) -> bool:
    """Whether something that the label names is of the kind `other`: then that would not be wrong either."""
    terms = knowledge.vocabulary()
    return any(other in terms[one].classes for one in named if one in terms)


def _barred(allergen: str, products: list[knowledge.Product]) -> Iterator[Item]:
    raised = {one.id: raised_by(allergen, one.id) for one in products}
    # Of what is not listed in full nobody can say that it is free of it.
    free = [one.name for one in products if not raised[one.id] and one.excipients is not None]
    for product in spread([one for one in products if raised[one.id] == {"match"}], 4):
        wrong = apart(product.name, spread(free, 3))
        if len(wrong) >= 2:
            yield Item(
                id=f"contraindication:allergy:{allergen}:{product.id}", topic=TOPIC, right=product.name, wrong=wrong,
                text=_("A patient says: allergic to %(allergen)s. Which of these is barred?") % {
                    "allergen": knowledge.vocabulary()[allergen].term},
                why=_("It holds that, or something of its kind."),
                sources=cited([*product.sources, *knowledge.rules()["allergy"].cases["match"].sources][:3]),
                basis={"product": product.id, "allergen": allergen})
