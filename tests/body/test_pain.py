"""A pain drawing keeps its cells, its area on this figure, and what changed; the browser writes the same runs and areas."""
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.body import node
from waterneedle.body import mesh, pain

CELLS = len(mesh.faces())
DRAWINGS = st.dictionaries(st.integers(0, CELLS - 1), st.integers(1, 10), max_size=60)
COEFFICIENTS = mesh.shape(0, 40, 0.25, 0.5, 0.5)
VERTICES = mesh.vertices(COEFFICIENTS)
SHOULDER = dict.fromkeys(range(2000, 2040), 6)
GROWN = {cell: 8 if cell < 2010 else 6 for cell in range(2000, 2060)} | {9000: 2}


@given(DRAWINGS)
def test_a_drawing_comes_back_from_its_runs(drawing):
    assert pain.intensities(pain.runs(drawing)) == drawing


@given(DRAWINGS)
def test_runs_are_in_order_and_as_few_as_can_be(drawing):
    runs = pain.runs(drawing)

    for (first, count, intensity), (after, _, other) in itertools.pairwise(runs):
        assert first + count < after or (first + count == after and intensity != other)


@pytest.mark.parametrize("wrong", [
    [(5, 0, 4)], [(-1, 1, 4)], [(CELLS, 1, 4)], [(CELLS - 1, 2, 4)], [(5, 3, 4), (7, 1, 2)], [(9, 1, 4), (5, 1, 4)], [(5, 1, 0)],
    [(5, 1, 11)],
])
def test_runs_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match=r"cells|run|intensity"):
        pain.intensities(wrong)


def test_all_cells_are_the_whole_skin():
    assert pain.area_cm2([(0, CELLS, 3)], VERTICES) == pytest.approx(pain.cell_areas_cm2(VERTICES).sum())
    assert 14_000 < pain.area_cm2([(0, CELLS, 3)], VERTICES) < 20_000  # a woman has about 1.7 m² of skin


def test_the_area_is_that_of_the_painted_cells():
    areas = pain.cell_areas_cm2(VERTICES)

    assert pain.area_cm2(pain.runs(SHOULDER), VERTICES) == pytest.approx(areas[2000:2040].sum())
    assert pain.area_cm2([], VERTICES) == 0


def test_a_change_says_what_is_new_gone_stronger_and_weaker():
    areas = pain.cell_areas_cm2(VERTICES)
    change = pain.change(pain.runs(SHOULDER), pain.runs(GROWN), VERTICES)

    assert change.before_cm2 == pytest.approx(areas[2000:2040].sum())
    assert change.new_cm2 == pytest.approx(areas[2040:2060].sum() + areas[9000])
    assert (change.gone_cm2, change.better_cm2) == (0, 0)
    assert change.worse_cm2 == pytest.approx(areas[2000:2010].sum())
    assert change.difference_cm2 == pytest.approx(change.new_cm2)
    assert change.mean_before == pytest.approx(6)
    assert change.mean_after == pytest.approx(np.average([*[8] * 10, *[6] * 50, 2], weights=[*areas[2000:2060], areas[9000]]))


def test_a_change_the_other_way_round_swaps_new_and_gone():
    forth, back = (pain.change(*map(pain.runs, pair), VERTICES) for pair in ((SHOULDER, GROWN), (GROWN, SHOULDER)))

    assert (forth.new_cm2, forth.worse_cm2, forth.difference_cm2) == (back.gone_cm2, back.better_cm2, -back.difference_cm2)


def test_a_change_to_the_same_drawing_or_from_none_is_what_it_should_be():
    same, first = pain.change(pain.runs(GROWN), pain.runs(GROWN), VERTICES), pain.change([], pain.runs(GROWN), VERTICES)

    assert (same.new_cm2, same.gone_cm2, same.worse_cm2, same.better_cm2, same.difference_cm2) == (0, 0, 0, 0, 0)
    assert first.mean_before is None
    assert first.new_cm2 == first.after_cm2


def test_the_browser_writes_the_same_runs_and_the_same_areas():
    told = node.run(node.FIGURE + """
        const { runs, values } = await use("cells.js");
        const { PainDrawing } = await use("pain.js");
        const drawing = new PainDrawing(surface, given.after);
        answer = { runs: runs(values(given.after, surface.count)), shuffled: runs(new Map(given.cells)), area: drawing.areaCm2(),
                   change: drawing.changeFrom(given.before) };
    """, {"coefficients": COEFFICIENTS.tolist(), "before": pain.runs(SHOULDER), "after": pain.runs(GROWN),
          "cells": [[cell, GROWN[cell]] for cell in sorted(GROWN, key=lambda cell: cell * 7919 % 101)]})
    change = pain.change(pain.runs(SHOULDER), pain.runs(GROWN), VERTICES)

    assert told["runs"] == told["shuffled"] == [list(run) for run in pain.runs(GROWN)]
    assert told["area"] == pytest.approx(change.after_cm2, rel=1e-4)
    assert told["change"] == pytest.approx({
        "before": change.before_cm2, "after": change.after_cm2, "fresh": change.new_cm2, "gone": 0,
        "worse": change.worse_cm2, "better": 0,
    }, rel=1e-4)


@pytest.mark.parametrize("wrong", [[[5, 3, 4], [7, 1, 2]], [[CELLS, 1, 4]], [[5, 0, 4]], [[0.5, 1, 4]]])
def test_the_browser_refuses_the_same_runs(wrong):
    assert node.run("""
        const { values } = await use("cells.js");
        try { values(given.runs, given.cells); answer = "read"; } catch (error) { answer = error.name; }
    """, {"runs": wrong, "cells": CELLS}) == "RangeError"


def test_undo_takes_back_a_stroke_and_not_a_cell():
    assert node.run(node.FIGURE + """
        const { PainDrawing } = await use("pain.js");
        const drawing = new PainDrawing(surface, [[10, 2, 4]]);
        const stroke = (cells, intensity) => { drawing.begin(); drawing.paint(cells, intensity); drawing.end(); };
        stroke([11, 12, 13], 8); stroke([11, 12], 8); stroke([10], 0);
        const painted = drawing.runs;
        drawing.undo();
        const once = drawing.runs;
        drawing.undo();
        answer = [painted, once, drawing.runs, drawing.canUndo];
    """, {"coefficients": COEFFICIENTS.tolist()}) == [[[11, 3, 8]], [[10, 1, 4], [11, 3, 8]], [[10, 2, 4]], False]
