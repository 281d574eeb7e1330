"""The clinic itself: what it is called, by which clock it lives, which languages its patients read."""
from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from waterneedle import knowledge
from waterneedle.clinic.accounts import actions
from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.forms import ChangeClinicForm


@require_http_methods(["GET", "POST"])
@staff("clinic.write")
def clinic(request: HttpRequest) -> HttpResponse:
    form = ChangeClinicForm(request.POST or None, clinic=request.clinic, now=timezone.now())
    if form.is_valid():
        fields = form.fields_of_clinic()
        actions.change_clinic(clinic=request.clinic, by=request.access, **fields)
        if fields["zone"] != request.clinic.zone:
            messages.warning(request, _("The clock of the clinic is changed: look through the coming bookings."))
        messages.success(request, _("Saved."))
        return redirect("accounts:clinic", clinic=request.clinic.slug)
    law = knowledge.jurisdictions().get(request.clinic.jurisdiction)
    page = {"form": form, "law": law.name if law else request.clinic.jurisdiction}
    return render(request, "accounts/clinic.html", page, status=422 if form.is_bound else 200)
