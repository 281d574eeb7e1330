"""Who works here; which clinic to go to."""
from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from waterneedle.clinic.accounts.access import signed_in, staff
from waterneedle.clinic.accounts.queries import clinics_of, people_of


@staff("people.read")
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/people.html", {"people": people_of(request.clinic)})


@signed_in
def clinics(request: HttpRequest) -> HttpResponse:
    """The clinics of the person; with a single one there is nothing to choose."""
    found = clinics_of(request.user)
    if len(found) == 1:
        return redirect("accounts:people", clinic=found[0].slug)
    return render(request, "accounts/clinics.html", {"clinics": found})
