"""One page for the paper chart: the body from four sides with head, hands and feet, what was injected, and where it hurts.

An SVG of 190 by 270 mm, made to be printed or set into a PDF; black print is enough, for every mark has its shape and its words.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from waterneedle.body import flat, labels, mesh, plain, views
from waterneedle.body.mesh import Array
from waterneedle.body.pain import Run, intensities
from waterneedle.body.raster import Raster, projected, raster
from waterneedle.body.surface import Surface

WIDTH_MM, HEIGHT_MM = 190.0, 270.0
GUIDE = "The dots are a guide. Palpation decides."
INK, QUIET, WATER = "#1c2024", "#5b6570", "#14607a"
PAIN = {2: "#f2b2c2", 4: "#e885a6", 6: "#d6578c", 8: "#b22b75", 10: "#780d59"}  # of static/pain.js
# As in static/shapes.js: up to so many days, its shape in the square -1 to 1, and its words.
AGES = (
    (0, "M-.84 0a.84 .84 0 1 0 1.68 0a.84 .84 0 1 0-1.68 0z", "this visit"), (7, "M0-.95L.95 0L0 .95L-.95 0z", "up to 7 days"),
    (30, "M-.66-.66H.66V.66H-.66z", "up to 30 days"), (np.inf, "M-.3-.9H.3V-.3H.9V.3H.3V.9H-.3V.3H-.9V-.3H-.3z", "earlier"),
)
FINE, FINE_INSET = 700, 400  # pixels of what is traced
LETTERS_MM = 2.6  # of a label
_BODIES_MM, _INSET_MM, _HEAD_MM = 104.0, 44.0, 14.0
_INSETS = (
    ("head, front", "head, left", "head, right", "head, back"),
    ("left hand, back", "left hand, palm", "right hand, back", "right hand, palm"),
    ("left foot, top", "left foot, sole", "right foot, top", "right foot, sole"),
)


Box = tuple[float, float, float, float]  # left, top, width, height, in mm of paper
_Boxes = Callable[[dict[str, views.View], Array], Iterable[tuple[str, Box]]]


@dataclass(frozen=True)
class Mark:
    """An injection on the skin of a figure."""

    face: int  # row of `mesh.faces()`
    barycentric: Sequence[float]  # two or three weights
    label: str  # "ST36"
    days: float  # since it was given; 0 for this visit


@dataclass(frozen=True)
class _Panel:
    """A view of a figure in its place on the page."""

    name: str
    box: Box
    seen: Raster
    drawing: str


@dataclass(frozen=True)
class Drawn:
    """A figure as the panels of a page show it, with nothing on it."""

    skin: Surface
    panels: tuple[_Panel, ...]


def sheet(
    vertices: Array, joints: Mapping[str, Array], marks: Iterable[Mark] = (), pain: Iterable[Run] = (), title: str = "",
) -> str:
    """The page as SVG: a figure, marks with their labels, painted cells, and what the shapes mean."""
    marks = list(marks)
    parts, _shown = _panels(_drawn(vertices, joints, _boxes), marks, pain)
    caption = " · ".join(filter(None, (title, GUIDE)))
    legend = "".join(_legend(number, age[1], age[2]) for number, age in enumerate(AGES)) if marks else ""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_MM:g}mm" height="{HEIGHT_MM:g}mm" viewBox="0 0 {WIDTH_MM:g} '
            f'{HEIGHT_MM:g}" font-family="system-ui, sans-serif" font-size="3.2" fill="{INK}">'
            f'<text x="0" y="5" font-size="4">{escape(caption)}</text>{legend}{"".join(parts)}</svg>')


def four_sides(
    vertices: Array, joints: Mapping[str, Array], pain: Iterable[Run] = (), marks: Iterable[Mark] = (),
    names: Mapping[str, str] | None = None,
) -> str:
    """The body alone from its four sides with marks and what is painted, as SVG: to be set into a page or another paper.

    `names` are words for `front`, `back`, `left` and `right`; English without them.
    """
    return four_sides_shown(vertices, joints, pain, marks, names)[0]


def four_sides_shown(
    vertices: Array, joints: Mapping[str, Array], pain: Iterable[Run] = (), marks: Iterable[Mark] = (),
    names: Mapping[str, str] | None = None,
) -> tuple[str, frozenset[Mark]]:
    """The same, and which of the marks it shows: a sole, or the wrist of a hand that hangs down, is seen from no side."""
    return laid_on(drawn_sides(vertices, joints), pain, marks, names)


def drawn_sides(vertices: Array, joints: Mapping[str, Array]) -> Drawn:
    """The body from its four sides, to lay on whatever there is: to keep, for drawing it takes nearly all of the time."""
    return _drawn(vertices, joints, _bodies)


def laid_on(
    sides: Drawn, pain: Iterable[Run] = (), marks: Iterable[Mark] = (), names: Mapping[str, str] | None = None,
) -> tuple[str, frozenset[Mark]]:
    """`four_sides_shown` of a body that is drawn already."""
    top = _BODIES_MM + _HEAD_MM
    parts, shown = _panels(sides, marks, pain, names)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 {_HEAD_MM:g} {WIDTH_MM:g} {top + 5 - _HEAD_MM:g}" '
            f'font-family="system-ui, sans-serif" fill="{INK}">{"".join(parts)}</svg>'), shown


def _drawn(vertices: Array, joints: Mapping[str, Array], boxes: _Boxes) -> Drawn:
    skin = Surface(vertices, mesh.faces())
    shown = Surface(plain.shown(skin.vertices), skin.faces)
    named = {view.name: view for view in views.views(vertices, joints)}

    def panel(name: str, box: Box) -> _Panel:
        seen = raster(shown, projected(named[name], shown.vertices), FINE if name in views.SIDES else FINE_INSET)
        return _Panel(name, box, seen, flat.drawing(seen))

    return Drawn(skin, tuple(panel(name, box) for name, box in boxes(named, shown.vertices)))


def _panels(
    figure: Drawn, marks: Iterable[Mark], pain: Iterable[Run], names: Mapping[str, str] | None = None,
) -> tuple[list[str], frozenset[Mark]]:
    """The panels, and the marks that one of them at least shows."""
    painted = intensities(pain)
    placed = [(mark, figure.skin.at(mark.face, _weights(mark.barycentric))) for mark in marks]

    parts, drawn = [], set[Mark]()
    for panel in figure.panels:
        here = [(mark, place) for mark, place in placed if panel.seen.sees(place)]
        drawn.update(mark for mark, _ in here)
        parts.append(_panel(panel, figure.skin, here, painted, (names or {}).get(panel.name, panel.name)))
    return parts, frozenset(drawn)


def _weights(barycentric: Sequence[float]) -> tuple[float, float, float]:
    first, second = barycentric[:2]
    return first, second, 1 - first - second


def _boxes(named: dict[str, views.View], vertices: Array) -> Iterable[tuple[str, Box]]:
    """Where each panel stands on the page: four bodies at one scale side by side, then rows of insets."""
    yield from _bodies(named, vertices)
    for row, names in enumerate(_INSETS):
        for column, name in enumerate(names):
            yield name, (column * WIDTH_MM / 4 + 1.5, _HEAD_MM + _BODIES_MM + 8 + row * (_INSET_MM + 4), _INSET_MM, _INSET_MM)


def _bodies(named: dict[str, views.View], vertices: Array) -> Iterable[tuple[str, Box]]:
    widths = {name: projected(named[name], vertices).box[2:] for name in ("front", "back", "left", "right")}
    scale = min(_BODIES_MM / max(height for _, height in widths.values()), WIDTH_MM / sum(width for width, _ in widths.values()))
    left = (WIDTH_MM - scale * sum(width for width, _ in widths.values())) / 2
    for name, (width, height) in widths.items():
        yield name, (left, _HEAD_MM, scale * width, scale * height)
        left += scale * width


def _panel(panel: _Panel, skin: Surface, marks: Sequence[tuple[Mark, Array]], painted: dict[int, int], word: str) -> str:
    seen = panel.seen
    left, top, width, height = panel.box
    x, y, wide, high = seen.projection.box
    scale = width / wide
    beside = {"left": -1, "right": 1}.get(panel.name)  # of the two side views, away from the other one
    edges = float(x * scale), float((x + wide) * scale)
    dots = _dots(seen, marks, float(scale), beside, edges)
    frame = (f'x="{left:.2f}" y="{top:.2f}" width="{width:.2f}" height="{height:.2f}" '
             f'viewBox="{x:.1f} {y:.1f} {wide:.1f} {high:.1f}"')
    # Only the drawing ends at the frame: a label at the side of a body goes on beyond it.
    return (f'<svg {frame}>{panel.drawing}{_cells(seen, skin, painted)}</svg><svg {frame} overflow="visible">{dots}</svg>'
            f'<text x="{left + width / 2:.2f}" y="{top + height + 3:.2f}" text-anchor="middle" font-size="2.6" fill="{QUIET}">'
            f'{escape(word)}</text>')


def _dots(seen: Raster, marks: Sequence[tuple[Mark, Array]], scale: float, beside: int | None, edges: labels.Spot) -> str:
    """The marks that this picture shows with their labels; `scale` is mm of paper for one of the body, `beside` the side of the
    labels: -1 left, 1 right, None outward. Drawn are all lines, then all dots, then all labels: none hides another's number."""
    spots = [(float(x * scale), float(y * scale)) for [[x, y, _]] in (seen.projection([place]) for _, place in marks)]
    sides = [beside or (-1 if x < 0 else 1) for x, _ in spots]
    found = labels.placed(spots, [mark.label for mark, _ in marks], sides, LETTERS_MM, edges)
    lines = "".join(_line(spot, label.end(spot)) for spot, label in zip(spots, found, strict=True) if label.is_led)
    radius = labels.radius_mm(spots)
    shapes = "".join(_shape(mark, spot, radius) for (mark, _), spot in zip(marks, spots, strict=True))
    words = "".join(_word(mark.label, spot, label) for (mark, _), spot, label in zip(marks, spots, found, strict=True))
    return f'<g transform="scale({1 / scale:.4f})">{lines}{shapes}{words}</g>'


def _line(start: labels.Spot, end: labels.Spot) -> str:
    return (f'<path d="M{start[0]:.2f} {start[1]:.2f}L{end[0]:.2f} {end[1]:.2f}" fill="none" stroke="{INK}" '
            f'stroke-width=".18"/>')


def _shape(mark: Mark, spot: labels.Spot, radius: float) -> str:
    shape = next(shape for days, shape, _ in AGES if mark.days <= days)
    return (f'<path d="{shape}" transform="translate({spot[0]:.2f} {spot[1]:.2f}) scale({radius:.2f})" fill="{WATER}" '
            f'stroke="#fff" stroke-width=".4" paint-order="stroke"/>')


def _word(text: str, spot: labels.Spot, label: labels.Label) -> str:
    side = (label.x > spot[0]) - (label.x < spot[0])
    anchor = {-1: "end", 0: "middle", 1: "start"}[side]
    return (f'<text x="{label.x - side * label.half_wide:.2f}" y="{label.y + LETTERS_MM / 3:.2f}" text-anchor="{anchor}" '
            f'font-size="{LETTERS_MM:g}" stroke="#fff" stroke-width="{LETTERS_MM / 5:.2f}" paint-order="stroke">'
            f'{escape(text)}</text>')


def _cells(seen: Raster, skin: Surface, painted: dict[int, int]) -> str:
    """The painted cells that this picture shows; cells of one intensity are one path."""
    paths: dict[int, list[str]] = {}
    for cell, intensity in painted.items():
        corners = skin.vertices[skin.faces[cell]]
        if seen.sees(corners.mean(axis=0)):
            outline = "L".join(f"{x:.1f} {y:.1f}" for x, y, _ in seen.projection(corners))
            paths.setdefault(min(step for step in PAIN if step >= intensity), []).append(f"M{outline}z")
    return "".join(f'<path d="{"".join(parts)}" fill="{PAIN[step]}" stroke="{PAIN[step]}" stroke-width="1" fill-opacity=".8"/>'
                   for step, parts in sorted(paths.items()))


def _legend(number: int, shape: str, words: str) -> str:
    x = WIDTH_MM - 112 + 29 * number
    return (f'<path d="{shape}" transform="translate({x:g} 9.5) scale(1.4)" fill="{WATER}"/>'
            f'<text x="{x + 3:g}" y="10.6" font-size="2.8" fill="{QUIET}">{words}</text>')
