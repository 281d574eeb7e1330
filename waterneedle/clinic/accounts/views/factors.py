"""Setting a second factor up, and the codes for the day when it is lost."""
from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.mfa import signals
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from waterneedle.clinic.accounts import recovery
from waterneedle.clinic.accounts.access import signed_in


class _ThenCodes:
    """Who has no recovery codes is led to them."""

    def get_success_url(self) -> str:
        return reverse("mfa_index" if recovery.left(self.request.user) else "mfa_generate_recovery_codes")


class SecondStep(AuthenticateView):
    """The code of the app, a recovery code, or a passkey for who has one."""

    def get_context_data(self, **said: object) -> dict[str, object]:
        if not is_mfa_enabled(self.stage.login.user, [Authenticator.Type.WEBAUTHN]):
            self.webauthn_form = None
        return super().get_context_data(**said)


class SetUpApp(_ThenCodes, ActivateTOTPView):
    pass


class AddPasskey(_ThenCodes, AddWebAuthnView):
    pass


@signed_in
@reauthentication_required(app="allauth.mfa")
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """How many codes are left; a POST makes new ones and shows them. They are in this one answer and nowhere else."""
    if not is_mfa_enabled(request.user):
        return redirect("mfa_index")  # a way around a second factor that is not there
    made = recovery.make(request.user) if request.method == "POST" else []
    if made:
        _tell(request)
    return render(request, "accounts/codes.html", {"made": made, "left": recovery.left(request.user)})


def _tell(request: HttpRequest) -> None:
    """The trail, by the library's signal, and the person, by letter: new codes are what a thief would make first."""
    row = Authenticator.objects.get(user=request.user, type=Authenticator.Type.RECOVERY_CODES)
    signals.authenticator_reset.send(sender=Authenticator, request=request, user=request.user, authenticator=row)
    get_adapter(request).send_notification_mail("mfa/email/recovery_codes_generated", request.user)
