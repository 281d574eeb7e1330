"""Units: mass in milligrams, and everything that must not become one."""
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.dosage import convert, exact, parse_unit, to_mg

MASS_UNITS = ("kg", "g", "mg", "mcg", "ng")


@pytest.mark.parametrize(("amount", "unit", "mg"), [
    (1, "kg", 1_000_000.0), (1, "g", 1000.0), (1, "mg", 1.0), (1000, "mcg", 1.0), (500, "µg", 0.5), (500, "μg", 0.5),
    (500, "ug", 0.5), (500, "UG", 0.5), (250, "micrograms", 0.25), (1, "microgram", 0.001), (2_000_000, "ng", 2.0),
    (1, "nanogram", 1e-6), (3, "nanograms", 3e-6), (0.1, "g", 100.0), (2, "grams", 2000.0), (1, "gram", 1000.0),
    (7, "milligrams", 7.0), (1, "milligram", 1.0), (0, "mg", 0.0), (5, " Mg ", 5.0), (Decimal("0.3"), "mg", 0.3),
])
def test_to_mg(amount, unit, mg):
    assert to_mg(amount, unit) == mg


@pytest.mark.parametrize("unit", ["IU", "units", "mmol", "mEq", "mL", "uL", "L"])
def test_a_unit_without_a_mass_is_refused_by_name(unit):
    with pytest.raises(ValueError, match=f"'{unit}' cannot be turned into 'mg'"):
        to_mg(1, unit)


@pytest.mark.parametrize("unit", ["", "mg%", "furlong", "m", "mg/mL", "gg", "1"])
def test_an_unknown_unit_is_refused_by_name(unit):
    with pytest.raises(ValueError, match="is not a unit that is known here") as caught:
        parse_unit(unit)
    assert repr(unit) in str(caught.value)


@pytest.mark.parametrize(("text", "unit"), [
    ("I.U.", "IU"), ("IE", "IU"), ("i.e.", "IU"), ("UI", "IU"), ("u.i.", "IU"), ("iu", "IU"), ("U", "units"), ("unit", "units"),
    ("cc", "mL"), ("ML", "mL"), ("µL", "uL"), ("mcL", "uL"), ("dl", "dL"), ("l", "L"), ("MMOL", "mmol"), ("meq", "mEq"),
])
def test_parse_unit_knows_other_spellings(text, unit):
    assert parse_unit(text) == unit


@pytest.mark.parametrize(("amount", "unit", "into", "expected"), [
    (1, "dL", "mL", 100), (1, "L", "mL", 1000), (250, "uL", "mL", Fraction(1, 4)), (5000, "IU", "IU", 5000),
    (1, "mmol", "mmol", 1),
])
def test_convert_stays_inside_its_kind(amount, unit, into, expected):
    assert convert(amount, unit, into) == expected


@pytest.mark.parametrize(("unit", "into"), [("mL", "mg"), ("mg", "mL"), ("IU", "units"), ("mmol", "mEq")])
def test_convert_refuses_to_change_the_kind(unit, into):
    with pytest.raises(ValueError, match="without knowing more about the substance"):
        convert(1, unit, into)


@pytest.mark.parametrize("amount", [-1, -0.001, float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), True, "1", None])
def test_what_is_no_amount_is_refused(amount):
    with pytest.raises(ValueError, match=r"negative|not a"):
        to_mg(amount, "mg")


def test_an_amount_too_large_for_a_float_is_a_value_error():
    with pytest.raises(ValueError, match="too much to hold"):
        to_mg(1e308, "kg")


@pytest.mark.parametrize(("number", "expected"), [
    (0.1, Fraction(1, 10)), (2, Fraction(2)), (Decimal("0.30"), Fraction(3, 10)), (Fraction(1, 3), Fraction(1, 3)),
    (1e-7, Fraction(1, 10**7)),
])
def test_exact_takes_the_decimal_that_was_written(number, expected):
    assert exact(number) == expected


@given(st.floats(0, 1e9), st.sampled_from(MASS_UNITS), st.sampled_from(MASS_UNITS))
def test_there_and_back_is_the_same_amount(amount, unit, into):
    assert convert(convert(amount, unit, into), into, unit) == exact(amount)


@given(st.text(max_size=12), st.floats())
def test_no_text_and_no_number_ends_in_anything_but_a_value_error(unit, amount):
    try:
        assert to_mg(amount, unit) >= 0
    except ValueError as error:
        assert str(error)
