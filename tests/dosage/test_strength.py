"""Strengths as printed: read exactly, or refused with a sentence."""
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.dosage import Strength, parse_amount, parse_strength


@pytest.mark.parametrize(("text", "mg_per_ml"), [
    ("1000 mcg/mL", 1),  # cyanocobalamin, US labels
    ("1 mg/ml", 1), ("1000µg/mL", 1), ("1000 μg / ml", 1), ("1 mg per mL", 1), ("1.0 mg/mL", 1),
    ("10 mg in 2 mL", 5),  # mecobalamin 10 mg in 2 mL, Australia
    ("10mg/2mL", 5), ("1 mg in 1,5 mL", Fraction(2, 3)), ("10 mg / 2.0 mL", 5), ("9 g/L", 9), ("100 mg/dL", 1),
    ("1 mg/100 uL", 10),
    ("1 %", 10),  # lidocaine 1 % is 10 mg/mL
    ("2%", 20), ("0.9% w/v", 9), ("0.9 % (w/v)", 9), ("5 % m/V", 50), ("0,5 %", 5), ("0.125 %", Fraction(5, 4)),
    (".5 %", 5), ("100 %", 1000),
    ("1:1000", 1), ("1:20000", Fraction(1, 20)), ("1:10000", Fraction(1, 10)), ("1:2000", Fraction(1, 2)), ("1 : 1", 1000),
    ("1:20,000", Fraction(1, 20)), ("1:20.000", Fraction(1, 20)), ("1:100 000", Fraction(1, 100)), ("1 in 1000", 1),
    ("1：1000", 1), ("1 mg／mL", 1), ("1％", 10),
    ("1000.125 mcg/mL", Fraction(1000125, 10**6)), ("0,125 mg/mL", Fraction(1, 8)), ("12,5 mg/mL", Fraction(25, 2)),
    ("1,000.5 mcg/mL", Fraction(20010, 20000)), ("1.000,5 mcg/mL", Fraction(20010, 20000)), ("1,000,000 ng/mL", 1),
    ("1.000.000 ng/mL", 1),
    ("1e-05 %", Fraction(1, 10**4)), ("2.5e+1 mg/mL", 25), ("1\N{NO-BREAK SPACE}mg/mL", 1),
])
def test_a_strength_is_read_exactly(text, mg_per_ml):
    assert parse_strength(text).mg_per_ml == mg_per_ml


@pytest.mark.parametrize(("text", "strength"), [
    ("5000 IU/mL", Strength(Fraction(5000), "IU")), ("100 U/mL", Strength(Fraction(100), "units")),
    ("1 mmol/mL", Strength(Fraction(1), "mmol")), ("8.4 mEq in 10 mL", Strength(Fraction(42, 5), "mEq", Fraction(10))),
    ("1 %", Strength(Fraction(1), "g", Fraction(100))), ("1:1000", Strength(Fraction(1), "g", Fraction(1000))),
])
def test_a_strength_keeps_its_unit(text, strength):
    assert parse_strength(text) == strength


@pytest.mark.parametrize("unit", ["IU", "units", "mmol", "mEq"])
def test_a_unit_without_mass_has_no_mg_per_ml(unit):
    assert Strength(Fraction(1), unit).mg_per_ml is None


@pytest.mark.parametrize("text", ["1,000 mcg/mL", "1.000 mg/mL", "12.500 %", "100,000 IU/mL", "5 mg in 1.000 mL"])
def test_one_or_a_thousand_is_refused(text):
    with pytest.raises(ValueError, match="a thousand times more or less"):
        parse_strength(text)


@pytest.mark.parametrize(("text", "reason"), [
    ("1:0", "more than zero"), ("0 mg/mL", "more than zero"), ("0 %", "more than zero"), ("1 mg/0 mL", "more than zero"),
    ("", "write amount"), ("1000", "write amount"), ("10 mg", "write amount"), ("-1 mg/mL", "write amount"),
    ("mg/mL", "write amount"),
    ("5 mg%", "write amount"), ("1 % w/w", "write amount"), ("1 % v/v", "write amount"), ("2:1000", "write amount"),
    ("1:1.5", "write amount"),
    ("1:20,000.000", "write amount"), ("1:01,000", "write amount"), ("½ %", "write amount"), ("٣ mg/mL", "write amount"),
    ("1 in mL", "write amount"),
    ("1_000 mg/mL", "read in one way"), ("10² mg/mL", "read in one way"), ("1.2.3 mg/mL", "read in one way"),
    ("1e999 mg/mL", "read in one way"),
    ("1,2,3 mg/mL", "read in one way"), (",5 mg/mL", "read in one way"), ("1,0000,000 mg/mL", "read in one way"),
    ("50 mg/kg", "is no volume"), ("1 mg/g", "is no volume"), ("5 mL/mL", "volume in a volume"),
    ("1 uL/mL", "volume in a volume"),
    ("1 furlong/mL", "not a unit"), ("1 mg/cup", "not a unit"), ("1" * 81 + " mg/mL", "too long"),
])
def test_what_cannot_be_read_is_refused_with_a_sentence(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_strength(text)


@pytest.mark.parametrize(("text", "printed"), [
    ("1000 mcg/mL", "1000 mcg/mL"), ("1 %", "1 g in 100 mL"), ("0.5 mg/mL", "0.5 mg/mL"),
    ("0.05 mg/2.5 mL", "0.05 mg in 2.5 mL"),
    ("1.1250 mg/mL", "1.1250 mg/mL"), ("0.125 mg/mL", "0.125 mg/mL"), ("10 mg/mL", "10 mg/mL"), ("5000 IU/mL", "5000 IU/mL"),
])
def test_a_strength_prints_as_a_label_does(text, printed):
    assert str(parse_strength(text)) == printed


def test_a_strength_no_decimal_can_hold_prints_as_a_fraction():
    assert str(Strength(Fraction(1, 3), "mg")) == "1/3 mg/mL"


UNITS = st.sampled_from(["mg", "mcg", "g", "IU", "mEq"])


@given(st.decimals("0.00001", 100000, places=5), UNITS, st.decimals("0.001", 1000, places=3))
def test_what_is_printed_is_read_back(amount, unit, per_ml):
    strength = Strength(Fraction(amount), unit, Fraction(per_ml))
    assert parse_strength(str(strength)) == strength


@given(st.integers(1, 10**7))
def test_a_ratio_and_a_percentage_agree(parts):
    assert parse_strength(f"1:{parts}").mg_per_ml == Fraction(1000, parts)


@given(st.text(max_size=30) | st.text("0123456789.,:%/ einmglLIUµ-", max_size=14))
def test_no_text_ends_in_anything_but_a_value_error(text):
    for parse in (parse_strength, parse_amount):
        try:
            parse(text)
        except ValueError as error:
            assert str(error)


@pytest.mark.parametrize(("text", "amount"), [
    ("500 mcg", (500, "mcg")), ("0,5 mL", (Fraction(1, 2), "mL")), ("5000 IU", (5000, "IU")), ("1µg", (1, "mcg")),
    ("0.125 g", (Fraction(1, 8), "g")),
])
def test_an_amount_is_read_exactly(text, amount):
    assert parse_amount(text) == amount


@pytest.mark.parametrize("text", ["", "500", "mcg", "1,000 mcg", "0 mg", "-1 mg", "1 mg/mL", "1 furlong", "1" * 81 + " mg"])
def test_an_unclear_amount_is_refused(text):
    with pytest.raises(ValueError, match=r"amount|thousand|unit"):
        parse_amount(text)
