"""`waterneedle backup`: a sealed copy of the database, verified at once."""
from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from waterneedle.cli import output
from waterneedle.cli.installation import open_installation, require_tables

FOLDER_OPTION = click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path),
                             help="Folder of the backups; WATERNEEDLE_BACKUP_FOLDER if not given.")


@click.command()
@FOLDER_OPTION
@output.json_option
def backup(folder: Path | None, as_json: bool) -> None:
    """Make a backup now, encrypted, and verify it. The server goes on meanwhile.

    Exit status: 0 when there is a verified backup, 1 when there is none.

    \b
    waterneedle backup
    waterneedle backup --to /mnt/elsewhere
    """
    open_installation()
    file, verified = make(folder)
    if as_json:
        output.print_json({"file": str(file)} | verified._asdict())
    else:
        click.echo(f"{file}\n{said(verified)}")


def make(folder: Path | None) -> tuple[Path, Any]:
    """A verified backup in `folder`, or where the settings say. The key is made if there is none yet, and that is said."""
    # late: Django is ready only now
    from django.conf import settings

    from waterneedle.clinic.database.backup import keeping

    if folder is None and not settings.BACKUP_FOLDER:
        raise click.UsageError("say where backups go: --to FOLDER, or WATERNEEDLE_BACKUP_FOLDER")
    require_tables()
    key_file = Path(settings.BACKUP_KEY_FILE)
    is_new = not key_file.exists()
    try:
        done = keeping.back_up(folder or Path(settings.BACKUP_FOLDER), key_file, datetime.now(UTC))
    except keeping.NoBackup as problem:
        raise click.ClickException(f"no backup was made: {problem}") from problem
    if is_new:
        click.echo(f"A key was made: {key_file}. Without it no backup opens: keep a copy elsewhere, or on paper.", err=True)
    return done


def said(verified: Any) -> str:
    """What a verified backup holds, in one line."""
    size = f"{verified.content_bytes / 1e6:.1f} MB"
    patients = verified.rows.get("patients_patient")
    people = f", {patients} patients" if patients is not None else ""
    return f"Whole: {verified.engine} as of {verified.made_at}, {size}, {sum(verified.rows.values())} rows{people}."
