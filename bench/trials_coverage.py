"""Whether the intervals of randomised trials hold the truth as often as they say, and the tests err no more often.

    python bench/trials_coverage.py [--trials 2000] [--seed 1]

Simulates trials with a known effect, of a made-up pain from 0 to 10 (rounded, as people answer) and of normal values; each is
allocated by `outcomes/allocation.py` and read by `outcomes/randomised.py`. To reach: coverage of 95 % intervals not below 95 % by
more than chance allows (exact binomial, 1 in 1,000 for a method that is exact); false alarms under no effect at most 5 %
likewise. The exact randomisation interval errs to the wide side, and more the fewer the blocks.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import sys
from collections.abc import Callable, Iterator
from time import perf_counter

import numpy as np

from waterneedle.outcomes import randomised
from waterneedle.outcomes.allocation import sequence
from waterneedle.outcomes.randomised import Effect
from waterneedle.outcomes.rates import at_least

CONFIDENCE, CHANCE = 0.95, 1e-3
TRUTH = -1.0
Read = Callable[[list[float], list[float], list[int], list[int]], Effect | None]
READ: dict[str, Read] = {
    "randomisation": lambda values, before, arms, blocks: randomised.randomisation(values, arms, blocks, (0, 1)),
    "randomisation, drawn": lambda values, before, arms, blocks: randomised.randomisation(
        values, arms, blocks, (0, 1), most=1, draws=2_000),
    "paired": lambda values, before, arms, blocks: randomised.paired(values, arms, blocks, (0, 1)),
    "welch": lambda values, before, arms, blocks: randomised.welch(values, arms, (0, 1)),
    "ancova": lambda values, before, arms, blocks: randomised.ancova(values, before, arms, (0, 1)),
}
# Name, methods, places, repeats of an arm in a block, whether values are rounded to an answer from 0 to 10.
DESIGNS = (
    ("N-of-1, 6 pairs", ("randomisation", "paired"), 12, (1,), False),
    ("N-of-1, 10 pairs", ("randomisation", "randomisation, drawn", "paired"), 20, (1,), False),
    ("N-of-1, 10 pairs, whole answers", ("randomisation", "paired"), 20, (1,), True),
    ("pragmatic, 40 people", ("randomisation, drawn", "welch", "ancova"), 40, (1, 2), False),
    ("pragmatic, 40 people, whole answers", ("welch", "ancova"), 40, (1, 2), True),
)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--trials", type=int, default=2_000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, {asked.trials} trials each")
    began, all_hold = perf_counter(), True
    for name, methods, places, repeats, whole in DESIGNS:
        for method in methods:
            held, alarms, open_ended = counted(method, places, repeats, whole, asked.trials, np.random.default_rng(asked.seed))
            holds = not too_few(held, asked.trials) and not too_many(alarms, asked.trials)
            all_hold &= holds
            print(f"{'ok  ' if holds else 'FAIL'} {name}: {method}: the truth is held by {held / asked.trials:.1%}, "
                  f"false alarms {alarms / asked.trials:.1%}, open intervals {open_ended / asked.trials:.1%}")
    print(f"{perf_counter() - began:.0f} s")
    return 0 if all_hold else 1


def counted(
    method: str, places: int, repeats: tuple[int, ...], whole: bool, trials: int, chance: np.random.Generator
) -> tuple[int, int, int]:
    """In how many trials the interval holds the truth; is p <= 0.05 although there is no effect; is the interval open."""
    held = alarms = open_ended = 0
    for values, before, arms, blocks in simulated(TRUTH, places, repeats, whole, trials, chance):
        found = READ[method](values, before, arms, blocks)
        held += found is None or found.low <= TRUTH <= found.high
        open_ended += found is not None and not math.isfinite(found.high - found.low)
    for values, before, arms, blocks in simulated(0.0, places, repeats, whole, trials, chance):
        found = READ[method](values, before, arms, blocks)
        alarms += found is not None and found.p <= 1 - CONFIDENCE
    return held, alarms, open_ended


def simulated(
    truth: float, places: int, repeats: tuple[int, ...], whole: bool, trials: int, chance: np.random.Generator
) -> Iterator[tuple[list[float], list[float], list[int], list[int]]]:
    """Outcomes and baselines with their arms and blocks. Answers are whole by adding an even chance before they are cut, so that
    the mean effect of whole answers is the same as that of the values they come from."""
    for _trial in range(trials):
        lot = sequence(chance.bytes(32), stratum="", arms=2, repeats=repeats, count=places)
        arms, blocks = [one.arm for one in lot], [one.block for one in lot]
        before = chance.normal(5.5, 0.8, places)
        after = 2 + 0.6 * before + chance.normal(0, 0.6, places) + truth * (np.array(arms) == 0)
        if whole:
            before, after = (np.floor(one + chance.random(places)) for one in (before, after))
        yield list(after), list(before), arms, blocks


def too_few(held: int, trials: int) -> bool:
    return 1 - at_least(held + 1, trials, CONFIDENCE) < CHANCE


def too_many(alarms: int, trials: int) -> bool:
    return at_least(alarms, trials, 1 - CONFIDENCE) < CHANCE


if __name__ == "__main__":
    sys.exit(main())
