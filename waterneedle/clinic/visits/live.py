"""The parts of the page of a visit that change with every tap, each drawn by itself.

    values = parts(request, visit)      what they say
    drawn(values)["right"]              one of them as HTML: problem, steps, today, line, right, strip

They are drawn after every tap, while a needle is in the hand: so their templates are compiled ones, and what is the same for
everybody (fields of forms, the shape of addresses) is kept.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template import engines
from django.template.backends.utils import csrf_input
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from waterneedle.clinic.audit.templatetags.once import once
from waterneedle.clinic.patients.models import PregnancyStatus, Sex
from waterneedle.clinic.patients.queries import pregnancy_of
from waterneedle.clinic.visits import keeping, queries
from waterneedle.clinic.visits.forms import EachForm, Offered, ProtocolForm, SyringeForm, offered
from waterneedle.clinic.visits.heeded import note
from waterneedle.clinic.visits.leading import way_of
from waterneedle.clinic.visits.models import Injection, Today, Visit
from waterneedle.clinic.visits.protocols import charted_before
from waterneedle.clinic.visits.rows import patient_of

PARTS = ("problem", "steps", "today", "line", "right", "strip")


def drawn(values: dict[str, Any]) -> dict[str, SafeString]:
    """Each of `PARTS` as HTML, with the id of the element that it takes the place of."""
    templates = engines["jinja2"]
    return {name: mark_safe(templates.get_template(f"visits/live/{name}.html").render(values)) for name in PARTS}


def parts(request: HttpRequest, visit: Visit, **forms: Any) -> dict[str, Any]:
    """What the parts of the page need that change with every tap."""
    language = request.LANGUAGE_CODE
    shown = queries.draft(visit, language)
    if may_write := request.access.may("chart.write"):
        note(visit, shown.charted, shown.assessment)
    vials = queries.choice_of_vials(visit, shown.records)
    known = [row.vial for row in vials]
    typed: SyringeForm | None = forms.get("syringe_form")
    in_hand = _in_hand(shown, forms.get("in_hand") or request.POST.get("syringe", ""))
    offers = in_hand and may_write and not shown.rows
    kept, more_kept = keeping.offered(in_hand.syringe, visit, request.access) if offers else ([], 0)
    return {
        "visit": visit,
        "patient": request.patient,
        "draft": shown,
        "loaded": in_hand,
        "marks": json.dumps(queries.marks_of(visit, shown)),
        "vials": vials,
        "opened_after": queries.opened_after(visit),
        "load_refused": typed is not None,
        "load_fields": _load_fields(typed) if typed else _usual_load_fields(
            language, offered(known), *_last_needle(in_hand), visit.happened_at is not None),
        "each_fields": _each_fields(language, *_last_each(shown)),
        "charted_before": charted_before(in_hand.syringe, visit, language) if offers else None,
        "kept": kept,
        "more_kept": more_kept,
        "sides": ProtocolForm.SIDES,
        "may_write": may_write,
        "may_sign": request.access.may("sign.write"),
        "is_anothers": visit.practitioner is None or visit.practitioner.user_id != request.user.pk,
        "usual_pregnancy": (usual := usual_pregnancy(visit, shown.records)),
        "known_pregnancy": None if usual or getattr(shown.today, "pregnancy", "") else pregnancy_of(visit.patient, shown.records),
        "pregnancies": PregnancyStatus.choices if _asks_of_pregnancy(usual, shown.today) else (),
        "questions": _questions(shown),
        "typed_line": forms.get("typed_line", ""),
        "line_problems": forms.get("line_problems", ()),
        "problem": forms.get("problem", ""),
        "problem_at": forms.get("problem_at", ""),
        "address": Addresses(request, visit),
        "lot_address": lambda vial: reverse("stock:lot", args=[visit.clinic.slug, vial.lot.uid]),
        "way": functools.partial(way_of, request=request, visit=visit),
        "csrf": csrf_input(request),
        "once": once({"request": request} if typed else {}),  # drawn up: the key is used, and the next syringe needs its own
        "once_anew": functools.partial(once, {}),
    }


def steps(request: HttpRequest, visit: Visit, shown: queries.Draft) -> SafeString:
    """The part `steps` alone, for a page that has no other."""
    may_write, where = request.access.may("chart.write"), Addresses(request, visit)
    values = {"draft": shown, "may_write": may_write, "address": where, "csrf": csrf_input(request)}
    return mark_safe(engines["jinja2"].get_template("visits/live/steps.html").render(values))


def usual_pregnancy(visit: Visit, records: Sequence[int]) -> str:
    """What the one tap for "as usual" says of pregnancy: nothing where it has to be asked by itself."""
    known = pregnancy_of(visit.patient, records)
    if known and known.status in (PregnancyStatus.PREGNANT, PregnancyStatus.POSSIBLE):
        return ""
    is_male = patient_of(visit, records).sex == Sex.MALE
    return PregnancyStatus.NOT_APPLICABLE if is_male else PregnancyStatus.NOT_PREGNANT


def _asks_of_pregnancy(usual: str, today: Today | None) -> bool:
    """A man is not asked, unless something was said of a pregnancy already: then it can be corrected here."""
    said = getattr(today, "pregnancy", "")
    return usual != PregnancyStatus.NOT_APPLICABLE or said not in ("", PregnancyStatus.NOT_APPLICABLE)


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
    language: str, vials: Offered, route: str, gauge: int | None, length_mm: Decimal | None, is_later: bool
) -> SafeString:
    needle = {"route": route, "gauge": gauge, "length_mm": length_mm}
    return _load_fields(SyringeForm(vials=[], said=vials, initial=needle, is_later=is_later, auto_id="syringe_%s"))


@functools.lru_cache(maxsize=256)
def _each_fields(language: str, each_ml: Decimal | None, each_mm: Decimal | None, each_deg: int | None) -> SafeString:
    form = EachForm(initial={"each_ml": each_ml, "each_mm": each_mm, "each_deg": each_deg}, auto_id="%s")
    return render_to_string("visits/_each_fields.html", {"each_form": form})


class Addresses:
    """The addresses of a visit, by the name of their route."""

    def __init__(self, request: HttpRequest, visit: Visit) -> None:
        self.clinic, self.of = request.clinic.slug, {"patient": str(request.patient.uid), "visit": str(visit.uid)}

    def __call__(self, route: str, **more: UUID) -> str:
        return _shape(get_script_prefix(), self.clinic, route, *more).format(**self.of, **more)


@functools.lru_cache(maxsize=512)
def _shape(prefix: str, clinic: str, route: str, *more: str) -> str:
    """An address with the names of its parts where their values come: to put one together takes as long as a statement."""
    marks = {name: UUID(int=number) for number, name in enumerate(("patient", "visit", *more))}
    address = reverse(f"visits:{route}", kwargs={"clinic": clinic, **marks})
    for name, mark in marks.items():
        address = address.replace(str(mark), f"{{{name}}}")
    return address
