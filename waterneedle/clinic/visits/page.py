"""The answer to what is done on the page of a visit: the page for a browser without script, its changed parts for one with.

A script that sends `HX-Request` gets the parts that may have changed, each with the id of the element it takes the place of.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.visits import queries
from waterneedle.clinic.visits.beside import beside
from waterneedle.clinic.visits.forms import StrikeForm, UntreatedForm, VisitForm
from waterneedle.clinic.visits.live import drawn, parts
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.web.notices import undoable


@dataclass(frozen=True)
class Panel:
    """Something that a room above says of a visit: the route that gives it (`clinic`, `patient`, `visit`), its permission."""

    route: str
    permission: str


_PANELS: list[Panel] = []


def add_panel(panel: Panel) -> None:
    """Let `panel` be asked for on the page of every visit; where it has nothing to say it answers with nothing."""
    if panel not in _PANELS:
        _PANELS.append(panel)


def panels(request: HttpRequest, visit: Visit) -> list[str]:
    """The addresses of what rooms above have to say of `visit`, of those that the person may read."""
    where = {"clinic": request.clinic.slug, "patient": request.patient.uid, "visit": visit.uid}
    return [reverse(one.route, kwargs=where) for one in _PANELS if request.access.may(one.permission)]


def answered(
    request: HttpRequest, visit: Visit, *, said: str = "", undo: str = "", in_hand: str = "", is_of_patient: bool = False
) -> HttpResponse:
    """What was asked is done. `said` shows as a toast, with `undo` for ten seconds; `in_hand` is the syringe that was taken;
    `is_of_patient`: the header of the patient may say something else by now."""
    if said and undo:
        undoable(request, said, undo=undo)
    elif said:
        messages.success(request, said)
    if asks_for_parts(request):
        return _changed(request, visit, in_hand=in_hand, is_of_patient=is_of_patient)
    return _to_visit(request, visit)


def refused(request: HttpRequest, visit: Visit, problem: str, **forms: Any) -> HttpResponse:
    """Nothing was written, and why. Forms that were filled in come back as they were, unless the visit was signed or struck
    meanwhile: then it is read as it is now."""
    if asks_for_parts(request):
        return _changed(request, visit, status=422, problem=problem, **forms)
    if not Visit.objects.get(pk=visit.pk).is_draft:
        messages.error(request, problem)
        return _to_visit(request, visit)
    return visit_page(request, visit, problem=problem, status=422, **forms)


def visit_page(request: HttpRequest, visit: Visit, *, problem: str = "", status: int = 200, **forms: Any) -> HttpResponse:
    course = queries.course_of(visit)
    values = parts(request, visit, problem=problem, **forms)
    page = about(request, "visits") | values
    page |= {
        "live": drawn(values),
        "panels": panels(request, visit),
        "course": course,
        "number": course.count + 1,
        "beside": beside(request, visit),
        "nudges": json.dumps(queries.nudges_of(visit)),
        "strike": queries.strike_of(visit),
        "strike_form": forms.get("strike_form") or StrikeForm(),
        "untreated_form": forms.get("untreated_form") or UntreatedForm(auto_id="untreated_%s"),
        "is_untreated": not any(row.one.is_in for row in values["draft"].rows),
        "form": VisitForm(instance=Visit.objects.get(pk=visit.pk), auto_id="visit_%s"),
    }
    return render(request, "visits/visit.html", page, status=status)


def _to_visit(request: HttpRequest, visit: Visit) -> HttpResponse:
    return redirect("visits:visit", clinic=request.clinic.slug, patient=request.patient.uid, visit=visit.uid)


def asks_for_parts(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _changed(
    request: HttpRequest, visit: Visit, *, status: int = 200, is_of_patient: bool = False, **forms: Any
) -> HttpResponse:
    """The parts of the page that may have changed, and what is said of it."""
    changed = drawn(parts(request, visit, **forms))
    said = render_to_string("web/_toasts.html", request=request) if len(messages.get_messages(request)) else ""
    head = _header(request) if is_of_patient else ""
    return HttpResponse(f'{head}{"".join(changed.values())}<div id="v-toasts">{said}</div>', status=status)


def _header(request: HttpRequest) -> str:
    return render_to_string("web/_patient_header.html", about(request, "visits") | {"part": "v-patient"}, request=request)
