"""INR, its age, platelets, depth and volume on both sides of the rules' parameters."""

from datetime import date, timedelta

import pytest
from conftest import cases, found, with_

from waterneedle.safety.issues import parameter

TODAY = date(2026, 11, 22)
HIGHEST, DAYS, MOST_ML, SUPERFICIAL = (
    parameter("anticoagulant", name) for name in ("highest_inr", "inr_days", "most_ml", "superficial_mm")
)
SKIN = {"injections[1].route": "SC"}


def inr(value, day=None):
    return {"patient.observations": [{"name": "INR", "value": value, "date": None if day is None else str(day)}]}


def taking(*medicines, **more):
    return with_({"patient.medications": [{"name": name} for name in medicines], **more.pop("set", {})})


@pytest.mark.parametrize(
    ("value", "expected"), [(HIGHEST, []), (HIGHEST + 0.01, ["inr_high"]), (str(HIGHEST + 1), ["inr_high"]), (0.9, [])]
)
@pytest.mark.parametrize("day", [None, TODAY, TODAY - timedelta(DAYS)])
def test_an_inr_above_the_range_blocks_muscle(value, expected, day):
    assert cases(taking("warfarin", set=inr(value, day)), "anticoagulant") == [*expected, "muscle"]


@pytest.mark.parametrize("day", [TODAY - timedelta(DAYS + 1), TODAY + timedelta(1)])
def test_an_inr_that_is_too_old_or_still_to_come_is_not_known(day):
    [issue] = found(taking("warfarin", set=inr(9.0, day)), "anticoagulant")

    assert (issue.severity, issue.missing) == ("warn", ("patient.observations: INR",))


@pytest.mark.parametrize(
    ("medicine", "value", "expected"),
    [
        ("warfarin", 2.0, ["superficial"]),
        ("warfarin", HIGHEST + 1, ["inr_high_superficial", "superficial"]),
        ("warfarin", "?", ["inr_unknown"]),
        ("blood thinner", 2.0, ["superficial"]),
        ("blood thinner", "?", ["kind_unknown"]),
        ("apixaban", "?", ["superficial"]),
        ("heparin", "?", ["superficial"]),
    ],
)
def test_under_the_skin(medicine, value, expected):
    assert cases(taking(medicine, set={**SKIN, **inr(value)}), "anticoagulant") == expected


@pytest.mark.parametrize(("volume_ml", "expected"), [(MOST_ML - 0.01, ["muscle"]), (MOST_ML, ["large", "muscle"])])
def test_a_large_volume_into_muscle_blocks(volume_ml, expected):
    assert cases(taking("apixaban", set={"injections[1].contents[0].volume_ml": volume_ml}), "anticoagulant") == expected
    assert cases(taking("apixaban", set={**SKIN, "injections[1].contents[0].volume_ml": volume_ml}), "anticoagulant") == [
        "superficial"
    ]


@pytest.mark.parametrize(
    ("depth_mm", "angle_deg", "expected"),
    [
        (SUPERFICIAL, 90, "superficial"),
        (SUPERFICIAL + 0.01, 90, "muscle"),
        (SUPERFICIAL * 2, 30, "superficial"),
        (SUPERFICIAL * 2.1, 30, "muscle"),
        (None, 90, "superficial"),
    ],
)
def test_deeper_than_the_skin_is_muscle_whatever_the_route_says(depth_mm, angle_deg, expected):
    made = {
        **SKIN,
        "injections[1].depth_mm": depth_mm,
        "injections[1].angle_deg": angle_deg,
        "injections[1].needle.length_mm": 60,
    }

    assert cases(taking("apixaban", set=made), "anticoagulant") == [expected]


def test_a_route_that_is_not_known_is_muscle():
    assert cases(taking("apixaban", set={"injections[1].route": None}), "anticoagulant") == ["muscle"]


def test_two_kinds_of_thinning_and_a_needle_in_muscle():
    assert cases(taking("apixaban", "aspirin"), "anticoagulant") == ["muscle", "with_antiplatelet"]
    assert cases(taking("apixaban", "aspirin", set=SKIN), "anticoagulant") == ["superficial"]


@pytest.mark.parametrize(
    ("medicines", "more", "expected"),
    [
        (["aspirin"], {}, ["one"]),
        (["clopidogrel"], {}, ["one"]),
        (["aspirin", "clopidogrel"], {}, ["two"]),
        (["aspirin", "clopidogrel"], SKIN, ["one"]),
        (["aspirin", "ibuprofen"], {}, ["one"]),
        (["aspirin", "warfarin"], {}, []),
        (["metformin"], {}, []),
        (["aspirin", "Aspirin"], {}, ["one"]),
    ],
)
def test_antiplatelets(medicines, more, expected):
    assert cases(taking(*medicines, set=more), "antiplatelet") == expected


LOWEST, LOW = parameter("platelets", "lowest"), parameter("platelets", "low")


@pytest.mark.parametrize(
    ("count", "deep", "shallow"),
    [
        (LOWEST - 1, ["very_low_deep"], ["very_low"]),
        (LOWEST, ["low_deep"], ["low"]),
        (LOW - 1, ["low_deep"], ["low"]),
        (LOW, [], []),
        (0, ["very_low_deep"], ["very_low"]),
        (str(LOWEST - 1), ["very_low_deep"], ["very_low"]),
    ],
)
def test_platelets(count, deep, shallow):
    counted = {"patient.observations": [{"name": "platelets", "value": count}]}

    assert cases(with_(counted), "platelets") == deep
    assert cases(with_({**counted, **SKIN}), "platelets") == shallow


def test_the_latest_count_holds():
    counts = [{"name": "platelets", "value": 40, "date": "2026-11-01"}, {"name": "platelets", "value": 200, "date": "2026-11-20"}]

    assert cases(with_({"patient.observations": counts}), "platelets") == []
    assert cases(with_({"patient.observations": [{**one, "value": 240 - one["value"]} for one in counts]}), "platelets") == [
        "very_low_deep"
    ]


@pytest.mark.parametrize("value", ["<20", "low", "nan", "inf", "40 000 / µL", ""])
def test_a_count_that_cannot_be_read_is_not_known(value):
    """Somebody wrote down a count: what it says is asked for, not passed over."""
    assert cases(with_({"patient.observations": [{"name": "platelets", "value": value}]}), "platelets") == ["unknown"]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_words_that_a_computer_takes_for_a_number_are_no_inr(value):
    [issue] = found(taking("warfarin", set={**SKIN, **inr(value)}), "anticoagulant")

    assert issue.missing == ("patient.observations: INR",)


@pytest.mark.parametrize(
    ("condition", "more", "expected"),
    [
        ("hemophilia", {}, ["deep"]),
        ("hemophilia", SKIN, ["superficial"]),
        ("von Willebrand disease", {}, ["deep"]),
        ("hypertension", {}, []),
    ],
)
def test_a_bleeding_disorder(condition, more, expected):
    assert cases(with_({"patient.conditions": [{"name": condition}], **more}), "bleeding_disorder") == expected


@pytest.mark.parametrize("rule", ["anticoagulant", "antiplatelet", "bleeding_disorder", "platelets"])
def test_without_a_puncture_nothing_bleeds(rule):
    made = with_(
        {
            "injections": [],
            "patient.medications": [{"name": "warfarin"}, {"name": "aspirin"}],
            "patient.conditions": [{"name": "hemophilia"}],
            "patient.observations": [{"name": "platelets", "value": 10}],
        }
    )

    assert cases(made, rule) == []
