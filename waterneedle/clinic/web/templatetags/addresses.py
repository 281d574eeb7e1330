"""`{% url %}`, which every template has: the same as Django's, but an address is looked up once (`web/addresses.py`)."""
from __future__ import annotations

from typing import Any

from django import template
from django.template import defaulttags
from django.template.base import Parser, Token
from django.template.context import Context
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape

from waterneedle.clinic.web.addresses import address

register = template.Library()


class _Node(defaulttags.URLNode):
    def render(self, context: Context) -> str:
        if self.args:
            return super().render(context)
        try:
            where = {name: value.resolve(context) for name, value in self.kwargs.items()}
            found = address(self.view_name.resolve(context), **where)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if self.asvar:
            context[self.asvar] = found
            return ""
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> Any:
    made = defaulttags.url(parser, token)
    return _Node(made.view_name, made.args, made.kwargs, made.asvar)
