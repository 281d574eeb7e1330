"""What stands in the bar of a clinic: its activities, in the order of the day.

The list is `settings.ACTIVITIES`, for only the configuration knows every room. An activity shows when its room is there and the
person may open it.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
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
    place = _place(path[len(here):], menu) if path.startswith(here) else ""
    key = (settings.ACTIVITIES, access.roles, access.clinic.slug, place, menu, get_language())
    shown = _SHOWN.get(key)
    if shown is None:
        if len(_SHOWN) >= MOST_KEPT:
            _SHOWN.clear()
        _SHOWN[key] = shown = tuple(_allowed(access, here + place, menu))
    return shown


def alarm(access: Any, outside: Any = None) -> Shown | None:
    """What stands in the bar beside the activities, for the moment when nothing else matters; `outside` where no clinic is."""
    if access is None:
        return outside
    known: Activity = import_string(settings.ALARM)
    if not access.may(known.permission):
        return None
    try:
        url = reverse(known.route, kwargs={"clinic": access.clinic.slug})
    except NoReverseMatch:
        return None
    return Shown(str(known.word), known.icon, url, current=False)


def alarm_permission() -> str:
    return import_string(settings.ALARM).permission


def alarm_outside() -> Shown:
    """What stands on a page of no clinic: it finds out in which one."""
    known: Activity = import_string(settings.ALARM)
    return Shown(str(known.word), known.icon, reverse(settings.ALARM_ROUTE_OUTSIDE), current=False)


def alarm_when_broken(request: HttpRequest) -> str:
    """Where the button leads on the page of a mistake of ours, "" for patients and for who has no session: by the cookie and by
    what the page declares alone, for anything else may be what broke."""
    view = request.resolver_match.func if request.resolver_match else None
    kind = getattr(getattr(view, "declared", None), "kind", "public")
    return reverse(settings.ALARM_ROUTE_OUTSIDE) if kind != "public" and settings.SESSION_COOKIE_NAME in request.COOKIES else ""


# Every page asks twice, and who has the same roles in the same clinic may open the same.
_SHOWN: dict[tuple[Any, ...], tuple[Shown, ...]] = {}
MOST_KEPT = 1000
LONGEST_PART = 30  # a key is longer


def _place(path: str, menu: bool) -> str:
    """The room of a page; for the menu, which has several entries of one room, with the part of it, unless a key stands there."""
    room, _, below = path.partition("/")
    part = below.partition("/")[0] if menu else ""
    return "".join(f"{one}/" for one in (room, part) if one and len(one) < LONGEST_PART)


def _allowed(access: Any, place: str, menu: bool) -> Iterator[Shown]:
    found = []
    for activity in import_string(settings.ACTIVITIES):
        if activity.menu != menu or not access.may(activity.permission):
            continue
        try:
            found.append((activity, reverse(activity.route, kwargs={"clinic": access.clinic.slug})))
        except NoReverseMatch:
            continue  # a room that is not installed
    room = place.split("/")[3] if place.count("/") > 3 else ""
    # In the bar a room is one activity; in the menu the entry whose address goes farthest towards the page.
    near = max((url for _activity, url in found if menu and place.startswith(url)), key=len, default="")
    for activity, url in found:
        current = url == near if menu else activity.route.partition(":")[0] == room
        yield Shown(str(activity.word), activity.icon, url, current=current)
