"""Who signs proves once more to be themself: by the password, or by a code of the app."""

from __future__ import annotations

from allauth.core import ratelimit
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.visits.models import ProofMethod


def has_code(user: User) -> bool:
    """Whether the person has an app that makes codes."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def proved(request: HttpRequest, *, password: str, code: str) -> str | None:
    """The method by which the person of the request has proved to be themself, or None. Attempts are counted and soon refused."""
    if password:
        allowed = ratelimit.consume(request, action="reauthenticate", user=request.user)
        return ProofMethod.PASSWORD if allowed and request.user.check_password(password) else None
    if code and has_code(request.user):
        # The library counts attempts, and takes no code twice.
        form = BaseAuthenticateForm({"code": code}, user=request.user)
        return ProofMethod.CODE if form.is_valid() else None
    return None
