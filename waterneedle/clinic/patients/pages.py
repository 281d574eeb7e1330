"""The pages of one patient, side by side: what stands in the tabs. Rooms above add theirs with `add_tab`."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from waterneedle.clinic.accounts.break_glass import OPENS
from waterneedle.clinic.accounts.stencil import filled
from waterneedle.clinic.patients.queries import header
from waterneedle.clinic.web.addresses import address
from waterneedle.clinic.web.drawing import patient_lines


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


@dataclass(frozen=True)
class Section:
    """A part of the page of a person that a room above adds: its template, which gets what `values` gives as `section`; with None
    the page has no such part."""

    template: str
    values: Callable[[HttpRequest], Mapping[str, Any] | None]
    is_first: bool = False  # above what is known of the person, else below


_SECTIONS: list[Section] = []


def add_section(section: Section) -> None:
    """Let `section` stand on the page of a person."""
    if section not in _SECTIONS:
        _SECTIONS.append(section)


def sections(request: HttpRequest) -> list[dict[str, Any]]:
    """What rooms above add to the page of the person of a request."""
    found = [{"template": one.template, "values": one.values(request), "is_first": one.is_first} for one in _SECTIONS]
    return [one for one in found if one["values"] is not None]


_BUTTONS: list[Button] = []


def add_button(button: Button) -> None:
    """Let `button` stand in the header of every page about a patient."""
    if button not in _BUTTONS:
        _BUTTONS.append(button)


def about(request: HttpRequest, current: str) -> dict[str, Any]:
    """What every page about the patient of a request shows: the person, the header and its buttons, the tabs with `current`."""
    lines = header(request.patient, request.access, opened=_opened(request))
    return {"patient": request.patient, "header": lines, "tabs": tabs(request, current), "buttons": buttons(request)}


def filled_about(
    request: HttpRequest, template: str, current: str, values: Mapping[str, Any], *,
    records: Sequence[int] | None = None, **same: Any
) -> HttpResponse:
    """A page about the patient of a request whose frame is kept (`accounts/stencil.py`): it takes `patient` (name and uid), the
    header and tabs of `about`, `values`, and what is the `same` for many patients and may decide how the page is drawn."""

    def page(uid: UUID, name: str, header: SafeString, **values: Any) -> dict[str, Any]:
        about = {"header": header, "tabs": _tabs(request, uid, current), "buttons": _buttons(request, uid)}
        return about | {"patient": SimpleNamespace(uid=uid, name=name)} | values | same

    patient = request.patient
    lines = patient_lines(header(patient, request.access, records, opened=_opened(request)))
    known = {"uid": patient.uid, "name": patient.name, "header": lines}
    return filled(request, template, page, known | values, by=(current, *same.items()))


def tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The tabs that the person may open, as `web/_tabs.html` takes them; `current` is the last part of a route."""
    return _tabs(request, request.patient.uid, current)


def _tabs(request: HttpRequest, patient: UUID, current: str) -> list[dict[str, Any]]:
    where = {"clinic": request.clinic.slug, "patient": patient}
    return [{"url": address(tab.route, **where), "word": tab.word, "current": tab.route.partition(":")[2] == current}
            for tab in _TABS if request.access.may(tab.permission) or (tab.permission in OPENS and _opened(request))]


def _opened(request: HttpRequest) -> bool:
    """Whether the chart is open to the person for the hour of an emergency."""
    return getattr(request, "break_glass", None) is not None


def buttons(request: HttpRequest) -> list[dict[str, Any]]:
    """The buttons of the header that the person may press, each with its address."""
    return _buttons(request, request.patient.uid)


def _buttons(request: HttpRequest, patient: UUID) -> list[dict[str, Any]]:
    where = {"clinic": request.clinic.slug, "patient": patient}
    return [{"url": address(one.route, **where), "word": one.word, "icon": one.icon}
            for one in _BUTTONS if request.access.may(one.permission)]
