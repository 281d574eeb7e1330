"""`waterneedle import`: patients from a file of another program, and back out again."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from waterneedle.cli import output
from waterneedle.cli.installation import clinic_of, open_installation, require_whole


@click.group(name="import")
def import_() -> None:
    """Bring patients in from a table (CSV), and take them back out.

    \b
    waterneedle import patients FILE.csv
    waterneedle import patients FILE.csv --yes
    waterneedle import undo 0199…
    """


@import_.command()
@output.file_argument("file")
@click.option("--clinic", "slug", help="Short name of the clinic, as in its address; needed when there are several.")
@click.option("--column", "columns", multiple=True, metavar="HEADING=FIELD",
              help="Read a column as a field (given_name, family_name, full_name, birth_date, …), or as nothing: HEADING=.")
@click.option("--day-first/--month-first", "day_first", default=None, help="How to read 4/3/1980, where the file does not tell.")
@click.option("--yes", is_flag=True, help="Bring them in; without it nothing is written but shown.")
@click.option("--leave-out-problems", is_flag=True, help="Bring in the sound rows though others have problems.")
@click.option("--take-alike", is_flag=True, help="Bring in those too who look like somebody on file or in the file.")
@output.json_option
def patients(file: str, slug: str | None, columns: tuple[str, ...], day_first: bool | None, yes: bool, leave_out_problems: bool,
             take_alike: bool, as_json: bool) -> None:
    """Show what a table of patients would bring in, every problem of every row at once; with --yes bring it in.

    Exit status: 0 when all rows are sound (or were brought in), 1 when there are problems, 2 when the file cannot be read.
    """
    open_installation()
    require_whole()
    # late: Django is ready only now
    from waterneedle.clinic.audit.who import machine
    from waterneedle.clinic.patients import actions_import, importing

    clinic = clinic_of(slug)
    by = machine("import", clinic)
    try:
        content = Path(file).read_bytes()
        source = actions_import.begin_import(
            clinic=clinic, file_name=Path(file).name, content=content, day_first=bool(day_first), by=by)
    except (OSError, importing.Unreadable) as problem:
        output.refuse(f"{file}: {problem}")
    seen = actions_import.preview(source)
    chosen = _chosen(seen, columns)
    actions_import.read_columns_as(
        source=source, columns=chosen, day_first=source.day_first if day_first is None else day_first)
    seen = actions_import.preview(source)
    if seen.mistaken:
        output.refuse(" ".join(seen.mistaken) + " Name it with --column HEADING=FIELD.")
    if as_json:
        output.print_json(_as_json(seen, source))
    else:
        _show(seen, source, take_alike)
    if not yes:
        raise SystemExit(1 if seen.problems else 0)
    try:
        made = actions_import.bring_in(source=source, leave_out_problems=leave_out_problems, take_alike=take_alike, by=by)
    except actions_import.NotBroughtIn as problem:
        raise click.ClickException(f"nothing was brought in: {problem} (see --leave-out-problems)") from problem
    click.echo(f"{made} patients are on file. To take them back: waterneedle import undo {source.uid}", err=as_json)


@import_.command()
@click.argument("uid", type=click.UUID)
@click.option("--why", prompt="Why", help="Stands in the trail.")
def undo(uid: Any, why: str) -> None:
    """Retract the patients that an import has made, but for those that somebody has used since."""
    open_installation()
    require_whole()
    # late: Django is ready only now
    from waterneedle.clinic.audit.who import machine
    from waterneedle.clinic.patients import actions_import
    from waterneedle.clinic.patients.models import Import

    source = Import.objects.filter(uid=uid, done_at__isnull=False).select_related("clinic").first()
    if source is None:
        raise click.UsageError(f"no import {uid} has brought anybody in")
    gone, stay = actions_import.undo(source=source, why=why, by=machine("import", source.clinic))
    click.echo(f"{gone} retracted." + (f" {stay} stay: somebody has used them since." if stay else ""))


def _chosen(seen: Any, columns: tuple[str, ...]) -> list[str]:
    chosen = list(seen.columns)
    for given in columns:
        heading, _, field = given.rpartition("=")
        if heading not in seen.sheet.header:
            raise click.UsageError(f"the file has no column {heading!r}; it has {', '.join(seen.sheet.header)}")
        chosen[seen.sheet.header.index(heading)] = field
    return chosen


def _show(seen: Any, source: Any, take_alike: bool) -> None:
    pairs = zip(seen.sheet.header, seen.columns, strict=True)
    output.print_table(["Column", "Read as"], [[heading, field or "(left out)"] for heading, field in pairs])
    if seen.problems:
        output.print_table(["Line", "Column", "What is wrong"], [[one.line, one.column, one.text] for one in seen.problems])
    if seen.alike:
        output.print_table(["Line", "May be"], [[line, _who(other)] for line, other in seen.alike.items()])
    order = "day first" if source.day_first else "month first"
    click.echo(f"{len(seen.rows)} rows, {len(seen.sound)} sound, {len(seen.alike)} look like somebody else; "
               f"{len(seen.taken(take_alike=take_alike))} to bring in. Dates such as 4/3/1980: {order}.")


def _who(other: Any) -> str:
    return f"line {other}" if isinstance(other, int) else f"chart {other.number}"


def _as_json(seen: Any, source: Any) -> dict[str, Any]:
    return {
        "import": str(source.uid), "columns": dict(zip(seen.sheet.header, seen.columns, strict=True)), "rows": len(seen.rows),
        "sound": len(seen.sound), "day_first": source.day_first, "problems": seen.problems,
        "alike": {line: _who(other) for line, other in seen.alike.items()}}
