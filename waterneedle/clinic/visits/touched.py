"""What a touch on the body may mean where no point is: a muscle under it, or a region of that part. It is chosen, not guessed."""

from __future__ import annotations

from dataclasses import dataclass

from waterneedle import knowledge
from waterneedle.clinic.visits import figure
from waterneedle.clinic.visits.models import Visit
from waterneedle.clinic.web.words import named_place


@dataclass(frozen=True)
class Place:
    """One meaning of a touch; `kind` is the field of the form that it fills."""

    kind: str  # muscle or region
    id: str
    name: str


def places(visit: Visit, face: int | None, nearest: str) -> tuple[Place, ...]:
    """The muscles under the triangle `face`, the likeliest first, and the regions of the part that the `nearest` point is of."""
    # late: slow (numpy), and most pages draw no body
    from waterneedle.body import muscles
    from waterneedle.body.fit import fit
    from waterneedle.body.mesh import faces
    from waterneedle.body.segments import body_of

    part = knowledge.points()[nearest].body_part if nearest in knowledge.points() else None
    under = muscles.at(body_of(fit(*figure.person(visit))), face) if face is not None and face < len(faces()) else ()
    regions = (one for one in knowledge.regions().values() if part is not None and one.body_part == part)
    return (
        *(Place("muscle", one, named_place(one)) for one in under),
        *(Place("region", one.id, named_place(one.id)) for one in regions),
    )


def muscle(identity: str) -> tuple[Place, ...]:
    """The muscle of that id, chosen on the body; none for an id that is not on file."""
    return (Place("muscle", identity, named_place(identity)),) if identity in knowledge.trigger_points() else ()
