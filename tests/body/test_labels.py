"""Where labels stand: apart from each other and from the dots, beside their own where there is room."""
import itertools
import math

import pytest

from waterneedle.body import labels

CLUSTERS = {
    "a grid of a knee": [(3.0 * column, 2.5 * row) for row in range(5) for column in range(4)],
    "a row": [(1.7 * at, 0.0) for at in range(9)],
    "one place, four times": [(5.0, 5.0)] * 4,
}


@pytest.mark.parametrize("dots", CLUSTERS.values(), ids=CLUSTERS)
def test_labels_of_a_crowd_cover_neither_each_other_nor_a_dot(dots):
    found = labels.placed(dots, [str(at + 1) for at in range(len(dots))], [1] * len(dots), 2.6)

    assert not [pair for pair in itertools.combinations(found, 2) if pair[0].overlaps(pair[1])]
    assert not [(label, dot) for label in found for dot in dots if label.covers(dot)]


def test_a_label_with_room_stands_beside_its_dot_on_the_side_that_was_asked_for():
    left, right = labels.placed([(0, 0), (60, 0)], ["1", "2"], [-1, 1], 2.6)

    assert (left.is_led, right.is_led) == (False, False)
    assert left.x < 0 and right.x > 60 and left.y == right.y == 0


def test_a_label_stays_within_the_picture():
    (label,) = labels.placed([(9.5, 0)], ["12"], [1], 2.6, edges=(0, 10))

    assert label.x + label.half_wide <= 10


def test_dots_are_as_large_as_lets_them_be_told_apart():
    assert labels.radius_mm([(0, 0), (50, 0)]) == labels.DOT_MM
    assert labels.radius_mm([(0, 0), (2, 0)]) == pytest.approx(0.9)
    assert labels.radius_mm([(0, 0), (0.1, 0)]) == labels.DOT_MM  # one place
    assert math.isfinite(labels.radius_mm([]))
