"""A small cell is not told, and cannot be worked out from a total and the cells that are."""
from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.registry import rates
from waterneedle.registry.anonymity import THRESHOLD
from waterneedle.registry.engines import opened
from waterneedle.registry.report import report
from waterneedle.registry.simulate import Truth, simulate
from waterneedle.registry.suppression import left_out, told

COUNTS = st.dictionaries(st.integers(0, 30), st.integers(0, 60), max_size=12)


@given(COUNTS)
def test_who_knows_the_total_learns_of_no_cell_and_of_no_small_sum_while_there_is_another_cell_to_hide(people):
    missing = left_out(people, THRESHOLD)
    small = {key for key, count in people.items() if 0 < count < THRESHOLD}
    nonzero = {key for key, count in people.items() if count}

    assert small <= missing <= nonzero
    is_safe = len(missing) >= 2 and sum(people[key] for key in missing) >= THRESHOLD
    assert not missing if not small else is_safe or missing == nonzero


@pytest.mark.parametrize(("people", "missing"), [
    ({"a": 4, "b": 30, "c": 12}, {"a", "c"}),  # b and the total would give a
    ({"a": 4, "b": 5, "c": 30, "d": 40}, {"a", "b", "c"}),  # nine are still too few
    ({"a": 6, "b": 7, "c": 30}, {"a", "b"}),
    ({"a": 4, "b": 0}, {"a"}),
    ({"a": 11, "b": 0}, set()),
])
def test_the_smallest_cells_go_with_one_that_is_too_small(people, missing):
    assert left_out(people, THRESHOLD) == missing


def test_rows_of_different_lines_are_looked_at_apart():
    rows = [("bruise", 3), ("bruise", 40), ("bruise", 50), ("pain", 40)]

    assert told(rows, lambda row: row[0], lambda row: row[1], THRESHOLD) == [False, False, True, True]


def test_no_table_of_events_in_a_report_lacks_just_one_product(tmp_path):
    simulate(tmp_path, Truth(clinics=2, injections=4_500))
    with opened(tmp_path) as engine:
        had = [one for one in rates.rates(engine) if one.patients]
        page = report(engine, datetime.date(2026, 11, 27))
    table = page[page.index("<h2>Adverse events</h2>"):page.index("<h2>Signals</h2>")]
    cells = re.findall(r"<tr><td class=text>([^<]+)</td><td class=text>([^<]*)</td><td>([^<]+)</td>", table)
    missing = {(kind, product) for kind, product, told_as in cells if told_as == "not told"}

    assert any(one.patients >= THRESHOLD and (one.kind, one.group) in missing for one in had)  # a larger one went with it
    for kind in {one.kind for one in had}:
        line = [one.patients for one in had if one.kind == kind]
        hidden = [one.patients for one in had if one.kind == kind and (kind, one.group) in missing]
        assert not hidden or hidden == line or (len(hidden) >= 2 and sum(hidden) >= THRESHOLD)
