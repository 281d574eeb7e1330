"""`{% price value policy %}`: an amount with the places and the currency of the clinic."""

from __future__ import annotations

from decimal import Decimal

from django import template

from waterneedle.clinic.appointments import money
from waterneedle.clinic.appointments.models import Policy

register = template.Library()


@register.simple_tag
def price(value: Decimal | None, policy: Policy) -> str:
    if value is None:
        return ""
    return money.in_words(money.rounded(value, policy.currency_places), policy.currency_places, policy.currency)
