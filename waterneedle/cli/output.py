"""What every command shares: JSON or a table, and the way it ends when the input is not valid."""
from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import click
import msgspec

INVALID = 2  # exit status of a document, code or number that cannot be used

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
language_option = click.option("--lang", "language", type=click.Choice(["en", "es", "zh-hans"]), default=None,
                               help="Language of the words; the document's own, else English.")


def print_json(value: Any, *, indent: bool = True) -> None:
    """Write `value` (records, mappings, lists) as one JSON document in UTF-8."""
    encoded = msgspec.json.encode(value)
    sys.stdout.buffer.write(msgspec.json.format(encoded, indent=2) if indent else encoded)
    sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """Write a table that fits the terminal; an unknown cell is shown as –."""
    # late: slow (rich), and of no use for --json
    from rich import box
    from rich.table import Table

    table = Table(*columns, title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*map(_cell, row))
    console().print(table)


def console() -> Any:
    """The terminal, coloured where it can show colour."""
    # late: slow (rich), and of no use for --json
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def refuse(message: str) -> NoReturn:
    """End with one clear sentence on standard error and nothing on standard output."""
    click.echo(f"waterneedle: {' '.join(message.split())}", err=True)
    raise SystemExit(INVALID)


def _cell(value: Any) -> Any:
    """A cell as a table shows it: what knows how to draw itself is left alone."""
    if value is None or value == "":
        return "–"
    return value if hasattr(value, "__rich_console__") else str(value)
