"""Whether the intervals of randomised trials hold the truth as often as they say, and the tests err no more often.

    python bench/trials_coverage.py [--trials 2000] [--seed 1]

Simulates trials with a known effect, of a made-up pain from 0 to 10 (rounded, as people answer) and of normal values; also with a
pain that gets less from place to place by itself, with missing answers, three arms and strata. Each is allocated by
`outcomes/urn.py`, or in blocks as trials were before, and read by `outcomes/randomised.py`. To reach: coverage of 95 % intervals
not below 95 % by more than chance allows (exact binomial, 1 in 1,000 for a method that is exact); false alarms under no effect at
most 5 % likewise. The exact randomisation interval errs to the wide side, and more the fewer the places.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import NamedTuple

import numpy as np

from waterneedle.outcomes import allocation, randomised, urn
from waterneedle.outcomes.randomised import Effect
from waterneedle.outcomes.rates import at_least

CONFIDENCE, CHANCE = 0.95, 1e-3
TRUTH = -1.0


class Design(NamedTuple):
    """`places` in all; `whole`: values are rounded to an answer; `fall`: how much less pain is at the last place by itself."""

    name: str
    methods: tuple[str, ...]
    places: int
    balls: int = 1  # of each arm in the urn; 0: blocks
    repeats: tuple[int, ...] = ()  # of an arm in a block
    arms: int = 2
    strata: int = 1
    whole: bool = False
    fall: float = 0.0
    missing: float = 0.0


class Trial(NamedTuple):
    values: list[float | None]
    before: list[float]
    arms: list[int]
    groups: list[int]  # the block, or the stratum of the urn
    balls: int


READ: dict[str, Callable[[Trial], Effect | None]] = {
    "randomisation": lambda one: randomised.of_urn(one.values, one.arms, one.groups, (0, 1), balls=one.balls),
    "randomisation, drawn": lambda one: randomised.of_urn(
        one.values, one.arms, one.groups, (0, 1), balls=one.balls, most=1, draws=2_000),
    "blocks, randomisation": lambda one: randomised.of_blocks(one.values, one.arms, one.groups, (0, 1)),
    "blocks, paired": lambda one: randomised.paired(one.values, one.arms, one.groups, (0, 1)),
    "welch": lambda one: randomised.welch(one.values, one.arms, (0, 1)),
    "ancova": lambda one: randomised.ancova(one.values, one.before, one.arms, (0, 1)),
}
DESIGNS = (
    Design("N-of-1, 8 visits", ("randomisation",), 8),
    Design("N-of-1, 12 visits", ("randomisation", "randomisation, drawn"), 12),
    Design("N-of-1, 12 visits, four balls", ("randomisation",), 12, balls=4),
    Design("N-of-1, 12 visits, whole answers, one of ten missing", ("randomisation",), 12, whole=True, missing=0.1),
    Design("N-of-1, 12 visits, pain falls by 3 by itself", ("randomisation",), 12, fall=3.0),
    Design("N-of-1, 15 visits, three arms", ("randomisation",), 15, arms=3),
    Design("N-of-1, 20 visits, pain falls by 3 by itself", ("randomisation, drawn",), 20, fall=3.0),
    Design("pragmatic, 40 people", ("randomisation, drawn", "welch", "ancova"), 40),
    Design("pragmatic, 40 people in three strata, whole answers", ("randomisation, drawn", "welch", "ancova"), 40, balls=2,
           strata=3, whole=True),
    Design("as before, N-of-1, 6 pairs", ("blocks, randomisation", "blocks, paired"), 12, balls=0, repeats=(1,)),
    Design("as before, N-of-1, 10 pairs, whole answers", ("blocks, randomisation", "blocks, paired"), 20, balls=0, repeats=(1,),
           whole=True),
    Design("as before, pragmatic, 40 people", ("welch", "ancova"), 40, balls=0, repeats=(1, 2)),
)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--trials", type=int, default=2_000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, {asked.trials} trials each")
    began, all_hold = perf_counter(), True
    for design in DESIGNS:
        for method in design.methods:
            held, alarms, open_ended = counted(method, design, asked.trials, np.random.default_rng(asked.seed))
            holds = not too_few(held, asked.trials) and not too_many(alarms, asked.trials)
            all_hold &= holds
            print(f"{'ok  ' if holds else 'FAIL'} {design.name}: {method}: the truth is held by {held / asked.trials:.1%}, "
                  f"false alarms {alarms / asked.trials:.1%}, open intervals {open_ended / asked.trials:.1%}", flush=True)
    print(f"{perf_counter() - began:.0f} s")
    return 0 if all_hold else 1


def counted(method: str, design: Design, trials: int, chance: np.random.Generator) -> tuple[int, int, int]:
    """In how many trials the interval holds the truth; is p <= 0.05 although there is no effect; is the interval open."""
    held = alarms = open_ended = 0
    for one in simulated(TRUTH, design, trials, chance):
        found = READ[method](one)
        held += found is None or found.low <= TRUTH <= found.high
        open_ended += found is not None and not math.isfinite(found.high - found.low)
    for one in simulated(0.0, design, trials, chance):
        found = READ[method](one)
        alarms += found is not None and found.p <= 1 - CONFIDENCE
    return held, alarms, open_ended


def simulated(truth: float, design: Design, trials: int, chance: np.random.Generator) -> Iterator[Trial]:
    """Answers are whole by adding an even chance before they are cut, so that the mean effect of whole answers is the same as
    that of the values they come from."""
    places = design.places
    for _trial in range(trials):
        arms, groups = lot(design, chance)
        before = chance.normal(5.5, 0.8, places)
        after = 2 + 0.6 * before + chance.normal(0, 0.6, places) + truth * (np.array(arms) == 0)
        after -= design.fall * np.arange(places) / (places - 1)
        if design.whole:
            before, after = (np.floor(one + chance.random(places)) for one in (before, after))
        lost = chance.random(places) < design.missing
        values = [None if gone else value for value, gone in zip(after, lost, strict=True)]
        yield Trial(values, list(before), arms, groups, design.balls)


def lot(design: Design, chance: np.random.Generator) -> tuple[list[int], list[int]]:
    """The arm of each place, and its stratum or block. People of all strata come as it happens."""
    seed, count = chance.bytes(allocation.SEED_BYTES), design.places
    if not design.balls:
        found = allocation.sequence(seed, stratum="", arms=design.arms, repeats=design.repeats, count=count)
        return [one.arm for one in found], [one.block for one in found]
    groups = list(chance.integers(0, design.strata, count))
    each = {stratum: iter(urn.sequence(seed, stratum=str(stratum), arms=design.arms, balls=design.balls, count=count))
            for stratum in range(design.strata)}
    return [next(each[stratum]).arm for stratum in groups], groups


def too_few(held: int, trials: int) -> bool:
    return 1 - at_least(held + 1, trials, CONFIDENCE) < CHANCE


def too_many(alarms: int, trials: int) -> bool:
    return at_least(alarms, trials, 1 - CONFIDENCE) < CHANCE


if __name__ == "__main__":
    sys.exit(main())
