"""The muscles of the trigger points on one figure: what skin lies over each, and where its trigger points usually lie.

From the attachments on file (`knowledge/muscles.toml`), as lines between points and landmarks with a width, as coarse as
`areas.py` says. Muscles overlap: under one triangle may lie several, the superficial first. Palpation finds the muscle.
"""
from __future__ import annotations

from waterneedle import knowledge
from waterneedle.body import areas
from waterneedle.body.mesh import Rows
from waterneedle.body.placing.body import Body
from waterneedle.body.surface import Spot


def regions(body: Body) -> dict[str, Rows]:
    """The triangles over each muscle, both sides, by the id of its trigger point: rows of `mesh.faces()`."""
    return {identity: areas.faces_of(body, [muscle.area]) for identity, muscle in knowledge.muscles().items()}


def spots(body: Body, muscle: str) -> tuple[Spot, ...]:
    """Where the trigger points of a muscle usually lie, on the left. KeyError for an id that is not on file."""
    return tuple(spot for place in knowledge.muscles()[muscle].at for spot in areas.spots(body, place))


def at(body: Body, face: int) -> tuple[str, ...]:
    """The muscles under a triangle, the one that a tap most likely means first."""
    found = {identity: len(rows) for identity, rows in body.once(regions).items() if face in rows}
    return tuple(sorted(found, key=lambda identity: rank(identity, found[identity])))


def rank(muscle: str, size: int) -> tuple[bool, int]:
    """What comes first of muscles under one finger: the superficial before the deep, and of either the smaller."""
    return knowledge.muscles()[muscle].layer == "deep", size
