"""DuckDB and a Spark cluster give equal answers to every question."""
from __future__ import annotations

import dataclasses
import math
import os
from collections.abc import Mapping

import numpy as np
import pytest

from tests.registry.cluster import HERE, cluster
from waterneedle.registry import counts, rates, results, signals
from waterneedle.registry.engines import opened
from waterneedle.registry.simulate import Truth, simulate


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spark")
    before = dict(os.environ)
    os.environ |= {"SPARK_LOCAL_IP": HERE, "SPARK_CONF_DIR": str(folder)}
    with cluster(folder) as address:
        yield address
    os.environ.clear()
    os.environ |= before


def questions(engine, lot):
    """Every question as an expression of counts and sums."""
    injections, events, courses = (engine[name] for name in ("injections", "events", "courses"))
    return {
        "recalled": counts.recalled(injections, lot),
        "given to": counts.given_to(injections, lot),
        "injected": counts.injected(injections, "product", "lot"),
        "by_quarter": counts.injected(counts.with_quarter(injections), "clinic", "product", "quarter"),
        "happened": counts.happened(counts.with_quarter(events), "clinic", "product", "kind", "quarter"),
        "outcomes": counts.outcomes_by(courses, *counts.CASE_MIX),
        "followed": counts.followed_by(courses, "days", *counts.CASE_MIX),
        "sessions": counts.followed_by(courses, "sessions", "indication"),
    }


def answers(engine):
    """Every answer as people get it, with what is made of the counts."""
    return {
        "rates": rates.rates(engine), "outcomes": results.outcomes(engine), "adjusted": results.adjusted(engine),
        "relief": results.time_to_relief(engine), "hazards": results.hazards(engine), "signals": signals.signals(engine),
        "lots": signals.lots(engine),
    }


def counted(extract, engine, lot):
    with opened(extract, engine) as on:
        return {name: on.rows(question) for name, question in questions(on, lot).items()}


def answered(extract, engine):
    with opened(extract, engine) as on:
        return answers(on)


def same(one, other):
    """Equal, floats to 1e-9."""
    if dataclasses.is_dataclass(one):
        return type(one) is type(other) and all(same(getattr(one, field.name), getattr(other, field.name))
                                                for field in dataclasses.fields(one))
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, np.ndarray):
        return one.shape == other.shape and np.allclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(one) and math.isnan(other))
    return one == other


def test_a_cluster_of_two_workers_counts_as_duckdb_does_on_a_hundred_thousand_injections(address, extract, truth):
    here, there = (counted(extract, engine, truth.bad_lot_number) for engine in ("duckdb", address))

    assert all(here.values())
    assert here == there  # rows, counts and integer sums: identical


def test_a_difference_in_the_ninth_digit_would_be_seen():
    assert same([1.0, float("nan")], [1.0 + 1e-10, float("nan")])
    assert not same(results.Effect("a", 1.0, 0.0, 2.0), results.Effect("a", 1.0 + 1e-8, 0.0, 2.0))


@pytest.mark.soak
def test_the_same_on_ten_million_injections_with_all_that_is_made_of_the_counts(address, tmp_path):
    truth = Truth(clinics=60, injections=10_000_000, seed=21)
    simulate(tmp_path / "extract", truth)

    here, there = (counted(tmp_path / "extract", engine, truth.bad_lot_number) for engine in ("duckdb", address))
    assert here == there

    made_here, made_there = (answered(tmp_path / "extract", engine) for engine in ("duckdb", address))
    for name, answer in made_here.items():
        assert same(answer, made_there[name]), name
