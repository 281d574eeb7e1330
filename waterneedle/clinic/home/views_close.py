"""The end of the day, a needle-stick injury, and the papers for the hour without a computer."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.roles import ALL
from waterneedle.clinic.home import close as closing
from waterneedle.clinic.home import on_paper, papers
from waterneedle.clinic.home.forms import NeedleStickForm
from waterneedle.clinic.home.sharps import report_stick
from waterneedle.clinic.web.downloads import file


@staff("clinic.read")
def close(request: HttpRequest) -> HttpResponse:
    """What must not stay as it is overnight; with `?day=` that of yesterday, for who closes after midnight."""
    return _page(request, NeedleStickForm())


@staff("tasks.write")
@require_POST
def needle_stick(request: HttpRequest) -> HttpResponse:
    """Somebody was stuck by a used needle: the owner hears of it now."""
    form = NeedleStickForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
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
    made = on_paper.day_sheet(request.clinic, now, with_vials=request.access.may("stock.read"))
    papers.note_printed(by=request.access, made=made)
    return file(made, "application/pdf", f"day-{timezone.localdate(now):%Y-%m-%d}.pdf")


@staff("clinic.read")
@require_safe
def blank_form(request: HttpRequest) -> HttpResponse:
    return file(on_paper.blank_form(request.clinic), "application/pdf", "injections.pdf")


def _page(request: HttpRequest, form: Any, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    yesterday = today - datetime.timedelta(days=1)
    day = yesterday if request.GET.get("day") == yesterday.isoformat() else today
    page = {"parts": closing.parts(request.access, now, day), "day": day, "today": today, "yesterday": yesterday, "form": form}
    return render(request, "home/close.html", page, status=status)
