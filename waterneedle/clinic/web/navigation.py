"""What stands in the bar of a clinic: its activities, in the order of the day.

The list is `settings.ACTIVITIES`, for only the configuration knows every room. An activity shows when its room is there and the
person may open it.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language


@dataclass(frozen=True)
class Activity:
    """One entry of the bar: the route it leads to (taking `clinic`), its word, its icon, and the permission it asks."""

    route: str
    word: Any  # translated when shown
    icon: str
    permission: str
    menu: bool = False  # in the menu of the person instead of in the bar


@dataclass(frozen=True)
class Shown:
    word: str
    icon: str
    url: str
    current: bool


def activities(access: Any, path: str, menu: bool = False) -> tuple[Shown, ...]:
    """What `access` may open, for the bar or for the menu; `path` is the page being shown."""
    if access is None:
        return ()
    here = f"/c/{access.clinic.slug}/"
    room = path[len(here):].partition("/")[0] if path.startswith(here) else ""
    key = (settings.ACTIVITIES, access.roles, access.clinic.slug, room, menu, get_language())
    shown = _SHOWN.get(key)
    if shown is None:
        if len(_SHOWN) >= MOST_KEPT:
            _SHOWN.clear()
        _SHOWN[key] = shown = tuple(_allowed(access, room, menu))
    return shown


# Every page asks twice, and who has the same roles in the same clinic may open the same.
_SHOWN: dict[tuple[Any, ...], tuple[Shown, ...]] = {}
MOST_KEPT = 1000


def _allowed(access: Any, room: str, menu: bool) -> Iterator[Shown]:
    for activity in import_string(settings.ACTIVITIES):
        if activity.menu != menu or not access.may(activity.permission):
            continue
        try:
            url = reverse(activity.route, kwargs={"clinic": access.clinic.slug})
        except NoReverseMatch:
            continue  # a room that is not installed
        yield Shown(str(activity.word), activity.icon, url, current=activity.route.partition(":")[0] == room)
