"""Emergency access: asked for, given back, and looked at afterwards."""
from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waterneedle.clinic.accounts import break_glass, queries
from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.forms import BreakGlassForm, ReviewForm
from waterneedle.clinic.accounts.models import BreakGlass
from waterneedle.clinic.accounts.roles import ALL


@require_http_methods(["GET", "POST"])
@staff("breakglass.use")
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the chart of the patient of the address; `next` is the page to go to."""
    form = BreakGlassForm(request.POST or None)
    if form.is_valid():
        break_glass.begin(
            clinic=request.clinic, patient_uid=request.patient.uid, reason=form.cleaned_data["reason"], by=request.access,
            now=timezone.now())
        return redirect(_next(request))
    return render(request, "accounts/emergency_begin.html", {
        "form": form, "patient": request.patient, "next": request.GET.get("next", ""),
        "minutes": settings.BREAK_GLASS_MINUTES}, status=422 if form.is_bound else 200)


@require_POST
@staff("breakglass.use")
def end(request: HttpRequest, use: UUID) -> HttpResponse:
    found = get_object_or_404(BreakGlass, clinic=request.clinic, uid=use, user=request.user)
    break_glass.end(use=found, by=request.access, now=timezone.now())
    messages.success(request, _("Emergency access has ended."))
    if request.access.scope("demographics.read") == ALL:
        return redirect(_chart(request, found.patient_uid))
    return redirect("accounts:people", clinic=request.clinic.slug)


@require_safe
@staff("breakglass.read")
def uses(request: HttpRequest) -> HttpResponse:
    return _uses(request)


@require_POST
@staff("breakglass.review")
def review(request: HttpRequest, use: UUID) -> HttpResponse:
    found = get_object_or_404(BreakGlass, clinic=request.clinic, uid=use)
    if found.user_id == request.user.pk:
        raise Http404
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _uses(request, found, form)
    break_glass.review(use=found, by=request.access, **form.cleaned_data)
    return redirect("accounts:emergency_uses", clinic=request.clinic.slug)


def _uses(request: HttpRequest, wrong: BreakGlass | None = None, form: ReviewForm | None = None) -> HttpResponse:
    """The list, each with the form of its review; `wrong` is the one whose `form` cannot be taken."""
    uses = list(queries.uses_of_break_glass(request.clinic)[:200])
    for use in uses:
        # The name of the use is in the ids, for several of these forms stand on one page.
        use.form = form if wrong and use.pk == wrong.pk else ReviewForm(auto_id=f"id_{use.pk}_%s")
    status = 422 if wrong else 200
    return render(request, "accounts/emergency_uses.html", {"uses": uses, "patient_route": _patient_route()}, status=status)


def _patient_route() -> str:
    """The page of a patient, where the room that has it is there."""
    try:
        reverse(settings.PATIENT_ROUTE, kwargs={"clinic": "any", "patient": UUID(int=0)})
    except NoReverseMatch:
        return ""
    return settings.PATIENT_ROUTE


def _next(request: HttpRequest) -> str:
    """Where to go on: only to a page of this clinic."""
    wanted = request.POST.get("next", "")
    here = f"/c/{request.clinic.slug}/"
    if wanted.startswith(here) and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return _chart(request, request.patient.uid)


def _chart(request: HttpRequest, patient: UUID) -> str:
    """The page of a patient, whose tabs lead to the chart while it is open."""
    if route := _patient_route():
        return reverse(route, kwargs={"clinic": request.clinic.slug, "patient": patient})
    return reverse("accounts:people", kwargs={"clinic": request.clinic.slug})
