"""Which arm stands at which place of a sequence that is drawn from an urn: whoever knows every earlier arm never knows the next.

The urn of L. J. Wei begins with the `balls` of the plan of each arm. For each place one is drawn and put back, and a
ball of every other arm is added: an arm that was given less often becomes likelier, and each keeps the balls that it began with,
so that none is ever certain and none impossible. In a block of fixed length the last arm is certain.

    chances((2, 0), balls=1)                  how likely each arm is after two of the first: 1/4 and 3/4
    largest_chance(2, balls=1, places=12)     the most that any history of a trial makes of any arm: 12/13
    counts_of_arm(2, balls=1, places=12)      how likely it is that an arm gets 0, 1, … of the places
    sequence(seed, stratum="", arms=2, balls=1, count=12)

L. J. Wei, A class of designs for sequential clinical trials, J Am Stat Assoc 1977;72:382-6, and The adaptive biased coin design
for sequential experiments, Ann Stat 1978;6:92-100, doi 10.1214/aos/1176344068: small trials are balanced, large ones come near to
a fair coin. Tests that follow from it: L. J. Wei and J. M. Lachin, Control Clin Trials 1988;9:345-64, hdl 2027.42/27039.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate, islice

from waterneedle.outcomes.allocation import Place, below, words


def chances(given: Sequence[int], *, balls: int) -> tuple[Fraction, ...]:
    """How likely each arm is at the next place, after each was given as often as `given` says."""
    held = _held(given, balls)
    return tuple(Fraction(one, sum(held)) for one in held)


def largest_chance(arms: int, *, balls: int, places: int) -> Fraction:
    """The largest chance that any arm has at any of `places` places, whatever was drawn before: that of the last place for an arm
    that was never given."""
    return chances((0, max(places - 1, 0), *(0,) * (arms - 2)), balls=balls)[0]


def counts_of_arm(arms: int, *, balls: int, places: int) -> list[float]:
    """How likely it is that one arm gets none, one, two, … of `places` places."""
    found = [1.0]
    for place in range(places):
        held = arms * balls + (arms - 1) * place
        gets = [(balls + place - count) / held for count in range(place + 1)]
        found = [stays * (1 - chance) + comes for stays, chance, comes in zip(
            [*found, 0.0], [*gets, 0.0], [0.0, *(one * chance for one, chance in zip(found, gets, strict=True))], strict=True)]
    return found


def usual_counts(arms: int, *, balls: int, places: int, share: float = 0.95) -> tuple[int, int]:
    """The fewest and the most places that an arm gets, the tails left out that are less likely than half of 1 - `share`.

    >>> usual_counts(2, balls=1, places=12)
    (4, 8)
    """
    upto = list(accumulate(counts_of_arm(arms, balls=balls, places=places)))
    tail = (1 - share) / 2
    low = next(count for count, sum_of in enumerate(upto) if sum_of > tail)
    return low, next(count for count, sum_of in enumerate(upto) if sum_of >= 1 - tail)


def sequence(seed: bytes, *, stratum: str, arms: int, balls: int, count: int) -> tuple[Place, ...]:
    """The first `count` places of a stratum. A place of an urn lies in no block."""
    if arms < 2 or balls < 1:
        raise ValueError(f"two arms and one ball of each at least are needed, got {arms} and {balls}")
    return tuple(Place(place, None, arm) for place, arm in enumerate(islice(_drawn(seed, stratum, arms, balls), count)))


def _drawn(seed: bytes, stratum: str, arms: int, balls: int) -> Iterator[int]:
    numbers, given = words(seed, f"{len(stratum)}:{stratum}|urn|"), [0] * arms
    while True:
        held = list(accumulate(_held(given, balls)))
        drawn = below(numbers, held[-1])
        arm = next(arm for arm, until in enumerate(held) if drawn < until)
        given[arm] += 1
        yield arm


def _held(given: Sequence[int], balls: int) -> list[int]:
    """The balls of each arm: those of the beginning, and one for each place that another arm got."""
    return [balls + sum(given) - own for own in given]
