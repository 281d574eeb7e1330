"""A small cross-section of what a needle passes beneath a point, as SVG: published means, their spread, what must not be reached.

Colours are the custom properties of the clinic's style with the light ones to fall back on, as presentation attributes: the
picture follows light and dark where it is put into a page, and needs no style of its own.
"""
from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from waterneedle.body.depth import ADULT_YEARS, Danger, Depth, Spread, bottoms
from waterneedle.knowledge import TissueLayer, sources

WIDTH, HEIGHT = 360, 236
TOP, GROUND = 26, 224  # y of the skin's surface and of the lowest depth shown
LEFT, RIGHT = 12, 158  # x of the tissue
SPREADS, WORDS = 164, 206  # x of the first spread, and of the words
LINE_HEIGHT = 15
MOST_DANGERS, FAR_MM = 3, 40.0  # lines of what must not be reached, and how deep a further one may lie to have its line
EIGHT_OF_TEN = (0.1, 0.9)
INK, QUIET, LINE = "var(--ink, #1c2024)", "var(--quiet, #5b6570)", "var(--edge, #7f8686)"
NEEDLE, DANGER, SURFACE = "var(--water, #14607a)", "var(--block, #b3261e)", "var(--surface, #ffffff)"
FILLS = {"skin": "var(--sunken, #f4f2ec)", "fat": "var(--warn-wash, #fbf3e0)", "muscle": "var(--block-wash, #fcefed)"}
BEYOND = "var(--paper, #fbfaf7)"
_ENTRY = 56  # x where the needle goes in


@dataclass(frozen=True)
class _Label:
    """Words beside the tissue, as near as may be to the depth they speak of."""

    y: float
    words: str
    fill: str = INK


def depth_picture(found: Depth) -> str:
    """The cross-section as one `<svg>` element with a title and a description that says all the picture shows."""
    scale = (GROUND - TOP) / _shown_mm(found)
    name = f"depth-{found.point.lower()}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" class="depth-picture" '
        f'font-family="inherit" font-size="11" aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(_title(found))}</title>',
        f'<desc id="{name}-desc">{escape(" ".join(in_words(found)))}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{SURFACE}"/>',
        *_tissues(found, scale), *_danger(found, scale), *_needle(found, scale), *_written(_labels(found, scale)), "</svg>",
    ]
    return "\n".join(parts)


def in_words(found: Depth) -> Iterator[str]:
    """The same in sentences."""
    yield f"The tip lies {found.tip_mm:.1f} mm below the skin ({found.needle_mm:g} mm at {found.angle_degrees:g} degrees)."
    for layer in found.layers:
        yield f"{layer.tissue.capitalize()}: {_figure(layer.thickness)}."
    if found.reaches:
        yield reaches_in_words(found)
    for danger in found.dangers:
        yield _danger_in_words(danger, found.tip_mm)
    for fact in found.others:
        yield f"Also published: {figure_in_words(fact)}"
    yield from found.unknown


def reaches_in_words(found: Depth) -> str:
    """Where the tip ends, as shares of people; that nobody published it, where nobody has."""
    if not found.shares:
        return "No published thickness on file for this place in people like this: what the tip reaches is not known."
    shares = ", ".join(f"{tissue} in {share:.0%}" for tissue, share in found.shares.items() if share >= 0.005)
    return f"Where the tip ends, of people like this: {shares.replace('beyond', 'deeper than measured')}."


def figure_in_words(fact: TissueLayer) -> str:
    """One figure on file, with whom it was measured in."""
    spread = "" if fact.sd_mm is None else f" (SD {fact.sd_mm:g})"
    more = "" if fact.female_more_mm is None else f", females {fact.female_more_mm:g} mm more than males"
    build = "" if fact.per_bmi_mm is None else f", {fact.per_bmi_mm:g} mm more for each kg/m²"
    people = f"{fact.people} {_whom(fact)} ({fact.population}), {fact.site}, by {fact.method}"
    return f"{fact.tissue.replace('_', ' ')} {fact.mean_mm:g} mm{spread}{more}{build}; {people}."


def _whom(fact: TissueLayer) -> str:
    whom = {"female": "females", "male": "males", None: "people"}[fact.sex]
    if fact.age_below is None:
        return whom if fact.age_from <= ADULT_YEARS else f"{whom} from {fact.age_from:g} years"
    return f"{whom} from {fact.age_from:g} to below {fact.age_below:g} years"


def _title(found: Depth) -> str:
    return f"Cross-section at {found.point}: {found.needle_mm:g} mm of needle at {found.angle_degrees:g} degrees"


def _figure(spread: Spread) -> str:
    if spread.sd_mm is None:
        return f"{spread.mean_mm:.1f} mm, spread not published"
    low, high = (spread.quantile_mm(share) for share in EIGHT_OF_TEN)
    digits = 1 if high < 5 else 0  # or thin skin would run from 1 to 1 mm
    return f"{spread.mean_mm:.1f} mm on average, {low:.{digits}f} to {high:.{digits}f} mm in eight of ten"


def _danger_in_words(danger: Danger, tip_mm: float) -> str:
    whose = dict.fromkeys(one.citation.source for one in danger.distances if one.smallest_mm == danger.begins_mm)
    shortly = ", ".join(sources()[one].shortly for one in whose)
    origin = f"smallest figure published here, {shortly}" if danger.measured else "our judgement, nobody measured here"
    margin = danger.margin_mm(tip_mm)
    stays = f"the tip stays {margin:.1f} mm above" if margin > 0 else "the tip may reach it"
    means = [f"{one.mean_mm:g}{f' (SD {one.sd_mm:g})' if one.sd_mm else ''}" for one in danger.distances if one.mean_mm]
    if means:
        origin += f"; published means {', '.join(means)} mm"
    return f"{danger.zone.structure.en.capitalize()}: from {danger.begins_mm:g} mm ({origin}); {stays}."


def _shown_mm(found: Depth) -> float:
    deep = [bottom.quantile_mm(0.8) for bottom in bottoms(found.layers)]
    return 1.15 * max([found.tip_mm, 10.0, *deep, *(danger.begins_mm for danger in _drawn(found))])


def _drawn(found: Depth) -> tuple[Danger, ...]:
    """The nearest structure, and the next ones that do not lie far deeper than the needle goes; all stand in the words."""
    nearest, further = found.dangers[:1], found.dangers[1:MOST_DANGERS]
    return (*nearest, *(danger for danger in further if danger.begins_mm <= max(FAR_MM, 2 * found.tip_mm)))


def _y(depth_mm: float, scale: float) -> float:
    return min(TOP + depth_mm * scale, GROUND)


def _tissues(found: Depth, scale: float) -> Iterator[str]:
    above = float(TOP)
    for number, (layer, bottom) in enumerate(zip(found.layers, bottoms(found.layers), strict=True)):
        below = _y(bottom.mean_mm, scale)
        yield _band(above, below, FILLS[layer.tissue])
        yield _line(LEFT, below, RIGHT, below, LINE)
        if bottom.sd_mm is not None:
            low, high = (_y(bottom.quantile_mm(share), scale) for share in EIGHT_OF_TEN)
            yield f'<path d="M{SPREADS + 10 * number} {low:.1f}h6m-3 0V{high:.1f}m-3 0h6" fill="none" stroke="{LINE}"/>'
        above = below
    yield _band(above, GROUND, BEYOND)
    yield _line(LEFT, TOP, RIGHT, TOP, INK, width=1.5)


def _danger(found: Depth, scale: float) -> Iterator[str]:
    for danger in _drawn(found):
        y = _y(danger.begins_mm, scale)
        yield _line(LEFT, y, WORDS - 6, y, DANGER, width=1.5, dashes="5 3")


def _needle(found: Depth, scale: float) -> Iterator[str]:
    along, down = found.needle_mm * math.cos(math.radians(found.angle_degrees)) * scale, found.tip_mm * scale
    along = min(along, RIGHT - _ENTRY - 8)  # a flat needle is drawn steeper than it is, to stay in the picture
    back = 16 / max(math.hypot(along, down), 1.0)
    x, y = _ENTRY + along, TOP + down
    yield _line(_ENTRY - along * back, TOP - down * back, x, y, NEEDLE, width=2)
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{NEEDLE}"/>'


def _labels(found: Depth, scale: float) -> Iterator[_Label]:
    for layer, bottom in zip(found.layers, bottoms(found.layers), strict=True):
        yield _Label(_y(bottom.mean_mm, scale), f"{layer.tissue} to {bottom.mean_mm:.1f} mm")
    for danger in _drawn(found):
        what, judged = danger.zone.kind.replace("_", " "), "" if danger.measured else ", judged"
        yield _Label(_y(danger.begins_mm, scale), f"⚠ {what} {danger.begins_mm:g} mm{judged}", DANGER)
    yield _Label(_y(found.tip_mm, scale), f"● tip {found.tip_mm:.1f} mm", NEEDLE)
    yield _Label(GROUND, "deeper: not published" if found.layers else "no published thickness", QUIET)


def _written(labels: Iterable[_Label]) -> Iterator[str]:
    """The labels from the top down, moved apart so that none lies on another."""
    ordered = sorted(labels, key=lambda label: label.y)
    lines = [max(label.y, TOP + LINE_HEIGHT / 2) for label in ordered]
    for number in range(1, len(lines)):
        lines[number] = max(lines[number], lines[number - 1] + LINE_HEIGHT)
    lines[-1] = min(lines[-1], GROUND)
    for number in range(len(lines) - 2, -1, -1):
        lines[number] = min(lines[number], lines[number + 1] - LINE_HEIGHT)
    for label, y in zip(ordered, lines, strict=True):
        yield f'<text x="{WORDS}" y="{y + 4:.1f}" fill="{label.fill}">{escape(label.words)}</text>'


def _band(above: float, below: float, fill: str) -> str:
    return f'<rect x="{LEFT}" y="{above:.1f}" width="{RIGHT - LEFT}" height="{max(below - above, 0):.1f}" fill="{fill}"/>'


def _line(x: float, y: float, to_x: float, to_y: float, stroke: str, *, width: float = 1, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}" stroke="{stroke}" stroke-width="{width}"{dashed}/>'
