"""The categories of the WHO-UMC system with their criteria, in our own words.

Source: The use of the WHO-UMC system for standardised case causality assessment, Uppsala Monitoring Centre, as reproduced in
box 2 of doi 10.12688/f1000research.13694.1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from waterneedle.clinic.followup.models import Causality

SOURCE = {
    "title": "The use of the WHO-UMC system for standardised case causality assessment (Uppsala Monitoring Centre), box 2",
    "url": "https://doi.org/10.12688/f1000research.13694.1",
}


class Category(NamedTuple):
    value: str
    word: Any
    criteria: tuple[Any, ...]


_CRITERIA: dict[Causality, tuple[Any, ...]] = {
    Causality.CERTAIN: (
        _("the time after the product fits"),
        _("no illness and no other medicine explains it"),
        _("it went as expected when the product was stopped"),
        _("the event is definite: a specific disorder or a known effect of the substance"),
        _("it came back when the product was given again, where that was needed"),
    ),
    Causality.PROBABLE: (
        _("the time after the product is reasonable"),
        _("illness or another medicine is an unlikely explanation"),
        _("it went in a reasonable way when the product was stopped"),
        _("giving it again is not required"),
    ),
    Causality.POSSIBLE: (
        _("the time after the product is reasonable"),
        _("illness or another medicine could explain it as well"),
        _("what happened when it was stopped may be missing or unclear"),
    ),
    Causality.UNLIKELY: (
        _("the time after the product makes a relation improbable, not impossible"),
        _("illness or another medicine explains it well"),
    ),
    Causality.UNCLASSIFIED: (
        _("more data are needed for a judgement, or are being examined"),
    ),
    Causality.UNASSESSABLE: (
        _("a reaction is suggested, and what is known is too little or contradicts itself"),
        _("it cannot be completed or verified"),
    ),
}


def categories() -> list[Category]:
    return [Category(one.value, one.label, _CRITERIA[one]) for one in Causality]
