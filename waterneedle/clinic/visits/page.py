"""The answer to what is done on the page of a visit: the page for a browser without script, its changed parts for one with.

A script that sends `HX-Request` gets the parts that may have changed, each with the id of the element it takes the place of.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from waterneedle.clinic.patients.models import PregnancyStatus, Sex
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.patients.queries import health_of
from waterneedle.clinic.visits import queries
from waterneedle.clinic.visits.beside import beside
from waterneedle.clinic.visits.forms import EachForm, Offered, SyringeForm, VisitForm, offered
from waterneedle.clinic.visits.models import Injection, Visit
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


def answered(request: HttpRequest, visit: Visit, *, said: str = "", undo: str = "", in_hand: str = "") -> HttpResponse:
    """What was asked is done. `said` shows as a toast, with `undo` for ten seconds; `in_hand` is the syringe that was taken."""
    if said and undo:
        undoable(request, said, undo=undo)
    elif said:
        messages.success(request, said)
    if asks_for_parts(request):
        return render(request, "visits/_live.html", parts(request, visit, in_hand=in_hand))
    return redirect("visits:visit", clinic=request.clinic.slug, patient=request.patient.uid, visit=visit.uid)


def refused(request: HttpRequest, visit: Visit, problem: str, **forms: Any) -> HttpResponse:
    """Nothing was written, and why. Forms that were filled in come back as they were."""
    if asks_for_parts(request):
        return render(request, "visits/_live.html", parts(request, visit, **forms) | {"problem": problem}, status=422)
    return visit_page(request, visit, problem=problem, status=422, **forms)


def visit_page(request: HttpRequest, visit: Visit, *, problem: str = "", status: int = 200, **forms: Any) -> HttpResponse:
    course = queries.course_of(visit)
    page = about(request, "visits") | parts(request, visit, **forms)
    page |= {
        "problem": problem,
        "panels": panels(request, visit),
        "course": course,
        "number": course.count + 1,
        "beside": beside(request, visit),
        "nudges": json.dumps(queries.nudges_of(visit)),
        "form": VisitForm(instance=Visit.objects.get(pk=visit.pk), auto_id="visit_%s"),
    }
    return render(request, "visits/visit.html", page, status=status)


def parts(request: HttpRequest, visit: Visit, **forms: Any) -> dict[str, Any]:
    """What the parts of the page need that change with every tap."""
    visit.refresh_from_db(fields=["version"])
    language = request.LANGUAGE_CODE
    shown = queries.draft(visit, language)
    vials = queries.usable_vials(visit)
    known = [row.vial for row in vials]
    typed: SyringeForm | None = forms.get("syringe_form")
    in_hand = _in_hand(shown, forms.get("in_hand") or request.POST.get("syringe", ""))
    return {
        "visit": visit,
        "patient": request.patient,
        "draft": shown,
        "loaded": in_hand,
        "marks": json.dumps(queries.marks_of(visit, shown.rows)),
        "vials": vials,
        "load_refused": typed is not None,
        "load_fields": _load_fields(typed) if typed else _usual_load_fields(language, offered(known), *_last_needle(in_hand)),
        "each_fields": _each_fields(language, *_last_each(shown)),
        "may_write": request.access.may("chart.write"),
        "may_sign": request.access.may("sign.write"),
        "usual_pregnancy": usual_pregnancy(visit),
        "pregnancies": PregnancyStatus.choices,
        "questions": _questions(shown),
        "now": timezone.now(),
        "typed_line": forms.get("typed_line", ""),
        "line_problems": forms.get("line_problems", ()),
    }


def usual_pregnancy(visit: Visit) -> str:
    """What the one tap for "as usual" says of pregnancy: nothing where it has to be asked by itself."""
    if visit.patient.sex == Sex.MALE:
        return PregnancyStatus.NOT_APPLICABLE
    known = health_of(visit.patient).pregnancy
    return "" if known and known.status in (PregnancyStatus.PREGNANT, PregnancyStatus.POSSIBLE) else PregnancyStatus.NOT_PREGNANT


def _questions(shown: queries.Draft) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
    """Each question that is answered by yes or no, with the answers and which of them was given."""
    asked = [
        ("new_medicines", _("New medicine or blood thinner")),
        ("fever_or_infection", _("Fever or infection")),
        ("reacted_last", _("Reaction to the last injection")),
        ("eaten", _("Has eaten")),
        ("lying_down", _("Lies down")),
    ]
    answers = [("no", _("no"), False), ("yes", _("yes"), True)]
    said = {name: getattr(shown.today, name, None) for name, _word in asked}
    return [(name, word, [(value, label, said[name] is means) for value, label, means in answers]) for name, word in asked]


def asks_for_parts(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _in_hand(shown: queries.Draft, chosen: str) -> queries.SyringeRow | None:
    """The syringe of the next injection: the one that was chosen, else the one drawn up last."""
    return next((row for row in shown.syringes if str(row.syringe.uid) == chosen), None) or shown.loaded


def _last_needle(in_hand: queries.SyringeRow | None) -> tuple[str, int | None, Decimal | None]:
    """Route, gauge and length of the syringe before, which are usually taken again."""
    return (in_hand.syringe.route, in_hand.syringe.gauge, in_hand.syringe.length_mm) if in_hand else ("", None, None)


def _last_each(shown: queries.Draft) -> tuple[Decimal | None, Decimal | None, int | None]:
    """What the last ordinary injection got. A depth at a danger point is nobody's default."""
    ordinary = [row.one for row in shown.rows if not row.is_dangerous and row.one.technique == "injection"]
    last: Injection | None = ordinary[-1] if ordinary else None
    return (last.volume_ml, last.depth_mm, last.angle_deg) if last else (None, None, None)


# The fields of a form are the same after every tap, and to draw them takes as long as the check: they are kept by what they say.


def _load_fields(form: SyringeForm) -> SafeString:
    return render_to_string("visits/_load_fields.html", {"syringe_form": form})


@functools.lru_cache(maxsize=64)
def _usual_load_fields(
    language: str, vials: Offered, route: str, gauge: int | None, length_mm: Decimal | None
) -> SafeString:
    needle = {"route": route, "gauge": gauge, "length_mm": length_mm}
    return _load_fields(SyringeForm(vials=[], said=vials, initial=needle, auto_id="syringe_%s"))


@functools.lru_cache(maxsize=256)
def _each_fields(language: str, each_ml: Decimal | None, each_mm: Decimal | None, each_deg: int | None) -> SafeString:
    form = EachForm(initial={"each_ml": each_ml, "each_mm": each_mm, "each_deg": each_deg}, auto_id="%s")
    return render_to_string("visits/_each_fields.html", {"each_form": form})
