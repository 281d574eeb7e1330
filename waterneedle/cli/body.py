"""`waterneedle body`: every point where its rule says on a body of this sex, age, height and weight."""
from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from waterneedle import knowledge
from waterneedle.body import listing
from waterneedle.cli.listing import print_facts, print_list, say
from waterneedle.cli.output import fact_argument, json_option, print_json, refuse
from waterneedle.safety import names

if TYPE_CHECKING:
    from waterneedle.body.placing import PlacedPoint
    from waterneedle.body.segments import MeasuredFigure

COLUMNS = ("code", "side", "x", "y", "z")


@click.command()
@fact_argument("codes", knowledge.points, nargs=-1)
@click.option("--sex", type=click.Choice(["female", "male", "other"]), help="Other, or none: midway between female and male.")
@click.option("--age", "age_years", type=float, required=True, help="Years.")
@click.option("--height-cm", type=float, help="The middle of the model when not given.")
@click.option("--weight-kg", type=float, help="A middling build when not given.")
@click.option("--measured", multiple=True, metavar="SEGMENT=MM", help="A measured segment, such as forearm=245; may be repeated.")
@click.option("--csv", "as_csv", is_flag=True, help="Print code,side,x,y,z instead of a table.")
@json_option
@click.option("--open", "show", is_flag=True, help="Show the body with its points in the browser, until Ctrl+C.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Of --open; a free one when not given.")
@click.option("--lang", "language", type=click.Choice(["en", "es", "zh-hans"]), default="en", help="Of --open.")
@click.option("--glb", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write body and points into this .glb file.")
def body(
    codes: tuple[str, ...], sex: str | None, age_years: float, height_cm: float | None, weight_kg: float | None,
    measured: tuple[str, ...], as_csv: bool, as_json: bool, show: bool, port: int, language: str,
    file: Path | None,
) -> None:
    """Every point, or those of CODES, on the body of a person, in millimetres.

    x runs to the patient's left with 0 at the midline, y up from the sole, z forward. Of a group such as EX-B2 each member is a
    row with the same code; --json names the members and adds normals and the rule in words. A guide: palpation decides.

    Segments that can be measured, from one landmark of the proportional measurements to the other: leg (popliteal crease to
    lateral malleolus), thigh (pubic symphysis to patella base), lower_abdomen (umbilicus to symphysis), upper_abdomen
    (xiphisternal junction to umbilicus), sternum (suprasternal notch to xiphisternal junction), arm (axillary fold to cubital
    crease), forearm (cubital crease to wrist crease).

    \b
    Examples:
      waterneedle body --sex female --age 35 --height-cm 160 --weight-kg 50 --csv
      waterneedle body --sex male --age 60 --height-cm 178 --weight-kg 84 ST36 GB34
      waterneedle body --sex male --age 60 --height-cm 178 --weight-kg 84 --glb body.glb
      waterneedle body --sex male --age 60 --height-cm 178 --weight-kg 84 --open
      waterneedle body --age 60 --height-cm 178 --measured forearm=255 --measured leg=400 PC6 ST36
    """
    if show and (as_csv or as_json or file is not None):
        refuse("--open shows the body instead of printing it: leave out --csv, --json and --glb")
    if as_csv and as_json:
        refuse("--csv and --json are two ways to print the same: choose one")
    if file is not None and file.suffix.lower() != ".glb":
        refuse(f"--glb takes a file that ends in .glb, got {file.name!r}")
    wanted = _codes(codes)
    lengths_mm = _lengths(measured)
    figure = _figure(sex, age_years, height_cm, weight_kg, lengths_mm)
    person = {"sex": sex, "age_years": age_years, "height_cm": height_cm, "weight_kg": weight_kg}
    if show:
        measures = ",".join(f"{name}={length:g}" for name, length in lengths_mm.items())
        _open({**person, "measured": measures}, wanted, port, language)
        return
    points = [point for point in figure.points() if not wanted or point.code in wanted]
    if file is not None:
        _write_glb(figure, points, file)
    if as_json:
        print_json(listing.document({**person, "measured_mm": lengths_mm}, figure, points))
    elif as_csv:
        _print_csv(points)
        if figure.fit.says:
            click.echo(f"waterneedle: {figure.fit.says}", err=True)
    elif file is None:
        _print(figure, points)
    else:
        click.echo(f"Written to {file}: the body with {len(points)} points. {listing.GUIDE}")


def _codes(typed: Sequence[str]) -> set[str]:
    found = set()
    for one in typed:
        place = names.point(one)
        if place.id is None:
            near = f"; perhaps {', '.join(place.near)}" if place.near else "; `waterneedle points` finds points by words"
            refuse(f"no point is called {one[:60]!r}{near}")
        if knowledge.points()[place.id].body_part == "mouth_nose":
            refuse(f"{place.id} lies inside of mouth or nose and has no place on the skin")
        found.add(place.id)
    return found


def _lengths(typed: Sequence[str]) -> dict[str, float]:
    found = {}
    for one in typed:
        name, _, length = one.partition("=")
        try:
            found[name.strip()] = float(length)
        except ValueError:
            refuse(f"--measured takes a segment and its length in mm, such as forearm=245, got {one[:60]!r}")
    return found


def _figure(
    sex: str | None, age_years: float, height_cm: float | None, weight_kg: float | None, lengths_mm: Mapping[str, float],
) -> MeasuredFigure:
    try:
        # late: slow (numpy), and an extra of the installation
        from waterneedle.body.segments import fit_measured
    except ImportError:
        refuse("the body needs numpy: pip install 'waterneedle[body]'")
    try:
        return fit_measured(sex, age_years, height_cm, weight_kg, lengths_mm)
    except ValueError as error:
        refuse(str(error))


def _open(person: dict[str, Any], codes: Iterable[str], port: int, language: str) -> None:
    # late: slow (numpy), and of no use for printing
    from waterneedle.cli.body_page import serve

    try:
        told = {name: f"{value:g}" if isinstance(value, float) else value or "" for name, value in person.items()}
        serve(told, sorted(codes), port, language)
    except OSError as error:
        refuse(f"port {port} cannot be used: {error.strerror}")


def _print_csv(points: Iterable[PlacedPoint]) -> None:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows((point.code, point.side, *listing.rounded(point.xyz)) for point in points)
    sys.stdout.write(text.getvalue())


def _write_glb(figure: MeasuredFigure, points: Sequence[PlacedPoint], file: Path) -> None:
    # late: slow (numpy)
    from waterneedle.body.glb import glb

    try:
        told = {**listing.size(figure.fit), "says": figure.fit.says, "guide": listing.GUIDE}
        file.write_bytes(glb(figure.vertices, points, told))
    except OSError as error:
        refuse(f"cannot write {file}: {error.strerror or error}")


def _print(figure: MeasuredFigure, points: Sequence[PlacedPoint]) -> None:
    facts = knowledge.points()
    rows = [
        (" ".join(filter(None, (point.code, point.member))), facts[point.code].hanzi, facts[point.code].pinyin,
         "midline" if point.side == "midline" else "left, right",
         *(f"{'±' if axis == 'x' and point.side != 'midline' else ''}{part:.1f}"
           for axis, part in zip("xyz", listing.rounded(point.xyz), strict=True)))
        for point in points if point.side != "right"
    ]
    print_list(("Code", "", "Name", "Side", "x mm", "y mm", "z mm"), rows)
    print_facts([
        ("Figure", f"{figure.fit.height_cm:.1f} cm, {figure.fit.weight_kg:.1f} kg"),
        *((f"Cun of the {name.replace('_', ' ')}", f"{length:.1f} mm") for name, length in figure.cun_mm.items()),
        ("Points", f"{len(points)} on the skin; x to the patient's left, y up from the sole, z forward"),
    ])
    if figure.fit.says:
        say(figure.fit.says)
    say(listing.GUIDE)
