"""The picture of a visit for paper: the body from four sides, each injection by its number."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import pgettext

from waterneedle.clinic.visits import figure
from waterneedle.clinic.visits.models import Visit

Dot = tuple[str, str, str, int | None, tuple[float, ...]]  # number, code, side, and for a free place its triangle and weights


def picture(visit: Visit, injections: Iterable[Mapping[str, Any]]) -> tuple[str, list[str]]:
    """The SVG, or "" when nothing of it is seen on the skin; and the numbers of those it does not show: a muscle or a region
    that was not touched on the body, a point that the figure does not have, such as in the nose or on the shoulder of an infant,
    and one that is seen from none of the four sides, such as on the sole.

    `injections` are those of the signed document.
    """
    found = [(str(one["seq"]), _dot(one)) for one in injections]
    dots = tuple(dot for _number, dot in found if dot is not None)
    names = (
        ("front", pgettext("view", "front")), ("back", pgettext("view", "back")), ("left", pgettext("view", "left")),
        ("right", pgettext("view", "right")))
    drawn, shown = _drawn(dots, names, *figure.person(visit)) if dots else ("", frozenset())
    return drawn, [number for number, _ in found if number not in shown]


def _dot(one: Mapping[str, Any]) -> Dot | None:
    nudge = one["nudge"] or {}
    if "face" in nudge and "weights" in nudge:
        return (str(one["seq"]), "", "", nudge["face"], tuple(nudge["weights"]))
    return (str(one["seq"]), one["point"], one["side"] or "midline", None, ()) if one["point"] else None


@functools.lru_cache(maxsize=16)
def _drawn(
    dots: tuple[Dot, ...], names: tuple[tuple[str, str], ...], *person: float | str | None
) -> tuple[str, frozenset[str]]:
    """The SVG, and the numbers it shows."""
    # late: slow (numpy), and most pages draw no body
    from waterneedle.body import sheet

    sides, placed = _body(*person)
    marks = []
    for number, code, side, face, weights in dots:
        if face is not None:
            marks.append(sheet.Mark(face, tuple(weights), number, 0))
        elif (code, side) in placed:
            known = placed[(code, side)]
            marks.append(sheet.Mark(known.face, tuple(known.barycentric), number, 0))
    drawn, shown = sheet.laid_on(sides, marks=marks, names=dict(names))
    if not shown:
        return "", frozenset()
    drawn = drawn.replace("system-ui, sans-serif", "Waterneedle Sans, Waterneedle Han")
    return drawn, frozenset(one.label for one in shown)


@functools.lru_cache(maxsize=4)
def _body(*person: float | str | None) -> tuple[Any, dict[tuple[str, str], Any]]:
    """The body without a mark, and where its points are: the next visit of this patient, or the same in another language, has
    the same."""
    from waterneedle.body import sheet
    from waterneedle.body.fit import fit
    from waterneedle.body.placing import place_on
    from waterneedle.body.segments import body_of

    body = body_of(fit(*person))
    placed = {(one.code, one.side): one for one in reversed(place_on(body))}
    return sheet.drawn_sides(body.surface.vertices, body.joints), placed
