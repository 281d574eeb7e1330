"""Potencies and what a dilution holds."""
from fractions import Fraction
from math import exp, log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.dosage import Potency, dilution, final_exponent, parse_potency
from waterneedle.knowledge import Citation, Substance, products, substances
from waterneedle.knowledge.product import Ingredient

TRAUMEEL = products()["traumeel-injection-medinatura"]
ARSENIC = Substance(id="as2o3", name="Arsenic trioxide", classes=("homeopathic",), molar_mass_g_per_mol=197.84,
                    sources=(Citation(source="none"),))
POTENCIES = st.builds(Potency, st.sampled_from(["D", "C", "LM"]), st.integers(1, 60))


@pytest.mark.parametrize(("text", "potency", "exponent"), [
    ("D4", Potency("D", 4), 4), ("4X", Potency("D", 4), 4), ("6 x", Potency("D", 6), 6), ("DH 8", Potency("D", 8), 8),
    ("X6", Potency("D", 6), 6),
    ("30C", Potency("C", 30), 60), ("C30", Potency("C", 30), 60), ("CH 5", Potency("C", 5), 10),
    ("5CH", Potency("C", 5), 10), ("200c", Potency("C", 200), 400),
    ("MT", Potency("MT", 0), 0), ("TM", Potency("MT", 0), 0), ("Ø", Potency("MT", 0), 0), ("ø", Potency("MT", 0), 0),
    ("mother  tincture", Potency("MT", 0), 0),
    ("D04", Potency("D", 4), 4), ("D10000", Potency("D", 10000), 10000),
])
def test_a_potency_is_read(text, potency, exponent):
    assert parse_potency(text) == potency
    assert potency.log10 == exponent


@pytest.mark.parametrize(("text", "steps"), [("LM6", 6), ("6 LM", 6), ("Q3", 3), ("LM1", 1)])
def test_an_lm_potency_counts_from_the_third_centesimal(text, steps):
    """Organon of Medicine, 6th edition, section 270: to one in a million, then 1 in 500 and 1 in 100 at each step."""
    potency = parse_potency(text)
    assert potency.factor == 10**6 * 50_000**steps
    assert potency.log10 == pytest.approx(6 + steps * log10(50_000))


@pytest.mark.parametrize(("text", "reason"), [
    ("30K", "Korsakov"), ("CK 200", "Korsakov"), ("200CK", "Korsakov"), ("K30", "Korsakov"), ("MK", "not a potency"),
    ("30KC", "Korsakov"), ("6XK", "Korsakov"), ("6DK", "Korsakov"), ("1MK", "Korsakov"), ("1LMK", "Korsakov"),
    ("1DM", "thousands"), ("1MM", "thousands"),
    ("1M", "thousands of steps"), ("10 CM", "thousands"),
    ("4", "whole number of steps"), ("1000", "whole number of steps"), ("D", "whole number of steps"),
    ("Q", "whole number of steps"), ("", "whole number of steps"),
    ("X6C", "whole number of steps"), ("5.22X", "whole number of steps"), ("D-4", "whole number of steps"),
    ("D4 D5", "whole number of steps"), ("D٤", "whole number"),
    ("D0", "from 1 to 10000"), ("0C", "from 1 to 10000"), ("D10001", "from 1 to 10000"),
    ("D" + "9" * 5000, "from 1 to 10000"), ("Z6", "scale 'Z'"), ("6LX", "scale 'LX'"),
])
def test_what_is_no_clear_potency_is_refused(text, reason):
    with pytest.raises(ValueError, match=reason):
        parse_potency(text)


@given(st.text(max_size=12) | st.text("0123456789DXCLMQKHØ. ", max_size=8))
def test_no_text_ends_in_anything_but_a_value_error(text):
    try:
        parse_potency(text)
    except ValueError as error:
        assert str(error)


@given(POTENCIES)
def test_what_is_printed_is_read_back(potency):
    assert parse_potency(str(potency)) == potency


@pytest.mark.parametrize(("potency", "factor"), [
    (Potency("D", 3), 1000), (Potency("C", 3), 10**6), (Potency("MT", 0), 1), (Potency("LM", 1), 5 * 10**10),
    (Potency("C", 12), 10**24),
])
def test_factor_is_a_whole_number(potency, factor):
    assert potency.factor == factor


def test_a_mother_tincture_prints_without_a_step():
    assert str(Potency("MT", 0)) == "MT"


@pytest.mark.parametrize("part", TRAUMEEL.ingredients, ids=lambda part: part.name)
def test_the_final_dilution_is_the_one_on_the_label(part):
    """Traumeel Injection Solution, 2.2 mL (MediNatura), Description."""
    assert f"{final_exponent(part, TRAUMEEL.container_volume_ml):.2f}X" == part.final_dilution


@pytest.mark.parametrize(("part", "container_ml"), [
    (Ingredient(name="a", amount=1, unit="uL"), 2), (Ingredient(name="a", potency_added="D4", unit="uL"), 2),
    (Ingredient(name="a", potency_added="D4", amount=1), 2),
    (Ingredient(name="a", potency_added="D4", amount=1, unit="uL"), None),
])
def test_a_final_dilution_needs_potency_amount_and_volume(part, container_ml):
    assert final_exponent(part, container_ml) is None


@pytest.mark.parametrize(("amount", "unit"), [(22, "mg"), (22, "uL"), (0.022, "mL")])
def test_a_microlitre_is_taken_as_a_milligram(amount, unit):
    part = Ingredient(name="Berberis", potency_added="D4", amount=amount, unit=unit)
    assert final_exponent(part, 2.2) == pytest.approx(6)
    assert dilution(part, None, 2.2, 2.2).mass_g == Fraction(22, 10**7)


@pytest.mark.parametrize(("name", "mass_ug"), [
    ("Aconitum napellus", "13.2"), ("Hamamelis virginiana", "22"), ("Chamomilla", "2.2"), ("Mercurius solubilis", "0.0011"),
    ("Hepar sulphuris calcareum", "0.0022"),
])
def test_mass_in_one_traumeel_ampoule(name, mass_ug):
    part = next(part for part in TRAUMEEL.ingredients if part.name == name)
    assert dilution(part, substances()[part.substance], 2.2, 2.2).mass_g == Fraction(mass_ug) / 10**6


@pytest.mark.parametrize(("part", "mass_g", "is_upper_bound"), [
    (Ingredient(name="a", potency_label="D4"), Fraction(2, 10**4), True),
    (Ingredient(name="a", potency_added="D4"), Fraction(2, 10**4), True),
    (Ingredient(name="a", final_dilution="9.00X"), Fraction(2, 10**9), False),
    (Ingredient(name="a", final_dilution="D6"), Fraction(2, 10**6), False),
    (Ingredient(name="a", final_dilution="5.22X"), None, False), (Ingredient(name="a"), None, False),
    (Ingredient(name="a", final_dilution="5.22X", potency_label="2X"), Fraction(1, 50), True),
    (Ingredient(name="a", final_dilution="6X", potency_label="2X"), Fraction(2, 10**6), False),
    (Ingredient(name="a", potency_label="D٤"), None, False),
])
def test_what_a_label_leaves_open_is_the_most_it_can_be_or_unknown(part, mass_g, is_upper_bound):
    found = dilution(part, ARSENIC, None, 2)
    assert (found.mass_g, found.is_upper_bound) == (mass_g, is_upper_bound)
    assert (found.molecules is None) == (mass_g is None)


@given(POTENCIES, st.decimals("0.01", 2, places=2), st.decimals("0.1", 10, places=1), st.decimals("0.01", 5, places=2))
def test_dilution_conserves_mass(potency, amount_ml, container_ml, volume_ml):
    part = Ingredient(name="a", potency_added=str(potency), amount=float(amount_ml), unit="mL")
    whole = dilution(part, None, container_ml, container_ml).mass_g
    some = dilution(part, None, container_ml, volume_ml).mass_g
    assert whole == Fraction(amount_ml) / potency.factor
    assert some == whole * Fraction(volume_ml) / Fraction(container_ml)


@given(POTENCIES, st.integers(1, 20))
def test_a_step_more_holds_its_share_of_the_mass(potency, volume_ml):
    step = {"D": 10, "C": 100, "LM": 50_000}[potency.scale]
    weaker = Potency(potency.scale, potency.steps + 1)
    masses = [dilution(Ingredient(name="a", final_dilution=str(one)), None, None, volume_ml).mass_g for one in (potency, weaker)]
    assert masses[0] == step * masses[1]


@pytest.mark.parametrize(("potency", "molecules"), [
    ("D23", "0.0304394500606"), ("D24", "0.00304394500606"), ("12C", "0.00304394500606"),
])
def test_molecules_are_counted_with_avogadros_number(potency, molecules):
    found = dilution(Ingredient(name="a", final_dilution=potency), ARSENIC, None, 1)
    assert float(found.molecules) == pytest.approx(float(molecules))
    assert found.molecules == Fraction(602_214_076 * 10**15, 10 ** int(parse_potency(potency).log10)) / Fraction("197.84")


def test_a_mother_tincture_and_a_plant_have_no_count_of_molecules():
    assert dilution(Ingredient(name="a", final_dilution="MT"), ARSENIC, None, 1).molecules is None
    found = dilution(Ingredient(name="a", final_dilution="D6"), substances()["arnica-montana"], None, 1)
    assert (found.molecules, found.probability_none, found.probability_any) == (None, None, None)


@pytest.mark.parametrize("potency", ["D1", "D20", "D22", "D23", "D24", "30C", "200C", "10000C"])
def test_the_chance_of_no_molecule_is_stable(potency):
    found = dilution(Ingredient(name="a", final_dilution=potency), ARSENIC, None, 1)
    expected = exp(-min(float(found.molecules), 1e6))
    assert found.probability_none == pytest.approx(expected)
    assert found.probability_none + found.probability_any == pytest.approx(1)


def test_the_chance_of_one_molecule_keeps_its_digits():
    found = dilution(Ingredient(name="a", final_dilution="30C"), ARSENIC, None, 1)
    assert found.probability_none == 1.0
    assert found.probability_any == pytest.approx(float(found.molecules), rel=1e-12)


@pytest.mark.parametrize(("container_ml", "volume_ml", "reason"), [
    (2.2, -1, "volume_ml cannot be negative"), (0, 1, "container_volume_ml must be positive"), (-1, 1, "positive"),
])
def test_impossible_volumes_are_refused(container_ml, volume_ml, reason):
    with pytest.raises(ValueError, match=reason):
        dilution(Ingredient(name="a", potency_added="D4", amount=1, unit="uL"), None, container_ml, volume_ml)
