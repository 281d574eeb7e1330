"""`waterneedle worker`: send letters and do what is due."""
from __future__ import annotations

import signal
import threading
from typing import Any

import click

from waterneedle.cli.installation import open_installation


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
def worker(once: bool) -> None:
    """Send letters and do what is due, until stopped.

    With PostgreSQL, run one or more of these beside the server. With SQLite the server does this itself, and a second
    process would be in its way: only --once is allowed.

    \b
    waterneedle worker
    waterneedle worker --once
    """
    open_installation()
    # late: Django is ready only now
    from django.db import connection

    from waterneedle.clinic.outbox import worker as outbox
    from waterneedle.clinic.outbox.waking import wake
    from waterneedle.config.starting import problem

    if wrong := problem():
        raise click.ClickException(wrong)
    if once:
        click.echo(f"{outbox.drain() + outbox.drain_slow()} done")
        return
    if connection.vendor == "sqlite":
        raise click.UsageError("with SQLite the server does this itself: use --once, or PostgreSQL")
    stop = threading.Event()

    def end(*_: Any) -> None:
        stop.set()
        wake()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    click.echo("Doing what is due. Stop with Ctrl-C.")
    outbox.start_slow_thread(stop)
    outbox.run(stop)
