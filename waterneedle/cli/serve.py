"""`waterneedle serve`: the clinic in the browser."""
from __future__ import annotations

import gc
import os
from pathlib import Path

import click

from waterneedle.cli.installation import open_installation

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True,
              help="Address to listen on; 0.0.0.0 for every network of this machine.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True,
              help="Web processes; more than one needs PostgreSQL.")
@click.option("--certificate", type=_FILE, help="PEM file with the certificate and its chain: the server itself speaks TLS 1.3.")
@click.option("--key", type=_FILE, help="PEM file with the certificate's private key.")
def serve(host: str, port: int, workers: int, certificate: Path | None, key: Path | None) -> None:
    """Serve the clinic until stopped.

    It does not start on a database that is not up to date, that another version has made, or whose trail is not guarded.

    \b
    waterneedle serve
    waterneedle serve --host 0.0.0.0 --port 443 --certificate chain.pem --key key.pem
    """
    if (certificate is None) != (key is None):
        raise click.UsageError("--certificate and --key belong together")
    if certificate:
        os.environ["WATERNEEDLE_TLS"] = "true"  # for the settings, of the processes of the server too
    if host in ("127.0.0.1", "::1", "localhost"):  # nobody comes by another address, so what is said leads here
        os.environ.setdefault("WATERNEEDLE_URL", f"{'https' if certificate else 'http'}://localhost:{port}")
    gc.disable()  # what is loaded now stays for good; wsgi.py, in the process that answers, looks for garbage again
    open_installation()
    # late: Django is ready only now
    from django.conf import settings
    from django.db import connection

    from waterneedle.config import serving

    if not (certificate or settings.PROXIES or serving.is_loopback(host)):
        raise click.UsageError(
            f"{host} can be reached by others, and passwords and patients would travel in the clear: give --certificate and "
            "--key, or let a proxy speak https and say so (WATERNEEDLE_PROXIES=1, WATERNEEDLE_TLS=true)")
    if workers > 1 and connection.vendor == "sqlite":
        raise click.UsageError("with SQLite there is one web process; several need PostgreSQL (DATABASE_URL)")
    try:
        with serving.alone():
            serving.ready()
            serving.require_free(host, port)
            _invite_the_first()
            click.echo(f"Serving {settings.PUBLIC_URL} on {host}, port {port}. Stop with Ctrl-C.")
            serving.run(host, port, workers=workers, certificate=certificate, key=key)
    except serving.CannotServe as problem:
        raise click.ClickException(str(problem)) from problem


def _invite_the_first() -> None:
    """Where nobody can sign in yet, say how the first clinic is made: whoever reads this is whoever runs the server."""
    # late: Django is ready only now
    from django.conf import settings
    from django.db import connection

    from waterneedle.clinic.accounts import first_run

    if first_run.is_due():
        click.echo(f"Nobody works here yet. Make the first clinic: {settings.PUBLIC_URL}/start/?code={first_run.new_code()}")
    connection.close()
