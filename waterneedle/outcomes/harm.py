"""When a trial is stopped for harm: a boundary that is fixed beforehand and looked at after every event.

Two boundaries, either of which stops. A number of events in one arm. Or a rate: so many events among the treatments of an arm
that at an acceptable rate as many would be seen with a probability of `alpha` at most, by the exact binomial tail
(`rates.at_least`).
Looking after each event makes a false stop likelier than `alpha`: it errs on the side of stopping.
"""

from __future__ import annotations

import msgspec

from waterneedle.outcomes.rates import at_least


class Boundary(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The largest number of events that is borne in one arm, and the rate that is; None: this one is not used."""

    most_events: int | None = None
    acceptable_rate: float | None = None
    alpha: float = 0.05


_ROUNDING = 1e-9  # a tail of exactly `alpha` stops, however it was added up
msgspec.json.Decoder(Boundary)  # met here, where one thread imports: see `knowledge/store.py`


def is_crossed(boundary: Boundary, *, events: int, treatments: int) -> bool:
    """Whether `events` after `treatments` of one arm are more than the boundary bears."""
    if not events:
        return False
    if boundary.most_events is not None and events > boundary.most_events:
        return True
    return boundary.acceptable_rate is not None and _tail(boundary, events, treatments) <= boundary.alpha * (1 + _ROUNDING)


def fewest_that_stop(boundary: Boundary, *, treatments: int) -> int | None:
    """With how many events an arm of so many treatments is stopped; None where no number of them does.

    >>> fewest_that_stop(Boundary(acceptable_rate=0.02), treatments=20)
    3
    """
    found = (events for events in range(1, treatments + 1) if is_crossed(boundary, events=events, treatments=treatments))
    return next(found, None)


def _tail(boundary: Boundary, events: int, treatments: int) -> float:
    # More than one event of a treatment is counted once for each treatment at most: events beyond are all of them.
    return at_least(min(events, treatments), treatments, boundary.acceptable_rate) if treatments else 0.0
