"""`waterneedle restore`: bring a backup back into a new place, and put it into service."""
from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import click

from waterneedle.cli.backup import said
from waterneedle.cli.installation import open_installation


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--into", "place", required=True, metavar="NEW",
              help="A new file; or the address of an empty PostgreSQL database (postgresql://user@host/name).")
@click.option("--swap", is_flag=True, help="Put the new file into service; what was in service is kept beside it.")
def restore(file: Path, place: str, swap: bool) -> None:
    """Bring a backup back. All of it is verified first; what is there is never written over.

    With SQLite, --swap then puts the new file into service while the server is stopped. With PostgreSQL, name the new database
    in DATABASE_URL instead.

    \b
    waterneedle restore FILE --into /tmp/look.sqlite3
    waterneedle restore FILE --into /var/lib/waterneedle/new.sqlite3 --swap
    """
    open_installation()
    # late: Django is ready only now
    from django.conf import settings
    from django.db import connection

    from waterneedle.clinic.database.backup import copying, keeping, making, status
    from waterneedle.config import serving

    is_address = place.startswith(("postgres://", "postgresql://"))
    if swap and (is_address or connection.vendor != "sqlite"):
        raise click.UsageError("--swap is for SQLite; with PostgreSQL name the new database in DATABASE_URL")
    now = datetime.now(UTC)
    in_service = Path(connection.settings_dict["NAME"])
    try:
        _room_for(file, place)
        verified = making.restore(file, keeping.existing_key(Path(settings.BACKUP_KEY_FILE)), place)
        status.note(restored=status.Event(at=now, file=file.name, made_at=verified.made_at))
        click.echo(f"{said(verified)}\nRestored into {place.rpartition('@')[2]}.")
        if swap:
            connection.close()
            with serving.alone():
                aside = making.swap(Path(place), in_service, now)
            kept = f" What was in service is now {aside}." if aside.exists() else ""
            click.echo(f"{in_service} is in service again.{kept}\nThe next step: waterneedle upgrade")
    except serving.CannotServe as problem:
        raise click.ClickException(f"{problem}; the restored database lies in {place}, and nothing was exchanged") from problem
    except (OSError, ValueError, sqlite3.Error, copying.CannotCopy) as problem:
        raise click.ClickException(f"{file}: {keeping.because(problem)}") from problem


def _room_for(file: Path, place: str) -> None:
    """Refuse a place in no folder before all is decrypted."""
    if not place.startswith(("postgres://", "postgresql://")) and not Path(place).absolute().parent.is_dir():
        raise ValueError(f"the folder of {place} does not exist")
