"""{% call clinic %}: the number of the clinic as a button, {% call clinic "line" %}: as a link; nothing while none is on file."""

from __future__ import annotations

from typing import Any

from django import template

from waterneedle.clinic.intake import calling

register = template.Library()
register.filter("dialled", calling.dialled)


@register.inclusion_tag("intake/_call.html")
def call(clinic: Any, look: str = "button") -> dict[str, str]:
    return {"number": calling.number_of(clinic), "look": look}
