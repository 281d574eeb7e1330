from typing import Any

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate


class AuditConfig(AppConfig):
    """The trail: who did and read what, in chains that show when a row is changed."""

    name = "waterneedle.clinic.audit"
    label = "audit"

    def ready(self) -> None:
        # late: needs the apps
        from waterneedle.clinic.audit.checks import trail_is_guarded

        register(trail_is_guarded, Tags.database)
        pre_migrate.connect(free_tables, sender=self)
        post_migrate.connect(freeze_tables, sender=self)


def free_tables(*, using: str, plan: list[Any], **_: Any) -> None:
    """Before migrations: a trigger that names another table stops SQLite from rebuilding that table."""
    from waterneedle.clinic.audit import frozen  # late: needs the apps

    if plan:
        frozen.remove(connections[using])


def freeze_tables(*, using: str, **_: Any) -> None:
    """After every run of migrations, also one that had nothing to do."""
    from waterneedle.clinic.audit import actions, frozen, models  # late: needs the apps

    frozen.install(connections[using])
    if models.Chain._meta.db_table in connections[using].introspection.table_names():
        actions.begin_trail()
