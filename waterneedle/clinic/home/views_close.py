"""The end of the day, a needle-stick injury, and the papers for the hour without a computer."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.home import closings, on_paper, papers
from waterneedle.clinic.home.close import parts
from waterneedle.clinic.home.forms import CloseDayForm, NeedleStickForm, OpenAgainForm
from waterneedle.clinic.home.sharps import report_stick
from waterneedle.clinic.web import words
from waterneedle.clinic.web.downloads import file


@staff("clinic.read")
def close(request: HttpRequest) -> HttpResponse:
    """What must not stay as it is overnight; with `?day=` that of an earlier day, for who closes after midnight or
    the day after."""
    return _page(request)


@staff("day.write")
@require_POST
def close_day(request: HttpRequest) -> HttpResponse:
    """The day of the address is closed as it stands, with a reason for each kind of what is open."""
    day, now = _day(request), timezone.now()
    form = CloseDayForm(request.POST, found=closings.still_open(request.clinic, day, now))
    if not form.is_valid():
        return _page(request, closing=form, status=422)
    try:
        closings.close_day(day=day, why=form.why(), seen=form.found, by=request.access)
    except closings.ClosedAlready as first:
        said = {"when": words.clock_on(first.state.made_at, day), "who": first.state.made_by.name}
        messages.info(request, _("Closed already, %(when)s, by %(who)s.") % said)
    except closings.NotExplained:  # between the look and the lock
        form = CloseDayForm(request.POST, found=closings.still_open(request.clinic, day, now))
        return _page(request, closing=form, status=422)
    return redirect(_url(request, day))


@staff("day.write")
@require_POST
def open_day_again(request: HttpRequest) -> HttpResponse:
    day, form = _day(request), OpenAgainForm(request.POST)
    if not form.is_valid():
        return _page(request, again=form, status=422)
    closings.open_again(day=day, by=request.access, **form.cleaned_data)
    return redirect(_url(request, day))


@staff("tasks.write")
@require_POST
def needle_stick(request: HttpRequest) -> HttpResponse:
    """Somebody was stuck by a used needle: the owner hears of it now."""
    form = NeedleStickForm(request.POST)
    if not form.is_valid():
        return _page(request, stick=form, status=422)
    report_stick(by=request.access, **form.said(timezone.localtime()))
    messages.success(request, _("The owner has it on the list. Wash the wound, and have a doctor look at it now."))
    return redirect("home:close", clinic=request.clinic.slug)


@staff("bookings.read")
@require_safe
def day_sheet(request: HttpRequest) -> HttpResponse:
    """The day with its patients by name."""
    if request.scope != ALL:
        raise Http404
    now = timezone.now()
    may_read = request.access.scope("chart.read") == ALL and request.access.scope("followup.read") == ALL
    made = on_paper.day_sheet(
        request.clinic, now, with_vials=request.access.may("stock.read"), with_charts=may_read)
    papers.note_printed(by=request.access, made=made)
    return file(made, "application/pdf", f"day-{timezone.localdate(now):%Y-%m-%d}.pdf")


@staff("clinic.read")
@require_safe
def blank_form(request: HttpRequest) -> HttpResponse:
    return file(on_paper.blank_form(request.clinic), "application/pdf", "injections.pdf")


def _page(
    request: HttpRequest, *, stick: Any = None, closing: Any = None, again: Any = None, status: int = 200
) -> HttpResponse:
    now, day = timezone.now(), _day(request)
    today = timezone.localdate(now)
    page = {
        "parts": parts(request.access, now, day), "day": day, "today": today, "yesterday": today - datetime.timedelta(days=1),
        "form": stick or NeedleStickForm()}
    if request.access.may("day.read"):
        page["closed"] = closings.of_day(request.clinic, day)
        page["days"] = [one for one in closings.last_days(request.clinic, today) if one.day != day]
    if request.access.may("day.write"):
        page["again"] = again or OpenAgainForm()
        page["closing"] = closing or CloseDayForm(found=closings.still_open(request.clinic, day, now))
    return render(request, "home/close.html", page, status=status)


def _day(request: HttpRequest) -> datetime.date:
    """The day of the address: today, or one of those before it that can still be closed."""
    today = timezone.localdate()
    try:
        day = datetime.date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return day if 0 <= (today - day).days < closings.DAYS else today


def _url(request: HttpRequest, day: datetime.date) -> str:
    return f"{reverse('home:close', kwargs={'clinic': request.clinic.slug})}?day={day.isoformat()}"
