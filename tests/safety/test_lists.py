"""What stands in one line beside what was read of it: a list, a denial, a "no" that denies nothing, two places."""

from __future__ import annotations

import pytest
from conftest import cases, check, found, with_

from waterneedle import knowledge
from waterneedle.safety import lists, names
from waterneedle.safety.syringe import allergy_words


def taking(text):
    return with_({"patient.medications": [{"name": text}]})


@pytest.mark.parametrize(
    "text",
    ["lisinopril, eliqis", "metformin and warfarrin", "lisinopril + xareltto", "metformina y sintron", "aspirin elquis 5 mg"],
)
def test_a_blood_thinner_that_is_misspelt_in_a_list_counts(text):
    plan = taking(text)

    assert "muscle" in cases(plan, "anticoagulant")
    assert "respelled" in cases(plan, "not_understood")


@pytest.mark.parametrize("text", ["metformin, zzyzxumab", "二甲双胍、华某令"])
def test_what_nobody_knows_in_a_list_is_asked_about(text):
    assert cases(taking(text), "not_understood") == ["medication"]


def test_what_is_taken_no_longer_takes_nothing_else_back():
    plan = taking("metformin, apixaban, no longer aspirin")

    assert "muscle" in cases(plan, "anticoagulant")


@pytest.mark.parametrize("text", ["metformin, apixaban, not any more", "apixaban stopped yesterday, metformin"])
def test_a_denial_in_a_list_is_asked_about_though_something_else_was_read(text):
    [issue] = found(taking(text), "not_understood")

    assert (issue.severity, "Apixaban" in issue.message) == ("warn", True)


@pytest.mark.parametrize(
    "text",
    ["metformin 500 mg, twice daily, with food", "omeprazole, for reflux", "二甲双胍，每天两次", "calcium and vitamin D",
     "iron supplement", "aspirin, none other", "metformin, no aspirin"],
)  # fmt: skip
def test_how_it_is_taken_is_not_asked_about(text):
    assert cases(taking(text), "not_understood") == []


@pytest.mark.parametrize(("text", "word"), [("penicillin, lidocane", "lidocaine"), ("sulfa and cobolt", "cobalt"),
                                            ("penicillin, Traumeel", "arnica-montana")])
def test_an_allergy_in_a_list_counts_by_whatever_name(text, word):
    plan = with_({"patient.allergies": [{"substance": text}], "injections[0].contents[0].product": {
        "name": word, "ingredients": [{"substance": word}]}})

    assert "match" in cases(plan, "allergy")


@pytest.mark.parametrize("text", ["penicillin, rash", "penicillin - hives", "penicillin, anaphylaxis in childhood",
                                  "青霉素，皮疹"])
def test_what_an_allergy_did_is_no_other_allergy(text):
    assert check(with_({"patient.allergies": [{"substance": text}]})).not_understood == ()


@pytest.mark.parametrize("kind", ["condition", "allergy", "medication"])
def test_beside_a_name_on_file_there_is_nothing(kind):
    for concept in knowledge.vocabulary().values():
        if concept.kind == kind:
            for name in (concept.term, *concept.names, *concept.names_es, *concept.names_zh):
                assert lists.beside(kind, name) == ()


@pytest.mark.parametrize("text", ["vitamina B", "vitamin B"])
def test_vitamin_b_is_no_vitamin_c(text):
    assert allergy_words(text) == frozenset()
    assert cases(with_({"patient.allergies": [{"substance": text}]}), "not_understood") == ["allergy"]


def ill(name, point, side):
    return with_({"patient.conditions": [{"name": name}], "injections[0].site": {"point": point, "side": side, "skin": "intact"}})


@pytest.mark.parametrize(
    ("name", "point", "case"),
    [
        ("neuropathy in hands and feet", "LI4", "numb"),
        ("neuropathy in hands and feet", "LR3", "numb"),
        ("neuropatía en manos y pies", "LR3", "numb"),
        ("cellulitis of hand and foot", "LR3", "skin_infection"),
        ("skin infection on the back of the knee and hand", "LI4", "skin_infection"),
        ("joint replacement left knee and right hip", "GB30", "implant"),
        ("paralyzed right side", "LI11", "numb"),
        ("numb right side", "LR3", "numb"),
        ("右侧肢体麻木", "LI11", "numb"),
        ("numb from the waist down", "ST36", "numb"),
        ("no feeling in right leg", "ST36", "numb"),
        ("sin sensibilidad en la pierna derecha", "ST36", "numb"),
        ("numb right foot", "LR3", "numb"),
        ("R THA", "GB30", "implant_unplaced"),
    ],
)
def test_every_place_of_a_condition_counts(name, point, case):
    assert case in cases(ill(name, point, "right"), "local_condition")


@pytest.mark.parametrize("name", ["numb left side", "no feeling in left leg", "neuropathy of the left hand and foot"])
def test_the_other_side_is_not_meant(name):
    plan = with_({"patient.conditions": [{"name": name}]})  # whose punctures are on the right

    assert cases(plan, "local_condition") == []


@pytest.mark.parametrize(
    ("name", "side", "expected"),
    [
        ("lymphedema left arm and left leg", "left", ["limb"]),
        ("lymphedema left side", "left", ["limb_unclear"]),
        ("lymphedema left side", "right", []),
        ("no needles left arm", "left", ["at_risk"]),
        ("no needles left arm", "right", []),
        ("no BP or needles L arm", "left", ["at_risk"]),
        ("limb alert left arm", "left", ["at_risk"]),
        ("no pinchar brazo izquierdo", "left", ["at_risk"]),
        ("左臂不能抽血", "left", ["at_risk"]),
        ("左臂禁止抽血", "right", []),
    ],
)
def test_a_limb_to_be_left_alone_is_left_alone(name, side, expected):
    assert cases(ill(name, "LI11", side), "lymphoedema") == expected
    assert cases(ill(name, "LI11", side), "not_understood") == []


@pytest.mark.parametrize("text", ["没有肾功能不全", "no COPD", "denies no feeling in feet", "no blood pressure problems",
                                  "no IV drug use"])
def test_a_denial_in_front_of_it_denies_it(text):
    assert names.concept("condition", text).ids == ()


@pytest.mark.parametrize("text", ["asthma, short of breath", "numbness and chest pain"])
def test_a_symptom_beside_an_illness_bars_the_puncture(text):
    assert cases(with_({"patient.conditions": [{"name": text}]}), "just_happened") == ["symptom"]


@pytest.mark.parametrize("text", ["syncope history, asthma", "asthma and reflux", "numbness in both hands"])
def test_an_illness_that_is_known_has_not_just_happened(text):
    assert cases(with_({"patient.conditions": [{"name": text}]}), "just_happened") == []


@pytest.mark.parametrize(
    "text",
    ["AFib (Eliquis)", "DVT - Xarelto 20mg", "stroke 2019, warfarin", "dialysis M/W/F, heparin", "anticoagulated",
     "anticoagulado", "gets heparin at dialysis", "atrial fibrillation on Eliquis", "房颤，利伐沙班"],
)  # fmt: skip
def test_a_blood_thinner_beside_an_illness_is_taken(text):
    assert "muscle" in cases(with_({"patient.conditions": [{"name": text}]}), "anticoagulant")


@pytest.mark.parametrize(
    "text",
    ["iron deficiency", "heparin-induced thrombocytopenia", "asthma and reflux", "AFib, not on Eliquis", "heparin allergy"],
)
def test_a_medicine_in_the_name_of_an_illness_is_not_taken(text):
    assert cases(with_({"patient.conditions": [{"name": text}]}), "anticoagulant") == []


@pytest.mark.parametrize(
    "text",
    ["allergic to lidocaine", "asthma, lidocaine allergy", "alergia a la lidocaína", "利多卡因过敏", "anaphylaxis to lidocaine"],
)
def test_an_allergy_among_the_conditions_is_an_allergy(text):
    plan = with_({"patient.conditions": [{"name": text}], "injections[0].contents[0].product": "lidocaine 1%"})

    assert "match" in cases(plan, "allergy")
    assert cases(plan, "not_understood") == []


@pytest.mark.parametrize("text", ["not allergic to lidocaine", "allergic rhinitis", "no allergies"])
def test_what_is_no_allergy_to_the_fluid_is_none(text):
    plan = with_({"patient.conditions": [{"name": text}], "injections[0].contents[0].product": "lidocaine 1%"})

    assert cases(plan, "allergy") == []
