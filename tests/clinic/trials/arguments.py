"""What stands in the addresses of this room, made for the tests of all routes."""

from __future__ import annotations

from uuid import UUID

from clinic.trials.planning import PARALLEL, allocated, drafted, frozen
from clinic.visits.charting import make_visit
from clinic.world import Place, any_of_clinic


@any_of_clinic
def trial(place: Place) -> UUID:
    return frozen(place.access, **PARALLEL).uid


@any_of_clinic
def draft(place: Place) -> UUID:
    return drafted(place.access, None, **PARALLEL).uid


def allocation(place: Place) -> UUID:
    return allocated(place.access, frozen(place.access, place.patient), place.patient).uid


def trials__visit(place: Place) -> UUID:
    return make_visit(place.access, place.patient).uid
