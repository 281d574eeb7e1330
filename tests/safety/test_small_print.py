"""Both sides of small decisions in the rules, each by a plan that a person would write."""

from __future__ import annotations

import pytest
from conftest import cases, check, found, with_

from waterneedle.safety import names
from waterneedle.safety.checkin import CheckIn
from waterneedle.safety.documents import convert
from waterneedle.safety.issues import figure, parameter
from waterneedle.safety.report import read
from waterneedle.safety.triage import triage
from waterneedle.safety.triage_rules import RULES


def symptoms(*words, **more):
    return triage({"hours_since_visit": 20, "sites": ["ST36"], "symptoms": [{"name": word} for word in words]} | more)


def missing(plan, rule):
    return [issue.missing for issue in found(plan, rule)]


def test_a_missing_jurisdiction_is_named():
    assert missing(with_(unset=["jurisdiction"]), "jurisdiction") == [("jurisdiction",)]


def test_a_missing_angle_over_the_lung_is_named():
    plan = with_(unset=["injections[0].angle_deg", "injections[0].depth_mm"])

    asked = {field.rpartition(".")[2] for fields in missing(plan, "pleura_depth") for field in fields}
    assert asked >= {"angle_deg", "depth_mm"}


def test_saline_with_one_medicine_is_a_dilution_and_two_medicines_are_a_mixture():
    b12, procaine, saline = ({"product": name, "volume_ml": 0.2} for name in ("cyanocobalamin", "procaine 1%", "saline"))
    two, diluted = ({"injections[0].contents": [b12, other]} for other in (procaine, saline))

    assert cases(with_(two), "mixture") == ["untested"]
    assert cases(with_(diluted), "mixture") == ["diluted"]


def test_the_same_fluid_from_two_vials_is_no_mixture():
    twice = {"injections[0].contents": [{"product": "cyanocobalamin", "volume_ml": 0.2}] * 2}

    assert cases(with_(twice), "mixture") == []


@pytest.mark.parametrize(("volumes", "over"), [((2.0, 2.0), False), ((2.0, 9.0), True)])
def test_one_muscle_is_given_a_total(volumes, over):
    site = {"muscle": "levator scapulae", "side": "left"}
    change = {f"injections[{i}].site": site for i in range(2)} | {
        f"injections[{i}].contents[0].volume_ml": volume for i, volume in enumerate(volumes)
    }

    assert (cases(with_(change), "volume_per_muscle") == ["over"]) is over


def test_an_implant_of_the_heart_is_no_reason_for_care_at_a_leg_and_one_at_the_chest():
    for name in ("pacemaker", "icd"):
        chest = with_({"patient.conditions": [{"name": name}], "injections[0].site": {"point": "KI27", "side": "left"}})
        assert cases(chest, "local_condition"), name


@pytest.mark.parametrize("region", ["neck", "the neck", "cervical region"])
def test_a_condition_lies_where_its_region_says(region):
    assert cases(with_({"patient.conditions": [{"name": "cellulitis", "region": region}]}), "local_condition")


def test_a_condition_elsewhere_raises_nothing_here():
    plan = with_({"patient.conditions": [{"name": "cellulitis", "region": "left foot"}]})

    assert [one for one in found(plan, "local_condition") if one.severity != "note"] == []


@pytest.mark.parametrize(
    ("text", "ids"),
    [("allergic to penicillin", ("penicillin",)), ("no penicillin allergy", ()), ("对利多卡因过敏", ("lidocaine",))],
)
def test_what_is_named_inside_a_phrase_is_understood_and_what_is_denied_is_not(text, ids):
    assert names.concept("allergy", text).ids == ids


def test_two_medicines_in_one_phrase_are_both_understood():
    assert set(names.concept("medication", "taking warfarin and metoprolol daily").ids) == {"warfarin", "metoprolol"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Co4", "LI4"),
        ("UB23", "BL23"),
        ("LIV3", "LR3"),
        ("Ren6", "CV6"),
        ("Du20", "GV20"),
        ("P6", "PC6"),
        ("TW5", "TE5"),
        ("SJ5", "TE5"),
        ("He7", "HT7"),
        ("KD3", "KI3"),
    ],
)
def test_a_point_is_understood_in_the_other_codes_in_use(typed, code):
    assert names.point(typed).id == code


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1e-6, "0.000001"),
        (1e6, "1e+06"),
        (999999.0, "999999"),
        (0.0, "0"),
        (9.9e-7, "9.9e-07"),
        (1000.0, "1000"),
        (999.96, "1000"),
    ],
)
def test_a_figure_is_read_without_an_exponent_between_a_millionth_and_a_million(value, shown):
    assert figure(value) == shown


def test_pain_at_the_tip_of_the_shoulder_is_asked_about_even_after_a_point_of_the_leg():
    assert symptoms("pain at the tip of my shoulder").level != "self_care"


@pytest.mark.parametrize("words", ["it keeps getting bigger", "growing lump", "the redness is growing", "bruise is spreading"])
def test_what_grows_is_never_left_to_the_patient(words):
    assert symptoms(words).level in ("call_clinic", "urgent", "emergency")


def test_a_lot_that_nobody_gave_is_said_so():
    change = {"injections[0].contents[0].container": {"kind": "multi_dose_vial", "beyond_use": "2026-11-01"}}
    (issue,) = found(with_(change), "beyond_use")[:1]

    assert "not given" in issue.message


def test_an_allergy_to_a_product_is_one_to_what_is_in_it():
    assert check(with_({"patient.allergies": [{"substance": "vitamin B12 injection"}]})).verdict == "block"


def reasons(*words, site="ST36", **more):
    """The cases of triage that these words lead to."""
    document = {"hours_since_visit": 20, "sites": [site], "symptoms": [{"name": word} for word in words]} | more
    report = read(convert(document, CheckIn))
    return {f"{rule.__name__}.{case}" for rule in RULES for case in rule(report)}


@pytest.mark.parametrize("with_it", ["palpitations", "chest pain", "hives", "severe headache", "vomiting", "belly pain"])
def test_fainting_with_another_sign_is_more_than_fainting(with_it):
    assert "collapse.fainting_and_more" in reasons("fainting", with_it)
    assert "collapse.fainting" in reasons("fainting")


def test_a_swollen_neck_is_a_reason_of_its_own():
    assert "head_and_neck.neck_swelling" in reasons("my neck is swollen", site="ST9")


@pytest.mark.parametrize(
    ("words", "case"),
    [
        (("large bruise",), "bleeding.bruise_growing"),
        (("bruise", "it is growing"), "bleeding.bruise_growing"),
        (("redness", "it is growing"), "infection.spreading_redness"),
        (("warmth", "it is growing"), "infection.spreading_redness"),
        (("red streak up my arm",), "infection.red_streak"),
        (("I had a seizure",), "collapse.seizure"),
    ],
)
def test_what_belongs_together_is_read_together(words, case):
    assert case in reasons(*words)


def test_a_large_bruise_that_hurts_very_much_may_be_dying_skin():
    assert {one for one in reasons("large bruise", "severe pain") if one.startswith("skin_death")} != set()


def test_feeling_better_is_no_symptom_and_hides_none():
    assert reasons("I feel much better") == set()
    assert symptoms("I feel better but I cannot breathe").level == "emergency"
    assert symptoms("not feeling better").level != "none"


@pytest.mark.parametrize("before", [0, 300, 390, 400, 500, 790, 1500])
def test_a_sign_is_found_wherever_it_stands_in_a_clause_nobody_ends(before):
    words = "it is a little sore where you put the needle " * (before // 44)
    document = {"hours_since_visit": 20, "sites": ["ST36"], "symptoms": [], "free_text": f"{words}and cannot breathe at all"}

    assert triage(document).level == "emergency"


@pytest.mark.parametrize(
    ("typed", "level"), [("siezure", "emergency"), ("brethlessness", "emergency"), ("numbnes", "urgent"), ("feever", "urgent")]
)
def test_a_misspelled_symptom_is_read_by_the_nearest_word(typed, level):
    assert symptoms(typed).level == level


def test_the_last_day_of_an_open_vial_is_told():
    change = {
        "injections[0].contents[0].container": {
            "kind": "multi_dose_vial",
            "opened": True,
            "opened_on": "2026-10-01",
            "expires": "2027-08",
            "lot": "0417",
        }
    }
    (issue,) = [one for one in found(with_(change), "beyond_use") if one.severity == "block"]

    assert "2026-10-29" in issue.message


def test_the_kind_of_hours_that_are_short_is_told_in_plain_words():
    message = found(with_({"practitioner.hands_on_hours": 2}), "training")[0].message

    assert "hands-on" in message and "_" not in message


def test_the_class_that_the_law_forbids_is_named():
    messages = [one.message for one in found(with_({"injections[0].contents[0].product": "triamcinolone"}), "law_substance")]

    assert any("steroid" in message for message in messages)


def test_a_midline_point_has_no_side_and_a_paired_one_has():
    for given in ("left", "right", "bilateral"):
        assert "midline" in cases(with_({"injections[0].site": {"point": "CV12", "side": given}}), "side")
    assert "missing" in cases(with_({"injections[0].site": {"point": "ST36"}}), "side")
    assert cases(with_({"injections[0].site": {"point": "ST36", "side": "bilateral"}}), "side") == []


@pytest.mark.parametrize("name", ["lymphoedema", "lymphedema of the left arm", "mastectomy on the left"])
def test_a_limb_that_drains_badly_is_not_needled_without_a_word(name):
    plan = with_(
        {"patient.conditions": [{"name": name, "region": "left arm"}], "injections[0].site": {"point": "LI11", "side": "left"}}
    )

    assert cases(plan, "lymphoedema") != []


def test_potassium_at_the_limit_is_not_low():
    conditions = {"patient.conditions": [{"name": "severe megaloblastic anaemia"}]}
    lowest = parameter("potassium", "lowest")
    for value, case in ((lowest, "watch"), (lowest - 0.1, "low")):
        observed = {"patient.observations": [{"name": "potassium", "value": value, "unit": "mmol/L"}]}
        assert cases(with_(conditions | observed), "potassium") == [case]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("lung 7", "LU7"), ("large intestine 4", "LI4"), ("stomach 36", "ST36"), ("spleen 6", "SP6"), ("heart 7", "HT7"),
        ("small intestine 3", "SI3"), ("bladder 40", "BL40"), ("urinary bladder 40", "BL40"), ("kidney 3", "KI3"),
        ("pericardium 6", "PC6"), ("triple energizer 5", "TE5"), ("triple warmer 5", "TE5"), ("triple burner 5", "TE5"),
        ("san jiao 5", "TE5"), ("sanjiao 5", "TE5"), ("gallbladder 34", "GB34"), ("gall bladder 34", "GB34"), ("liver 3", "LR3"),
        ("conception vessel 12", "CV12"), ("governing vessel 14", "GV14"), ("governor vessel 14", "GV14"), ("he 7", "HT7"),
        ("h7", "HT7"), ("p6", "PC6"), ("tw5", "TE5"), ("sj5", "TE5"), ("th5", "TE5"), ("ub40", "BL40"), ("liv3", "LR3"),
        ("lv3", "LR3"), ("ren 12", "CV12"), ("rn12", "CV12"), ("du 14", "GV14"), ("dm14", "GV14"), ("kd3", "KI3"), ("k3", "KI3"),
        ("g34", "GB34"), ("co4", "LI4"), ("gi4", "LI4"), ("ig3", "SI3"), ("b40", "BL40"), ("v40", "BL40"), ("f3", "LR3"),
    ],
)
def test_a_channel_is_known_by_every_code_and_word_in_use(said, code):
    assert names.point(said).id == code


@pytest.mark.parametrize("side", ["b", "bl", "both", "bilateral", "双", "双侧"])
def test_both_sides_are_said_in_many_ways(side):
    assert names.point(f"ST36 {side}").side == "bilateral"


@pytest.mark.parametrize(("last", "first"), [("C7", "C8"), ("T12", "T13"), ("L5", "L6"), ("S5", "S6")])
def test_a_vertebra_is_no_point(last, first):
    assert names.point(last).id is None
    assert names.point(first).id is not None or first == "T13"


def test_somebody_as_old_as_the_oldest_is_believed():
    oldest = parameter("age", "oldest_years")
    born = with_({"date": "2026-03-01", "patient.birth_date": f"{2026 - int(oldest)}-03-01"})
    earlier = with_({"date": "2026-03-01", "patient.birth_date": f"{2024 - int(oldest)}-03-01"})

    assert cases(born, "age") == []
    assert cases(earlier, "age") == ["implausible"]


def test_pain_at_the_tip_of_the_shoulder_counts_after_a_needle_over_the_lung():
    said = {"hours_since_visit": 5, "symptoms": [{"name": "shoulder tip pain"}]}

    over, elsewhere = triage(said | {"sites": ["GB21"]}), triage(said | {"sites": ["ST36"]})
    assert over.level == "urgent"
    assert elsewhere.level != "urgent"


@pytest.mark.parametrize("site", ["neck", "GB20", "GV14"])
def test_weak_and_numb_after_a_needle_in_the_neck_is_an_emergency(site):
    said = {"hours_since_visit": 2, "sites": [site], "symptoms": [{"name": "my arm is weak"}, {"name": "numbness"}]}

    assert triage(said).level == "emergency"


@pytest.mark.parametrize("word", ["abdominal pain", "severe headache", "vomiting", "fever", "itching", "swelling"])
def test_who_is_pregnant_and_unwell_is_seen_soon(word):
    said = {"hours_since_visit": 20, "sites": ["ST36"], "symptoms": [{"name": word}], "pregnant": True}

    assert triage(said).level in ("urgent", "emergency")


def test_a_haematologist_is_asked_about_deep_punctures_alone_where_there_are_any():
    known = {"patient.conditions": [{"name": "haemophilia"}]}
    plan = with_(known | {"injections[0].route": "SC", "injections[0].depth_mm": 5, "injections[1].route": "IM",
                          "injections[1].depth_mm": 25})
    (deep,) = found(plan, "bleeding_disorder")
    assert deep.injections == ("2",)

    under_the_skin = {"route": "SC", "depth_mm": 4}
    shallow = with_(known | {f"injections[{i}].{field}": value for i in range(2) for field, value in under_the_skin.items()})
    (superficial,) = found(shallow, "bleeding_disorder")
    assert superficial.injections == ("1", "2")


def test_a_lot_that_was_not_given_is_said_to_be():
    container = {"kind": "multi_dose_vial", "expires": "2027-08", "returned_fluid": True}
    without, lot = ({"injections[0].contents[0].container": container | more} for more in ({}, {"lot": "X77"}))

    assert "X77" in found(with_(lot), "returned_fluid")[0].message
    assert "not given" in found(with_(without), "returned_fluid")[0].message


def test_nodes_with_cancer_are_kept_from_the_needle_like_cancer():
    for name in ("lymphatic cancer", "active cancer"):
        at_the_leg = {"injections[0].site": {"point": "ST36", "side": "left"}}
        plan = with_({"patient.conditions": [{"name": name, "region": "lower leg"}]} | at_the_leg)
        assert cases(plan, "local_condition") != []
