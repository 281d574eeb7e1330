"""`waterneedle audit`: check the trail, sign its heads, and look after its keys."""
from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from waterneedle.cli import output
from waterneedle.cli.installation import open_installation, require_tables

_REASONS = {
    "altered": "this row is not what was written",
    "missing": "this row is gone",
    "repeated": "this number is there twice",
    "beyond": "this row was never written",
    "cut": "the rows from here on are gone",
    "unknown key": "this row names a key that is not on file",
    "head": "the row that keeps the chain's length and last link is not what was written",
    "no chain": "the row that keeps this chain's length and last link is gone",
    "dropped": "the whole chain is gone",
    "never begun": "nobody has begun this chain",
    "shorter than signed": "the rows from here on are gone; they were there when the heads were signed",
    "not as signed": "this row is not the one that was there when the heads were signed",
}

_DOCUMENTS = {
    "changed": "the document that this row records is not what it was",
    "gone": "the document that this row records is gone",
    "never recorded": "no row records this document",
}


@click.group()
def audit() -> None:
    """Look after the trail of who did and read what.

    \b
    waterneedle audit verify
    waterneedle audit verify --heads /mnt/elsewhere --public-key 5f1c…
    """


@audit.command()
@click.option("--heads", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="The second place, to which signed heads were sent; what the database kept of them if not given.")
@click.option("--public-key", help="The key that signed them, in hexadecimal; this installation's own if not given.")
@output.json_option
def verify(folder: Path | None, public_key: str | None, as_json: bool) -> None:
    """Check every chain and name the first row of each that does not fit.

    Exit status: 0 when all is whole, 1 when something is not, 2 when the check could not be made.
    """
    open_installation()
    _require_tables()
    # late: Django is ready only now
    from waterneedle.clinic.audit import heads, keys
    from waterneedle.clinic.audit.verify import verify as check

    try:
        signer = public_key or keys.ready().ring.public_key
        documents, broken = heads.read_folder(folder, signer) if folder else heads.read_database()
        report = check(heads.promised(documents))
    except (OSError, ValueError) as problem:
        raise _cannot(problem) from problem
    if as_json:
        output.print_json({"trail": report, "documents": len(documents), "broken_documents": broken})
    else:
        _show(report, len(documents), broken)
    raise SystemExit(0 if report.ok and not broken else 1)


@audit.command()
def sign() -> None:
    """Sign the heads of every clinic and of the installation now, and send them to the second place."""
    open_installation()
    _require_tables()
    # late: Django is ready only now
    from waterneedle.clinic.accounts.models import Clinic
    from waterneedle.clinic.audit import heads
    from waterneedle.clinic.audit.who import machine

    for clinic in (None, *Clinic.objects.order_by("id")):
        signed = heads.sign(machine("audit sign", clinic), datetime.now(UTC))
        for place in heads.places():
            heads.send(signed, place)
        click.echo(heads.file_name(signed))


@audit.command(name="public-key")
def public_key() -> None:
    """Print the key that checks signed heads. It is no secret: keep it where the heads are kept."""
    open_installation()
    # late: Django is ready only now
    from waterneedle.clinic.audit import keys

    click.echo(keys.ready().ring.public_key)


@audit.command(name="rotate-key")
def rotate_key() -> None:
    """Add a key for the rows to come. Servers that run take it when they start again; old keys stay on file."""
    open_installation()
    _require_tables()
    # late: Django is ready only now
    from django.db import transaction

    from waterneedle.clinic.audit import keys
    from waterneedle.clinic.audit.actions import append
    from waterneedle.clinic.audit.who import machine

    try:
        key_id = keys.rotate(datetime.now(UTC))
    except (OSError, ValueError) as problem:
        raise _cannot(problem) from problem
    with transaction.atomic():
        append(by=machine("audit rotate-key"), action="rotate", kind="key", detail={"key_id": key_id})
    click.echo(f"key {key_id} is in use")


def _show(report: Any, documents: int, broken: list[Any]) -> None:
    said = f"{report.rows} rows in {report.chains} chains, {documents} signed documents, {report.seconds:.1f} s"
    if report.ok and not broken:
        click.echo(f"The trail is whole: {said}.")
        return
    rows = [(one.chain, one.seq, _REASONS[one.reason]) for one in report.bad]
    rows += [(one.chain or f"{one.kind} {one.uid}", one.seq, _DOCUMENTS[one.reason]) for one in report.documents]
    rows += [(one.file, None, one.reason) for one in broken]
    output.print_table(["Chain", "Row", "What is wrong"], rows, title=f"The trail is not whole: {said}.")


def _require_tables() -> None:
    try:
        require_tables()
    except click.ClickException as problem:
        raise _cannot(problem) from problem


def _cannot(problem: Exception) -> click.ClickException:
    error = click.ClickException(str(problem))
    error.exit_code = output.INVALID
    return error
