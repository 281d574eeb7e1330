"""`waterneedle depot`: how much of an injection is still at the point, and the plasma curve."""
from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from waterneedle import knowledge
from waterneedle.cli.output import fact_argument, json_option, print_json, refuse
from waterneedle.knowledge.checking import citations

ROWS = 13
BAR_WIDTH = 40
MOST_HOURS = 24 * 60
INSTALL = "needs numpy and matplotlib: pip install 'waterneedle[depot]'"


@click.command()
@fact_argument("form", knowledge.kinetics)
@click.option("--route", type=click.Choice(["SC", "IM"], case_sensitive=False), default="IM", show_default=True,
              help="Under the skin or into muscle.")
@click.option("--dose-mcg", type=float, help="Dose; the larger it is, the more is lost in urine.")
@click.option("--hours", type=float, help="How far to look; until little is left when not given.")
@click.option("--plot", "file", type=click.Path(path_type=Path, dir_okay=False), help="Draw into this .png or .svg file.")
@json_option
def depot(form: str, route: str, dose_mcg: float | None, hours: float | None, file: Path | None, as_json: bool) -> None:
    """How much of an injected FORM of B-12 is still at the point, as a band, beside a needle left in.

    \b
    Examples:
      waterneedle depot cyanocobalamin
      waterneedle depot hydroxocobalamin --route SC --hours 48 --plot depot.svg
    """
    if dose_mcg is not None and not 0 < dose_mcg < math.inf:
        refuse(f"--dose-mcg must be more than 0, got {dose_mcg:g}")
    if hours is not None and not 0 < hours <= MOST_HOURS:
        refuse(f"--hours must be more than 0 and at most {MOST_HOURS}, got {hours:g}")
    if file is not None and file.suffix.lower() not in (".png", ".svg"):
        refuse(f"--plot takes a file that ends in .png or .svg, got {file.name!r}")
    report = _report(_form(form), route.upper(), dose_mcg, hours)
    if file is not None:
        _draw(report, file)
    if as_json:
        print_json(report)
    else:
        _print(report, file)


def _form(name: str) -> str:
    known = [identity for identity, record in knowledge.kinetics().items() if record.substance]
    form = name.strip().casefold()
    if form not in known:
        refuse(f"no kinetics are on file for {name[:60]!r}; there are {', '.join(known)}")
    return form


def _report(form: str, route: str, dose_mcg: float | None, hours: float | None) -> dict[str, Any]:
    try:
        import numpy as np

        from waterneedle import depot as model
    except ImportError:
        refuse(f"the depot model {INSTALL}")
    half_life = model.local_half_life_min(form, route)
    if half_life is None:
        refuse(f"nothing was published on {form} by the route {route}")
    times = np.linspace(0, hours or math.ceil(4 * half_life[1] / 60), ROWS)
    plasma = model.plasma_curve(form, route, dose_mcg, times)
    return {
        "form": form,
        "route": route,
        "dose_mcg": dose_mcg,
        "local_half_life_min": half_life,
        "needle_retained_min": model.needle_retained_min(),
        "hours": times.tolist(),
        "remaining_fraction": model.remaining_fraction(form, route, times).tolist(),
        "plasma_of_peak": None if plasma is None else plasma.tolist(),
        "urinary_loss": None if dose_mcg is None else model.urinary_loss(form, dose_mcg),
        "statement": model.statement(form).en,
        "caveats": model.caveats(form, route),
        "sources": sorted({citation.source for citation in citations(knowledge.kinetics()[form])}),
    }


def _print(report: dict[str, Any], file: Path | None) -> None:
    click.echo(f"{report['form']}, {report['route']}: band from lowest to highest that the published figures allow")
    click.echo("\nStill at the point, share of the dose")
    _bars(report["hours"], report["remaining_fraction"])
    if report["plasma_of_peak"] is not None:
        click.echo("\nIn plasma, share of its own peak (no volume of distribution was found, so no ng/mL)")
        _bars(report["hours"], report["plasma_of_peak"])
    low, high = report["local_half_life_min"]
    click.echo(f"\nHalf has left the point after {low:.0f} to {high:.0f} min.")
    click.echo("A needle is ordinarily left in for {:g} to {:g} min.".format(*report["needle_retained_min"]))
    if report["urinary_loss"] is not None:
        lost = report["urinary_loss"]
        click.echo(f"Of {report['dose_mcg']:g} mcg, {lost[0]:.0%} to {lost[1]:.0%} was found in urine.")
    elif report["dose_mcg"] is not None:
        click.echo(f"How much of {report['dose_mcg']:g} mcg is lost in urine was not published.")
    click.echo(report["statement"])
    for caveat in report["caveats"]:
        click.echo(f"- {caveat}")
    click.echo(f"Sources: {', '.join(report['sources'])}")
    if file is not None:
        click.echo(f"Drawn in {file}")


def _bars(hours: list[float], band: list[list[float]]) -> None:
    """A row for each time: solid up to the lowest value, shaded from there to the highest."""
    for hour, (low, high) in zip(hours, band, strict=True):
        solid, shaded = round(low * BAR_WIDTH), round(high * BAR_WIDTH)
        bar = "█" * solid + "░" * (shaded - solid)
        click.echo(f"{hour:7.2f} h  {bar:<{BAR_WIDTH}}  {low:6.1%} to {high:6.1%}")


def _draw(report: dict[str, Any], file: Path) -> None:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        refuse(f"--plot {INSTALL}")
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot()
    labels = {"remaining_fraction": "still at the point, of the dose", "plasma_of_peak": "in plasma, of its own peak"}
    for key, label in labels.items():
        if report[key] is not None:
            low, high = zip(*_fine(report, key), strict=True)
            axes.fill_between(_fine_hours(report), low, high, alpha=0.35, label=label)
    axes.axvspan(0, report["needle_retained_min"][1] / 60, color="0.85", label="a needle left in", zorder=0)
    axes.set(xlabel="hours after the injection", ylabel="share", ylim=(0, 1.02), title=f"{report['form']}, {report['route']}")
    axes.legend()
    try:
        figure.savefig(file)
    except OSError as error:
        refuse(f"cannot write {file}: {error.strerror or error}")


def _fine_hours(report: dict[str, Any]) -> list[float]:
    return [report["hours"][-1] * step / 200 for step in range(201)]


def _fine(report: dict[str, Any], key: str) -> list[list[float]]:
    from waterneedle import depot as model

    if key == "remaining_fraction":
        return model.remaining_fraction(report["form"], report["route"], _fine_hours(report)).tolist()
    return model.plasma_curve(report["form"], report["route"], report["dose_mcg"], _fine_hours(report)).tolist()
