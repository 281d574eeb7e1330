"""After the injection: bands that are ordered, fall, and say what is unknown."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle import depot
from waterneedle.knowledge import kinetics, substances

FORMS = ("cyanocobalamin", "hydroxocobalamin", "methylcobalamin")
TIMES = np.linspace(0, 100, 201)
every_form = pytest.mark.parametrize("form", FORMS)
every_route = pytest.mark.parametrize("route", ["IM", "SC"])
positive = st.floats(0.01, 1000)


def test_the_forms_on_file_are_substances_on_file():
    assert depot.forms() == FORMS
    assert all(kinetics()[form].substance in substances() for form in FORMS)


@pytest.mark.parametrize(("tmax_h", "half_life_h", "ka_per_h", "left_after_2h", "left_after_24h"), [
    (1, 2, 2.19, 0.0125, 1.5e-23), (1, 144, 7.334, 4.3e-7, 3.6e-77), (24, 120, 0.138, 0.7588, 0.036),
])
def test_worked_examples_of_the_rate(tmax_h, half_life_h, ka_per_h, left_after_2h, left_after_24h):
    ka = depot.absorption_rate_per_h(tmax_h, half_life_h)
    assert ka == pytest.approx(ka_per_h, rel=1e-3)
    assert np.exp(-ka * 2) == pytest.approx(left_after_2h, rel=0.01)
    assert np.exp(-ka * 24) == pytest.approx(left_after_24h, rel=0.05)


@given(positive, positive)
def test_the_rate_puts_the_peak_where_it_was_asked_for(tmax_h, half_life_h):
    ka, ke = float(depot.absorption_rate_per_h(tmax_h, half_life_h)), np.log(2) / half_life_h
    if ka == pytest.approx(ke, rel=1e-4):  # both roots meet: the logarithm loses its digits
        assert tmax_h == pytest.approx(1 / ke, rel=1e-3)
    elif ka > 1e-250:
        assert np.log(ka / ke) / (ka - ke) == pytest.approx(tmax_h, rel=1e-5)


def test_the_rate_where_both_rates_meet():
    assert depot.absorption_rate_per_h(1 / np.log(2), 1) == pytest.approx(np.log(2), rel=1e-6)


def test_the_rate_takes_arrays():
    rates = depot.absorption_rate_per_h([[1.0], [24.0]], [2.0, 120.0])
    assert rates.shape == (2, 2)
    assert rates[1, 1] == pytest.approx(0.138, rel=1e-3)


@pytest.mark.parametrize(("tmax_h", "half_life_h"), [(0, 1), (1, 0), (-1, 1), (1, -1), (np.nan, 1), (1, np.inf), ([1, 0], 1)])
def test_a_time_that_is_not_positive_is_refused(tmax_h, half_life_h):
    with pytest.raises(ValueError, match="must be positive"):
        depot.absorption_rate_per_h(tmax_h, half_life_h)


@pytest.mark.parametrize(("form", "hours", "low", "high"), [
    ("cyanocobalamin", 2, 0.0, 0.0125), ("hydroxocobalamin", 2, 0.5743, 0.7588), ("hydroxocobalamin", 24, 0.0013, 0.0364),
    ("hydroxocobalamin", 2.5, 0.5, 0.7082),  # half gone after 2.5 h: label; the rest from a peak at 24 h
])
def test_worked_examples_of_what_is_left(form, hours, low, high):
    assert depot.remaining_fraction(form, "IM", hours)[0] == pytest.approx([low, high], abs=6e-5)


@every_form
@every_route
def test_what_is_left_is_an_ordered_band_that_falls_from_one(form, route):
    band = depot.remaining_fraction(form, route, TIMES)
    assert band.shape == (201, 2)
    assert band[0].tolist() == [1, 1]
    assert ((band >= 0) & (band <= 1)).all()
    assert (band[:, 0] <= band[:, 1]).all()
    assert (np.diff(band, axis=0) <= 0).all()


@every_form
@every_route
def test_the_half_life_is_where_half_is_left(form, route):
    short, long = depot.local_half_life_min(form, route)
    assert short < long
    assert depot.remaining_fraction(form, route, short / 60)[0, 0] == pytest.approx(0.5)
    assert depot.remaining_fraction(form, route, long / 60)[0, 1] == pytest.approx(0.5)


@pytest.mark.parametrize(("form", "route", "short", "long"), [
    ("cyanocobalamin", "IM", 5.84, 18.99), ("cyanocobalamin", "SC", 2.92, 37.98), ("hydroxocobalamin", "IM", 150, 301.4),
    ("hydroxocobalamin", "SC", 75, 602.7), ("methylcobalamin", "IM", 5.17, 36.05), ("methylcobalamin", "SC", 8.50, 31.74),
])
def test_local_half_lives(form, route, short, long):
    assert depot.local_half_life_min(form, route) == pytest.approx((short, long), rel=2e-3)


@every_form
@every_route
@pytest.mark.parametrize("dose_mcg", [None, 25, 500, 1000, 5000])
def test_plasma_is_an_ordered_band_of_its_own_peak(form, route, dose_mcg):
    band = depot.plasma_curve(form, route, dose_mcg, TIMES)
    assert band.shape == (201, 2)
    assert band[0].tolist() == [0, 0]
    assert ((band >= 0) & (band <= 1 + 1e-12)).all()
    assert (band[:, 0] <= band[:, 1]).all()
    assert band[:, 1].max() > 0.99


def test_a_large_dose_of_cyanocobalamin_leaves_plasma_sooner():
    small, large = (depot.plasma_curve("cyanocobalamin", "IM", dose, 8)[0] for dose in (25, 1000))
    assert small[0] > large[1]


def test_an_unknown_loss_allows_any_share():
    known, unknown = (depot.plasma_curve("cyanocobalamin", "IM", dose, TIMES) for dose in (500, None))
    assert (unknown[:, 0] <= known[:, 0] + 1e-9).all()
    assert (unknown[:, 1] >= known[:, 1] - 1e-9).all()
    assert np.array_equal(unknown, depot.plasma_curve("cyanocobalamin", "IM", 5000, TIMES))


def test_hydroxocobalamin_peaks_where_its_label_says_at_the_slow_end():
    times = np.arange(0, 72, 0.5)
    assert times[depot.plasma_curve("hydroxocobalamin", "IM", 1000, times)[:, 0].argmax()] <= 24
    assert depot.plasma_curve("hydroxocobalamin", "IM", 1000, 24)[0, 1] == pytest.approx(1, abs=1e-4)


def test_plasma_far_beyond_the_last_half_life_is_empty_and_finite():
    band = depot.plasma_curve("cyanocobalamin", "IM", 1000, [1e4, 1e6])
    assert np.isfinite(band).all()
    assert band[1].tolist() == [0, 0]


@pytest.mark.parametrize(("form", "dose_mcg", "low", "high"), [
    ("cyanocobalamin", 25, 0.05, 0.05), ("cyanocobalamin", 50, 0.26, 0.515), ("cyanocobalamin", 100, 0.47, 0.98),
    ("cyanocobalamin", 500, 0.60, 0.60), ("cyanocobalamin", 1000, 0.50, 0.98), ("hydroxocobalamin", 1000, 0.16, 0.66),
])
def test_share_lost_in_urine(form, dose_mcg, low, high):
    assert depot.urinary_loss(form, dose_mcg) == pytest.approx((low, high))


@pytest.mark.parametrize(("form", "dose_mcg"), [
    ("cyanocobalamin", 24), ("cyanocobalamin", 1001), ("hydroxocobalamin", 100), ("methylcobalamin", 500),
])
def test_a_dose_that_was_not_studied_has_no_known_loss(form, dose_mcg):
    assert depot.urinary_loss(form, dose_mcg) is None


@pytest.mark.parametrize("dose_mcg", [0, -1, float("nan"), float("inf")])
def test_a_dose_that_is_not_positive_is_refused(dose_mcg):
    with pytest.raises(ValueError, match="dose_mcg must be positive"):
        depot.plasma_curve("cyanocobalamin", "IM", dose_mcg, 1)


@every_form
@pytest.mark.parametrize("route", ["ID", "IV", "IA", "other"])
def test_a_route_without_publications_is_none(form, route):
    assert depot.remaining_fraction(form, route, 1) is None
    assert depot.plasma_curve(form, route, 1000, 1) is None
    assert depot.local_half_life_min(form, route) is None


@pytest.mark.parametrize("form", ["", "needle", "traumeel", "Cyanocobalamin"])
def test_an_unknown_form_is_refused(form):
    for ask in (depot.statement, lambda form: depot.remaining_fraction(form, "IM", 1), lambda form: depot.urinary_loss(form, 1)):
        with pytest.raises(ValueError, match="no kinetics are on file"):
            ask(form)


@pytest.mark.parametrize("hours", [-1, [0, -0.1], np.nan, [np.inf], [[1.0]]])
def test_times_that_cannot_be_are_refused(hours):
    with pytest.raises(ValueError, match="hours must be finite and not negative"):
        depot.remaining_fraction("cyanocobalamin", "IM", hours)


def test_no_times_give_no_rows():
    assert depot.remaining_fraction("cyanocobalamin", "IM", []).shape == (0, 2)
    assert depot.plasma_curve("cyanocobalamin", "IM", 1000, []).shape == (0, 2)


@every_form
def test_the_statement_says_what_is_unproven(form):
    assert "stimulates the point for long is unproven" in depot.statement(form).en


def test_cyanocobalamin_is_said_to_be_gone_within_hours():
    assert "gone from the place of injection within hours" in depot.statement("cyanocobalamin").en


def test_a_widened_route_and_an_assumed_figure_are_said():
    under_the_skin, in_muscle = (depot.caveats("cyanocobalamin", route) for route in ("SC", "IM"))
    assert under_the_skin[0].startswith("SC is taken like IM, 2 times wider")
    assert not any("taken like IM" in caveat for caveat in in_muscle)
    assert any(caveat.startswith("unbound half-life 2 h: assumed") for caveat in in_muscle)
    assert "not found: volume of distribution" in in_muscle


def test_the_needle_is_left_in_for_20_to_30_minutes():
    assert depot.needle_retained_min() == (20, 30)


def test_every_figure_names_its_source():
    for record in kinetics().values():
        figures = (*record.peaks, *record.plasma_half_lives, *record.site_half_lives, *record.widened, *record.urinary_losses)
        for figure in figures:
            assert figure.citation.source
