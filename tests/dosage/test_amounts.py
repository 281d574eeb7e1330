"""Amounts in volumes, volumes for amounts, and the sum over syringes."""
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.dosage import amount_in, doses, exact, parse_strength, volume_for
from waterneedle.knowledge import Citation, Product, products
from waterneedle.knowledge.product import Active, Ingredient

B12 = "cyanocobalamin-1000mcg-ml"
LIDOCAINE = "lidocaine-1pct-multidose"
VOLUMES = st.decimals("0.01", 10, places=2)


def product(*actives, ingredients=None, container_volume_ml=None):
    return Product(id="made-up", name="Made up", category="other_medicine", label_version="none", read="partial", actives=actives,
                   ingredients=ingredients, container_volume_ml=container_volume_ml, sources=(Citation(source="none"),))


@pytest.mark.parametrize("name", sorted(products()))
def test_every_example_of_a_product_holds(name):
    for example in products()[name].examples:
        found = [amount_in(active, example.volume_ml, unit=example.unit) for active in products()[name].actives
                 if active.substance == example.substance]
        assert found == [exact(example.amount)]


@pytest.mark.parametrize(("text", "volume_ml", "unit", "amount"), [
    ("1000 mcg/mL", 0.5, None, 500), ("1000 mcg/mL", 0.1, "mg", Fraction(1, 10)), ("1 %", 22.5, "mg", 225),
    ("10 mg in 2 mL", 0.3, None, Fraction(3, 2)),
    ("5000 IU/mL", 0.2, None, 1000), ("1 %", 0, None, 0),
])
def test_amount_in_a_volume(text, volume_ml, unit, amount):
    assert amount_in(parse_strength(text), volume_ml, unit=unit) == amount


@pytest.mark.parametrize(("text", "amount", "unit", "volume_ml"), [
    ("1000 mcg/mL", 500, "mcg", Fraction(1, 2)), ("1000 mcg/mL", 0.1, "mg", Fraction(1, 10)),
    ("10 mg in 2 mL", 10, "mg", 2), ("5000 IU/mL", 1000, "IU", Fraction(1, 5)),
])
def test_volume_for_an_amount(text, amount, unit, volume_ml):
    assert volume_for(parse_strength(text), amount, unit) == volume_ml


def test_a_negative_volume_or_another_kind_of_unit_is_refused():
    with pytest.raises(ValueError, match="volume_ml cannot be negative, got -1"):
        amount_in(parse_strength("1 %"), -1)
    with pytest.raises(ValueError, match="cannot be turned into"):
        volume_for(parse_strength("5000 IU/mL"), 1, "mg")


@given(VOLUMES, st.integers(1, 50))
def test_a_dose_scales_with_the_volume(volume_ml, times):
    strength = parse_strength("1000 mcg/mL")
    assert amount_in(strength, volume_ml * times) == times * amount_in(strength, volume_ml)


@given(VOLUMES)
def test_volume_for_undoes_amount_in(volume_ml):
    active = products()[LIDOCAINE].actives[0]
    assert volume_for(active, amount_in(active, volume_ml), active.unit) == Fraction(volume_ml)


@given(st.lists(st.tuples(st.sampled_from([B12, LIDOCAINE]), VOLUMES), max_size=8), st.randoms())
def test_the_sum_does_not_depend_on_the_order(parts, random):
    contents = [(products()[name], volume) for name, volume in parts]
    before = doses(contents)
    random.shuffle(contents)
    assert doses(contents) == before


def test_doses_add_up_over_syringes_and_mixtures():
    contents = [(products()[B12], 0.3), (products()[LIDOCAINE], 0.5), (products()[B12], 0.4)]
    assert doses(contents) == {"cyanocobalamin": Fraction(7, 10), "lidocaine": Fraction(5)}


def test_nothing_injected_is_no_dose():
    assert doses([]) == {}


def test_ten_tenths_are_one_without_rounding():
    assert doses([(products()[B12], 0.1)] * 10) == {"cyanocobalamin": Fraction(1)}


@pytest.mark.parametrize("contents", [
    [(products()[B12], None)], [(products()[B12], 1), (products()[B12], None)], [(products()[B12], None), (products()[B12], 1)],
])
def test_an_unknown_part_makes_the_sum_unknown(contents):
    assert doses(contents) == {"cyanocobalamin": None}


def test_units_of_activity_have_no_dose_in_mg():
    in_iu = product(Active(substance="cyanocobalamin", amount=5000, unit="IU"))
    assert doses([(in_iu, 1)]) == {"cyanocobalamin": None}


def test_a_homeopathic_ingredient_with_a_cap_counts():
    parts = (Ingredient(name="Procaine", substance="procaine", potency_added="2X", amount=1000, unit="uL"),
             Ingredient(name="Arnica", substance="arnica-montana", potency_added="2X", amount=1000, unit="uL"),
             Ingredient(name="Unknown"))
    assert doses([(product(ingredients=parts, container_volume_ml=2), 1)]) == {"procaine": Fraction(5)}


def test_an_ingredient_with_a_cap_and_no_potency_is_unknown():
    made_up = product(ingredients=(Ingredient(name="Procaine", substance="procaine"),))
    assert doses([(made_up, 1)]) == {"procaine": None}
    known = msgspec.structs.replace(made_up, ingredients=(Ingredient(name="Procaine", substance="procaine", potency_label="2X"),))
    assert doses([(known, 2)]) == {"procaine": Fraction(20)}
    assert doses([(known, None)]) == {"procaine": None}
