"""How fast a body is fitted and its points are placed, and how much a browser must be sent.

    python bench/body.py [--rounds 30]

Prints figures with the machine named: by the clock, and by the processor, which is the clock of a machine that does nothing else.
To reach: fit <= 50 ms, all points on a new body <= 150 ms, the pack of shapes <= 1.05 MB,
and where the points lie (code, side, member, face, barycentric) <= 40 KB as it is sent.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from itertools import cycle
from typing import Any

from waterneedle.body import mesh, placing
from waterneedle.body.fit import fit
from waterneedle.body.placing import PlacedPoint

PEOPLE = [
    (sex, age, height, weight)
    for sex, height, weight in (("female", 160, 50), ("male", 185, 110), ("female", 171, 82), ("male", 172, 61))
    for age in (19, 35, 52, 78)
]
FIT_MS, PLACE_MS, PACK_MB, WIRE_KB = 50, 150, 1.05, 40


def timed_ms(action: Callable[[Any], object], over: Iterable[Any], rounds: int) -> tuple[list[float], list[float]]:
    """The duration of each of `rounds` runs over as many different arguments, in ms, sorted: by the clock, by the processor."""
    clock, processor = [], []
    for one, _ in zip(cycle(over), range(rounds), strict=False):
        start, used = time.perf_counter(), time.process_time()
        action(one)
        clock.append((time.perf_counter() - start) * 1e3)
        processor.append((time.process_time() - used) * 1e3)
    return sorted(clock), sorted(processor)


def sent(points: Iterable[PlacedPoint]) -> bytes:
    """Where the points lie, as JSON rows; the third weight is what is missing to 1, and four digits are under 0.01 mm."""
    rows = [
        [point.code, point.side[0], point.member, int(point.face), *(round(float(weight), 4) for weight in point.barycentric[:2])]
        for point in points
    ]
    return json.dumps(rows, separators=(",", ":")).encode()


def report(name: str, durations_ms: tuple[list[float], list[float]], bound_ms: float) -> None:
    clock, processor = durations_ms
    told = f"median {statistics.median(clock):8.1f} ms   p95 {clock[int(len(clock) * 0.95)]:8.1f} ms"
    own = statistics.median(processor)
    print(f"{name:<44} {told}   processor {own:8.1f} ms   to reach {bound_ms:g} ms   {_said(own <= bound_ms)}")


def size(name: str, amount: float, bound: float, unit: str, note: str = "") -> None:
    print(f"{name:<44} {amount:15.2f} {unit}{note}   to reach {bound:g} {unit}   {_said(amount <= bound)}")


def _said(reached: bool) -> str:
    return "reached" if reached else "NOT REACHED"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=30)
    rounds = arguments.parse_args().rounds
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {platform.system()}"
    )
    figures = [fit(*person).coefficients for person in PEOPLE]
    start = time.perf_counter()
    points = placing.place(figures[0])
    print(f"{'the first body of a process':<44} {(time.perf_counter() - start) * 1e3:15.1f} ms, {len(points)} places on the skin")
    report("fit", timed_ms(lambda person: fit(*person), PEOPLE, rounds), FIT_MS)
    report("all points on a new body", timed_ms(placing.place, figures, rounds), PLACE_MS)
    packed = sum((mesh.PACK / name).stat().st_size for name in ("body.bin", "body.json"))
    size("pack of shapes", packed / 1e6, PACK_MB, "MB")
    plain = sent(points)
    size("where the points lie, gzip", len(gzip.compress(plain, 6)) / 1e3, WIRE_KB, "KB", f" ({len(plain) / 1e3:.1f} KB before)")


if __name__ == "__main__":
    main()
