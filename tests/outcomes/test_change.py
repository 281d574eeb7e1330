"""Changes of one person: with the limits of their error, for the better whichever way it runs, and what chance would do."""

from __future__ import annotations

import math
import random
from statistics import fmean, stdev

import msgspec
import pytest

from waterneedle import knowledge
from waterneedle.outcomes import change

PAIN = knowledge.indications()["musculoskeletal-pain"]
NRS = knowledge.instruments()[PAIN.first]


def test_better_is_positive_whichever_way_the_score_runs():
    assert change.improvement(NRS, 7, 4) == 3
    assert change.improvement(knowledge.instruments()["range-of-motion"], 60, 90) == 30


def test_the_limits_hold_two_errors_of_one_score():
    moved = change.moved(NRS, PAIN, 7, 4)

    # 1.96 times the square root of 2 times 1.02 (Childs 2005): 2.827
    assert moved.high - moved.points == pytest.approx(2.8272, abs=1e-4)
    assert (moved.points, moved.is_beyond_error, moved.matters) == (3, True, True)


def test_a_change_that_matters_may_still_be_error():
    moved = change.moved(NRS, PAIN, 7, 5)
    assert (moved.matters, moved.is_beyond_error) == (True, False)


@pytest.mark.parametrize("name", ["immunity", "lymphatic-swelling", "other"])
def test_where_nothing_is_on_file_there_are_no_limits_and_no_relief(name):
    indication = knowledge.indications()[name]
    instrument = knowledge.instruments()[indication.first]
    moved = change.moved(instrument, indication, 8, 2)

    assert (moved.low, moved.high, moved.is_beyond_error, moved.matters) == (None, None, None, None)
    assert change.relief_session(instrument, indication, 8, [(1, 2)]) is None


@pytest.mark.parametrize(("first", "last", "matters"), [(8, 7, True), (8, 7.5, False)])
def test_where_no_error_is_on_file_a_change_may_matter_and_has_no_limits(first, last, matters):
    sleep = msgspec.structs.replace(knowledge.indications()["sleep"], error=None)
    moved = change.moved(knowledge.instruments()[sleep.first], sleep, first, last)

    assert (moved.low, moved.high, moved.is_beyond_error, moved.matters) == (None, None, None, matters)


@pytest.mark.parametrize(("last", "is_beyond_error"), [(7, False), (6, False), (5, True)])
def test_what_matters_of_sleep_lies_within_the_error_of_a_line_for_sleep(last, is_beyond_error):
    sleep = knowledge.indications()["sleep"]
    moved = change.moved(knowledge.instruments()[sleep.first], sleep, 8, last)

    assert (moved.matters, moved.is_beyond_error) == (True, is_beyond_error)
    assert moved.high - moved.low == pytest.approx(2 * 1.96 * 2**0.5 * 1.04, rel=1e-3)


@pytest.mark.parametrize(("last", "matters", "is_beyond_error"), [(6, True, True), (5, False, False)])
def test_more_energy_is_better_and_its_error_is_that_of_a_scale_of_tiredness(last, matters, is_beyond_error):
    energy = knowledge.indications()["energy"]
    moved = change.moved(knowledge.instruments()[energy.first], energy, 3, last)

    assert (moved.points, moved.matters, moved.is_beyond_error) == (last - 3, matters, is_beyond_error)
    assert moved.high - moved.low == pytest.approx(2 * 1.96 * 2**0.5 * 0.99, rel=1e-3)


def test_per_cent_needs_a_first_score_above_zero():
    assert change.moved(NRS, PAIN, 0, 1).percent is None
    assert change.moved(NRS, PAIN, 8, 6).percent == 25


@pytest.mark.parametrize(
    ("score", "band"), [(0, "mild"), (5, "mild"), (6, "moderate"), (7, "moderate"), (8, "severe"), (10, "severe"), (None, "all")])
def test_bands_are_those_of_boonstra(score, band):
    assert change.band(PAIN, score) == band


def test_a_score_before_any_session_is_no_relief_by_one():
    assert change.relief_session(NRS, PAIN, 8, [(0, 2)]) is None
    assert change.relief_session(NRS, PAIN, 8, [(3, 2), (2, 5), (1, 7)]) == 2


def test_what_chance_does_agrees_with_people_whose_pain_never_changed():
    draw = random.Random(7)
    true = [draw.gauss(5.5, 1.6) for _person in range(40_000)]
    first, second = ([one + draw.gauss(0, 1.02) for one in true] for _time in range(2))
    seen = fmean(a - b for a, b in zip(first, second, strict=True) if 7.75 <= a <= 8.25)

    assert change.by_chance(NRS, 8, change.Others(len(first), fmean(first), stdev(first)), 1.02) == pytest.approx(seen, abs=0.1)


def test_chance_is_silent_where_people_hardly_differ():
    assert change.by_chance(NRS, 8, change.Others(40, 8, 0.5), 1.02) is None
    assert change.by_chance(NRS, 8, change.Others(1, 8, 0), 1.02) is None


def test_the_limits_hold_the_true_change_of_95_of_100_people():
    draw = random.Random(3)
    half = change.half_width(1.02)
    held = [abs(draw.gauss(0, 1.02) - draw.gauss(0, 1.02)) <= half for _person in range(20_000)]

    assert fmean(held) == pytest.approx(0.95, abs=3 * math.sqrt(0.95 * 0.05 / 20_000))


@pytest.mark.parametrize("scores", [1, 4])
def test_how_many_look_better_by_error_alone_agrees_with_people_in_whom_nothing_changes(scores):
    draw, people = random.Random(5), 20_000
    drawn = [[draw.gauss(0, 1.02) for _score in range(scores + 1)] for _person in range(people)]
    seen = fmean(first - min(later) >= 2 for first, *later in drawn)

    assert change.reached_by_error(2, 1.02, scores) == pytest.approx(seen, abs=4 * math.sqrt(0.25 / people))
