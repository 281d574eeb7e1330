"""`waterneedle registry`: write a clinic's extract, and ask many of them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from waterneedle.cli import output
from waterneedle.cli.installation import clinic_of, open_installation, require_whole

FOLDER = click.Path(path_type=Path)
extract_argument = click.argument("extract", type=FOLDER)
engine_option = click.option(
    "--engine",
    default="duckdb",
    show_default=True,
    help="duckdb, or the address of a Spark cluster that sees the same files, such as spark://host:7077.",
)


@click.group()
def registry() -> None:
    """What many clinics know together, without names. EXTRACT is a folder of extracts, or a DuckDB file that `load` made.

    \b
    waterneedle registry export --clinic harbor extracts/
    waterneedle registry load extracts/ registry.duckdb
    waterneedle registry recall registry.duckdb --lot A0417
    waterneedle registry report extracts/ report.html --engine spark://host:7077
    """


@registry.command()
@click.option("--clinic", "slug", help="Short name of the clinic, as in its address; needed when there are several.")
@click.argument("folder", type=FOLDER)
def export(folder: Path, slug: str | None) -> None:
    """Write the extract of a clinic of this installation: of patients whose consent to it is in force today.

    What the clinic wrote into FOLDER before is taken away. The trail keeps that it was written. docs/registry.md says what
    leaves, what never does, and what stays identifying.
    """
    open_installation()
    require_whole()
    with _needs_registry():
        # late: Django is ready only now; slow (pyarrow)
        from waterneedle.clinic.exports import actions_extract
        from waterneedle.registry import writing  # noqa: F401
    from waterneedle.clinic.audit.who import machine
    from waterneedle.clinic.patients.models import Patient
    from waterneedle.clinic.patients.queries import today_in

    clinic = clinic_of(slug)
    with _progress("patients who agreed", Patient.objects.filter(clinic=clinic).count()) as done:
        try:
            rows = actions_extract.write_extract(
                clinic=clinic, folder=folder, day=today_in(clinic), by=machine("registry export", clinic), done=done)
        except (OSError, ValueError) as problem:
            output.refuse(str(problem))
    output.print_table(("table", "rows"), rows.items())
    if not rows["patients"]:
        click.echo("Nobody is in it: too few have agreed to it, or all would stand in too small a cell.", err=True)


@registry.command(name="lead-back")
@click.option("--clinic", "slug", help="Short name of the clinic, as in its address; needed when there are several.")
@click.argument("numbers", type=int, nargs=-1, required=True)
def lead_back(numbers: tuple[int, ...], slug: str | None) -> None:
    """Print the chart number of the patient behind each NUMBER of an extract: of a visit, as `recall --visits` names them, of an
    event or a patient. The trail keeps whom it was.

    Exit status 1 when one of them is not of this clinic.
    """
    open_installation()
    require_whole()
    # late: Django is ready only now
    from waterneedle.clinic.audit.who import machine
    from waterneedle.clinic.exports import actions_extract

    clinic = clinic_of(slug)
    try:
        found = actions_extract.lead_back(clinic=clinic, numbers=numbers, by=machine("registry lead-back", clinic))
    except (OSError, ValueError) as problem:
        output.refuse(str(problem))
    output.print_table(("number", "chart number"), [
        (number, found[number].number if number in found else None) for number in numbers])
    raise SystemExit(0 if len(found) == len(set(numbers)) else 1)


@registry.command()
@click.option("--clinics", type=click.IntRange(1), default=40, show_default=True)
@click.option("--injections", type=click.IntRange(1), default=100_000, show_default=True, help="About so many, of all clinics.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.argument("folder", type=FOLDER)
def simulate(folder: Path, clinics: int, injections: int, seed: int) -> None:
    """Write the extract of invented clinics whose truth is known. The numbers say nothing of real treatments."""
    with _needs_registry():
        from waterneedle.registry import simulate as invented  # late: slow (pyarrow)
    if any(folder.glob("*")):
        output.refuse(f"{folder} is not empty")
    with _progress("clinics", clinics) as done:
        rows = invented.simulate(folder, invented.Truth(clinics=clinics, injections=injections, seed=seed), done=done)
    output.print_table(("table", "rows"), rows.items())


@registry.command()
@extract_argument
@click.argument("file", type=FOLDER)
@click.option("--memory", default="3GB", show_default=True, help="The most that DuckDB takes.")
def load(extract: Path, file: Path, memory: str) -> None:
    """Make one DuckDB file of a folder of extracts: questions are answered faster from it."""
    with _needs_registry():
        from waterneedle.registry.engines import files_of  # late: slow (ibis)
        from waterneedle.registry.load import STEPS
        from waterneedle.registry.load import load as made
    if files_of(extract, "clinics") is None:
        output.refuse(f"{extract} holds no extract of a clinic")
    with _progress("tables", len(STEPS)) as done:
        made(extract, file, memory=memory, done=_counted(done))
    click.echo(f"{file}: {file.stat().st_size / 1e6:,.0f} MB")


@registry.command()
@extract_argument
@engine_option
@click.option("--lot", required=True, help="As the label prints it.")
@click.option("--product", help="Its id, where several products have a lot of this number.")
@click.option(
    "--visits", "by_visit", is_flag=True, help="Each visit, by the number that its clinic can lead back to the patient."
)
@output.json_option
def recall(extract: Path, engine: str, lot: str, product: str | None, by_visit: bool, as_json: bool) -> None:
    """Where a lot was given: patients, visits and injections of each clinic. Exit status 1 when nowhere.

    Patients are so many at least: where they are fewer than eleven, a clinic tells of one.
    """
    with _opened(extract, engine) as asked:
        from waterneedle.registry import counts  # late: slow (ibis)

        rows = asked.rows(counts.recalled(asked["injections"], lot, product))
        patients = asked.rows(counts.given_to(asked["injections"], lot, product))
    told = rows if by_visit else _by_clinic(rows, patients)
    if as_json:
        output.print_json(told)
    elif told:
        output.print_table([name.replace("_", " ") for name in told[0]], [list(row.values()) for row in told])
    else:
        click.echo("Nobody was given it.", err=True)
    raise SystemExit(0 if rows else 1)


@registry.command()
@extract_argument
@engine_option
@click.option("--by", type=click.Choice(["product", "lot", "clinic"]), default="product", show_default=True)
@click.option("--all-cells", is_flag=True, help="Show small cells too: for who holds the extract anyway.")
@output.json_option
def rates(extract: Path, engine: str, by: str, all_cells: bool, as_json: bool) -> None:
    """How often adverse events are reported, for 1,000 injections, with exact intervals."""
    with _opened(extract, engine) as asked:
        from waterneedle.registry.rates import rates as found  # late: slow (scipy)

        rows = found(asked, by)
        from waterneedle.registry.suppression import told as are_told
    threshold = 0 if all_cells else _threshold()
    shown = are_told(rows, lambda row: row.kind, lambda row: row.patients, threshold)
    told = [row for row, is_told in zip(rows, shown, strict=True) if is_told]
    if as_json:
        output.print_json([vars(row) for row in told])
    else:
        output.print_table(
            ("event", by, "events", "injections", "for 1,000", "from", "to"),
            [
                (
                    row.kind,
                    row.group or None,
                    row.events,
                    row.injections,
                    *(f"{1000 * value:.2f}" for value in (row.share, row.low, row.high)),
                )
                for row in told
            ],
        )
    _say_hidden(len(rows) - len(told), threshold)


@registry.command()
@extract_argument
@engine_option
@output.json_option
def outcomes(extract: Path, engine: str, as_json: bool) -> None:
    """Change, relief and time to relief by indication, and clinics with their case mix taken out."""
    with _opened(extract, engine) as asked:
        from waterneedle.registry import results  # late: slow (scipy)
        from waterneedle.registry.suppression import is_safe
        from waterneedle.registry.suppression import told as are_told

        table, curves, mixed = results.outcomes(asked), results.time_to_relief(asked), results.adjusted(asked)
        people = results.people(asked)
    threshold = _threshold()
    shown = are_told(table, lambda row: "", lambda row: people["indication", row.indication], threshold)
    told = [row for row, is_told in zip(table, shown, strict=True) if is_told]
    kept_back = [row.indication for row, is_told in zip(table, shown, strict=True) if not is_told]
    if not is_safe([people["indication", one] for one in kept_back], threshold):
        mixed = None  # it says how many there are in all
    if mixed:
        clinics = tuple(one for one in mixed.clinics if people["clinic", one.clinic] >= threshold)
        mixed = replace(mixed, effects=results.told(mixed.effects, people, kept_back, threshold), clinics=clinics)
    if as_json:
        output.print_json(
            {
                "outcomes": [vars(row) | {"median_session": curves[row.indication].median} for row in told],
                "adjusted": mixed and _plain(mixed),
            }
        )
    else:
        output.print_table(
            ("indication", "courses", "mean change", "from", "to", "with relief", "from", "to", "median session"),
            [
                (
                    row.indication,
                    row.courses,
                    f"{row.change:+.2f}",
                    f"{row.change_low:+.2f}",
                    f"{row.change_high:+.2f}",
                    *(f"{100 * share:.1f} %" for share in (row.relieved / row.courses, row.relieved_low, row.relieved_high)),
                    curves[row.indication].median[0],
                )
                for row in told
            ],
        )
        if mixed:
            output.print_table(
                ("effect on the change", "points", "from", "to"),
                [(one.name, *(f"{value:+.2f}" for value in (one.value, one.low, one.high))) for one in mixed.effects],
                title=f"Case mix; between clinics SD {mixed.between_sd:.2f}, within {mixed.within_sd:.2f} points",
            )
    _say_hidden(len(table) - len(told), threshold)


@registry.command()
@extract_argument
@engine_option
@click.option(
    "--alpha",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.05,
    show_default=True,
    help="Probability of any false alarm of the sequential test, over all pairs and quarters.",
)
@click.option(
    "--looks", type=click.IntRange(1), help="Quarters that will be looked at in all; those that are there if not given."
)
@output.json_option
def signals(extract: Path, engine: str, alpha: float, looks: int | None, as_json: bool) -> None:
    """Events that stand out with a product or a lot. Exit status 1 when one does. Small cells are shown: what is rare matters."""
    with _opened(extract, engine) as asked:
        from waterneedle.registry import signals as found  # late: slow (statsmodels)

        try:
            pairs, lots = found.signals(asked, alpha, looks), [one for one in found.lots(asked) if one.stands_out]
        except ValueError as problem:
            output.refuse(str(problem))
    if as_json:
        output.print_json({"pairs": [_plain(one) for one in pairs], "lots": [_plain(one) for one in lots]})
    else:
        _print_signals(pairs, lots)
    raise SystemExit(1 if lots or any(one.stands_out for one in pairs) else 0)


@registry.command()
@extract_argument
@click.argument("file", type=FOLDER)
@engine_option
def report(extract: Path, file: Path, engine: str) -> None:
    """Write all of it as one HTML file with plots."""
    with _opened(extract, engine) as asked:
        from waterneedle.registry import report as written  # late: slow (matplotlib)

        with _progress("parts", len(written.STEPS)) as done:
            page = written.report(asked, datetime.date.today(), done=_counted(done))
    file.write_text(page, encoding="utf-8")
    click.echo(str(file))


@contextmanager
def _opened(extract: Path, engine: str) -> Iterator[Any]:
    with _needs_registry():
        from waterneedle.registry.engines import opened  # late: slow (ibis)
    try:
        with opened(extract, engine) as asked:
            yield asked
    except ValueError as problem:
        output.refuse(str(problem))


@contextmanager
def _needs_registry() -> Iterator[None]:
    try:
        yield
    except ImportError as missing:
        raise click.ClickException('this command needs: pip install "waterneedle[registry]"') from missing


@contextmanager
def _progress(words: str, total: int) -> Iterator[Any]:
    """A bar on the terminal; `done(count)` moves it. Nothing where standard error is no terminal."""
    # late: slow (rich)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    terminal = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as bar:
        task = bar.add_task(words, total=total)
        yield lambda count: bar.update(task, completed=count)


def _counted(done: Any) -> Any:
    """For who tells what is done and not how much."""
    seen: list[str] = []

    def told(step: str) -> None:
        seen.append(step)
        done(len(seen))

    return told


def _by_clinic(rows: list[dict[str, Any]], patients: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = {(row["clinic"], row["product"]): row | {"visits": 0, "injections": 0, "volume_ul": 0} for row in patients}
    for row in rows:
        one = found[row["clinic"], row["product"]]
        one["visits"] += 1
        one["injections"] += row["injections"]
        one["volume_ul"] += row["volume_ul"]
    return list(found.values())


def _print_signals(pairs: list[Any], lots: list[Any]) -> None:
    output.print_table(
        ("product", "event", "events", "expected", "rate ratio", "PRR", "ROR", "odds ratio by clinic", "alarm"),
        [
            (
                one.product,
                one.kind,
                one.events,
                f"{one.expected:.1f}",
                *map(_ratio, (one.rate_ratio, one.prr, one.ror, one.by_clinic)),
                f"{one.alarm[0]} Q{one.alarm[1]}" if one.stands_out else None,
            )
            for one in pairs
        ],
    )
    if lots:
        output.print_table(
            ("product", "lot", "event", "events", "injections", "rate ratio", "q"),
            [
                (one.product, one.lot, one.kind, one.events, one.injections, _ratio(one.rate_ratio), f"{one.q:.2g}")
                for one in lots
            ],
            title="Lots that differ from the others of their product (false discovery rate 5 %)",
        )


def _ratio(ratio: Any) -> str | None:
    return None if ratio.value != ratio.value else f"{ratio.value:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"


def _plain(record: Any) -> Any:
    import dataclasses  # late: only JSON needs it
    import math

    def cleaned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: cleaned(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [cleaned(one) for one in value]
        return None if isinstance(value, float) and math.isnan(value) else value

    return cleaned(dataclasses.asdict(record))


def _threshold() -> int:
    from waterneedle.registry.anonymity import THRESHOLD  # late: slow (numpy)

    return THRESHOLD


def _say_hidden(rows: int, threshold: int) -> None:
    if rows:
        click.echo(
            f"{rows} rows are not shown: of fewer than {threshold} patients, or what one of those could be worked out from.",
            err=True)
