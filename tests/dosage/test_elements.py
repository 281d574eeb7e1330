"""Elements beside the ICH Q3D figures: a benchmark, and never the cobalt of B-12."""
from fractions import Fraction

import pytest

from waterneedle.dosage import SCOPE, ElementDose, element_doses
from waterneedle.dosage.elements import _Part, _summed
from waterneedle.knowledge import Citation, Product, products
from waterneedle.knowledge.product import Active, Ingredient

B12 = products()["cyanocobalamin-1000mcg-ml"]
TRAUMEEL = products()["traumeel-injection-medinatura"]


def product(*ingredients, actives=(), container_volume_ml=None):
    return Product(id="made-up", name="Made up", category="homeopathic", label_version="none", read="partial", actives=actives,
                   ingredients=ingredients, container_volume_ml=container_volume_ml, sources=(Citation(source="none"),))


def test_the_cobalt_of_b12_is_counted_and_not_compared():
    """43.4 ug of cobalt in 1000 mcg: 4.34 %, cyanocobalamin label."""
    found = element_doses([(B12, 1)])
    assert found == {"Co": ElementDose(ug=43.4, pde_ug=5.0, ratio=None, from_active=True)}


def test_one_traumeel_ampoule_holds_a_nanogram_of_mercury():
    mercury = element_doses([(TRAUMEEL, 2.2)])["Hg"]
    assert (mercury.ug, mercury.pde_ug, mercury.from_active) == (0.0011, 3.0, False)
    assert mercury.ratio == pytest.approx(0.0011 / 3)


@pytest.mark.parametrize(("substance", "potency", "element", "ug", "ratio"), [
    ("arsenicum-album", "D4", "As", 75.74, 5.049333), ("arsenicum-album", "D6", "As", 0.7574, 0.050493),
    ("mercurius-solubilis", "D4", "Hg", 100.0, 33.333333), ("mercurius-solubilis", "D6", "Hg", 1.0, 0.333333),
])
def test_a_low_potency_of_a_toxic_mineral_exceeds_the_figure(substance, potency, element, ug, ratio):
    found = element_doses([(product(Ingredient(name="a", substance=substance, final_dilution=potency)), 1)])[element]
    assert found.ug == pytest.approx(ug)
    assert found.ratio == pytest.approx(ratio, abs=1e-6)
    assert not found.is_upper_bound


def test_doses_of_an_element_add_up_in_any_order():
    mercury = product(Ingredient(name="a", substance="mercurius-solubilis", final_dilution="D6"))
    contents = [(TRAUMEEL, 2.2), (mercury, 1), (B12, 1)]
    assert element_doses(contents) == element_doses(contents[::-1])
    assert element_doses(contents)["Hg"].ug == pytest.approx(1.0011)
    assert list(element_doses(contents)) == ["Co", "Hg"]


def test_an_unknown_amount_is_said_and_hides_nothing():
    unknown = product(Ingredient(name="a", substance="mercurius-solubilis"))
    nothing_known = ElementDose(ug=None, pde_ug=3.0, ratio=None, from_active=False, is_complete=False)
    assert element_doses([(unknown, 1)]) == {"Hg": nothing_known}
    known = product(Ingredient(name="a", substance="mercurius-solubilis", final_dilution="D4"))
    both = element_doses([(unknown, 1), (known, 1)])["Hg"]
    assert (both.ug, both.is_complete) == (100.0, False)
    assert both.ratio == pytest.approx(100 / 3)


def test_a_volume_that_is_not_known_makes_the_amount_unknown():
    assert element_doses([(B12, None)])["Co"] == ElementDose(ug=None, pde_ug=5.0, ratio=None, from_active=True, is_complete=False)
    assert element_doses([(TRAUMEEL, None)])["Hg"].ug is None


def test_a_label_that_leaves_the_potency_open_is_counted_at_its_most():
    found = element_doses([(product(Ingredient(name="a", substance="mercurius-solubilis", potency_label="D6")), 2)])["Hg"]
    assert (found.ug, found.is_upper_bound) == (2.0, True)


def test_an_active_that_is_a_mineral_is_compared():
    mineral = product(actives=(Active(substance="mercurius-solubilis", amount=6, unit="mcg"),))
    found = element_doses([(B12, 1), (mineral, 1)])
    assert found["Co"].from_active
    assert (found["Hg"].ug, found["Hg"].ratio) == (6.0, 2.0)


def test_cobalt_from_elsewhere_is_compared_without_that_of_b12():
    parts = [_Part("Co", Fraction(43), True), _Part("Co", Fraction(10), False), _Part("Co", None, True)]
    assert _summed("Co", parts) == ElementDose(ug=10.0, pde_ug=5.0, ratio=2.0, from_active=False)


def test_an_element_without_a_figure_on_file_has_no_ratio():
    assert _summed("Xx", [_Part("Xx", Fraction(1), False)]) == ElementDose(ug=1.0, pde_ug=None, ratio=None, from_active=False)


def test_units_without_a_mass_leave_the_element_unknown():
    in_iu = product(actives=(Active(substance="cyanocobalamin", amount=5000, unit="IU"),))
    assert element_doses([(in_iu, 1)])["Co"].ug is None


def test_what_holds_no_listed_element_is_not_in_the_answer():
    plants = product(Ingredient(name="a"), Ingredient(name="b", substance="arnica-montana"))
    assert element_doses([(products()["lidocaine-1pct-multidose"], 5), (plants, 1)]) == {}


def test_the_scope_says_what_the_figures_are_for():
    wanted = ("impurities", "intended ingredient", "benchmark", "cobalt of vitamin B-12", "not compared")
    assert [words for words in wanted if words not in SCOPE] == []
