"""What the law of a place asks, on the day that is asked for."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from waterneedle import knowledge
from waterneedle.clinic.training.questions.item import Item, amount, apart, cited

TOPIC = "law"
ROUTES = ("SC", "IM", "ID", "IV", "IA")


def items(jurisdiction: str, on: datetime.date) -> Iterator[Item]:
    place = knowledge.jurisdictions().get(jurisdiction.upper())
    period = place and place.period(on)
    if place is None or period is None:
        return
    for field, text in (
        ("training_hours", _("How many hours of training does the law of %(place)s ask for?")),
        ("hands_on_hours", _("How many of the hours must be hands-on in %(place)s?")),
    ):
        hours = getattr(period, field)
        if hours:
            right = amount(hours, "h")
            yield Item(
                id=f"law:{field}:{place.code}", topic=TOPIC, right=right, text=text % {"place": place.name},
                wrong=apart(right, (amount(one, "h") for one in (hours / 2, hours * 2, hours + 10, hours * 4))),
                why=_("So it stands in the law of this place."), sources=cited(period.sources),
                basis={"code": place.code, "field": field})
    allowed, forbidden = period.routes_allowed or (), period.routes_forbidden or ()
    for route in (one for one in ROUTES if one in forbidden or (allowed and one not in allowed)):
        if len(allowed) >= 2:
            yield Item(
                id=f"law:route:{place.code}:{route}", topic=TOPIC, right=route, wrong=apart(route, allowed),
                text=_("Which of these routes is not allowed in %(place)s?") % {"place": place.name},
                why=_("The law names the routes that are allowed, or excludes this one."), sources=cited(period.sources),
                basis={"code": place.code, "route": route})
