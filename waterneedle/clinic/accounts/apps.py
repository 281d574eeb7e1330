from django.apps import AppConfig
from django.core.checks import register


class AccountsConfig(AppConfig):
    """Clinics, users, roles, second factor."""

    name = "waterneedle.clinic.accounts"
    label = "accounts"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.accounts.routes import undeclared_routes_are_errors

        register(undeclared_routes_are_errors)
