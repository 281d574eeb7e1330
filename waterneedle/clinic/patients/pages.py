"""The pages of one patient, side by side: what stands in the tabs. Rooms above add theirs with `add_tab`."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.patients.queries import header
from waterneedle.clinic.web.addresses import address


@dataclass(frozen=True)
class Button:
    """What can be done from every page about a patient: the route that takes the press (POST; `clinic` and `patient`)."""

    route: str
    word: Any  # translated when shown
    icon: str
    permission: str


@dataclass(frozen=True)
class Tab:
    """One page about a patient: the route it leads to (taking `clinic` and `patient`), its word, and the permission it asks."""

    route: str
    word: Any  # translated when shown
    permission: str


_TABS = [
    Tab("patients:patient", pgettext_lazy("patient", "Person"), "demographics.read"),
    Tab("patients:health", _("Health"), "chart.read"),
    Tab("patients:duplicates", _("Duplicates"), "merge.write"),
]


def add_tab(tab: Tab, *, before: str = "") -> None:
    """Let `tab` stand among the pages of a patient, before the one of the route `before` or at the end."""
    if tab in _TABS:
        return
    places = [one.route for one in _TABS]
    _TABS.insert(places.index(before) if before in places else len(_TABS), tab)


_BUTTONS: list[Button] = []


def add_button(button: Button) -> None:
    """Let `button` stand in the header of every page about a patient."""
    if button not in _BUTTONS:
        _BUTTONS.append(button)


def about(request: HttpRequest, current: str) -> dict[str, Any]:
    """What every page about the patient of a request shows: the person, the header and its buttons, the tabs with `current`."""
    return {"patient": request.patient, "header": header(request.patient, request.access), "tabs": tabs(request, current),
            "buttons": buttons(request)}


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The tabs that the person may open, as `web/_tabs.html` takes them; `current` is the last part of a route."""
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid}
    return [{"url": address(tab.route, **where), "word": tab.word, "current": tab.route.partition(":")[2] == current}
            for tab in _TABS if request.access.may(tab.permission)]


def buttons(request: HttpRequest) -> list[dict[str, Any]]:
    """The buttons of the header that the person may press, each with its address."""
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid}
    return [{"url": address(one.route, **where), "word": one.word, "icon": one.icon}
            for one in _BUTTONS if request.access.may(one.permission)]
