"""`waterneedle upgrade`: the tables of a new version, after a verified backup."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from waterneedle.cli.backup import FOLDER_OPTION, make, said
from waterneedle.cli.installation import open_installation


@click.command()
@FOLDER_OPTION
@click.option("--without-backup", is_flag=True, help="When the database has just been backed up by other means.")
def upgrade(folder: Path | None, without_backup: bool) -> None:
    """Bring the database up to this version: stop the server, make and verify a backup, then change the tables.

    An empty database gets its tables. Exit status: 0 when the database is up to date, 1 when it is not.

    \b
    waterneedle upgrade
    waterneedle upgrade --to /mnt/elsewhere
    """
    open_installation()
    # late: Django is ready only now
    from django.db import DatabaseError, connection

    from waterneedle.clinic.database import schema
    from waterneedle.config import serving

    try:
        with serving.alone():
            try:
                found = schema.schema()
            except DatabaseError as error:
                raise click.ClickException(f"the database cannot be reached: {str(error).strip()}") from error
            if found.unknown:
                raise click.ClickException(schema.problem(found))
            kept = None if found.is_empty or not found.missing or without_backup else _backed_up(folder)
            _migrate(found, kept)
            connection.close()
            serving.ready()
    except serving.CannotServe as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(f"Up to date: {len(found.missing)} steps." if found.missing else "Up to date: there was nothing to do.")


def _backed_up(folder: Path | None) -> Path:
    file, verified = make(folder)
    click.echo(f"{file}\n{said(verified)}")
    return file


def _migrate(found: Any, kept: Path | None) -> None:
    # late: Django is ready only now
    from django.core.management import call_command

    try:
        call_command("migrate", interactive=False, verbosity=0)
    except Exception as error:  # a step is code of its own: whatever it raises, the operator must know the way back
        raise click.ClickException(_way_back(error, found, kept)) from error


def _way_back(error: Exception, before: Any, kept: Path | None) -> str:
    # late: Django is ready only now
    from django.db import DatabaseError, connection

    from waterneedle.clinic.database import schema

    try:
        left, wanted = schema.schema().missing, len(before.missing)
        stopped = f"{wanted - len(left)} of {wanted} steps were done; it stopped at {left[0]}" if left else "after its last step"
    except DatabaseError:
        stopped = "how far it came cannot be read"
    text = f"the upgrade failed ({stopped}): {type(error).__name__}: {error}\n"
    text += "The server does not start on this database.\n"
    if kept is None:
        return text + "Mend the cause and run waterneedle upgrade again."
    place = connection.settings_dict["NAME"]
    is_file = connection.vendor == "sqlite"
    into = f"{Path(place).with_name('restored.sqlite3')} --swap" if is_file else "ADDRESS-OF-AN-EMPTY-DATABASE"
    return text + (
        f"Nothing is lost: {kept} was verified before. To go on, mend the cause and run waterneedle upgrade again. To go back,\n"
        f"install the version that was here before, then: waterneedle restore {kept} --into {into}")
