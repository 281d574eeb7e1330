"""Who works here: invite, change roles, show the door."""
from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from waterneedle.clinic.accounts import actions, queries
from waterneedle.clinic.accounts.access import staff
from waterneedle.clinic.accounts.forms import InvitationForm, RolesForm
from waterneedle.clinic.accounts.models import Invitation


@staff("people.read")
def people(request: HttpRequest) -> HttpResponse:
    may_change = request.access.may("people.write")
    return render(request, "accounts/people.html", {
        "people": queries.people_of(request.clinic),
        "may_change": may_change,
        "invitations": queries.open_invitations(request.clinic, timezone.now()) if may_change else [],
        "former": queries.former_people_of(request.clinic) if may_change else [],
    })


@require_http_methods(["GET", "POST"])
@staff("people.write")
def invite(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        invitation, _token = actions.invite(clinic=request.clinic, by=request.access, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("A letter is on its way to %(email)s.") % {"email": invitation.email})
        return redirect("accounts:people", clinic=request.clinic.slug)
    return render(request, "accounts/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@staff("people.write")
def withdraw(request: HttpRequest, invitation: UUID) -> HttpResponse:
    found = get_object_or_404(Invitation, clinic=request.clinic, uid=invitation)
    actions.withdraw(invitation=found, by=request.access, now=timezone.now())
    messages.success(request, _("The link in the letter to %(email)s no longer opens.") % {"email": found.email})
    return redirect("accounts:people", clinic=request.clinic.slug)


@require_http_methods(["GET", "POST"])
@staff("people.write")
def person(request: HttpRequest, person: UUID) -> HttpResponse:
    """One person's roles; with none of them, they no longer work here."""
    found = queries.person_of(request.clinic, person)
    if found is None:
        raise Http404
    form = RolesForm(request.POST or None, initial={"roles": [role.value for role in found.roles]})
    if form.is_valid():
        try:
            actions.change_roles(
                clinic=request.clinic, user=found.user, roles=form.cleaned_data["roles"], by=request.access, now=timezone.now())
        except ValidationError as problem:
            form.add_error("roles", problem)
        else:
            said = _("The roles of %(name)s are changed.") if form.cleaned_data["roles"] else _("%(name)s no longer works here.")
            messages.success(request, said % {"name": found.user.name})
            return redirect("accounts:people", clinic=request.clinic.slug)
    return render(request, "accounts/person.html", {"person": found, "form": form}, status=422 if form.is_bound else 200)
