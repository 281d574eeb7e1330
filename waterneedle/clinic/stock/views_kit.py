"""The emergency kits, looked through each day, and the thermometers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.stock import actions, queries
from waterneedle.clinic.stock.forms import EndForm, KitCheckForm, KitForm, TemperatureForm
from waterneedle.clinic.stock.models import Kit, Temperature
from waterneedle.clinic.stock.pages import tabs


@staff("stock.read")
def kits(request: HttpRequest) -> HttpResponse:
    return _kits_page(request)


@staff("stock.write")
@require_POST
def new_kit(request: HttpRequest) -> HttpResponse:
    form = KitForm(request.POST)
    if form.is_valid() and Kit.objects.filter(clinic=request.clinic, place=form.cleaned_data["place"], ended_at=None).exists():
        form.add_error("place", _("This room has a kit."))
    if not form.is_valid():
        return _kits_page(request, status=422, new=form)
    actions.add_kit(place=form.cleaned_data["place"], by=request.access)
    return redirect("stock:kits", clinic=request.clinic.slug)


@staff("stock.write")
@require_POST
def check(request: HttpRequest, kit: UUID) -> HttpResponse:
    row = get_object_or_404(Kit, clinic=request.clinic, uid=kit, ended_at=None)
    form = KitCheckForm(request.POST, prefix=str(row.uid))
    if not form.is_valid():
        return _kits_page(request, status=422, of={row.pk: form})
    day = timezone.now().astimezone(request.clinic.tzinfo).date()
    made = actions.check_kit(kit=row, day=day, fields=form.cleaned_data, by=request.access)
    if made.is_complete_on(day):
        messages.success(request, _("Checked and complete."))
    else:
        said = _("Checked, and not complete, missing: %(what)s. Do not inject in this room until it is.")
        messages.warning(request, said % {"what": made.missing_in_words(day)})
    return redirect("stock:kits", clinic=request.clinic.slug)


@staff("stock.write")
@require_POST
def end_kit(request: HttpRequest, kit: UUID) -> HttpResponse:
    row, form = get_object_or_404(Kit, clinic=request.clinic, uid=kit), EndForm(request.POST, auto_id=f"id_{kit}_%s")
    if not form.is_valid():
        return _kits_page(request, status=422, ending={row.pk: form})
    actions.end_kit(kit=row, by=request.access, **form.cleaned_data)
    return redirect("stock:kits", clinic=request.clinic.slug)


@staff("stock.write")
@require_POST
def use_kit_again(request: HttpRequest, kit: UUID) -> HttpResponse:
    row = get_object_or_404(Kit, clinic=request.clinic, uid=kit)
    try:
        actions.use_kit_again(kit=row, by=request.access)
    except actions.RoomHasKit:
        messages.error(request, _("This room has a kit."))
    return redirect("stock:kits", clinic=request.clinic.slug)


@staff("stock.write")
def temperatures(request: HttpRequest) -> HttpResponse:
    """The log, and a new reading; the range stays as it was typed for the place before."""
    rows = queries.temperatures(request.clinic)
    last = rows[0] if rows else None
    before = {"place": last.place, "low": last.low, "high": last.high} if last else {}
    form = TemperatureForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        actions.log_temperature(fields=form.cleaned_data, by=request.access, at=timezone.now())
        return redirect("stock:temperatures", clinic=request.clinic.slug)
    return _temperatures_page(request, form, rows, status=422 if request.method == "POST" else 200)


@staff("stock.write")
@require_POST
def end_thermometer(request: HttpRequest) -> HttpResponse:
    place, form = _place(request), EndForm(request.POST, auto_id="id_refused_%s")
    if not form.is_valid():
        rows = queries.temperatures(request.clinic)
        return _temperatures_page(request, TemperatureForm(), rows, ending={place: form}, status=422)
    actions.end_thermometer(place=place, by=request.access, **form.cleaned_data)
    return redirect("stock:temperatures", clinic=request.clinic.slug)


@staff("stock.write")
@require_POST
def use_thermometer_again(request: HttpRequest) -> HttpResponse:
    actions.use_thermometer_again(place=_place(request), by=request.access)
    return redirect("stock:temperatures", clinic=request.clinic.slug)


def _place(request: HttpRequest) -> str:
    """The place that is said, if a thermometer of this clinic was ever read there."""
    place = request.POST.get("place", "")
    if all(one.place != place for one in queries.thermometers(request.clinic)):
        raise Http404
    return place


def _temperatures_page(
    request: HttpRequest, form: TemperatureForm, rows: list[Temperature], *, status: int, ending: dict[str, EndForm] | None = None
) -> HttpResponse:
    thermometers = [
        (one, (ending or {}).get(one.place) or EndForm(auto_id=f"id_end{number}_%s"))
        for number, one in enumerate(queries.thermometers(request.clinic))
    ]
    page = {"form": form, "rows": rows, "thermometers": thermometers, "tabs": tabs(request, "temperatures")}
    return render(request, "stock/temperatures.html", page, status=status)


def _kits_page(
    request: HttpRequest,
    *,
    status: int = 200,
    new: KitForm | None = None,
    of: dict[int, KitCheckForm] | None = None,
    ending: dict[int, EndForm] | None = None,
) -> HttpResponse:
    day = timezone.now().astimezone(request.clinic.tzinfo).date()
    rows = [
        {
            "kit": kit,
            "check": done,
            "complete": done is not None and done.is_complete_on(day),
            "missing": done.missing_in_words(day) if done else "",
            "form": (of or {}).get(kit.pk) or KitCheckForm(prefix=str(kit.uid)),
            "end": (ending or {}).get(kit.pk) or EndForm(auto_id=f"id_{kit.uid}_%s"),
        }
        for kit, done in queries.kits(request.clinic, day)
    ]
    page = {"rows": rows, "day": day, "new": new or KitForm(), "tabs": tabs(request, "kits")}
    page["ended"] = queries.ended_kits(request.clinic)
    return render(request, "stock/kits.html", page, status=status)
