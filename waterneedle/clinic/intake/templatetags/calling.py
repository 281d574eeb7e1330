"""{% call clinic %}: the number of the clinic as a button, {% call clinic "line" %}: as a link; nothing while none is on file.
|tel: any number as a link."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html

from waterneedle.clinic.intake import calling
from waterneedle.clinic.web import words

register = template.Library()
register.filter("dialled", calling.dialled)


@register.filter
def tel(number: str) -> str:
    """A number within a sentence, as a link that calls it; also in a `blocktranslate`."""
    return format_html('<a class="tabular" href="tel:{}">{}</a>', calling.dialled(number), unbroken(number)) if number else ""


@register.inclusion_tag("intake/_call.html")
def call(clinic: Any, look: str = "button") -> dict[str, str]:
    return {"number": unbroken(calling.number_of(clinic)), "look": look}


@register.filter
def unbroken(number: str) -> str:
    """The number in one piece, however narrow the line is."""
    return number.replace(" ", words.NO_BREAK).replace("-", "\N{NON-BREAKING HYPHEN}")
