"""`{% kept a b %} … {% endkept %}`: a part of a template that is the same wherever its values and the language are, drawn once.

    {% load web %}{% kept theme %}<link …>{% translate "…" %}{% endkept %}

For what stands on every page and takes longer to draw than the page itself. Every name that the part uses must stand among its
values; nothing in it may know the request, the time, a token or a person's key, and no block may lie in it, for other templates
fill blocks differently.
"""
from __future__ import annotations

from typing import Any

from django.template import TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.loader_tags import BlockNode
from django.utils.translation import get_language

MOST_KEPT = 200  # of one part; a clinic has a few roles, two looks and three languages


def kept(parser: Parser, token: Token) -> Kept:
    values = [parser.compile_filter(one) for one in token.split_contents()[1:]]
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    if nodes.get_nodes_by_type(BlockNode):
        raise TemplateSyntaxError("a block cannot lie in a kept part: another template may fill it")
    return Kept(nodes, values)


class Kept(Node):
    def __init__(self, nodelist: NodeList, values: list[FilterExpression]) -> None:
        self.nodelist, self.values = nodelist, values
        self.drawn: dict[tuple[Any, ...], str] = {}

    def render(self, context: Any) -> str:
        key = (get_language(), *(one.resolve(context) for one in self.values))
        found = self.drawn.get(key)
        if found is None:
            found = self.nodelist.render(context)
            if len(self.drawn) >= MOST_KEPT:
                self.drawn.clear()
            self.drawn[key] = found
        return found
