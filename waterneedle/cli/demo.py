"""`waterneedle demo`: a clinic of invented people, ready to be looked at."""
from __future__ import annotations

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from waterneedle.cli import output
from waterneedle.cli.installation import open_installation

_MARK = "everything-here-is-invented"  # a file by which a folder of the demonstration is known
_ADDRESS = "127.0.0.1"


@click.command()
@click.option("--port", type=click.IntRange(1024, 65535), default=8000, show_default=True,
              help="The next free one from here on is taken.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("waterneedle-demo"), show_default=True,
              help="Where the invented clinic lies.")
@click.option("--fresh", is_flag=True, help="Throw the invented clinic away and invent it again.")
@click.option("--no-serve", is_flag=True, help="Make the clinic and end.")
def demo(port: int, folder: Path, fresh: bool, no_serve: bool) -> None:
    """Look at a clinic of invented people. Nothing of your own installation is read or written.

    \b
    waterneedle demo
    waterneedle demo --fresh --port 8100
    """
    folder = folder.resolve()
    _clear(folder, fresh)
    # late: slow (sockets and granian), and not for --help
    from waterneedle.config import serving

    try:
        found = serving.free_port(_ADDRESS, port)
        _only_of_the_demonstration(folder, found)
        open_installation()
        with serving.alone():
            _build(folder)
            serving.ready()
            _say(found, served=not no_serve)
            if not no_serve:
                serving.run(_ADDRESS, found)
    except serving.CannotServe as problem:
        raise click.ClickException(str(problem)) from problem


def _clear(folder: Path, fresh: bool) -> None:
    """Refuse a folder that holds anything else; with `fresh`, take away what the demonstration made."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).exists():
        raise click.ClickException(f"{folder} holds something that is not the demonstration's: name another folder with --folder")
    try:
        if fresh and folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MARK).touch()
    except OSError as problem:
        raise click.ClickException(f"{folder} cannot be written: {problem.strerror}") from problem


def _only_of_the_demonstration(folder: Path, port: int) -> None:
    """Forget what the environment says of a real installation: its database, keys and mail server are not for this."""
    for name in [name for name in os.environ if name.startswith("WATERNEEDLE_") or name == "DATABASE_URL"]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "waterneedle.config.settings",
        "WATERNEEDLE_DEMO": "true",
        "WATERNEEDLE_DATA": str(folder),
        "WATERNEEDLE_URL": f"http://localhost:{port}",
    }


def _build(folder: Path) -> None:
    # late: Django is ready only now
    from django.core.management import call_command
    from django.db import connection, transaction

    from waterneedle.clinic.accounts.models import Clinic
    from waterneedle.clinic.database.fresh import make_tables
    from waterneedle.clinic.database.schema import schema
    from waterneedle.config import demo as invented

    if schema().is_empty:
        make_tables()
    else:
        call_command("migrate", interactive=False, verbosity=0)
    if not Clinic.objects.exists():
        click.echo("Inventing the clinic …", err=True)
        with transaction.atomic():  # all of it, or nothing: half a clinic would never be finished
            invented.build(datetime.now(UTC))
    connection.close()


def _say(port: int, *, served: bool) -> None:
    # late: Django is ready only now
    from waterneedle.config.demo.people import PASSWORD, WORKERS

    output.print_table(["Sign in as", "Who", "What"], [[one.email, one.name, one.what] for one in WORKERS],
                       title=f"Password of everybody: {PASSWORD}")
    if served:
        click.echo(f"All of them are invented, and so is everybody they treat. Stop with Ctrl-C.\n\n    http://localhost:{port}\n")
    sys.stdout.flush()
