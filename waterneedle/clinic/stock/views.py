"""The shelf: what is there, what came in, what is open, what is gone."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.audit import actions as audit
from waterneedle.clinic.stock import actions, queries, scanning
from waterneedle.clinic.stock.camera import reads_by_camera
from waterneedle.clinic.stock.forms import CountForm, DecideForm, ItemForm, OpenedForm, ReceiveForm, SupplierForm, WasteForm
from waterneedle.clinic.stock.models import Item, Lot, Supplier, Vial
from waterneedle.clinic.stock.pages import tabs
from waterneedle.clinic.web.words import amount, day, moment


@staff("stock.read")
def shelf(request: HttpRequest) -> HttpResponse:
    """What is there, what runs out, what expires, which vials are open, and whether the kits were looked at today."""
    day = _today(request)
    kits = queries.kits(request.clinic, day)
    page = {
        "rows": queries.shelf(request.clinic, day),
        "vials": queries.open_vials(request.clinic, day),
        "day": day,
        "unchecked": [kit for kit, check in kits if check is None or not check.is_complete_on(day)],
    }
    # Last, so that nobody who writes waits for the reading. How much is left says what was drawn, also in a trial that keeps it
    # closed.
    audit.read(request, None, kind="shelf")
    return render(request, "stock/shelf.html", page | {"tabs": tabs(request, "shelf")})


@staff("stock.write")
@reads_by_camera
def receive(request: HttpRequest) -> HttpResponse:
    """Put a lot on the shelf, typed or scanned."""
    form = ReceiveForm(request.POST or None, clinic=request.clinic, today=_today(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.receive(by=request.access, **form.cleaned_data)
        except actions.TooMuch:
            form.add_error("containers", _("That is more than a thousand litres of one lot. Look at the number again."))
        except actions.Closed:
            form.add_error(
                "expires", _("This lot is on file with another date. Look at the box again; one of the two is misread.")
            )
        else:
            messages.success(request, _("On the shelf."))
            return redirect("stock:lot", clinic=request.clinic.slug, lot=made.uid)
    return render(request, "stock/receive.html", {"form": form}, status=422 if request.method == "POST" else 200)


@staff("stock.read")
@require_POST
def scan(request: HttpRequest) -> JsonResponse:
    """What a scanned code says: item, lot and date for the form; 422 with a sentence when it says nothing."""
    found = scanning.read(request.POST.get("code", ""))
    if found is None:
        return JsonResponse({"problem": _("This is no code of a product. Type the lot and the date.")}, status=422)
    item = queries.item_of(request.clinic, found.gtin or "")
    return JsonResponse(
        {
            "gtin": found.gtin,
            "lot": found.lot,
            "expires": found.expires and found.expires.isoformat(),
            "item": item and item.pk,
            "problem": _scan_problem(found, item),
        }
    )


def _scan_problem(found: scanning.Scanned, item: Item | None) -> str:
    unknown = _("No item has this code yet. Add it once, with its GTIN.") if found.gtin and not item else ""
    joined = _("The scanner runs lot and date together. Type both as they stand on the label.") if found.run_together else ""
    return " ".join(said for said in (unknown, joined) if said)


@staff("stock.write")
def new_item(request: HttpRequest) -> HttpResponse:
    form = ItemForm(request.POST or None, initial={"gtin": request.GET.get("gtin", "")[:14]})
    if request.method == "POST" and form.is_valid():
        actions.add_item(fields=form.cleaned_data, by=request.access)
        messages.success(request, _("Kept from now on. Receive its first lot."))
        return redirect("stock:receive", clinic=request.clinic.slug)
    return render(request, "stock/item.html", {"form": form}, status=422 if request.method == "POST" else 200)


@staff("stock.write")
def suppliers(request: HttpRequest) -> HttpResponse:
    form = SupplierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if Supplier.objects.filter(clinic=request.clinic, name=form.cleaned_data["name"]).exists():
            form.add_error("name", _("A supplier of this name is on file."))
        else:
            actions.add_supplier(fields=form.cleaned_data, by=request.access)
            return redirect("stock:suppliers", clinic=request.clinic.slug)
    rows = Supplier.objects.filter(clinic=request.clinic, ended_at=None).order_by("name")
    page = {"form": form, "rows": list(rows), "tabs": tabs(request, "suppliers")}
    return render(request, "stock/suppliers.html", page, status=422 if request.method == "POST" else 200)


@staff("stock.read")
def lot(request: HttpRequest, lot: UUID) -> HttpResponse:
    return _lot_page(request, _lot(request, lot))


@staff("stock.write")
@require_POST
def open_vial(request: HttpRequest, lot: UUID) -> HttpResponse:
    """Open a container: now, or at the time it was where it is entered later."""
    row = _lot(request, lot)
    form = OpenedForm(request.POST, prefix="opened") if "opened-at" in request.POST else None
    if form is not None and not form.is_valid():
        return _lot_page(request, row, status=422, opened=form)
    try:
        vial = actions.open_vial(lot=row, by=request.access, at=form.cleaned_data["at"] if form else timezone.now())
    except actions.NotOnTheShelf as refused:
        return _lot_page(request, row, status=422, problem=_refusal(refused))
    if form is None:
        messages.success(request, _("Open. Write %(code)s and today's date on the vial.") % {"code": vial.code})
    else:
        said = {"code": vial.code, "day": day(vial.opened_at)}
        messages.success(request, _("Open. Write %(code)s and %(day)s on the vial.") % said)
    return redirect("stock:lot", clinic=request.clinic.slug, lot=row.uid)


@staff("stock.write")
@require_POST
def opened_earlier(request: HttpRequest, vial: UUID) -> HttpResponse:
    """That a vial was opened before the time on the book."""
    row = get_object_or_404(Vial.objects.select_related("lot__item"), clinic=request.clinic, uid=vial)
    form = OpenedForm(request.POST, prefix=_form_of(row))
    if form.is_valid():
        try:
            actions.opened_earlier(vial=row, at=form.cleaned_data["at"], by=request.access)
        except actions.NotEarlier:
            form.add_error("at", _(
                "By the book it was opened at %(when)s. It can only be said to have been earlier: a later time would let it be "
                "used for longer.") % {"when": moment(row.opened_at)})
        else:
            said = {"when": moment(form.cleaned_data["at"])}
            messages.success(request, _("Opened %(when)s: so it stands on the book.") % said)
            return redirect("stock:lot", clinic=request.clinic.slug, lot=row.lot.uid)
    return _lot_page(request, row.lot, status=422, earlier=form)


@staff("stock.write")
@require_POST
def waste(request: HttpRequest, lot: UUID) -> HttpResponse:
    return _changed(request, lot, "waste", WasteForm, actions.waste, _("Out of the book."))


@staff("stock.write")
@require_POST
def count(request: HttpRequest, lot: UUID) -> HttpResponse:
    row = _lot(request, lot)
    form = CountForm(request.POST, prefix="count")
    if form.is_valid():
        try:
            actions.count(lot=row, by=request.access, **form.cleaned_data)
        except actions.Unexplained:  # by the book of this moment: it may have changed since the page was opened
            row.refresh_from_db()
            booked = amount(row.volume_ml, "mL")
            form.add_error("why", _("The book says %(booked)s. Say why it differs.") % {"booked": booked})
        except actions.NotOnTheShelf as refused:
            form.add_error(None, _refusal(refused))
        else:
            messages.success(request, _("Counted."))
            return redirect("stock:lot", clinic=request.clinic.slug, lot=row.uid)
    return _lot_page(request, row, status=422, count=form)


@staff("quarantine.write")
@require_POST
def decide(request: HttpRequest, lot: UUID) -> HttpResponse:
    return _changed(request, lot, "decide", DecideForm, actions.decide, _("It holds from now on."))


@staff("stock.write")
@require_POST
def discard(request: HttpRequest, vial: UUID) -> HttpResponse:
    row = get_object_or_404(Vial.objects.select_related("lot__item"), clinic=request.clinic, uid=vial)
    actions.discard(vial=row, why=request.POST.get("why", "")[:300] or _("used up or past its time"), by=request.access)
    messages.success(request, _("The vial is discarded, with what was left in it."))
    return redirect("stock:lot", clinic=request.clinic.slug, lot=row.lot.uid)


def _changed(
    request: HttpRequest,
    uid: UUID,
    name: str,
    form_class: type[forms.Form],
    write: Callable[..., Any],
    done: str,
) -> HttpResponse:
    """Take a form of the lot's page, write, and go back to it; with what is wrong beside its field."""
    row = _lot(request, uid)
    form = form_class(request.POST, prefix=name)
    if form.is_valid():
        try:
            write(lot=row, by=request.access, **form.cleaned_data)
        except actions.NotOnTheShelf as refused:
            form.add_error(None, _refusal(refused))
        else:
            messages.success(request, done)
            return redirect("stock:lot", clinic=request.clinic.slug, lot=row.uid)
    return _lot_page(request, row, status=422, **{name: form})


def _refusal(refused: actions.NotOnTheShelf) -> str:
    if isinstance(refused, actions.InOpenVials):
        return _("By the book more than that stands in open vials. Discard those that are empty or gone first.")
    if isinstance(refused, actions.TooLittle):
        return _("Less than that is booked. Count the lot and correct the book.")
    return _("This lot may not be used: it is in quarantine, recalled, or past its date.")


def _earlier(vial: Vial, refused: OpenedForm | None) -> OpenedForm:
    prefix = _form_of(vial)
    return refused if refused is not None and refused.prefix == prefix else OpenedForm(prefix=prefix)


def _form_of(vial: Vial) -> str:
    """An open vial may have got the label of one that is discarded."""
    return vial.code if vial.discarded_at is None else str(vial.uid)


def _lot_page(request: HttpRequest, row: Lot, *, status: int = 200, problem: str = "", **forms: Any) -> HttpResponse:
    shown = queries.lot_row(row, _today(request), request.clinic.tzinfo)
    page = {
        "row": shown,
        "lot": row,
        "history": queries.history_of(row),
        "problem": problem,
        "waste_form": forms.get("waste") or WasteForm(prefix="waste"),
        "count_form": forms.get("count") or CountForm(prefix="count"),
        "decide_form": forms.get("decide") or DecideForm(prefix="decide"),
        "opened_form": forms.get("opened") or OpenedForm(prefix="opened"),
        "open_vials": [(one, _earlier(one.vial, forms.get("earlier"))) for one in shown.open_vials],
        "discarded": [(one, _earlier(one, forms.get("earlier"))) for one in queries.discarded_of(row)],
    }
    audit.read(request, None, kind="lot", uid=row.uid)
    return render(request, "stock/lot.html", page, status=status)


def _lot(request: HttpRequest, uid: UUID) -> Lot:
    return get_object_or_404(Lot.objects.select_related("item", "supplier"), clinic=request.clinic, uid=uid)


def _today(request: HttpRequest) -> datetime.date:
    return timezone.now().astimezone(request.clinic.tzinfo).date()
