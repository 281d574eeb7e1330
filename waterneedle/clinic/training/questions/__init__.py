"""Questions made from the knowledge: each right answer is worked out from facts, and each names where they stand.

Nothing is stored: a fact that changes changes the question. What was asked of somebody is kept with their attempt.

    items(("dose", "danger"), language="en", jurisdiction="US-WA", on=day)
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.training.questions import contraindication, danger, dilution, dose, law, vial
from waterneedle.clinic.training.questions.item import Item

TOPICS = {
    "dose": _("arithmetic of doses"),
    "danger": _("danger points"),
    "contraindication": _("contraindications"),
    "dilution": _("dilution"),
    "vial": _("vials"),
    "law": _("the law of the place"),
}
_MAKERS = {one.TOPIC: one.items for one in (dose, danger, contraindication, dilution, vial)}


def items(topics: Iterable[str], *, language: str, jurisdiction: str, on: datetime.date) -> list[Item]:
    """Every question of these topics in `language`, in an order that is the same each time."""
    found: list[Item] = []
    for topic in sorted(set(topics)):
        if topic == law.TOPIC:
            with translation.override(language):
                found += law.items(jurisdiction, on)
        elif topic in _MAKERS:
            found += _made(topic, language)
    return found


@functools.lru_cache(maxsize=32)
def _made(topic: str, language: str) -> tuple[Item, ...]:
    with translation.override(language):
        return tuple(_MAKERS[topic]())
