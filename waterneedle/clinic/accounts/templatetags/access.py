"""`{% load access %}{% if access|may:"stock.write" %}`: a link or a button shows to who may use it. The view decides."""
from __future__ import annotations

from typing import Any

from django import template

register = template.Library()


@register.filter
def may(access: Any, permission: str) -> bool:
    return access is not None and access.may(permission)
