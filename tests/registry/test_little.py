"""What is said where there is little: one clinic, no events, no scores, nobody."""
from __future__ import annotations

import datetime
import shutil

import pytest
from lifelines import KaplanMeierFitter

from tests.registry.people import PSEUDONYMS, VOCABULARY, patient
from waterneedle.registry import rates, results, signals, writing
from waterneedle.registry.deidentify import extract
from waterneedle.registry.engines import opened
from waterneedle.registry.pseudonyms import LAST_CUT, Pseudonyms
from waterneedle.registry.report import report
from waterneedle.registry.simulate import Truth, simulate

DAY = datetime.date(2026, 11, 27)


def page_of(folder):
    with opened(folder) as engine:
        return report(engine, DAY)


@pytest.mark.parametrize("missing", [
    (), ("events",), ("courses", "scores"), ("events", "courses", "scores", "injections", "lots")])
def test_a_report_of_one_clinic_says_what_there_is(tmp_path, missing):
    simulate(tmp_path, Truth(clinics=1, injections=400))
    for table in missing:
        shutil.rmtree(tmp_path / table)

    assert "of 1 clinic with" in page_of(tmp_path)


def test_a_clinic_of_which_nobody_could_be_told_has_a_report(tmp_path):
    rows = extract("harbor", [patient(number) for number in range(5)], vocabulary=VOCABULARY, pseudonyms=PSEUDONYMS, year=2026)
    writing.write_rows(tmp_path, rows)

    assert "5 more were left out" in page_of(tmp_path)


def test_courses_that_nobody_scored_have_no_outcome(tmp_path):
    rows = extract("harbor", [patient(number, scores=()) for number in range(30)], vocabulary=VOCABULARY, pseudonyms=PSEUDONYMS,
                   year=2026)
    writing.write_rows(tmp_path, rows)

    with opened(tmp_path) as engine:
        assert (results.outcomes(engine), results.adjusted(engine), results.hazards(engine)) == ([], None, None)
        assert results.time_to_relief(engine) == {}
        assert [(one.kind, one.events) for one in rates.rates(engine)] == [("bruise", 10)]
        assert [one.stands_out for one in signals.signals(engine)] == [False]


def test_who_was_asked_after_few_of_many_sessions_leaves_the_curve_by_session_there(tmp_path, monkeypatch):
    """Nine sessions each. Ten were asked after the first two and had no relief; of ten asked after seven, five had."""
    monkeypatch.setattr(Pseudonyms, "cut", lambda self, uid: LAST_CUT)
    never, late = [(7, 6, 6)] * 10 + [(7, *[6] * 7)] * 5, [(7, *[6] * 6, 4)] * 5
    rows = extract("harbor", [patient(number, scores=scores, visits=9) for number, scores in enumerate(never + late)],
                   vocabulary=VOCABULARY, pseudonyms=PSEUDONYMS, year=2026, threshold=1)
    writing.write_rows(tmp_path, rows)
    theirs = KaplanMeierFitter().fit([2] * 10 + [7] * 10, [False] * 15 + [True] * 5)

    with opened(tmp_path) as engine:
        curve = results.time_to_relief(engine)["arthritis"]

    assert curve.counts.times.tolist() == [2, 7] and curve.counts.at_risk.tolist() == [20, 10]
    assert curve.survival[-1] == pytest.approx(theirs.predict(7)) == 0.5
