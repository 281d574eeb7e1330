"""What is answered of invented clinics, beside the truth they were made by and beside pandas on the same files."""
from __future__ import annotations

import math

import pandas as pd
import pytest
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint

from waterneedle.registry import counts, rates, results, signals
from waterneedle.registry.engines import opened
from waterneedle.registry.simulate import INDICATIONS, PRODUCTS, SITES


@pytest.fixture(scope="module")
def tables(extract):
    return {name: pd.read_parquet(extract / name) for name in ("injections", "events", "courses")}


def near(effect, truth, errors=4.0):
    """Within so many standard errors: of the estimates here one in 16,000 would not be."""
    half = (effect.high - effect.low) / 2 / 1.96
    return abs(effect.value - truth) <= errors * half


def test_a_recall_names_each_visit_at_which_the_lot_was_given(engine, tables, truth):
    injections = tables["injections"]
    given = injections[injections.lot == truth.bad_lot_number]

    rows = engine.rows(counts.recalled(engine["injections"], truth.bad_lot_number))

    assert {row["visit"] for row in rows} == set(given.visit)
    assert sum(row["volume_ul"] for row in rows) == given.volume_ul.sum()
    assert sum(row["injections"] for row in rows) == len(given) > 0


def test_a_recall_of_another_product_with_the_same_number_names_nobody(engine, truth):
    assert engine.rows(counts.recalled(engine["injections"], truth.bad_lot_number, "cyanocobalamin")) == []


def test_rates_are_counts_of_the_files_with_exact_limits(engine, tables):
    events, injections = tables["events"], tables["injections"]

    found = {(one.kind, one.group): one for one in rates.rates(engine)}

    one = found["bruise", "zeel"]
    expected = ((events.kind == "bruise") & (events["product"] == "zeel")).sum()
    assert (one.events, one.injections) == (expected, (injections["product"] == "zeel").sum())
    assert (one.low, one.high) == pytest.approx(proportion_confint(one.events, one.injections, method="beta"))
    assert sum(row.events for row in found.values()) == len(events)


def test_rates_are_those_the_clinics_were_made_with(engine, truth):
    for one in rates.rates(engine):
        if one.group not in (truth.signal[0], truth.bad_lot[0]):
            assert binomtest(one.events, one.injections, truth.events[one.kind]).pvalue > 1e-4


def test_no_clinic_lies_outside_the_funnel_where_all_are_alike_and_one_does_that_is_not(engine):
    bruises = next(one for one in rates.funnels(engine) if one.kind == "bruise")
    odd = rates.Rate("bruise", "odd", 400, 1, 0, 8_000, 0.05, 0, 1)

    assert bruises.outside() == ()
    assert rates.Funnel("bruise", bruises.overall, (*bruises.clinics, odd)).outside() == (odd,)


def test_mean_change_and_its_interval_are_those_of_pandas(engine, tables):
    courses = tables["courses"]

    for one in results.outcomes(engine):
        change = (courses.last_milli - courses.baseline_milli)[courses.indication == one.indication].dropna() / 1000
        assert one.courses == len(change)
        assert (one.change, one.change_sd) == pytest.approx((change.mean(), change.std()))
        assert one.change_high - one.change == pytest.approx(1.96 * change.sem(), rel=1e-2)


def test_case_mix_and_clinics_come_out_as_they_went_in(engine, truth):
    found = results.adjusted(engine)

    effects = {one.name: one for one in found.effects}
    commonest = (set(INDICATIONS) - set(effects)).pop()
    means = dict(zip(INDICATIONS, truth.mean_change, strict=True))
    for indication in set(INDICATIONS) - {commonest}:
        assert near(effects[indication], means[indication] - means[commonest])
    assert near(effects["first score, each point above 6"], truth.change_of_point)
    assert near(effects["male"], -truth.change_of_female)
    assert found.within_sd == pytest.approx(truth.within_sd, rel=0.05)
    assert truth.between_sd / 2 < found.between_sd < truth.between_sd * 2
    assert len(found.clinics) == truth.clinics


def test_hazard_ratios_come_out_as_they_went_in(engine, truth):
    effects, fitted = results.hazards(engine)

    logarithms = {one.name: results.Effect(one.name, *(math.log(value) for value in (one.value, one.low, one.high)))
                  for one in effects}
    assert near(logarithms["first score, each point above 6"], truth.log_hazard_of_point)
    assert near(logarithms["male"], -truth.log_hazard_of_female)
    assert fitted.people > 5_000


def test_time_to_relief_comes_out_as_it_went_in(engine):
    """Half of those with pain at a hazard of 0.03 a day and more have relief in some three weeks; the slow ones never half."""
    curves = results.time_to_relief(engine, "days")

    assert set(curves) == set(INDICATIONS)
    assert 20 <= curves["musculoskeletal-pain"].median[0] <= 30
    assert curves["energy"].at(28)[0] > curves["musculoskeletal-pain"].at(28)[0]


def test_the_product_and_the_lot_that_harm_stand_out_and_no_others(engine, truth):
    loud = {(one.product, one.kind) for one in signals.signals(engine) if one.stands_out}

    assert loud == {truth.signal[:2], truth.bad_lot[:2]}
    assert [(one.lot, one.kind) for one in signals.lots(engine) if one.stands_out] == [(truth.bad_lot_number, truth.bad_lot[1])]


def test_ratios_of_a_pair_are_those_written_out(engine, tables, truth):
    events, injections = tables["events"], tables["injections"]
    product, kind, times = truth.signal
    a, b = ((events["product"] == product) & (events.kind == kind)).sum(), (injections["product"] == product).sum()
    c, d = ((events["product"] != product) & (events.kind == kind)).sum(), (injections["product"] != product).sum()
    with_it, without_it = (events["product"] == product).sum(), (events["product"] != product).sum()

    found = next(one for one in signals.signals(engine) if (one.product, one.kind) == (product, kind))

    assert found.rate_ratio.value == pytest.approx((a / b) / (c / d))
    assert found.prr.value == pytest.approx((a / with_it) / (c / without_it))
    assert found.ror.value == pytest.approx(a * (without_it - c) / (c * (with_it - a)))
    half = 1.96 * math.sqrt(1 / a + 1 / (with_it - a) + 1 / c + 1 / (without_it - c))  # Woolf's, of the logarithm
    assert math.log(found.ror.high / found.ror.value) == pytest.approx(half, rel=1e-3)
    assert found.rate_ratio.low < times < found.rate_ratio.high


def test_an_extract_is_asked_of_duckdb_or_spark_alone(extract, tmp_path):
    with pytest.raises(ValueError), opened(extract, "sqlite"):
        pass
    with pytest.raises(ValueError), opened(tmp_path):
        pass


def test_the_simulator_makes_what_it_was_asked_for(tables, truth):
    assert len(tables["injections"]) == pytest.approx(truth.injections, rel=0.05)
    assert set(tables["injections"]["product"]) == set(PRODUCTS)
    assert set(tables["injections"].site) == set(SITES)
