"""How long an opened vial is good for, and whom a container serves, from the labels and the rules of the safety check."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.training.questions.item import Item, apart, cited, spread
from waterneedle.clinic.web.words import day
from waterneedle.safety.issues import parameter

TOPIC = "vial"
OPENED = datetime.date(2026, 3, 2)  # of a vial that is made up
SINGLE = frozenset(("ampoule", "single_dose_vial", "prefilled_syringe"))


def items() -> Iterator[Item]:
    products = sorted(knowledge.products().values(), key=lambda one: one.id)
    several = [one for one in products if set(one.container_kinds or ()) == {"multi_dose_vial"}]
    single = [one for one in products if one.container_kinds and set(one.container_kinds) <= SINGLE]
    for product in several:
        yield _last_day(product)
        if len(single) >= 2:
            yield _serves_two(product, spread(single, 3))


def _last_day(product: knowledge.Product) -> Item:
    rule = knowledge.rules()["beyond_use"]
    days = int(parameter("beyond_use", "days") if product.beyond_use_days is None else product.beyond_use_days)
    right = day(OPENED + datetime.timedelta(days=days))
    others = (OPENED + datetime.timedelta(days=one) for one in (days + 1, days * 2, 7, 90, days - 1))
    sources = product.sources if product.beyond_use_days is not None else rule.parameters["days"].sources
    return Item(
        id=f"vial:last:{product.id}", topic=TOPIC, right=right, wrong=apart(right, (day(one) for one in others)),
        text=_("A multi-dose vial of %(product)s was opened on %(opened)s, and no other date stands on it. "
               "What is the last day on which it may be used?") % {"product": product.name, "opened": day(OPENED)},
        why=_("It is good for %(days)s days from the day it was opened, unless the maker says otherwise.") % {"days": days},
        sources=cited(sources), basis={"product": product.id, "days": days})


def _serves_two(product: knowledge.Product, single: list[knowledge.Product]) -> Item:
    return Item(
        id=f"vial:two:{product.id}", topic=TOPIC, right=product.name, wrong=apart(product.name, (one.name for one in single)),
        text=_("Of these, as they are sold, which container alone may serve a second patient?"),
        why=_("The others come in containers for one patient; what is left is thrown away."),
        sources=cited(knowledge.rules()["single_dose"].cases["another_patient"].sources),
        basis={"product": product.id, "single": [one.id for one in single]})
