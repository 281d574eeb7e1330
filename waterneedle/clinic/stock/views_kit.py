"""The emergency kits, looked through each day, and the thermometers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.stock import actions, queries
from waterneedle.clinic.stock.forms import KitCheckForm, KitForm, TemperatureForm
from waterneedle.clinic.stock.models import Kit
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
def temperatures(request: HttpRequest) -> HttpResponse:
    """The log, and a new reading; the range stays as it was typed for the place before."""
    rows = queries.temperatures(request.clinic)
    last = rows[0] if rows else None
    before = {"place": last.place, "low": last.low, "high": last.high} if last else {}
    form = TemperatureForm(request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        actions.log_temperature(fields=form.cleaned_data, by=request.access, at=timezone.now())
        return redirect("stock:temperatures", clinic=request.clinic.slug)
    page = {"form": form, "rows": rows, "tabs": tabs(request, "temperatures")}
    return render(request, "stock/temperatures.html", page, status=422 if request.method == "POST" else 200)


def _kits_page(
    request: HttpRequest,
    *,
    status: int = 200,
    new: KitForm | None = None,
    of: dict[int, KitCheckForm] | None = None,
) -> HttpResponse:
    day = timezone.now().astimezone(request.clinic.tzinfo).date()
    rows = [
        {
            "kit": kit,
            "check": done,
            "complete": done is not None and done.is_complete_on(day),
            "missing": done.missing_in_words(day) if done else "",
            "form": (of or {}).get(kit.pk) or KitCheckForm(prefix=str(kit.uid)),
        }
        for kit, done in queries.kits(request.clinic, day)
    ]
    page = {"rows": rows, "day": day, "new": new or KitForm(), "tabs": tabs(request, "kits")}
    return render(request, "stock/kits.html", page, status=status)
