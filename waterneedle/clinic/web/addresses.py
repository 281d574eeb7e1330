"""Addresses of routes, as `django.urls.reverse` makes them, for pages with dozens of them.

    address("visits:visit", clinic=clinic.slug, patient=patient.uid, visit=visit.uid)

To look an address up costs Django as much as a small query. What differs from row to row is a UUID, so an address is looked up
once for each route and clinic, and the UUIDs are put into it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.signals import setting_changed
from django.urls import get_script_prefix, reverse

_PLACES = tuple(UUID(int=(1 << 127) + number) for number in range(8))  # stand for the UUIDs while an address is looked up

_LENGTH = len(str(_PLACES[0]))


def address(route: str, **where: Any) -> str:
    """The address of `route`. Raises NoReverseMatch where there is none."""
    same, uids = [], []
    for name, value in where.items():
        if type(value) is UUID:
            same.append((name, _PLACES[len(uids)]))
            uids.append(value)
        else:
            same.append((name, value))
    first, *rest = _pieces(route, tuple(same), get_script_prefix())
    return first + "".join([f"{uids[number]}{text}" for number, text in rest])


@lru_cache(maxsize=5000)
def _pieces(route: str, where: tuple[tuple[str, Any], ...], prefix: str) -> tuple[Any, ...]:
    """The text before the first UUID, then the number of each UUID with the text behind it."""
    found = reverse(route, kwargs=dict(where))
    places = sorted((found.index(str(value)), _PLACES.index(value)) for _name, value in where if type(value) is UUID)
    ends = [*(at for at, _number in places), len(found)]
    rest = ((number, found[at + _LENGTH : end]) for (at, number), end in zip(places, ends[1:], strict=True))
    return found[: ends[0]], *rest


def _forget(**changed: Any) -> None:
    if changed["setting"] in ("ROOT_URLCONF", "FORCE_SCRIPT_NAME"):
        _pieces.cache_clear()


setting_changed.connect(_forget)
