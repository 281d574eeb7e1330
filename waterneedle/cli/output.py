"""What every command shares: JSON or a table, and the way it ends when the input is not valid."""
from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import click
from click.shell_completion import CompletionItem

from waterneedle.safety.documents import written

INVALID = 2  # exit status of a document, code or number that cannot be used
_WIDEST = 10_000  # columns: wider than any table


def file_argument(name: str) -> Any:
    """An argument that a shell completes with files; what is wrong with one is said by who reads it."""
    return click.argument(name, shell_complete=lambda context, parameter, begun: [CompletionItem(begun, type="file")])


def fact_argument(name: str, facts: Callable[[], Iterable[str]], **extra: Any) -> Any:
    """An argument that a shell completes with the ids of `facts`, whichever case they are typed in."""
    def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
        return [identity for identity in facts() if identity.lower().startswith(begun.lower())]

    return click.argument(name, shell_complete=complete, **extra)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
language_option = click.option("--lang", "language", type=click.Choice(["en", "es", "zh-hans"]), default=None,
                               help="Language of the words; the document's own, else English.")


def print_json(value: Any) -> None:
    """Write `value` (records, mappings, lists) as one JSON document in UTF-8."""
    sys.stdout.buffer.write(written(value))
    sys.stdout.buffer.flush()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str | None = None) -> None:
    """Write a table, or its rows as records where the terminal is too narrow; an unknown cell is shown as –."""
    # late: slow (rich), and of no use for --json
    from rich import box
    from rich.table import Column, Table

    heads = [Column(column, overflow="fold") if isinstance(column, str) else column for column in columns]
    table = Table(*heads, title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    cells = [[_cell(value) for value in row] for row in rows]
    for row in cells:
        table.add_row(*row)
    terminal = console()
    if terminal.measure(table, options=terminal.options.update(max_width=_WIDEST)).minimum <= terminal.width:
        terminal.print(table)
    else:
        _print_records([str(column.header) for column in table.columns], cells, title)


def console() -> Any:
    """The terminal, coloured where it can show colour."""
    # late: slow (rich), and of no use for --json
    from rich.console import Console

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            raise  # rich would end with 1, which is a verdict: who asked decides

    return Terminal(highlight=False, soft_wrap=False)


@contextmanager
def opened() -> Iterator[None]:
    """Standard output fit to be written to. What is not UTF-8 shows ? for a sign; a full disk ends with one sentence."""
    if sys.stdout is None:  # closed by whoever started us: the exit status still tells
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    elif hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        forget_output()
        if isinstance(error, BrokenPipeError):
            raise SystemExit(1) from None
        refuse(f"the answer cannot be written: {error.strerror or error}")


def forget_output() -> None:
    """Nobody reads on: let what is still to be written go nowhere, so that the end is quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def print_source(text: str, address: str | None, *, before: str = "  ", style: str = "") -> None:
    """Write `text` and the address of a source: unbroken, so that it can be opened; on its own line where it does not fit."""
    # late: slow (rich), and of no use for --json
    from rich.text import Text

    terminal = console()
    line = Text(f"{text}{before}{address}" if address else text, style)
    if not address or line.cell_len <= terminal.width:
        terminal.print(line)
    else:
        terminal.print(Text(f"{text}{before}".rstrip(), style))
        terminal.print(Text(address, style), overflow="ignore", crop=False)


def refuse(message: str) -> NoReturn:
    """End with one clear sentence on standard error and nothing on standard output."""
    click.echo(f"waterneedle: {' '.join(message.split())}", err=True)
    raise SystemExit(INVALID)


def _cell(value: Any) -> Any:
    """A cell as a table shows it: what knows how to draw itself is left alone."""
    if value is None or value == "":
        return "–"
    return value if hasattr(value, "__rich_console__") else str(value)


def _print_records(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str | None) -> None:
    """The rows of a table under each other, each cell behind its column's name: for a terminal too narrow for the table."""
    # late: slow (rich), and of no use for --json
    from rich.padding import Padding
    from rich.text import Text

    terminal = console()
    if title:
        terminal.print(Text(title, "italic"))
    for first, *others in rows:
        terminal.print(Text(str(first), "bold"))
        for name, value in zip(columns[1:], map(str, others), strict=True):
            line = Text.assemble((f"{name}: " if name else "", "dim"), value)
            if " " in value:
                terminal.print(Padding(line, (0, 0, 0, 2), expand=False))
            else:  # an address or a code is never broken
                terminal.print(Text("  ") + line, overflow="ignore", crop=False)
