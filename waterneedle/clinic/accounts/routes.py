"""The URL table, read: every route with what its view declares."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.checks import Error
from django.urls import URLPattern, URLResolver, get_resolver

from waterneedle.clinic.accounts.access import Declared, declaration


@dataclass(frozen=True)
class Route:
    """One address: `name` with its room (`stock:lot`), the `arguments` of the address, and what the view declares."""

    name: str
    pattern: str
    arguments: tuple[str, ...]
    declared: Declared | None
    view: Any


def routes() -> list[Route]:
    """Every route of the product, in the order in which they are tried."""
    return list(_walk(get_resolver(), "", "", ()))


def undeclared() -> list[Route]:
    return [route for route in routes() if route.declared is None]


def undeclared_routes_are_errors(app_configs: Any, **extra: Any) -> list[Error]:
    return [
        Error(f"{route.pattern} does not declare who may open it", hint="see docs/decisions/0016", id="accounts.E001")
        for route in undeclared()
    ]


def _walk(resolver: URLResolver, before: str, namespace: str, arguments: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern, taken = before + str(entry.pattern), (*arguments, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner, taken)
        elif isinstance(entry, URLPattern):
            yield Route(f"{namespace}{entry.name}", pattern, taken, declaration(entry.callback), entry.callback)
