"""Scores end at a cut that knows nothing of the person: what is told of relief and change is true all the same."""
from __future__ import annotations

import datetime
import random

import numpy as np
import pytest
from scipy.stats import binomtest, ttest_1samp

from tests.registry.people import PSEUDONYMS, VOCABULARY, patient
from waterneedle.outcomes.survival import counted, kaplan_meier
from waterneedle.registry.deidentify import extract
from waterneedle.registry.identified import Score

RELIEF = 0.2  # at each session, of those without it
PATIENTS, MOST_VISITS = 4_000, 9


@pytest.fixture(scope="module")
def courses():
    """Of patients who stay away once they have had relief and say so when they are asked: whoever comes again fares worse."""
    chance = random.Random(3)
    people = [treated(number, chance) for number in range(PATIENTS)]
    return extract("clinic", people, vocabulary=VOCABULARY, pseudonyms=PSEUDONYMS, year=2026)["courses"]


def treated(number, chance):
    leaves = next((visit for visit in range(1, MOST_VISITS) if chance.random() < 0.1), MOST_VISITS)
    relieved = next((session for session in range(1, leaves + 1) if chance.random() < RELIEF), None)
    one = patient(number, visits=relieved or leaves, first=datetime.date(2025, 1, 1) + datetime.timedelta(days=number % 300))
    asked = [*(visit.day for visit in one.visits), one.visits[-1].day + datetime.timedelta(days=3)]
    scores = tuple(Score(day, "pain", 4 if session == relieved else 7, session) for session, day in enumerate(asked))
    course = type(one.courses[0])(**vars(one.courses[0]) | {"scores": scores})
    return type(one)(**vars(one) | {"courses": (course,)})


def test_time_to_relief_is_the_true_one(courses):
    followed, relief = (np.array([row[name] for row in courses]) for name in ("followed_sessions", "relief"))

    curve = kaplan_meier(counted(followed, relief))

    assert len(courses) > 0.99 * PATIENTS and binomtest(int((followed == 0).sum()), len(courses), 26 / 256).pvalue > 1e-4
    assert followed.max() == MOST_VISITS
    for session in range(1, MOST_VISITS + 1):
        share, low, high = curve.at(session)
        assert abs(share - (1 - RELIEF) ** session) <= 4 * (high - low) / 2 / 1.96


def test_the_change_over_the_sessions_that_are_told_is_the_true_one(courses):
    """Each session relieves a fifth by 3 points of those still without: what changed beyond that averages nothing."""
    beyond = [(row["last_milli"] - row["baseline_milli"]) / 1_000 + 3 * RELIEF * row["followed_sessions"]
              for row in courses if row["followed_sessions"]]

    assert ttest_1samp(beyond, 0).pvalue > 1e-4
