"""The forecast: silent where too little is known, near to what was counted, and its limits hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from waterneedle.outcomes.forecast import FEWEST, Cell, Key, forecast

PAIN, OTHER = Key("pain", "moderate"), Key("pain", "severe")


def test_too_few_people_of_the_complaint_are_answered_by_silence():
    others = {Key("sleep", "mild"): Cell((200, 100), (50, 50))}
    assert forecast({**others, PAIN: Cell((9, 0), (0, FEWEST - 10))}, PAIN) is None
    assert forecast({}, PAIN) is None
    assert forecast({**others, PAIN: Cell((9, 0), (0, FEWEST - 9))}, PAIN) is not None


def test_with_many_people_it_says_what_was_counted():
    found = forecast({PAIN: Cell((300, 140, 84), (0, 0, 476))}, PAIN)

    assert [round(one.share, 2) for one in found.steps] == pytest.approx([0.30, 0.44, 0.524], abs=0.02)
    assert all(one.low < one.share < one.high for one in found.steps)


def test_the_less_is_known_the_wider_it_is():
    few, many = (forecast({PAIN: Cell((n, n, n), (0, 0, 2 * n))}, PAIN) for n in (6, 60))
    assert few.by(3).high - few.by(3).low > 2 * (many.by(3).high - many.by(3).low)


def test_a_band_without_people_borrows_from_the_others_and_says_so():
    found = forecast({PAIN: Cell((40, 30), (5, 45))}, OTHER)
    known = forecast({PAIN: Cell((40, 30), (5, 45))}, PAIN)

    assert (found.like, found.indication) == (0, 120)
    assert found.by(2).high - found.by(2).low > known.by(2).high - known.by(2).low


def test_nothing_is_said_beyond_the_last_session_that_enough_people_reached():
    assert len(forecast({PAIN: Cell((20, 10, 0, 1), (30, 10, 20, 2))}, PAIN).steps) == 3


def test_after_sessions_without_relief_it_is_what_was_counted_of_those_who_had_none():
    found = forecast({PAIN: Cell((300, 140, 84), (0, 0, 476))}, PAIN)
    later = found.after(1)

    assert [one.session for one in later.steps] == [2, 3]
    assert later.by(2).share == pytest.approx(140 / 700, abs=0.03)
    assert later.by(3).share == pytest.approx(224 / 700, abs=0.03)
    assert found.after(0) == found and found.after(3) is None


@pytest.mark.parametrize(("cell", "without", "relieved", "sessions", "near"), [
    (Cell((10, 6, 3, 1), (4, 3, 2, 14)), Cell((10, 6, 3, 1), (4, 3, 1, 14)), False, 3, 0.006),
    (Cell((10, 6, 3, 1), (4, 3, 2, 14)), Cell((10, 5, 3, 1), (4, 3, 2, 14)), True, 2, 0.006),
    (Cell((4, 2, 1, 0), (8, 6, 4, 14)), Cell((3, 2, 1, 0), (8, 6, 4, 14)), True, 1, 0.006),
    (Cell((9, 9, 6, 1), (4, 3, 2, 3)), Cell((9, 9, 6, 0), (4, 3, 2, 3)), True, 4, 0.02),  # a session not told of
])  # fmt: skip
def test_without_one_person_it_is_that_of_the_others(monkeypatch, cell, without, relieved, sessions, near):
    monkeypatch.setattr("waterneedle.outcomes.forecast.DRAWS", 40_000)  # so that chance is less than one person
    severe = Cell((9, 4, 2), (5, 5, 12))
    found = forecast({PAIN: cell, OTHER: severe}, PAIN)
    left, made = found.without(sessions, relieved=relieved), forecast({PAIN: without, OTHER: severe}, PAIN)

    for name in ("like", "indication", "everybody", "at_risk"):
        assert getattr(left, name) == getattr(made, name)
    for one, other in zip(left.steps, made.steps, strict=True):
        assert (one.share, one.low, one.high) == pytest.approx((other.share, other.low, other.high), abs=near)


def test_without_one_person_too_few_may_be_left():
    found = forecast({PAIN: Cell((10, 5), (5, FEWEST - 20))}, PAIN)
    assert found.without(2, relieved=False) is None

    found = forecast({PAIN: Cell((20, 1), (15, 4))}, PAIN)
    assert len(found.steps) == 2
    assert len(found.without(2, relieved=False).steps) == 1 and len(found.without(1, relieved=False).steps) == 2


def test_the_same_counts_give_the_same_forecast():
    cells = {PAIN: Cell((20, 10), (5, 15)), OTHER: Cell((5, 5), (2, 8))}
    assert forecast(cells, PAIN) == forecast(dict(reversed(cells.items())), PAIN)


def test_its_limits_hold_the_truth_about_as_often_as_they_say():
    """Of 60 clinics: bench/outcomes.py takes a thousand, and weighs them by more than a glance."""
    chance, held = np.random.default_rng(11), []
    for _clinic in range(60):
        course = chance.normal(-1.3, 0.6) + np.cumsum(chance.normal(-0.1, 0.3, 6))
        true = {Key("pain", band): 1 / (1 + np.exp(-(course + chance.normal(0, 0.3)))) for band in ("mild", "moderate", "severe")}
        found = forecast({key: counted(hazards, 25, chance) for key, hazards in true.items()}, PAIN)
        held += [one.low <= 1 - np.prod(1 - true[PAIN][: one.session]) <= one.high for one in found.steps[2:4]]

    assert 0.8 <= np.mean(held) <= 0.98


def counted(hazards: np.ndarray, people: int, chance: np.random.Generator) -> Cell:
    """People who each plan for two to all sessions and stay until relief or the end of the plan."""
    events, censored = [0] * len(hazards), [0] * len(hazards)
    for planned in chance.integers(2, len(hazards) + 1, people):
        relieved = np.flatnonzero(chance.random(planned) < hazards[:planned])
        (events if relieved.size else censored)[relieved[0] if relieved.size else planned - 1] += 1
    return Cell(tuple(events), tuple(censored))
