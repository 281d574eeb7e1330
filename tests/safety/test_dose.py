"""Doses against the caps of the substances, strengths against what is marketed, elements against ICH Q3D."""

import pytest
from conftest import cases, changed, check, found, ordinary_plan, with_

from waterneedle import dosage, knowledge
from waterneedle.safety.issues import parameter
from waterneedle.safety.rules.dose import _element_case

LIDOCAINE = knowledge.substances()["lidocaine"]
PROCAINE = knowledge.substances()["procaine"]
CONTENT = "injections[0].contents[0]"
VIAL = {"kind": "multi_dose_vial", "lot": "A", "expires": "2027-08", "opened": True, "opened_on": "2026-11-20"}


def plan(name, strength_mg_per_ml, volume_ml, **set_):
    product = {"name": name, "strength": {"amount": strength_mg_per_ml, "unit": "mg", "per_ml": 1}}
    return with_({f"{CONTENT}.product": product, f"{CONTENT}.volume_ml": volume_ml, **set_}, unset=["injections[1]"])


@pytest.mark.parametrize("kg", [10, 40, 62, 90])
def test_lidocaine_stays_under_its_cap(kg):
    cap_ml = dosage.maximum_dose_mg(LIDOCAINE, kg) / 10

    assert cases(plan("lidocaine", 10, cap_ml * 0.9999, **{"patient.weight_kg": kg}), "dose_limit") == []
    assert cases(plan("lidocaine", 10, cap_ml * 1.0001, **{"patient.weight_kg": kg}), "dose_limit") == ["over"]


@pytest.mark.parametrize(
    ("born", "kg"), [("1982-03-01", "lightest_adult_kg"), ("2020-03-01", "lightest_child_kg"), (None, "lightest_child_kg")]
)
def test_a_weight_that_is_not_known_is_the_lightest(born, kg):
    unknown = {"patient.weight_kg": None, "patient.birth_date": born}
    safe_mg = dosage.maximum_dose_mg(LIDOCAINE, parameter("dose_limit", kg))

    assert cases(plan("lidocaine", 10, safe_mg / 10, **unknown), "dose_limit") == []
    assert cases(plan("lidocaine", 10, safe_mg / 10 + 0.01, **unknown), "dose_limit") == ["weight_unknown"]
    assert cases(plan("lidocaine", 10, 31, **unknown), "dose_limit") == ["over"]


def test_the_age_of_an_adult_counts_from_the_birthday():
    safe_mg = dosage.maximum_dose_mg(LIDOCAINE, parameter("dose_limit", "lightest_adult_kg"))
    born = 2026 - int(parameter("guardian", "adult_years"))

    assert (
        cases(
            plan("lidocaine", 10, safe_mg / 10, **{"patient.weight_kg": None, "patient.birth_date": f"{born}-11-22"}),
            "dose_limit",
        )
        == []
    )
    assert cases(
        plan("lidocaine", 10, safe_mg / 10, **{"patient.weight_kg": None, "patient.birth_date": f"{born}-11-23"}), "dose_limit"
    ) == ["weight_unknown"]


def test_doses_are_added_over_syringes_and_sides():
    half_ml = dosage.maximum_dose_mg(LIDOCAINE, 62) / 10 / 2
    both = plan("lidocaine", 10, half_ml * 0.999, **{"injections[0].site.side": "bilateral"})
    two = changed(
        plan("lidocaine", 10, half_ml * 1.001), {"injections[1]": plan("lidocaine", 10, half_ml * 1.001)["injections"][0]}
    )

    assert cases(both, "dose_limit") == []
    assert cases(changed(both, {f"{CONTENT}.volume_ml": half_ml * 1.001}), "dose_limit") == ["over"]
    assert cases(two, "dose_limit") == ["over"]


def test_the_doses_of_one_class_are_added_as_shares():
    lidocaine_ml, procaine_ml = (dosage.maximum_dose_mg(one, 62) / 10 for one in (LIDOCAINE, PROCAINE))

    def both(share):
        first = plan("lidocaine", 10, lidocaine_ml * share)
        return changed(first, {"injections[1]": plan("procaine", 10, procaine_ml * share)["injections"][0]})

    assert cases(both(0.499), "dose_limit") == []
    assert cases(both(0.501), "dose_limit") == ["class_over"]
    assert found(both(0.501), "dose_limit")[0].severity == "block"
    assert cases(both(1.01), "dose_limit") == ["over", "over"]


@pytest.mark.parametrize("part", parameter("dose_head_neck", "body_parts"))
def test_head_and_neck_take_less(part):
    cap_mg = min(cap.mg_total for cap in PROCAINE.caps if cap.region == "head_neck" and cap.mg_total)
    point = next((code for code, one in knowledge.points().items() if one.body_part == part), None)
    at = {"injections[0].site.point": point}

    assert cases(plan("procaine", 10, cap_mg / 10, **at), "dose_head_neck") == []
    assert cases(plan("procaine", 10, cap_mg / 10 + 0.01, **at), "dose_head_neck") == ["over"]
    assert found(plan("procaine", 10, cap_mg / 10 + 0.01, **at), "dose_head_neck")[0].severity == "block"
    assert cases(plan("procaine", 10, cap_mg / 10 + 0.01, **{"injections[0].site.point": "ST36"}), "dose_head_neck") == []


MARKETED = [one for one in knowledge.substances().values() if one.plausible_mg_per_ml]


@pytest.mark.parametrize("substance", MARKETED, ids=lambda one: one.id)
def test_a_strength_far_from_what_is_marketed_is_questioned(substance):
    least, most = substance.plausible_mg_per_ml
    far = parameter("strength", "far_off")

    def said(strength):
        return cases(plan(substance.name, strength, 0.01), "strength")

    assert said(least) == said(most) == []
    assert said(least * 0.999) == said(most * 1.001) == ["unusual"]
    assert said(least / far * 1.001) == said(most * far * 0.999) == ["unusual"]
    assert said(least / far * 0.999) == said(most * far * 1.001) == ["implausible"]


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("lidocaine", ["missing"]),
        ("B12", ["missing"]),
        ("lidocaine 1%", []),
        ("lidocaine 10 mg/mL", []),
        ("cyanocobalamin-1000mcg-ml", []),
        ({"name": "what is this"}, ["missing"]),
        ({"name": "arnica", "category": "homeopathic"}, []),
        ({"name": "B12", "strength": {"amount": 1}}, ["missing"]),
        ({"name": "B12", "strength": {"amount": 1, "unit": "mg"}}, ["missing"]),
        ({"name": "B12", "strength": {"amount": 1, "unit": "mg/mL"}}, []),
        ({"name": "B12", "strength": {"amount": 1000, "unit": "mcg", "per_ml": 1}}, []),
        ({"name": "B12", "strength": {"amount": 1, "unit": "IU", "per_ml": 1}}, ["missing"]),
        ({"name": "lidocaine 1%"}, []),
        ("bacteriostatic-saline-0.9", []),
        ("lidocaine 0 %", ["missing"]),
    ],
)
def test_a_product_without_a_strength_is_asked_for_one(product, expected):
    assert cases(with_({f"{CONTENT}.product": product}, unset=["injections[1]"]), "strength") == expected


NEAR, FAR = parameter("stated_dose", "tolerance"), parameter("stated_dose", "far_off")


@pytest.mark.parametrize("up", [True, False])
@pytest.mark.parametrize(
    ("ratio", "expected"),
    [
        (1.0, []),
        (NEAR * 0.9999, []),
        (NEAR * 1.0001, ["differs"]),
        (FAR * 0.9999, ["differs"]),
        (FAR * 1.0001, ["far_off"]),
        (1000, ["far_off"]),
    ],
)
def test_the_dose_that_was_written_down_is_the_one_that_is_given(ratio, expected, up):
    amount_mcg = 300 * ratio if up else 300 / ratio

    assert cases(with_({f"{CONTENT}.dose": {"amount": amount_mcg, "unit": "mcg"}}), "stated_dose") == expected
    assert cases(with_({f"{CONTENT}.dose": {"amount": amount_mcg / 1000, "unit": "mg"}}), "stated_dose") == expected
    assert cases(with_({f"{CONTENT}.dose": {"amount": amount_mcg / 1000, "unit": " mL "}}), "stated_dose") == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({f"{CONTENT}.dose": {"amount": 1, "unit": "IU"}}, ["unit"]),
        ({f"{CONTENT}.dose": {"amount": 1, "unit": "drops"}}, ["unit"]),
        ({f"{CONTENT}.dose": {"amount": 9, "unit": "mg"}, f"{CONTENT}.volume_ml": None}, []),
        ({f"{CONTENT}.dose": {"amount": 9, "unit": "mg"}, f"{CONTENT}.product": "B12"}, []),
        ({f"{CONTENT}.dose": None}, []),
    ],
)
def test_a_stated_dose_that_cannot_be_compared(change, expected):
    assert cases(with_(change), "stated_dose") == expected


def test_elements_are_compared_with_the_benchmark():
    quiet, far = parameter("toxic_elements", "quiet_share"), parameter("toxic_elements", "far_over")
    seen = set()
    for product in knowledge.products().values():
        if product.actives:
            continue
        for volume_ml in (0.01, 1, 5, 20, 60):
            made = with_({f"{CONTENT}.product": product.id, f"{CONTENT}.volume_ml": volume_ml}, unset=["injections[1]"])
            doses = dosage.element_doses([(product, volume_ml)])
            said = cases(made, "toxic_elements")
            ratios = sorted(
                dose.ratio for dose in doses.values() if dose.is_complete and dose.ratio is not None and not dose.from_active
            )
            expected = sorted("far_over" if one > far else "over" if one > 1 else "share" for one in ratios if one > quiet)
            assert [case for case in said if case != "unknown"] == expected or "unknown" in said
            seen |= set(said)
    assert seen <= set(knowledge.rules()["toxic_elements"].cases)


@pytest.mark.parametrize("volume_ml", [0.1, 1, 60])
def test_the_cobalt_of_b12_is_no_impurity(volume_ml):
    assert cases(with_({f"{CONTENT}.volume_ml": volume_ml}), "toxic_elements") == []


def test_the_doses_of_a_visit():
    assert [(dose.substance, dose.amount, dose.unit, dose.volume_ml) for dose in check(with_()).doses] == [
        ("Cyanocobalamin", 700.0, "mcg", 0.7)
    ]
    both = check(with_({"injections[0].site.side": "bilateral"})).doses
    assert [(dose.amount, dose.volume_ml) for dose in both] == [(1000.0, 1.0)]


@pytest.mark.parametrize("change", [{f"{CONTENT}.product": "B12"}, {f"{CONTENT}.volume_ml": None}])
def test_a_dose_that_is_not_known_in_part_is_not_known(change):
    assert [dose.amount for dose in check(with_(change)).doses] == [None]


def test_a_dose_in_milligrams_and_one_in_micrograms():
    made = with_({f"{CONTENT}.product": "lidocaine 1%", f"{CONTENT}.volume_ml": 1.0}, unset=["injections[1]"])

    assert [(one.amount, one.unit) for one in check(made).doses] == [(10.0, "mg")]
    assert [(one.amount, one.unit) for one in check(changed(made, {f"{CONTENT}.volume_ml": 0.9})).doses] == [(9000.0, "mcg")]


def test_a_diluted_ingredient_has_its_molecules():
    made = with_({f"{CONTENT}.product": "traumeel-injection-medinatura"}, unset=["injections[1]"])
    doses = check(made).doses

    assert len(doses) == len(knowledge.products()["traumeel-injection-medinatura"].ingredients)
    assert {dose.volume_ml for dose in doses} == {0.3}
    assert all(dose.molecules is None or dose.molecules >= 0 for dose in doses)


@pytest.mark.parametrize(
    ("ratio", "is_complete", "case"),
    [
        (parameter("toxic_elements", "far_over") * 1.01, True, "far_over"),
        (parameter("toxic_elements", "far_over"), True, "over"),
        (parameter("toxic_elements", "far_over") * 1.01, False, "far_over"), (1.01, True, "over"), (1.01, False, "over"),
        (1.0, True, "share"), (0.5, True, "share"), (1.0, False, "unknown"), (0.0, False, "unknown"), (None, False, "unknown"),
    ],
)  # fmt: skip
def test_an_element_is_told_by_its_share_of_the_benchmark(ratio, is_complete, case):
    found = dosage.ElementDose(ug=1, pde_ug=1, ratio=ratio, from_active=False, is_complete=is_complete)

    assert _element_case(found) == case


def test_an_element_whose_amount_is_not_known_is_told_for_the_points_that_hold_it_alone():
    mercury = {"name": "merc sol", "category": "homeopathic", "ingredients": [{"substance": "mercurius", "potency": None}]}
    (issue,) = found(with_({"injections[1].contents[0].product": mercury}), "toxic_elements")

    assert issue.injections == ("2",)
    assert "Hg" in issue.message


@pytest.mark.parametrize("potency", ["D4", "D6", "D8", "D12"])
def test_the_share_of_an_element_falls_with_its_dilution(potency):
    part = {"name": "merc", "category": "homeopathic", "ingredients": [{"substance": "mercurius", "potency": potency}]}
    said = cases(with_({f"{CONTENT}.product": part, f"{CONTENT}.volume_ml": 1.0}, unset=["injections[1]"]), "toxic_elements")

    assert said == {"D4": ["far_over"], "D6": ["share"], "D8": [], "D12": []}[potency]


def test_what_was_given_earlier_on_the_day_is_added_to_what_the_label_allows():
    at_50_kg = {"patient.weight_kg": 50, "previous": [
        {"product": "lidocaine-1pct-multidose", "date": ordinary_plan()["date"], "volume_ml": 12.0},
        {"product": "lidocaine-1pct-multidose", "date": "2020-01-01", "volume_ml": 12.0},
    ]}  # fmt: skip

    assert cases(plan("lidocaine", 10, 10.4, **at_50_kg), "dose_limit") == []
    assert cases(plan("lidocaine", 10, 10.6, **at_50_kg), "dose_limit") == ["over_today"]
    assert cases(plan("lidocaine", 10, 22.6, **at_50_kg), "dose_limit") == ["over"]
