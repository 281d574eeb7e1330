"""The ordinary plan that every test of the safety check starts from, and changes to it.

`changed(ordinary_plan(), {"injections[0].depth_mm": 14}, unset=["patient.weight_kg"])` is that plan with one fact
changed and one taken away.
"""

from __future__ import annotations

import copy
import gc
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from waterneedle.safety import documents, issues
from waterneedle.safety.check import check
from waterneedle.safety.plan import Assessment, Plan
from waterneedle.safety.reading import read
from waterneedle.safety.rules import RULES

# A busy machine is no reason to fail: how long things take is measured in bench/, not here.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

DATA = Path(__file__).parent / "data"
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_ORDINARY = (DATA / "ordinary_plan.json").read_text(encoding="utf-8")
_RULES = {rule.__name__: rule for rule in RULES}


def pytest_collection_finish() -> None:
    """What was imported until here stays to the end: nobody need look through it for garbage, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


def ordinary_plan() -> dict[str, Any]:
    """A plan as most are: two injections, everything on record, nothing wrong."""
    return json.loads(_ORDINARY)


def changed(plan: dict[str, Any], set: Mapping[str, Any] | None = None, *, unset: Iterable[str] = ()) -> dict[str, Any]:
    """A copy of `plan` with the places in `set` set and those in `unset` taken away, if they are there."""
    plan = copy.deepcopy(plan)
    for path, value in (set or {}).items():
        *way, last = steps(path)
        _put(_walk(plan, way), last, copy.deepcopy(value))
    for path in unset:
        *way, last = steps(path)
        holder = _find(plan, way)
        if isinstance(holder, dict):
            holder.pop(last, None)
        elif isinstance(holder, list) and last < len(holder):
            del holder[last]
    return plan


def with_(set: Mapping[str, Any] | None = None, *, unset: Iterable[str] = ()) -> dict[str, Any]:
    """The ordinary plan, changed."""
    return changed(ordinary_plan(), set, unset=unset)


def cases(plan: dict[str, Any], rule: str) -> list[str]:
    """The cases that `rule` raises on `plan`, one for each cause, sorted."""
    reading = read(documents.convert(plan, Plan))
    return sorted(one.case for one in issues.merged(_RULES[rule](reading)))


def found(plan: dict[str, Any], rule: str) -> list[Any]:
    """The issues of `rule` in the assessment of `plan`."""
    return [one for one in check(plan).issues if one.rule == rule]


def rules_and_severities(assessment: Assessment) -> set[tuple[str, str]]:
    return {(one.rule, one.severity) for one in assessment.issues}


def steps(path: str) -> list[str | int]:
    """`injections[0].depth_mm` as `["injections", 0, "depth_mm"]`."""
    return [int(number) if number else name for name, number in _STEP.findall(path)]


def _walk(place: Any, way: list[str | int]) -> Any:
    for step in way:
        if isinstance(step, int):
            place = place[step]
        else:
            if place.get(step) is None:
                place[step] = {}
            place = place[step]
    return place


def _find(place: Any, way: list[str | int]) -> Any:
    for step in way:
        try:
            place = place[step]
        except (KeyError, IndexError, TypeError):
            return None
    return place


def _put(holder: Any, last: str | int, value: Any) -> None:
    if isinstance(holder, list) and last == len(holder):
        holder.append(value)
    else:
        holder[last] = value


@pytest.fixture(scope="session")
def driver() -> Iterator[Any]:
    """Playwright, started once for all tests of a process that open a browser: a second start in the same thread fails."""
    # late: slow, and most tests need no browser
    from playwright.sync_api import sync_playwright

    # It keeps an event loop in this thread, in which Django would refuse to make rows for a test.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(name="ordinary_plan")
def _ordinary_plan() -> dict[str, Any]:
    return ordinary_plan()
