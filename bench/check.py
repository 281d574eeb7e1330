"""How fast the safety check is: in process, over standard input, and from a cold start; and how much memory it holds.

    python bench/check.py [--plans 4000]

Prints figures with the machine named. To reach: check of six injections <= 0.5 ms median, `check -` >= 2,000 plans/s on one
core, a cold start <= 300 ms, resident memory <= 80 MB.
"""

from __future__ import annotations

import argparse
import copy
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from waterneedle.safety import documents
from waterneedle.safety.check import check
from waterneedle.safety.plan import Plan

POINTS = ("LI4", "ST36", "LI11", "GB21", "SP9", "GB34")
EXAMPLE = Path(__file__).parent.parent / "examples" / "plan.json"


def six_injections() -> dict:
    """The example plan with six punctures."""
    plan = json.loads(EXAMPLE.read_bytes())
    first = plan["injections"][0]
    plan["injections"] = [copy.deepcopy(first) | {"id": str(number)} for number, _ in enumerate(POINTS, 1)]
    for injection, point in zip(plan["injections"], POINTS, strict=True):
        injection["site"]["point"] = point
    return plan


def timed_ms(action: Callable[[], object], rounds: int) -> list[float]:
    """The duration of each of `rounds` runs, in ms, sorted."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        found.append((time.perf_counter() - start) * 1e3)
    return sorted(found)


def report(name: str, durations_ms: list[float]) -> None:
    p95 = durations_ms[int(len(durations_ms) * 0.95)]
    print(f"{name:<44} median {statistics.median(durations_ms):8.3f} ms   p95 {p95:8.3f} ms   min {durations_ms[0]:8.3f} ms")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--plans", type=int, default=4000)
    plans = arguments.parse_args().plans
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {platform.system()}"
    )
    document = six_injections()
    encoded = json.dumps(document).encode()
    plan = documents.read(encoded, Plan)
    check(plan)
    report("check, six injections, in process", timed_ms(lambda: check(plan), 3000))
    report("read, check and write, in process", timed_ms(lambda: msgspec.json.encode(check(documents.read(encoded, Plan))), 3000))
    command = [sys.executable, "-m", "waterneedle", "check"]
    report(
        "check PLAN, cold start",
        timed_ms(lambda: subprocess.run([*command, "--json", str(EXAMPLE)], capture_output=True, check=True), 15),
    )
    report("python -c pass, for comparison", timed_ms(lambda: subprocess.run([sys.executable, "-c", "pass"], check=True), 15))
    lines = (encoded + b"\n") * plans
    start = time.perf_counter()
    answered = subprocess.run([*command, "-"], input=lines, capture_output=True, check=True).stdout.count(b"\n")
    seconds = time.perf_counter() - start
    print(f"{'check -, one core':<44} {answered / seconds:8.0f} plans/s ({answered} plans in {seconds:.2f} s, start included)")
    print(f"{'resident memory of check -':<44} {resident_mb(command, lines[: len(encoded) * 200]):8.1f} MB")


def resident_mb(command: list[str], lines: bytes) -> float:
    """The largest resident memory of `check -` over a few hundred plans."""
    process = subprocess.Popen([*command, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    process.communicate(lines[: lines.rfind(b"\n") + 1])
    import resource  # late: not on every platform

    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    main()
