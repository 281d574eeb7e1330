"""Who may open a page: every view declares it, and the declaration is what lets a request in.

    @public                       anybody; `@public(why="single-use link")` where the view itself asks for something;
                                  `unasked=True` where the browser fetches it by itself: that is no use of a session
    @signed_in                    anybody who is signed in, in no clinic: the account's own pages
    @staff("stock.read")          who has this permission of docs/roles.md in the clinic of the address

`@staff` takes `clinic` out of the address and sets `request.clinic` and `request.access`. Who may not, and what belongs to
another clinic, is answered 404, the same as what does not exist. An address with `<uuid:patient>` is led to that patient by the
room `patients`, before the view runs: `request.patient`. `request.scope` says how much of it is theirs (docs/roles.md). There is
no current clinic and no current patient anywhere else. A POST with a key (`audit/once.py`) has one effect, however often sent;
what was kept of its form while it was typed (`unfinished.py`) goes with it.
"""
from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import urlencode

from waterneedle.clinic.accounts import break_glass, second_factor
from waterneedle.clinic.accounts.models import Clinic, Membership, User
from waterneedle.clinic.accounts.roles import ALL, PERMISSIONS, Scope, widest
from waterneedle.clinic.accounts.unfinished import forgotten_once_sent
from waterneedle.clinic.audit.once import once
from waterneedle.clinic.database.prepared import prepared

View = Callable[..., HttpResponseBase]
PatientFinder = Callable[["Access", UUID, Scope], Any]


@dataclass(frozen=True)
class Declared:
    """What a view says about who may open it."""

    kind: str  # public, signed in, staff, or one of another floor: token
    permission: str | None = None
    why: str | None = None
    unasked: bool = False  # fetched by the browser, by nobody's doing


@dataclass(frozen=True)
class Access:
    """One person at work in one clinic, and how far they reach there."""

    user: User
    clinic: Clinic
    roles: frozenset[str]

    def scope(self, permission: str) -> Scope | None:
        return widest(self.roles, permission)

    def may(self, permission: str) -> bool:
        """Whether the person has `permission` at all; what of it is theirs, the scope says."""
        return self.scope(permission) is not None


def declares(view: View, declared: Declared) -> View:
    """`view`, marked with who may open it. For the decorators here and for those of higher floors."""
    view.declared = declared  # type: ignore[attr-defined]
    return view


def declaration(view: View) -> Declared | None:
    return getattr(view, "declared", None)


def public(view: View | None = None, *, why: str | None = None, unasked: bool = False) -> Any:
    if view is None:
        return functools.partial(public, why=why, unasked=unasked)

    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    return declares(opened, Declared("public", why=why, unasked=unasked))


def signed_in(view: View) -> View:
    @functools.wraps(view)
    def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return declares(opened, Declared("signed in"))


def staff(permission: str) -> Callable[[View], View]:
    if permission not in PERMISSIONS:
        raise ValueError(f"{permission!r} is not a permission of docs/roles.md")

    def decorate(view: View) -> View:
        kept = once(forgotten_once_sent(view))

        @functools.wraps(view)
        def opened(request: HttpRequest, *, clinic: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _elsewhere(request, redirect_to_login(request.get_full_path()).url)
            if second_factor.is_missing(request):
                return _elsewhere(request, f"{reverse('mfa_index')}?{urlencode({'next': request.get_full_path()})}")
            request.access = access_to(request.user, clinic)
            request.clinic = request.access.clinic
            timezone.activate(request.clinic.tzinfo)
            request.scope = request.access.scope(permission)
            if "patient" in kwargs:
                request.patient = _patient(request, kwargs.pop("patient"), permission)
            if request.scope is None:
                raise Http404
            return kept(request, **kwargs)

        return declares(opened, Declared("staff", permission))

    return decorate


def access_to(user: User, slug: str) -> Access:
    """How `user` reaches into the clinic `slug`; 404 for who does not work there."""
    memberships = _memberships(user.pk, slug)
    if not memberships:
        raise Http404
    return Access(user=user, clinic=memberships[0].clinic, roles=frozenset(one.role for one in memberships))


@prepared
def _memberships(user_id: int, slug: str) -> QuerySet[Any]:
    return Membership.objects.filter(user_id=user_id, clinic__slug=slug, ended_at=None).select_related("clinic")


def _patient(request: HttpRequest, uid: UUID, permission: str) -> Any:
    """The patient of the address. Where the person does not reach every chart, an emergency access to this one counts.

    What is open already (a name, a booking) is looked up too: each of this patient's pages says that the chart is open.
    """
    opens = permission in break_glass.OPENS
    if (opens or request.scope == ALL) and request.access.may("breakglass.use") and request.access.scope("chart.read") != ALL:
        found = find_patient(request.access, uid, ALL)
        request.break_glass = break_glass.in_force(
            clinic=request.clinic, user=request.user, patient_uid=found.uid, now=timezone.now())
        if request.scope == ALL:
            return found
        if request.break_glass:
            request.scope = ALL
            return found
    if request.scope is None:
        raise Http404
    return find_patient(request.access, uid, request.scope)


def may_send(request: HttpRequest, address: str) -> bool:
    """Whether `address` is a page of this clinic that the person may open, with a patient whom they reach there."""
    try:
        at = resolve(address)
    except Resolver404:
        return False
    declared = declaration(at.func)
    if declared is None or declared.permission is None or at.kwargs.get("clinic") != request.clinic.slug:
        return False
    asked = copy.copy(request)  # how far they reach there says nothing of this page
    asked.scope = request.access.scope(declared.permission)
    try:
        if "patient" in at.kwargs:
            _patient(asked, at.kwargs["patient"], declared.permission)
    except Http404:
        return False
    return asked.scope is not None


def asks_as_script(request: HttpRequest) -> bool:
    """Whether a part of a page or data is asked for, not a page."""
    return "HX-Request" in request.headers or "application/json" in request.headers.get("Accept", "")


def _elsewhere(request: HttpRequest, url: str) -> HttpResponseBase:
    """To `url`. A script gets 401 alone: what was typed on its page must stay there."""
    return HttpResponse(status=401) if asks_as_script(request) else HttpResponseRedirect(url)


def no_patient(access: Access, uid: UUID, scope: Scope) -> Any:
    """The finder until the room `patients` has set its own: nobody is found."""
    raise Http404


_finder: list[PatientFinder] = [no_patient]


def patients_are_found_by(finder: PatientFinder) -> None:
    """Let `finder(access, uid, scope)` lead every address with a patient to the row, or raise Http404."""
    _finder[:] = [finder]


def find_patient(access: Access, uid: UUID, scope: Scope = ALL) -> Any:
    return _finder[0](access, uid, scope)
