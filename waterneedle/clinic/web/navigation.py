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


def activities(access: Any, path: str, menu: bool = False) -> list[Shown]:
    """What `access` may open, for the bar or for the menu; `path` is the page being shown."""
    return [] if access is None else list(_allowed(access, path, menu))


def _allowed(access: Any, path: str, menu: bool) -> Iterator[Shown]:
    for activity in import_string(settings.ACTIVITIES):
        if activity.menu != menu or not access.may(activity.permission):
            continue
        try:
            url = reverse(activity.route, kwargs={"clinic": access.clinic.slug})
        except NoReverseMatch:
            continue  # a room that is not installed
        room = f"/c/{access.clinic.slug}/{activity.route.partition(':')[0]}/"
        yield Shown(str(activity.word), activity.icon, url, current=path.startswith(room))
