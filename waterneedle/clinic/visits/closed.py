"""Visits of which the patient is not told what was in the syringe, until a later day: a room above says which.

    visits_are_kept_closed_by(lambda visit: …)   what stands on the patient's paper in place of the fluid; "" for any other visit

Only what the patient comes to see asks this: papers, and which questions are asked afterwards. The chart says what was given, for
everybody who may read it.
"""

from __future__ import annotations

from collections.abc import Callable

from waterneedle.clinic.visits.models import Visit

Closed = Callable[[Visit], str]
_closed: list[Closed] = []


def visits_are_kept_closed_by(answers: Closed) -> None:
    if answers not in _closed:
        _closed.append(answers)


def in_place_of_the_fluid(visit: Visit) -> str:
    return next((said for answers in _closed if (said := answers(visit))), "")
