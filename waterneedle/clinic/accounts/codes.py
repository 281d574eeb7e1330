"""The library's two forms that ask for a code, which take a recovery code of ours too (`MFA_FORMS`)."""
from __future__ import annotations

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator

from waterneedle.clinic.accounts import recovery


class _OrRecoveryCode:
    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not recovery.has_shape(code):
            return super().clean_code()
        succeeded = check_rate_limit(self.user)  # counted before it is looked at, as the library does
        if found := recovery.use(self.user, code):
            found.user = self.user
            self.authenticator = found
            succeeded()
            return code
        if asked := Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN).first():
            self._emit_authentication_failed(asked)
        raise get_adapter().validation_error("incorrect_code")


class CodeForm(_OrRecoveryCode, forms.AuthenticateForm):
    """After the password."""


class CodeAgainForm(_OrRecoveryCode, forms.ReauthenticateForm):
    """As a fresh proof."""
