"""The largest single dose, and how several of one class add up."""
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle.dosage import class_fraction, maximum_dose_mg
from waterneedle.knowledge import Citation, Substance, substances
from waterneedle.knowledge.product import DoseCap


def substance(*caps):
    source = Citation(source="none")
    return Substance(id="made-up", name="Made up", classes=("local_anesthetic",), sources=(source,),
                     caps=tuple(DoseCap(citation=source, **cap) for cap in caps))


@pytest.mark.parametrize(("weight_kg", "maximum_mg"), [
    (50, 225.0), (66, 297.0), (67, 300.0), (90, 300.0), (8, 36.0), (None, 300.0),
])
def test_lidocaine_takes_the_smaller_cap(weight_kg, maximum_mg):
    """4.5 mg/kg and 300 mg: Xylocaine-MPF label, Dosage and administration."""
    assert maximum_dose_mg(substances()["lidocaine"], weight_kg) == maximum_mg


@pytest.mark.parametrize(("region", "maximum_mg"), [(None, 350.0), ("head_neck", 200.0), ("leg", 350.0)])
def test_procaine_takes_the_smallest_cap_of_the_region(region, maximum_mg):
    """350 mg: Novocain label; 200 mg on head and neck: Hewedolor Procain, Fachinformation."""
    assert maximum_dose_mg(substances()["procaine"], 70, region=region) == maximum_mg


@pytest.mark.parametrize(("caps", "weight_kg", "maximum_mg"), [
    ([], 70, None), ([{"mg_per_kg": 2.0}], None, None), ([{"mg_per_kg": 2.0}], 10, 20.0), ([{"mg_total": 5.0}], 10, 5.0),
    ([{"mg_total": 5.0, "region": "head_neck"}], 10, None), ([{"mg_per_kg": 1.0}, {"mg_total": 12.0}], 10, 10.0),
    ([{"mg_total": 0.1}], None, 0.1),
])
def test_none_is_not_on_file(caps, weight_kg, maximum_mg):
    assert maximum_dose_mg(substance(*caps), weight_kg) == maximum_mg


@pytest.mark.parametrize("weight_kg", [0, -1, float("nan"), float("inf")])
def test_a_weight_that_is_none_is_refused(weight_kg):
    with pytest.raises(ValueError, match=r"weight_kg must be positive|finite"):
        maximum_dose_mg(substances()["lidocaine"], weight_kg)


@given(st.floats(0.5, 300), st.floats(0.5, 300))
def test_a_heavier_person_is_never_given_less(one, other):
    lighter, heavier = sorted((one, other))
    lidocaine = substances()["lidocaine"]
    assert maximum_dose_mg(lidocaine, lighter) <= maximum_dose_mg(lidocaine, heavier) <= maximum_dose_mg(lidocaine, None)


@pytest.mark.parametrize(("doses_mg", "weight_kg", "fraction"), [
    ({}, 50, 0.0), ({"cyanocobalamin": 1.0}, 50, 0.0), ({"lidocaine": 225}, 50, 1.0),
    ({"lidocaine": 112.5, "procaine": 175}, 50, 1.0),
    ({"lidocaine": Fraction(45, 2), "cyanocobalamin": None}, 50, 0.1), ({"lidocaine": None}, 50, None),
    ({"lidocaine": 30, "procaine": None}, 50, None),
    ({"lidocaine": 30}, None, 0.1), ({"lidocaine": 0}, 50, 0.0),
])
def test_doses_of_a_class_add_up(doses_mg, weight_kg, fraction):
    assert class_fraction(doses_mg, weight_kg) == fraction


def test_the_cap_of_the_region_counts_for_the_class():
    assert class_fraction({"procaine": 100}, 50, region="head_neck") == 0.5


def test_another_class_and_one_without_a_cap():
    assert class_fraction({"lidocaine": 300}, 50, substance_class="vitamin_b12") == 0.0
    assert class_fraction({"cyanocobalamin": 1}, 50, substance_class="vitamin_b12") is None


def test_an_id_that_is_not_on_file_is_refused():
    with pytest.raises(ValueError, match="no substance 'unobtainium'"):
        class_fraction({"unobtainium": 1}, 50)


@given(st.floats(0, 400), st.floats(0, 400))
def test_the_fraction_does_not_depend_on_the_order(lidocaine, procaine):
    one = class_fraction({"lidocaine": lidocaine, "procaine": procaine}, 60)
    assert one == class_fraction({"procaine": procaine, "lidocaine": lidocaine}, 60)
    assert one == pytest.approx(lidocaine / 270 + procaine / 350)
