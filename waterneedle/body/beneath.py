"""What the chart may show under the skin of a figure: muscles with the places of their trigger points, and hazard zones.

Asked for apart from the chart itself, for it takes a second and most visits do without. Coarse, and it says so (`areas.py`).
"""
from __future__ import annotations

from typing import Any

import numpy as np

from waterneedle import knowledge
from waterneedle.body import hazards, muscles, placing
from waterneedle.body.fit import Fit
from waterneedle.body.mesh import Rows
from waterneedle.body.placing.body import Body
from waterneedle.body.segments import MeasuredFigure, body_of
from waterneedle.body.surface import Spot

GUIDE = "A place to look, drawn from proportions: palpation finds the muscle, and outside of a zone is not safe."


def beneath(figure: Fit | MeasuredFigure, language: str = "en") -> dict[str, Any]:
    """Muscles and hazard zones, named in `language`, as values for JSON.

    `cells` are runs of triangles, `[first, how many]`, numbered as in a pain drawing. `at` has for each usual place of a trigger
    point a triangle and two of its weights, left, then right. Where several muscles hold a cell, the superficial comes first.
    """
    body = body_of(figure)
    return {
        "says": GUIDE,
        "language": language,
        "muscles": [_muscle(body, identity, rows, language) for identity, rows in _by_layer(muscles.regions(body))],
        "zones": [
            {"id": one, "kind": zone.kind, "structure": zone.called(language), "cells": runs(hazards.region(body, zone))}
            for one, zone in knowledge.hazard_zones().items()],
    }


def runs(rows: Rows) -> list[list[int]]:
    """Rows in rising order as `[first, how many]`.

    >>> runs(np.array([3, 4, 5, 9]))
    [[3, 3], [9, 1]]
    """
    parts = np.split(rows, np.flatnonzero(np.diff(rows) != 1) + 1) if len(rows) else []
    return [[int(part[0]), len(part)] for part in parts]


def _by_layer(regions: dict[str, Rows]) -> list[tuple[str, Rows]]:
    """Superficial before deep, and of either the smaller before the larger: the first that holds a cell is the one to name."""
    return sorted(regions.items(), key=lambda entry: muscles.rank(entry[0], len(entry[1])))


def _muscle(body: Body, identity: str, rows: Rows, language: str) -> dict[str, Any]:
    fact, muscle = knowledge.trigger_points()[identity], knowledge.muscles()[identity]
    places = [place for spot in muscles.spots(body, identity) for place in _both_sides(spot)]
    return {"id": identity, "name": fact.called(language), "layer": muscle.layer, "origin": muscle.origin,
            "insertion": muscle.insertion, "cells": runs(rows), "at": places}


def _both_sides(spot: Spot) -> list[list[float]]:
    mirrored = placing.mirrored(spot)
    return [[face, round(weights[0], 4), round(weights[1], 4)]
            for face, weights in ((spot.face, spot.barycentric), (mirrored.face, mirrored.barycentric))]
