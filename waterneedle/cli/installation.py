"""The clinic's installation behind a command: its settings and its database."""
from __future__ import annotations

import os

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
