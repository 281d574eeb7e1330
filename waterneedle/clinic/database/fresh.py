"""The tables of an empty database at once, for clinics that nobody upgrades: the demonstration and those of the tests.

To run every migration takes ten times as long. That both lead to the same is tested; a clinic of real people is migrated.
"""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder


def make_tables() -> None:
    """Make what the models say in an empty database, and note every migration as done."""
    kept = settings.MIGRATION_MODULES
    settings.MIGRATION_MODULES = {one.label: None for one in apps.get_app_configs()}
    try:
        call_command("migrate", run_syncdb=True, interactive=False, verbosity=0)
    finally:
        settings.MIGRATION_MODULES = kept
    note_migrations()


def note_migrations() -> None:
    recorder = MigrationRecorder(connection)
    recorder.ensure_schema()
    rows = [recorder.Migration(app=app, name=name) for app, name in MigrationLoader(connection).disk_migrations]
    recorder.Migration.objects.bulk_create(rows)
