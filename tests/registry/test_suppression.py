"""A small cell is not told, and cannot be worked out from a total and the cells that are."""
from __future__ import annotations

import datetime
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from waterneedle.registry import rates
from waterneedle.registry.anonymity import THRESHOLD
from waterneedle.registry.engines import opened
from waterneedle.registry.report import report
from waterneedle.registry.simulate import Truth, simulate
from waterneedle.registry.suppression import columns_told, left_out, told

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


def narrowest(counts, missing, columns):
    """The attack: by all totals of lines, and of `columns`, how closely a missing cell is known at best."""
    cells = sorted(missing)
    if not cells:
        return np.inf
    lines = {line for line, _column in cells if sum(counts[cell] for cell in cells if cell[0] == line) >= THRESHOLD}
    sums = [[float(cell[0] == line) for cell in cells] for line in sorted(lines)]
    sums += [[float(cell[1] == column) for cell in cells] for column in sorted(columns)]
    known = np.array(sums).reshape(-1, len(cells))
    totals = known @ [counts[cell] for cell in cells]
    widths = []
    for one in np.eye(len(cells)):
        least, most = (linprog(sign * one, A_eq=known, b_eq=totals, bounds=(0, None)) for sign in (1, -1))
        widths.append(np.inf if most.status == 3 else -most.fun - least.fun)
    return min(widths, default=np.inf)


def test_a_cell_between_two_blocks_that_lines_and_columns_would_give_away_keeps_a_column_back():
    counts = dict.fromkeys(((line, column) for block in ("ab", "cd") for line in block for column in block), 20) | {("a", "c"): 5}
    assert narrowest(counts, counts, "abcd") < 1e-6  # each line and column alone is safe

    columns = columns_told(counts, counts, THRESHOLD)
    assert columns and narrowest(counts, counts, columns) >= THRESHOLD


@given(st.lists(st.lists(st.integers(0, 40), min_size=4, max_size=4), min_size=2, max_size=4))
@settings(max_examples=40)
def test_who_knows_all_totals_that_are_told_knows_no_missing_cell_more_closely_than_the_threshold(table):
    counts = {(line, column): count for line, row in enumerate(table) for column, count in enumerate(row)}
    missing = {(line, column) for line, row in enumerate(table) for column in left_out(dict(enumerate(row)), THRESHOLD)}

    assert narrowest(counts, missing, columns_told(counts, missing, THRESHOLD)) >= THRESHOLD


def test_the_tables_of_a_report_taken_together_give_no_missing_cell_away(tmp_path):
    simulate(tmp_path, Truth(clinics=4, injections=30_000))
    with opened(tmp_path) as engine:
        counts = {(one.kind, one.group): one.events for one in rates.rates(engine)}
        page = report(engine, datetime.date(2026, 11, 27))
    events, signals = (page[page.index(f"<h2>{one}</h2>"):page.index(f"<h2>{other}</h2>")]
                       for one, other in (("Adverse events", "Signals"), ("Signals", "Lots")))
    missing = set(re.findall(r"<tr><td class=text>([^<]+)</td><td class=text>([^<]*)</td><td>not told</td>", events))
    rows = re.findall(r"<tr><td class=text>([^<]+) · [^<]+</td>((?:<td>.*?</td>)+)</tr>", signals)
    has_prr = {product for product, cells in rows if re.findall(r"<td>(.*?)</td>", cells)[3] != "–"}

    products = {product for _kind, product in counts}
    assert has_prr and narrowest(counts, missing, products) < THRESHOLD  # with every ratio it would
    assert narrowest(counts, missing, has_prr) >= THRESHOLD
