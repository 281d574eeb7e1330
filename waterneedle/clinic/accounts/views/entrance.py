"""On the way into a clinic: the first one is made, a letter is answered, one is chosen."""
from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waterneedle.clinic.accounts import actions, first_run, queries
from waterneedle.clinic.accounts.access import public, signed_in
from waterneedle.clinic.accounts.forms import AcceptForm, FirstClinicForm, OwnForm
from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.accounts.session import seconds_left
from waterneedle.clinic.web import words

_BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@public(why="only while nobody can sign in, and with the code that the server has printed")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """The first clinic of this installation, with its owner and a password of their choice."""
    if not first_run.is_due():
        raise Http404
    form = FirstClinicForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if form.is_valid() and not first_run.is_code(form.cleaned_data["code"]):
        form.add_error("code", _("This is not the code. The server prints it when it starts."))
    if form.is_valid():
        typed = form.cleaned_data
        password_hash = make_password(typed["password"])
        with transaction.atomic():
            owner = actions.make_account(
                email=typed["email"], name=typed["name"], password_hash=password_hash, language="")
            actions.make_clinic(owner=owner, **form.fields_of_clinic())
        _sign_in(request, owner)
        return redirect("mfa_index")
    return render(request, "accounts/start.html", {"form": form}, status=422 if form.is_bound else 200)


@public(why="whoever holds the link of the letter")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The answer to a letter: a new account, or the roles for an account that is there."""
    found = queries.invitation_by_link(token, timezone.now())
    if found is None:
        return _closed(request)
    known = User.objects.filter(email=found.email).first()
    if known is not None:
        return _for_known(request, found, known)
    form = AcceptForm(request.POST or None, email=found.email, initial={"name": found.name})
    if form.is_valid():
        password_hash = make_password(form.cleaned_data["password"])
        try:
            with transaction.atomic():
                user = actions.make_account(email=found.email, name=form.cleaned_data["name"], password_hash=password_hash)
                actions.accept(invitation=found, user=user, now=timezone.now())
        except (IntegrityError, ValidationError):  # the same letter was answered in the same moment
            return _closed(request)
        _sign_in(request, user)
        return redirect("mfa_index")
    return render(request, "accounts/invitation.html", {"form": form, "invitation": found}, status=422 if form.is_bound else 200)


def _sign_in(request: HttpRequest, user: User) -> None:
    """Sign in who has just chosen a password."""
    login(request, user, backend=_BACKEND)
    record_authentication(request, user, method="password", email=user.email)


def _for_known(request: HttpRequest, invitation: object, known: User) -> HttpResponse:
    """Who has an account answers while signed in to it; an account that works nowhere any more is woken up first."""
    if not known.is_active and request.method == "POST":
        return _woken(request, invitation, known)
    if request.user == known and request.method == "POST":
        try:
            actions.accept(invitation=invitation, user=known, now=timezone.now())
        except ValidationError:
            return _closed(request)
        return redirect("clinics")
    return render(request, "accounts/invitation_known.html", {"invitation": invitation, "known": known})


def _woken(request: HttpRequest, invitation: object, known: User) -> HttpResponse:
    """They sign in afterwards, with the password and second factor that they had."""
    try:
        with transaction.atomic():
            actions.accept(invitation=invitation, user=known, now=timezone.now())
            User.objects.filter(pk=known.pk).update(is_active=True)
    except ValidationError:
        return _closed(request)
    return redirect(settings.LOGIN_URL)


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/invitation_closed.html", status=404)


@signed_in
@require_safe
def clinics(request: HttpRequest) -> HttpResponse:
    """The clinics of the person; with a single one there is nothing to choose."""
    found = queries.clinics_of(request.user)
    if len(found) == 1 and "all" not in request.GET:
        return redirect(settings.CLINIC_START, clinic=found[0].slug)
    roles = queries.roles_of(request.user)
    found = [(one, words.listed(role.label for role in roles[one.pk])) for one in found]
    return render(request, "accounts/clinics.html", {"clinics": found, "start_route": settings.CLINIC_START})


@signed_in
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """The person's own page: their name, and the ways to password, second factor and language."""
    form = OwnForm(request.POST or None, instance=request.user)
    if form.is_valid():
        form.save()
        return redirect("own")
    return render(request, "accounts/own.html", {"form": form}, status=422 if form.is_bound else 200)


@public(why="tells a page whether its own session still lives; the session itself is the proof")
@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Seconds until this session ends, and a token for the forms of a page that has outlived a signing in.

    Without the header `X-Background` the question itself counts as use.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"user": None, "ends_in_s": 0})
    return JsonResponse({"user": str(request.user.uid), "ends_in_s": seconds_left(request), "csrf": get_token(request)})
