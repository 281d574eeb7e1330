"""What a careful clinician would not let pass, and what they would not be asked about: found by trying to slip things by."""

import pytest
from conftest import cases, check, found, with_

from waterneedle.safety import names
from waterneedle.safety.syringe import allergy_words
from waterneedle.safety.triage import LEVELS, triage

CONTENT = "injections[0].contents[0]"


def custom(*ingredients, strength=None, **more):
    entered = {"name": "a vial", "ingredients": [{"substance": one} for one in ingredients], **more}
    return entered if strength is None else {**entered, "strength": strength}


@pytest.mark.parametrize(
    ("code", "concept"),
    [
        ("Z33.1", "pregnancy"),
        ("O09.90", "pregnancy"),
        ("O24410", "pregnancy"),
        ("Z34.01", "pregnancy"),
        ("H47.22", "leber"),
        ("H4722", "leber"),
        ("J449", "chronic_lung_disease"),
        ("ICD-10: D66", "haemophilia"),
        ("N18.6", "kidney_disease"),
        ("Z39.1", "breastfeeding"),
    ],
)
def test_a_diagnosis_code_is_the_one_on_file_or_its_category(code, concept):
    assert names.concept("condition", code).ids == (concept,)


@pytest.mark.parametrize("code", ["Z33.9", "Z39.3", "B01AF99", "11288", "999999"])
def test_a_code_is_never_led_to_the_one_beside_it(code):
    assert names.concept("condition", code).ids == ()


def test_a_product_code_with_another_digit_is_not_that_product():
    assert names.product("0517-0031-25").ids and not names.product("0517-0031-29").ids


@pytest.mark.parametrize(("code", "concept"), [("L04AA13", "immunosuppressant"), ("C07AB02", "metoprolol")])
def test_an_atc_code_is_itself_or_its_group(code, concept):
    assert names.concept("medication", code).ids == (concept,)


@pytest.mark.parametrize("code", ["Z79.01", "吃华法林", "服用华法林片"])
def test_an_anticoagulant_in_the_list_of_conditions_or_in_chinese(code):
    field = "patient.conditions" if code.startswith("Z") else "patient.medications"
    assert "muscle" in cases(with_({field: [{"name": code}]}), "anticoagulant")


@pytest.mark.parametrize("text", ["对利多卡因过敏", "维生素B12过敏", "青霉素过敏"])
def test_an_allergy_in_a_chinese_phrase(text):
    assert allergy_words(text)


@pytest.mark.parametrize("text", ["没有血友病", "否认血友病", "无血友病史"])
def test_what_is_denied_in_chinese_is_not_there(text):
    assert "haemophilia" not in names.concept("condition", text).ids


@pytest.mark.parametrize(("name", "code"), [("Stomach 36", "ST36"), ("large intestine 4", "LI4"), ("gall bladder 21", "GB21")])
def test_a_channel_written_out(name, code):
    assert names.point(name).id == code


@pytest.mark.parametrize("name", ["Heart", "stomach", "Lung 99"])
def test_a_channel_alone_is_no_point(name):
    assert names.point(name).id is None


@pytest.mark.parametrize(
    ("level", "expected"),
    [("L4", []), ("L2-3", []), ("at L5", []), ("L1", ["reached"]), ("T5", ["reached"]), (None, ["reached"])],
)
def test_beside_the_low_lumbar_spine_there_is_no_lung(level, expected):
    site = {"point": "EX-B2", "side": "right", "skin": "intact", "level": level}
    plan = with_({"injections[0].site": site, "injections[0].depth_mm": 20, "injections[0].angle_deg": 90})
    plan["injections"][0]["needle"] = {"gauge": 25, "length_mm": 25}
    assert cases(plan, "pleura_depth") == expected


@pytest.mark.parametrize("region", ["top of shoulder", "upper shoulder", "trapecio superior", "back of the shoulder", "颈肩部"])
def test_the_top_and_the_back_of_the_shoulder_are_over_the_lung(region):
    site = {"region": region, "side": "right", "skin": "intact"}
    plan = with_({"injections[0].site": site, "injections[0].depth_mm": 28, "injections[0].angle_deg": 90})
    plan["injections"][0]["needle"] = {"gauge": 25, "length_mm": 38}
    assert cases(plan, "pleura_depth") == ["reached"]


@pytest.mark.parametrize(
    ("strength"),
    [
        {"amount": 1, "unit": "%"},
        {"amount": 1, "unit": "%", "per_ml": 1},
        {"amount": 1, "unit": "percent"},
        {"amount": 10, "unit": "mg/mL"},
        {"amount": 10, "unit": "mg/mL", "per_ml": 1},
        {"amount": 10, "unit": "mg", "per_ml": 1},
        {"amount": 20, "unit": "mg", "per_ml": 2},
        {"amount": 10000, "unit": "µg/mL"},
    ],
)
def test_an_entered_strength_gives_the_dose(strength):
    plan = with_({f"{CONTENT}.product": custom("lidocaine", strength=strength), f"{CONTENT}.volume_ml": 0.5})
    [dose] = [one for one in check(plan).doses if one.substance.startswith("Lidocaine")]
    assert (dose.amount, dose.unit) == (5000.0, "mcg")


@pytest.mark.parametrize("strength", [{"amount": 10, "unit": "mg"}, {"amount": 2}, {"amount": 20, "unit": "mg/mL", "per_ml": 2}])
def test_a_strength_that_says_too_little_or_two_things_is_asked_for(strength):
    assert cases(with_({f"{CONTENT}.product": custom("lidocaine", strength=strength)}), "strength") == ["missing"]


def test_a_preservative_entered_as_an_ingredient_counts():
    entered = custom("cyanocobalamin", "benzyl alcohol", strength={"amount": 1, "unit": "mg/mL"})
    plan = with_({f"{CONTENT}.product": entered, "patient.allergies": [{"substance": "benzyl alcohol"}]})
    assert "match" in cases(plan, "allergy")


def test_what_sets_the_acidity_is_no_riddle():
    entered = custom("cyanocobalamin", "sodium hydroxide", "hydrochloric acid", strength={"amount": 1, "unit": "mg/mL"})
    assert found(with_({f"{CONTENT}.product": entered}), "not_understood") == []


@pytest.mark.parametrize("product", ["potassium chloride", "insulin", "heparin", "penicillin", "polidocanol", "氯化钾"])
def test_what_must_never_go_into_a_point_is_refused(product):
    assert "substance" in cases(with_({f"{CONTENT}.product": product}), "out_of_scope")


@pytest.mark.parametrize("product", ["利多卡因 1%", "xilocaína 1%", "盐酸利多卡因注射液"])
def test_a_local_anaesthetic_is_known_in_other_languages(product):
    plan = with_({f"{CONTENT}.product": product, "patient.allergies": [{"substance": "lidocaine"}]})
    assert "match" in cases(plan, "allergy")


def test_vitamin_c_is_no_homeopathic_unless_in_a_potency():
    assert cases(with_({f"{CONTENT}.product": "vitamin C 500 mg/mL"}), "product_status") == []
    assert cases(with_({f"{CONTENT}.product": "acidum ascorbicum D6"}), "product_status") == ["homeopathic"]


def test_a_product_whose_ingredients_were_not_seen_is_not_passed_by_an_allergy():
    plan = with_({f"{CONTENT}.product": "echinacea-compositum-heel-at", "patient.allergies": [{"substance": "mercury"}]})
    assert cases(plan, "allergy") == ["contents_unknown"]


def test_one_point_in_several_lines_takes_one_volume():
    line = with_({"injections[0].site.point": "ST36", f"{CONTENT}.volume_ml": 4})["injections"][0]
    assert cases(with_({"injections": [line]}), "volume_per_point") == []
    assert cases(with_({"injections": [line] * 2}), "volume_per_point") == ["over"]
    assert cases(with_({"injections": [line] * 3}), "volume_per_point") == ["far_over"]
    other = {**line, "site": {**line["site"], "side": "left"}}
    assert cases(with_({"injections": [line, other]}), "volume_per_point") == []


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("urgent", "loss of vision"),
        ("urgent", "mi pie se cae, no lo puedo levantar"),
        ("urgent", "the pain is a 10"),
        ("urgent", "my arm is swollen like a balloon"),
        ("urgent", "肿得很厉害"),
        ("call_clinic", "yellow eyes"),
        ("call_clinic", "ojos amarillos"),
    ],
)
def test_triage_does_not_under_call(level, text):
    answer = triage({"hours_since_visit": 24, "sites": ["ST36"], "symptoms": [], "free_text": text})
    assert LEVELS.index(answer.level) >= LEVELS.index(level)


@pytest.mark.parametrize("text", ["no complaints at four weeks", "the pain is 7 days old and fine", "pain is 2"])
def test_triage_does_not_over_call(text):
    answer = triage({"hours_since_visit": 24, "sites": ["ST36"], "symptoms": [], "free_text": text})
    assert LEVELS.index(answer.level) <= LEVELS.index("call_clinic")


@pytest.mark.parametrize(
    ("reaction", "expected"),
    [
        ("bruise", "mild"),
        ("a bit sore for two days", "mild"),
        ("moretón", "mild"),
        ("酸痛两天", "mild"),
        ("bruise and numbness in hand for a week", "unclear"),
        ("bruised, could not lift the foot", "unclear"),
        ("sore, then an abscess", "unclear"),
        ("sore, fever 39", "unclear"),
        ("headache and blurred vision", "unclear"),
        ("moretón y pie caído", "unclear"),
        ("酸痛，发烧", "unclear"),
        ("haematoma, drained in hospital", "unclear"),
        ("sore, with hives", "severe"),
    ],
)
def test_a_reaction_is_mild_where_all_that_was_said_of_it_is(reaction, expected):
    before = {"product": "lidocaine", "date": "2020-01-01", "reaction": reaction}
    plan = with_({f"{CONTENT}.product": "lidocaine 1%", "previous": [before]})

    assert cases(plan, "previous_reaction") == [expected]
    today = cases(with_({"previous": [{**before, "date": plan["date"]}]}), "previous_reaction")
    assert today == ([] if expected == "mild" else ["today"])
