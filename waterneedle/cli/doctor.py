"""`waterneedle doctor`: what is wrong with this installation, and what to do about it."""
from __future__ import annotations

from datetime import UTC, datetime

import click

from waterneedle.cli import output
from waterneedle.cli.installation import open_installation

_SIGNS = {"ok": "✓", "warn": "⚠", "wrong": "⛔"}


@click.command()
@output.json_option
def doctor(as_json: bool) -> None:
    """Look at settings, database, trail, keys, backups, disk, worker, host names, TLS and mail.

    Exit status: 0 when nothing is wrong (there may be warnings), 1 when something is, 2 when a setting cannot be understood.

    \b
    waterneedle doctor
    waterneedle doctor --json
    """
    try:
        open_installation()
    except click.ClickException as problem:
        problem.exit_code = output.INVALID
        raise
    # late: Django is ready only now
    from django.conf import settings

    from waterneedle.config.doctor import examine

    found = examine(settings, datetime.now(UTC))
    if as_json:
        output.print_json(found)
    else:
        for one in found:
            click.echo(f"{_SIGNS[one.state]} {one.state:<5}  {one.about}: {one.says}")
            if one.do:
                click.echo(f"         → {one.do}")
    raise SystemExit(any(one.state == "wrong" for one in found))
