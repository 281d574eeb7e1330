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


def require_tables() -> None:
    """Refuse a database in which nothing was ever made: a mistaken WATERNEEDLE_DATA or DATABASE_URL leads to one."""
    # late: Django is ready only now
    from django.conf import settings
    from django.db import DatabaseError

    from waterneedle.clinic.database import schema

    place = settings.DATABASES["default"]["NAME"]
    try:
        found = schema.schema()
    except DatabaseError as error:
        raise click.ClickException(f"the database {place} cannot be reached: {str(error).strip()}") from error
    if found.is_empty:
        raise click.ClickException(f"{place}: {schema.problem(found)}; or set WATERNEEDLE_DATA or DATABASE_URL to where yours is")


def require_whole() -> None:
    """Refuse a database on which nobody can work: empty, not up to date, or with a trail that is not guarded."""
    # late: Django is ready only now
    from waterneedle.config.starting import problem

    require_tables()
    if wrong := problem():
        raise click.ClickException(wrong)


def clinic_of(slug: str | None) -> Any:
    """The clinic with this short name; without one, the only clinic there is."""
    # late: Django is ready only now
    from waterneedle.clinic.accounts.models import Clinic

    found = list(Clinic.objects.filter(slug=slug) if slug else Clinic.objects.all())
    if len(found) != 1:
        names = ", ".join(Clinic.objects.order_by("slug").values_list("slug", flat=True))
        raise click.UsageError(f"say which clinic with --clinic: {names}" if names else "there is none: waterneedle createclinic")
    return found[0]
