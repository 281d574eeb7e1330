"""`waterneedle verify`: whether a backup is whole."""
from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from waterneedle.cli import output
from waterneedle.cli.backup import said
from waterneedle.cli.installation import open_installation


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@output.json_option
def verify(file: Path | None, as_json: bool) -> None:
    """Decrypt all of a backup, compare it with what was written, and let the database check it: the newest one if none is named.

    Exit status: 0 when it is whole, 1 when it is not or cannot be opened.

    \b
    waterneedle verify
    waterneedle verify waterneedle-20261126T011500Z.wnbackup
    """
    open_installation()
    # late: Django is ready only now
    from django.conf import settings

    from waterneedle.clinic.database.backup import keeping, making

    if file is None:
        found = making.backups_in(Path(settings.BACKUP_FOLDER)) if settings.BACKUP_FOLDER else []
        if not found:
            raise click.UsageError("there is no backup in WATERNEEDLE_BACKUP_FOLDER: name the file")
        file = found[0]
    try:
        verified = keeping.check(file, Path(settings.BACKUP_KEY_FILE), datetime.now(UTC))
    except keeping.NoBackup as problem:
        raise click.ClickException(f"{file}: {problem}") from problem
    if as_json:
        output.print_json({"file": str(file)} | verified._asdict())
    else:
        click.echo(f"{file}\n{said(verified)}")
