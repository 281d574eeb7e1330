"""The clinic's installation behind a command: its settings and its database."""
from __future__ import annotations

import os
from typing import Any

import click


def open_installation() -> None:
    """Set Django up from the environment; what is wrong with a setting is said in one sentence."""
    # late: only the commands of the clinic need Django
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
    except ImportError as missing:
        raise click.ClickException('this command needs the clinic: pip install "waterneedle[clinic]"') from missing
    os.umask(0o077)  # what is made for the clinic is for the user of the server alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waterneedle.config.settings")
    try:
        django.setup()
    except ImproperlyConfigured as problem:
        raise click.ClickException(str(problem)) from problem


def clinic_of(slug: str | None) -> Any:
    """The clinic with this short name; without one, the only clinic there is."""
    # late: Django is ready only now
    from waterneedle.clinic.accounts.models import Clinic

    found = list(Clinic.objects.filter(slug=slug) if slug else Clinic.objects.all())
    if len(found) != 1:
        names = ", ".join(Clinic.objects.order_by("slug").values_list("slug", flat=True))
        raise click.UsageError(f"say which clinic with --clinic: {names}" if names else "there is none: waterneedle createclinic")
    return found[0]
