"""`{% once %}` in a form: the key under which its effect happens once, kept when the form comes back with errors.

`<button name="once" value="{% once_key %}" formaction=…>` gives it to one of several buttons: an answer that holds a secret (a
code to be scanned) must not be kept, so that the other buttons have none.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from waterneedle.clinic.audit.once import FIELD
from waterneedle.clinic.database.rows import uuid7

register = template.Library()


@register.simple_tag(takes_context=True)
def once(context: dict[str, Any]) -> SafeString:
    request = context.get("request")
    key = (request.POST.get(FIELD) if request is not None else None) or context.get("once_key") or uuid7()
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, key)


@register.simple_tag
def once_key() -> str:
    return str(uuid7())
