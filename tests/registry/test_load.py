"""The DuckDB file answers as the files do, and follows what clinics send again."""
from __future__ import annotations

import shutil

import pytest

from tests.registry.test_spark import answers, questions, same
from waterneedle.registry import rates, results
from waterneedle.registry.engines import opened
from waterneedle.registry.load import load, replace_clinics
from waterneedle.registry.simulate import Truth, simulate


def answered(place, lot):
    with opened(place) as engine:
        counted = {name: engine.rows(question) for name, question in questions(engine, lot).items()}
        counted["judged"] = engine.rows(results.outcomes_by(engine, "clinic", "indication"))
        counted["judged by sex"] = engine.rows(results.outcomes_by(engine, "sex"))
        counted["injected at"] = engine.rows(rates.injected(engine, "product", "route", "site"))
        return counted, answers(engine)


def test_the_file_answers_as_the_folder_does(extract, tmp_path, truth):
    load(extract, tmp_path / "registry.duckdb")

    counted, made = answered(tmp_path / "registry.duckdb", truth.bad_lot_number)

    counted_before, made_before = answered(extract, truth.bad_lot_number)
    assert counted == counted_before
    assert all(same(made[name], made_before[name]) for name in made)


@pytest.mark.parametrize("clinic", ["c000000000001", "c000000000003"])  # sent before, and new
def test_what_a_clinic_sends_again_takes_the_place_of_what_it_sent(tmp_path, clinic):
    old = Truth(clinics=3, injections=3_000, seed=1)
    harm = {"bruise": 0.05, "nerve": 0.02, "allergy": 0.01, "site_infection": 0.01}
    new = Truth(clinics=4, injections=3_300, seed=2, events=harm)
    for name, truth in (("old", old), ("new", new)):
        simulate(tmp_path / name, truth)
    load(tmp_path / "old", tmp_path / "registry.duckdb")

    replace_clinics(tmp_path / "registry.duckdb", tmp_path / "new", [clinic])

    mixed = tmp_path / "mixed"
    shutil.copytree(tmp_path / "old", mixed)
    for folder in (tmp_path / "new").glob(f"*/clinic={clinic}"):
        place = mixed / folder.relative_to(tmp_path / "new")
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(folder, place)
    counted, made = answered(tmp_path / "registry.duckdb", old.bad_lot_number)
    counted_fresh, made_fresh = answered(mixed, old.bad_lot_number)
    assert counted == counted_fresh
    assert all(same(made[name], made_fresh[name]) for name in made)


@pytest.mark.parametrize("missing", ["events", "scores"])
def test_a_table_without_rows_is_empty(tmp_path, missing):
    simulate(tmp_path / "extract", Truth(clinics=1, injections=500))
    shutil.rmtree(tmp_path / "extract" / missing)
    load(tmp_path / "extract", tmp_path / "registry.duckdb")

    for place in (tmp_path / "extract", tmp_path / "registry.duckdb"):
        with opened(place) as engine:
            assert engine.rows(engine[missing].limit(1)) == []
