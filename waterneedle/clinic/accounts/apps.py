from django.apps import AppConfig
from django.core.checks import register


class AccountsConfig(AppConfig):
    """Clinics, users, roles, second factor."""

    name = "waterneedle.clinic.accounts"
    label = "accounts"

    def ready(self) -> None:
        # late: needs the apps
        from allauth.mfa.signals import authenticator_added

        from waterneedle.clinic.accounts import second_factor, trail
        from waterneedle.clinic.accounts.routes import undeclared_routes_are_errors

        register(undeclared_routes_are_errors)
        authenticator_added.connect(second_factor.set_up)
        trail.connect()
