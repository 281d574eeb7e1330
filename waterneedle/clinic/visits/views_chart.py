"""The charting path: the syringe, the tap, the typed line, and what becomes of each injection."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.patients.models import Side
from waterneedle.clinic.patients.pages import about
from waterneedle.clinic.visits import actions, completing, copying, drafts, drawing, figure, line, queries, slips, touched
from waterneedle.clinic.visits.danger import is_dangerous
from waterneedle.clinic.visits.fluids import name_of
from waterneedle.clinic.visits.forms import EachForm, GivenForm, InjectionForm, MarkForm, ReasonForm, SyringeForm, TapForm
from waterneedle.clinic.visits.models import Injection, Skin, Status, Syringe, Technique, Visit
from waterneedle.clinic.visits.page import answered, asks_for_parts, refused
from waterneedle.clinic.visits.rows import injections_of, syringes_of
from waterneedle.clinic.visits.saying import refusal, side_words, trouble_in_words
from waterneedle.clinic.visits.syringes import meant_by
from waterneedle.clinic.web import words

LONGEST_LINE = 200
LONGEST_NUDGE = 400
MOST_NAMED = 3  # with all their names in one sentence
MOST_AT_ONCE = 60  # injections that are charted, and taken back, by one touch


def visit_of(request: HttpRequest, uid: UUID) -> Visit:
    return queries.visit_of(request.clinic, request.patient, uid)


# --- the syringe


@staff("chart.write")
@require_POST
def load(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Draw up: from then on each tap is one injection of this syringe."""
    row = visit_of(request, visit)
    usable, other = queries.vials_of(row, drawn_at(request, row))
    form = SyringeForm(
        request.POST, vials=[one.vial for one in usable], found=lambda code: queries.vial_by_code(usable, code, other),
        why_not=lambda said: queries.why_not_usable(other, row, said, usable), is_later=row.happened_at is not None,
        auto_id="syringe_%s",
    )
    if not form.is_valid():
        return refused(request, row, _("Look at the syringe again."), syringe_form=form)
    needle = {name: form.cleaned_data[name] for name in ("route", "gauge", "length_mm")}
    try:
        made = drawing.load_syringe(
            visit=row, fills=form.fills(), purposes=form.purposes(), by=request.access, at=form.cleaned_data.get("at"), **needle)
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem), syringe_form=form)
    undo = f"{reverse('visits:not_drawn', kwargs=_where(request, row) | {'syringe': made.uid})}?to={slips.way_back_from(made)}"
    done = _("Drawn up: %(code)s, %(what)s") % {"code": made.code, "what": name_of(made)}
    return answered(request, row, in_hand=str(made.uid), said=done, undo=undo)


@staff("chart.write")
@require_POST
def not_drawn(request: HttpRequest, visit: UUID, syringe: UUID) -> HttpResponse:
    """The way back from drawing up by a slip: it never was. Later that is said where it stands."""
    row = visit_of(request, visit)
    found = get_object_or_404(Syringe.objects.select_related("visit"), clinic=request.clinic, visit=row, uid=syringe)
    return taken_back(request, row, lambda: slips.not_drawn(syringe=found, to=request.GET.get("to", ""), by=request.access))


def drawn_at(request: HttpRequest, row: Visit) -> datetime.datetime | None:
    """When it was drawn up by what is typed, of a visit that is written down later: vials were opened in the midst of it."""
    form = GivenForm(request.POST)
    return form.cleaned_data["at"] if row.happened_at is not None and form.is_valid() else None


@staff("chart.write")
@require_POST
def put_down(request: HttpRequest, visit: UUID, syringe: UUID) -> HttpResponse:
    row = visit_of(request, visit)
    found = get_object_or_404(Syringe.objects.select_related("visit"), clinic=request.clinic, visit=row, uid=syringe)
    was_drawn = "slip" not in request.POST
    said = _("Thrown away: %(code)s") if was_drawn else _("Never drawn up: %(code)s")
    return _do(
        request, row, lambda: drawing.put_down(syringe=found, by=request.access, was_drawn=was_drawn),
        said=said % {"code": found.code}, undo=reverse("visits:take_up", kwargs=_where(request, row) | {"syringe": found.uid}))


@staff("chart.write")
@require_POST
def take_up(request: HttpRequest, visit: UUID, syringe: UUID) -> HttpResponse:
    """The way back from putting it down."""
    row = visit_of(request, visit)
    found = get_object_or_404(Syringe.objects.select_related("visit__patient"), clinic=request.clinic, visit=row, uid=syringe)
    return _do(request, row, lambda: drawing.take_up(syringe=found, by=request.access))


# --- adding


@staff("chart.write")
@require_POST
def tap(request: HttpRequest, visit: UUID) -> HttpResponse:
    """A touch on the body: one injection with the loaded syringe."""
    row = visit_of(request, visit)
    form, each = TapForm(request.POST), EachForm(request.POST)
    if not form.is_valid() or not each.is_valid():
        return refused(request, row, _why(form, each))
    said = form.cleaned_data
    site = actions.Site(point=said["code"], muscle=said["muscle"], region=said["region"], side=said["side"])
    return _add(request, row, [site], each.cleaned_data, {"nudge": said["nudge"]} if said["nudge"] else {})


@staff("chart.write")
@require_safe
def place(request: HttpRequest, visit: UUID) -> HttpResponse:
    """What a touch beside all points may mean: the muscles under it, and the regions of the part of the body; to be chosen."""
    row, asked = visit_of(request, visit), request.GET
    face = asked.get("face", "")
    if asked.get("muscle"):
        found = touched.muscle(asked["muscle"])
    else:
        found = touched.places(row, int(face) if face.isascii() and face.isdigit() else None, asked.get("nearest", ""))
    if not found:
        return HttpResponse(status=422)
    side = asked.get("side", "")
    page = {
        "visit": row, "patient": request.patient, "found": found, "nudge": asked.get("nudge", "")[:LONGEST_NUDGE],
        "sides": [(one.value, one.label) for one in (Side.LEFT, Side.RIGHT) if side in ("", "midline", one.value)], "side": side,
    }
    return render(request, "visits/_place.html", page)


@staff("chart.write")
@require_POST
def type_line(request: HttpRequest, visit: UUID) -> HttpResponse:
    """One typed line: one injection, or two on both sides. The label of a syringe, typed or scanned, takes it in hand."""
    row = visit_of(request, visit)
    typed = request.POST.get("line", "")[:LONGEST_LINE]
    try:
        taken = meant_by(typed, syringes_of(row), row)
    except drafts.OfAnother as problem:
        return refused(request, row, refusal(problem), typed_line=typed)
    if taken is not None:
        return answered(request, row, in_hand=str(taken.uid))
    found = line.read(typed, get_language() or "en")
    if found.line is None:
        problems = [trouble_in_words(one) for one in found.troubles]
        return refused(request, row, problems[0], typed_line=typed, line_problems=problems)
    each = EachForm(request.POST)
    if not each.is_valid():
        return refused(request, row, _why(each), typed_line=typed)
    said = found.line
    sites = [actions.Site(**{said.kind: said.place}, side=side, level=said.level) for side in said.sides]
    names = ("volume_ml", "route", "depth_mm", "depth_max_mm", "gauge", "length_mm", "angle_deg")
    fields = {name: value for name in names if (value := getattr(said, name)) is not None}
    return _add(request, row, sites, each.cleaned_data, fields, said.technique, typed)


def _add(
    request: HttpRequest, row: Visit, sites: list[actions.Site], each: dict[str, Any], fields: dict[str, Any],
    technique: str = "injection", typed: str = "",
) -> HttpResponse:
    """Chart at `sites` what `fields` say, for the rest what each injection gets; at a danger point nothing that was not said."""
    syringe = None
    if technique == "injection":
        try:
            syringe = syringe_of(request, row)
        except drafts.OfAnother as problem:
            return refused(request, row, refusal(problem), typed_line=typed)
        if syringe is None:
            why = _("Draw up a syringe first: product, volume and needle stand there once.")
            return refused(request, row, why, typed_line=typed)
        if "volume_ml" not in fields and each.get("each_ml"):
            fields["volume_ml"] = each["each_ml"]
    where = sites[0]
    if is_dangerous(point=where.point, muscle=where.muscle, region=where.region, level=where.level):
        fields = copying.NOTHING_FILLED | fields
    else:
        fields = {"depth_mm": each.get("each_mm"), "angle_deg": each.get("each_deg")} | fields
    try:
        made = actions.add(visit=row, sites=sites, syringe=syringe, by=request.access, **fields)
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem), typed_line=typed)
    return charted(request, row, made)


def charted(request: HttpRequest, row: Visit, made: list[Injection], also: str = "") -> HttpResponse:
    """What was charted, with the way back from it, and what there is to say `also`. With its figures where they are one: on a
    narrow screen the fields they came from are out of sight."""
    undo = reverse("visits:take_back", kwargs=_where(request, row)) + "?" + "&".join(f"one={one.uid}" for one in made)
    what = _listed(made) + _figures_of(made)
    said = _("Charted: %(what)s") % {"what": what}
    return answered(request, row, said=f"{said}. {also}" if also else said, undo=undo)


def _listed(made: list[Injection]) -> str:
    """Each by its names; many by their codes, for the list beside names them, and a toast that is long hides it."""
    return words.listed(one.named if len(made) <= MOST_NAMED else one for one in made)


def _figures_of(made: list[Injection]) -> str:
    """Such as: · 0.5 mL SC · 12 mm; nothing where they differ."""
    figures = {
        " · ".join(part for part in (
            f"{words.amount(one.volume_ml, 'mL')} {one.route}".strip() if one.technique == "injection" else "",
            words.amount(one.depth_mm, "mm") + ("" if one.depth_max_mm is None else f"–{words.amount(one.depth_max_mm, 'mm')}"),
        ) if part)
        for one in made
    }
    return f" · {found}" if len(figures) == 1 and (found := figures.pop()) else ""


def syringe_of(request: HttpRequest, row: Visit) -> Syringe | None:
    """The syringe that was chosen, else the one drawn up last. Raises OfAnother for a chosen one that is none of this visit, and
    PutAway for one that was put down meanwhile."""
    rows = syringes_of(row)
    chosen = request.POST.get("syringe") or request.GET.get("syringe")
    if not chosen:
        return rows[-1] if rows else None
    found = next((one for one in rows if str(one.uid) == chosen), None)
    if found is None:
        meant_by(chosen, (), row)
        raise drafts.OfAnother("this syringe was not drawn up for this visit")
    return found


@staff("chart.write")
@require_POST
def repeat(request: HttpRequest, visit: UUID) -> HttpResponse:
    """What went in at the last signed visit, planned once more from the syringe of today."""
    row = visit_of(request, visit)
    last = queries.course_of(row).treated
    if last is None:
        return refused(request, row, _("There is no visit before this one in which something was injected."))
    each = EachForm(request.POST)
    if not each.is_valid():
        return refused(request, row, _why(each))
    try:
        syringe = syringe_of(request, row)
        if syringe is None:
            return refused(request, row, _("Draw up a syringe first: a lot is never carried over."))
        also = _not_as_before(row, last, syringe)
        each_ml = each.cleaned_data["each_ml"]
        made = copying.repeat(visit=row, source=last, by=request.access, syringe=syringe, each_ml=each_ml)
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem))
    if not made:
        return refused(request, row, also or _("Nothing was given at the last visit."))
    return charted(request, row, made, also)


def _not_as_before(row: Visit, last: Visit, syringe: Syringe) -> str:
    """What a repeat leaves out, and that it is another fluid."""
    said = []
    if stopped := words.listed(f"{one.named} ({one.status_why})" for one in copying.stopped_in(last)):
        said.append(_("Stopped the last time and not planned again: %(what)s.") % {"what": stopped})
    left_out, replaced = copying.other_fluids(visit=row, source=last, syringe=syringe)
    if missing := words.listed(f"{one.named} ({name_of(one.syringe)})" for one in left_out):
        said.append(_("Not planned, for nothing of this fluid is drawn up: %(what)s.") % {"what": missing})
    if replaced:
        said.append(_("The last time it was %(before)s. Now it is %(now)s: look at each volume.") % {
            "before": name_of(replaced[0].syringe), "now": name_of(syringe)})
    return " ".join(said)


@staff("chart.write")
@require_POST
def take_back(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The way back from adding. Nothing of it where a needle was in meanwhile: that would look taken back too."""
    row = visit_of(request, visit)
    asked = set(request.GET.getlist("one")[:MOST_AT_ONCE])
    made = [one for one in _injections(request, row) if str(one.uid) in asked]
    if any(one.is_in for one in made):
        return refused(request, row, _("The needle was in: this stays on record. Mark it as stopped, or correct it."))

    def undo() -> None:
        with transaction.atomic():
            for one in made:
                actions.remove(injection=one, by=request.access)

    return _do(request, row, undo)


@staff("chart.write")
@require_POST
def complete(request: HttpRequest, visit: UUID) -> JsonResponse:
    """What may stand at the cursor of the typed line. By POST: what is typed stands in no address."""
    visit_of(request, visit)
    text = request.POST.get("line", "")[:LONGEST_LINE]
    cursor = request.POST.get("cursor", "")
    found = completing.complete(text, int(cursor) if cursor.isascii() and cursor.isdigit() else None, get_language() or "en")
    return JsonResponse({"found": [{"start": one.start, "end": one.end, "text": one.text, "says": _says(one)} for one in found]})


def _says(one: completing.Completion) -> str:
    # late: only this asks for the names of points
    from waterneedle.clinic.web.words import point

    if one.what == "point":
        return str(point(one.place))
    return side_words().get(one.text, "") if one.what == "side" else ""


# --- one injection


@staff("chart.write")
def injection(request: HttpRequest, visit: UUID, injection: UUID) -> HttpResponse:
    """All that can be charted of one puncture."""
    row = visit_of(request, visit)
    one = _injection(request, row, injection)
    if (closed := drafts.closed(row)) is not None:
        return refused(request, row, refusal(closed))
    if one.removed_at is not None:
        return refused(request, row, _taken_out())
    form = InjectionForm(request.POST or None, instance=one, auto_id=f"i{one.seq}_%s")
    if request.method == "POST" and form.is_valid():
        return _do(request, row, lambda: actions.change(injection=one, fields=form.changes(), by=request.access))
    page = {"visit": row, "one": one, "place": one.place, "edit_form": form, "patient": request.patient}
    name = "visits/_edit.html" if asks_for_parts(request) else "visits/injection.html"
    if name == "visits/injection.html":
        page |= about(request, "visits")
    return render(request, name, page, status=422 if request.method == "POST" else 200)


@staff("chart.write")
@require_POST
def mark(request: HttpRequest, visit: UUID, injection: UUID) -> HttpResponse:
    """Given, stopped, not done, or planned again."""
    row = visit_of(request, visit)
    one = _injection(request, row, injection)
    if one.removed_at is not None:
        return refused(request, row, _taken_out())
    form = MarkForm(request.POST)
    if not form.is_valid():
        return refused(request, row, _why(form), problem_at=next(iter(form.errors)))
    said = form.cleaned_data
    if said["status"] in (Status.STOPPED, Status.NOT_DONE) and not said["why"].strip():
        return refused(request, row, _("Say why it was stopped or not done."), problem_at="why")
    if said["status"] == Status.STOPPED and one.technique == Technique.INJECTION and said["volume_ml"] is None:
        return refused(request, row, _("Say how much went in: 0 if nothing did."), problem_at="volume_ml")
    if one.is_in and said["status"] in (Status.PLANNED, Status.NOT_DONE) and not said["why"].strip():
        return refused(request, row, _("The needle was in: say why this is to be corrected."), problem_at="why")
    day = row.day
    try:
        actions.mark(
            injection=one, status=said["status"], by=request.access, why=said["why"], volume_ml=said["volume_ml"], at=said["at"],
            before_reaction=said["before_reaction"])
    except drafts.TooMuch as problem:
        return refused(request, row, refusal(problem), problem_at="volume_ml" if said["status"] == Status.STOPPED else "")
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem))
    undo = _unmarked(request, row, [one], day)
    return answered(request, row, said=_marked(one) if undo else "", undo=undo)


def _marked(one: Injection) -> str:
    match one.status:
        case Status.GIVEN:
            said = _("Given: %(what)s")
        case Status.STOPPED:
            said = _("Stopped: %(what)s")
        case Status.NOT_DONE:
            said = _("Not done: %(what)s")
        case _:
            said = _("Planned again: %(what)s")
    return said % {"what": one.named}


@staff("chart.write")
@require_POST
def mark_all(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Everything that is planned was given; nothing of it where the check bars one of them."""
    row, form = visit_of(request, visit), GivenForm(request.POST)
    if not form.is_valid():
        return refused(request, row, " ".join(form.errors["at"]))
    day = row.day
    try:
        given = actions.give_all(visit=row, by=request.access, at=form.cleaned_data["at"])
    except drafts.Refused:
        rows = queries.draft(row, request.LANGUAGE_CODE).rows
        barred = [each.one.named for each in rows if each.is_barred and each.one.status == Status.PLANNED]
        what = words.listed(barred) or _("the visit")
        return refused(request, row, _("The check bars %(what)s: say in its row what happened.") % {"what": what})
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem))
    if not given:
        return refused(request, row, _("Nothing is planned that could be given."))
    done = ngettext("%(count)d injection given.", "%(count)d injections given.", len(given)) % {"count": len(given)}
    return answered(request, row, said=done, undo=_unmarked(request, row, given, day))


def _unmarked(request: HttpRequest, row: Visit, marked: list[Injection], day: datetime.date) -> str:
    """The way back from what they were just marked as, the visit having been of `day`; none where words would be lost."""
    to = slips.way_back(row, marked, day)
    return to and f"{reverse('visits:unmark', kwargs=_where(request, row))}?to={to}"


@staff("chart.write")
@require_POST
def unmark(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The way back from a slip: what was marked a moment ago is as it was before. Later it is corrected in its row."""
    row = visit_of(request, visit)
    return taken_back(request, row, lambda: slips.take_back(visit=row, to=request.GET.get("to", ""), by=request.access))


@staff("chart.write")
@require_POST
def skin_intact(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Looked: the skin is intact wherever nothing else was said of it."""
    row = visit_of(request, visit)
    unsaid = [one for one in _injections(request, row) if not one.skin]
    undo = f"{reverse('visits:skin_unsaid', kwargs=_where(request, row))}?{_named(unsaid)}" if unsaid else ""
    return _do(request, row, lambda: _say_skin(request, unsaid, Skin.INTACT), said=_("Skin looked at"), undo=undo)


@staff("chart.write")
@require_POST
def skin_unsaid(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The way back: nobody has looked."""
    row, asked = visit_of(request, visit), set(request.GET.getlist("one")[:MOST_AT_ONCE])
    said = [one for one in _injections(request, row) if str(one.uid) in asked and one.skin == Skin.INTACT]
    return _do(request, row, lambda: _say_skin(request, said, ""))


def _say_skin(request: HttpRequest, injections: list[Injection], skin: str) -> None:
    with transaction.atomic():
        for one in injections:
            actions.change(injection=one, fields={"skin": skin}, by=request.access)


def _named(injections: list[Injection]) -> str:
    return "&".join(f"one={one.uid}" for one in injections[:MOST_AT_ONCE])


@staff("chart.write")
@require_POST
def remove(request: HttpRequest, visit: UUID, injection: UUID) -> HttpResponse:
    row = visit_of(request, visit)
    one = _injection(request, row, injection)
    if one.removed_at is not None:
        return refused(request, row, _taken_out())
    if one.is_in:
        return refused(request, row, _("The needle was in: this stays on record. Mark it as stopped, or correct it."))
    undo = reverse("visits:restore", kwargs=_where(request, row) | {"injection": one.uid})
    done = _("Taken out: %(what)s") % {"what": one.named}
    return _do(request, row, lambda: actions.remove(injection=one, by=request.access), said=done, undo=undo)


@staff("chart.write")
@require_POST
def restore(request: HttpRequest, visit: UUID, injection: UUID) -> HttpResponse:
    row = visit_of(request, visit)
    rows = Injection.objects.select_related("visit", "syringe")
    one = get_object_or_404(rows, clinic=request.clinic, visit=row, uid=injection)
    return _do(request, row, lambda: actions.restore(injection=one, by=request.access))


@staff("chart.write")
@require_POST
def reason(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Answer a warning."""
    row = visit_of(request, visit)
    form = ReasonForm(request.POST, today=row.day)
    if not form.is_valid():
        return refused(request, row, _("A reason needs words, and a day after today if it is kept."))
    try:
        made = actions.give_reason(visit=row, by=request.access, **form.cleaned_data)
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem))
    undo = f"{reverse('visits:take_back_reason', kwargs=_where(request, row))}?one={made.uid}"
    return answered(request, row, said=_("Answered: %(why)s") % {"why": made.note}, undo=undo)


@staff("chart.write")
@require_POST
def take_back_reason(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The way back from a wrong answer to a warning."""
    row = visit_of(request, visit)
    try:
        uid = UUID(request.GET.get("one", ""))
    except ValueError:
        raise Http404 from None
    return _do(request, row, lambda: actions.take_back_reason(visit=row, uid=uid, by=request.access))


# --- the body


@staff("chart.read")
def body(request: HttpRequest, visit: UUID) -> HttpResponse:
    """The figure with its points for the chart: of this patient's shape, naming nobody."""
    return HttpResponse(figure.value(visit_of(request, visit), request.LANGUAGE_CODE), content_type="application/json")


@staff("chart.read")
def flat(request: HttpRequest, visit: UUID) -> HttpResponse:
    try:
        drawn = figure.flat(visit_of(request, visit), request.GET.get("view", "front")[:40])
    except (KeyError, ValueError):
        raise Http404 from None
    return HttpResponse(drawn, content_type="image/svg+xml")


@staff("chart.read")
@require_safe
def depth(request: HttpRequest, visit: UUID) -> HttpResponse:
    """What a needle reaches at a point, for the card of the chart."""
    row, asked = visit_of(request, visit), request.GET
    try:
        needle_mm, angle_degrees = float(asked.get("needle_mm", "")), float(asked.get("angle_degrees", "90"))
        found = figure.depth(row, asked.get("code", ""), needle_mm, angle_degrees)
    except (KeyError, ValueError):
        return HttpResponse(status=422)
    return HttpResponse(found, content_type="application/json")


@staff("chart.read")
@require_safe
def beneath(request: HttpRequest, visit: UUID) -> HttpResponse:
    """Muscles and hazard zones under the skin of the figure."""
    return HttpResponse(figure.beneath(visit_of(request, visit), request.LANGUAGE_CODE), content_type="application/json")


# --- inside


def _do(
    request: HttpRequest, row: Visit, act: Any, *, said: str = "", undo: str = "", is_of_patient: bool = False
) -> HttpResponse:
    try:
        act()
    except drafts.NotCharted as problem:
        return refused(request, row, refusal(problem))
    return answered(request, row, said=said, undo=undo, is_of_patient=is_of_patient)


def taken_back(request: HttpRequest, row: Visit, act: Any, *, is_of_patient: bool = False) -> HttpResponse:
    """`_do` what a sealed way back leads to; a broken seal is no page."""
    try:
        return _do(request, row, act, is_of_patient=is_of_patient)
    except slips.NotSealed:
        raise Http404 from None


def _why(*forms: Form) -> str:
    """The first thing that is wrong in `forms`, with the name of its field: only that says what to write."""
    form = next(one for one in forms if one.errors)
    name, found = next(iter(form.errors.items()))
    said = " ".join(found)
    return f"{form.fields[name].label}: {said}" if name in form.fields else said


def _injections(request: HttpRequest, row: Visit) -> list[Injection]:
    return injections_of(row)


def _injection(request: HttpRequest, row: Visit, uid: UUID) -> Injection:
    """Also one that was taken out: somebody may press beside it who does not see that yet."""
    found = next((one for one in _injections(request, row) if one.uid == uid), None)
    return found or get_object_or_404(Injection, clinic=request.clinic, visit=row, uid=uid)


def _taken_out() -> str:
    return _(
        "Somebody has taken this injection out meanwhile: this is how the visit stands now. If the needle was in, chart it "
        "again.")


def _where(request: HttpRequest, row: Visit) -> dict[str, Any]:
    return {"clinic": request.clinic.slug, "patient": request.patient.uid, "visit": row.uid}
