from typing import Any

from django.apps import AppConfig
from django.core.checks import register
from django.db import connections
from django.db.models.signals import post_migrate

from waterneedle.clinic.database.sqlite.statistics import write_statistics


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
        post_migrate.connect(say_that_clinics_are_few, sender=self)


def say_that_clinics_are_few(*, using: str, **_: Any) -> None:
    """After every run of migrations: a table that was rebuilt has lost its statistics, a new one never had any."""
    if connections[using].vendor == "sqlite":
        write_statistics(connections[using])
