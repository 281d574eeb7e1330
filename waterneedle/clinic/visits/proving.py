"""Who signs proves once more to be themself: by a passkey, by the password, or by a code of the app."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from allauth.mfa.base.forms import BaseAuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.forms import Form
from django.http import HttpRequest
from django.utils.translation import gettext as _

from waterneedle.clinic.accounts.models import User
from waterneedle.clinic.visits import signing
from waterneedle.clinic.visits.models import ProofMethod, Visit


def has_code(user: User) -> bool:
    """Whether the person has an app that makes codes."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def has_passkey(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists()


def proof_of(request: HttpRequest, visit: Visit, form: Form) -> UUID | None:
    """The proof that the form of a signature brings: one minted before, or minted now for its password or code. None, with the
    word for it beside the password, where they prove nothing."""
    said = form.cleaned_data
    if said["proof"] and not said["password"] and not said.get("code"):
        return said["proof"]
    method = proved(request, password=said["password"], code=said.get("code", ""))
    if method is None:
        form.add_error("password", _("This does not prove who you are. Try again."))
        return None
    return signing.mint(visit=visit, user=request.user, session_key=request.session.session_key, method=method).uid


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


def passkey_asked(request: HttpRequest) -> dict[str, Any]:
    """What the browser is to ask the person's passkeys: a challenge that this session can answer once, the person verified."""
    return begin_authentication(request.user)


def passkey_proved(request: HttpRequest, credential: str) -> str | None:
    """The method, where `credential`, in JSON, answers the challenge of this session with a passkey of the person; else None."""
    form = AuthenticateWebAuthnForm({"credential": credential}, user=request.user)
    try:
        answered = form.is_valid()
    except (KeyError, AttributeError):
        # The library reads the answer of the browser without looking whether its parts are there.
        return None
    if not answered:
        return None
    form.cleaned_data["credential"].record_usage()
    return ProofMethod.PASSKEY
