"""The figure of a person: to height and weight, or it says that it is not."""
import doctest
import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waterneedle.body import fit as fitting
from waterneedle.body import mesh
from waterneedle.body.fit import fit

REACHED = [
    ("female", 40, 160, 50), ("male", 40, 185, 110), ("male", 40, 175, 70), ("male", 40, 170, 55), ("female", 8, 128, 26),
    ("female", 70, 155, 76), ("female", 25, 172, 60), ("male", 30, 200, 95), ("male", 60, 150, 48), ("male", 15, 170, 60),
    ("female", 90, 150, 45), ("female", 3, 95, 14), ("intersex", 35, 168, 64), (None, 50, 170, 75), ("male", 85, 168, 100),
]
BEYOND = [
    ("female", 40, 165, 120, "weight"), ("female", 70, 155, 80, "weight"), ("male", 40, 178, 30, "weight"),
    ("female", 30, 240, 80, "height"), ("male", 40, 100, 20, "height"),
]


@pytest.mark.parametrize(("sex", "age", "height", "weight"), REACHED)
def test_a_figure_has_the_height_and_weight_of_the_person(sex, age, height, weight):
    figure = fit(sex, age, height, weight)
    vertices = mesh.vertices(figure.coefficients)

    assert not figure.clamped
    assert mesh.height_mm(vertices) / 10 == pytest.approx(height, rel=0.0005)
    assert mesh.mass_kg(vertices) == pytest.approx(weight, abs=0.1)
    assert (figure.height_cm, figure.weight_kg) == (mesh.height_mm(vertices) / 10, mesh.mass_kg(vertices))


@pytest.mark.parametrize(("sex", "age", "height", "weight", "missed"), BEYOND)
def test_a_figure_beyond_the_reach_is_the_nearest_and_says_so(sex, age, height, weight, missed):
    figure = fit(sex, age, height, weight)

    assert figure.clamped
    assert f"The figure is not to {missed}: {height if missed == 'height' else weight}" in figure.says


def test_a_weight_beyond_the_reach_leaves_the_height_right():
    figure = fit("female", 40, 165, 120)

    assert figure.height_cm == pytest.approx(165, rel=0.005)
    assert figure.says == "The figure is not to weight: 120.0 kg on file, 88.4 kg is as far as the model goes."


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["female", "male", None]), st.floats(0, 110), st.floats(40, 260), st.floats(1, 300))
def test_a_figure_fits_or_says_that_it_does_not(sex, age, height, weight):
    figure = fit(sex, age, height, weight)

    near = abs(figure.height_cm - height) <= 0.005 * height and abs(figure.weight_kg - weight) <= 0.5
    assert figure.clamped is not near
    assert ("not to height" in figure.says or "not to weight" in figure.says) is figure.clamped


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([0.0, 0.5, 1.0]), st.floats(1, 90), st.floats(0, 1), st.floats(-1, 1.99))
def test_more_build_is_more_mass_so_that_a_weight_has_one_figure(male, age, stature, build):
    lighter, heavier = (mesh.mass_kg(mesh.vertices(fitting.shape(male, age, stature, at))) for at in (build, build + 0.01))

    assert heavier > lighter


@pytest.mark.parametrize(("sex", "said"), [
    ("female", ""), ("male", ""), ("intersex", "Sex on file: intersex. The figure is midway between female and male."),
    ("unknown", "Sex on file: unknown. The figure is midway between female and male."),
    (None, "Sex on file: none. The figure is midway between female and male."),
])
def test_a_sex_that_is_neither_is_drawn_midway_and_said(sex, said):
    assert fit(sex, 40, 170, 65).says == said


def test_an_unknown_height_is_the_middle_of_the_model_and_said():
    figure = fit("male", 25, None, 70)

    assert figure.height_cm == pytest.approx(173, abs=1)
    assert figure.says == "No height on file: the figure has the middle of the model, 173 cm."


def test_an_unknown_weight_is_a_middling_build_and_said():
    figure = fit("male", 25, 180, None)

    assert figure.height_cm == pytest.approx(180, rel=0.005)
    assert figure.says == f"No weight on file: the figure has a middling build, {figure.weight_kg:.0f} kg."


@pytest.mark.parametrize(("age", "drawn"), [(0.2, 1), (97, 90)])
def test_an_age_beyond_the_model_is_said(age, drawn):
    assert f"The figure is that of an age of {drawn}, where the model ends." in fit("female", age, None, None).says


@pytest.mark.parametrize("language", ["es", "zh-hans"])
def test_what_was_assumed_and_missed_is_said_in_the_language_of_the_page_with_the_same_figures(language):
    for person in (("intersex", 0.2, None, None), ("female", 40, 230, 250)):
        figure = fit(*person)
        said = figure.says_in(language)

        assert re.findall(r"[\d.]*\d", said) == re.findall(r"[\d.]*\d", figure.says)
        assert not any(sentence in said for sentence in figure.says.split(". "))


def test_a_language_that_is_not_there_is_answered_in_english():
    assert fit("male", 25, None, 70).says_in("fr") == fit("male", 25, None, 70).says


@pytest.mark.parametrize("wrong", [
    {"age_years": -1}, {"age_years": float("nan")}, {"height_cm": 0}, {"height_cm": float("inf")}, {"weight_kg": -3},
    {"weight_kg": 0},
])
def test_what_cannot_be_is_refused(wrong):
    given = {"age_years": 40, "height_cm": 170, "weight_kg": 65} | wrong
    with pytest.raises(ValueError, match=next(iter(wrong))):
        fit("female", **given)


def test_the_same_person_has_the_same_figure():
    one, two = fit("female", 40, 160, 50), fit("female", 40, 160, 50)

    assert np.array_equal(one.coefficients, two.coefficients)


def test_a_fit_takes_less_than_fifty_milliseconds():
    mesh.pack()
    took_ms = []
    for person in REACHED:
        start = time.process_time()
        fit(*person)
        took_ms.append(1000 * (time.process_time() - start))

    assert np.median(took_ms) < 50


def test_the_example_of_the_docstring_runs():
    assert doctest.testmod(fitting).failed == 0
