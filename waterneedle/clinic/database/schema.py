"""Whether the tables are those that this version of the code expects. Nobody works on a database where they are not."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@dataclass(frozen=True)
class Schema:
    """What the database has, and what the code wants."""

    applied: tuple[str, ...]
    missing: tuple[str, ...]  # known to the code and not yet applied
    unknown: tuple[str, ...]  # applied by a version that this one does not know

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever made in this database."""
        return not self.applied

    @property
    def fits(self) -> bool:
        return not self.missing and not self.unknown


def schema() -> Schema:
    """Of the database of this installation. Raises DatabaseError where it cannot be reached."""
    executor = MigrationExecutor(connection)
    applied = {f"{app}.{name}" for app, name in executor.recorder.applied_migrations()}
    known = {f"{app}.{name}" for app, name in executor.loader.disk_migrations}
    # A squashed migration names those that it stands for: they are known, though their files may be gone.
    known |= {f"{app}.{name}" for one in executor.loader.disk_migrations.values() for app, name in one.replaces}
    planned = executor.migration_plan(executor.loader.graph.leaf_nodes())
    missing = tuple(f"{one.app_label}.{one.name}" for one, _ in planned)
    return Schema(tuple(sorted(applied)), missing, tuple(sorted(applied - known)))


def problem(found: Schema) -> str:
    """Why nobody can work on this database, and what to do about it; empty when it fits."""
    if found.unknown:
        return (
            f"this database was made by another version of Waterneedle (it has {', '.join(found.unknown[:3])}, which this one "
            "does not know): install that version again, or restore the backup that was made before it"
        )
    if found.is_empty:
        return "this database is empty: waterneedle upgrade makes its tables"
    if found.missing:
        return f"this database is not up to date ({len(found.missing)} steps are missing): run waterneedle upgrade"
    return ""
