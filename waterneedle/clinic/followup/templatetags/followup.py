"""Rates as they are shown: `2.5 %` and `0.3 – 9.1 %`."""

from __future__ import annotations

from django import template

from waterneedle.clinic.followup.queries_events import in_words
from waterneedle.clinic.web import words
from waterneedle.outcomes.rates import Rate

register = template.Library()


@register.filter
def percent(found: Rate) -> str:
    return f"{_rounded(found.share)}{words.NO_BREAK}%"


@register.filter
def interval(found: Rate) -> str:
    return f"{_rounded(found.low)} – {_rounded(found.high)}{words.NO_BREAK}%"


@register.filter
def of_injections(found: Rate) -> str:
    return in_words(found)


def _rounded(share: float) -> str:
    """Percent with as many places as say something: 12, 2.5, 0.31."""
    percent = share * 100
    return words.number(percent, 0 if percent >= 10 else 1 if percent >= 1 else 2)
