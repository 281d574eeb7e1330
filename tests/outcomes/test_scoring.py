"""Scores: every example on file, the rules for answers left out, and what is refused."""
import math
import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle import knowledge
from waterneedle.outcomes import problems_of_answers, score
from waterneedle.outcomes.scoring import limb_volume_ml

EXAMPLES = [(one.id, number) for one in knowledge.instruments().values() for number in range(len(one.examples))]
GIRTHS = st.lists(st.floats(5, 150), min_size=2, max_size=20)


@pytest.mark.parametrize(("identity", "number"), EXAMPLES)
def test_an_example_on_file_gives_its_score(identity, number):
    instrument = knowledge.instruments()[identity]
    example = instrument.examples[number]
    found = score(instrument, example.answers)
    assert found == (None if example.score is None else pytest.approx(example.score, rel=1e-5))


def test_every_instrument_has_an_example():
    assert [instrument.id for instrument in knowledge.instruments().values() if not instrument.examples] == []


def test_too_few_answers_give_no_score():
    assert score(knowledge.instruments()["next-day"], {"bruise": 1}) is None


def test_no_answer_gives_no_score():
    assert score(knowledge.instruments()["pain-now-0-10"], {}) is None


def test_a_mean_takes_the_answers_there_are_when_they_are_enough():
    instrument = knowledge.instruments()["pressure-pain-threshold"]
    first, second, *_ = (item.id for item in instrument.items)
    assert score(instrument, {first: 2.0, second: 4.0}) == 3.0


def test_a_sum_with_answers_left_out_stands_for_all_items():
    instrument = msgspec.structs.replace(knowledge.instruments()["next-day"], minimum_answered=1)
    assert score(instrument, {"soreness": 3}) == 6.0


def test_a_volume_has_no_gaps_whatever_is_said_to_be_enough():
    instrument = msgspec.structs.replace(knowledge.instruments()["limb-volume-10cm"], minimum_answered=2)
    assert score(instrument, {"c0": 20.0, "c2": 20.0}) is None


@pytest.mark.parametrize(("identity", "answers", "problem"), [
    ("next-day", {"bruise": 7}, "bruise must be one of 0, 1, 2, got 7"),
    ("next-day", {"brise": 1}, "'brise' is not a question of next-day"),
    ("next-day", {"soreness": 11}, "soreness must be at most 10, got 11"),
    ("next-day", {"soreness": -1}, "soreness must be at least 0, got -1"),
    ("next-day", {"soreness": 2.5}, "soreness goes in steps of 1, got 2.5"),
    ("next-day", {"soreness": math.nan}, "soreness must be a number, got nan"),
    ("limb-volume", {"c0": math.inf}, "c0 must be a number, got inf"),
])
def test_an_answer_that_cannot_be_is_refused(identity, answers, problem):
    instrument = knowledge.instruments()[identity]
    assert problems_of_answers(instrument, answers) == (problem,)
    with pytest.raises(ValueError, match=re.escape(problem)):
        score(instrument, answers)


def test_everything_wrong_comes_back_at_once():
    assert len(problems_of_answers(knowledge.instruments()["next-day"], {"bruise": 7, "x": 1, "soreness": 99})) == 3


@given(GIRTHS, st.floats(1, 20))
def test_a_limb_of_equal_girths_is_a_cylinder(girths, segment_cm):
    same = [girths[0]] * len(girths)
    cylinder = girths[0] ** 2 / (4 * math.pi) * segment_cm * (len(girths) - 1)
    assert limb_volume_ml(same, segment_cm) == pytest.approx(cylinder)


@given(GIRTHS, st.floats(1, 20))
def test_a_limb_measured_from_the_other_end_has_the_same_volume(girths, segment_cm):
    assert limb_volume_ml(girths, segment_cm) == pytest.approx(limb_volume_ml(girths[::-1], segment_cm))


@given(GIRTHS, st.floats(1.1, 3))
def test_a_limb_twice_as_thick_holds_four_times_as_much(girths, factor):
    assert limb_volume_ml([factor * one for one in girths], 4) == pytest.approx(factor**2 * limb_volume_ml(girths, 4))


def test_one_circumference_is_no_volume():
    with pytest.raises(ValueError, match="needs two circumferences, got 1"):
        limb_volume_ml([20.0], 4)
