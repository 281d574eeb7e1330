"""What a law asks: a strength up to its limit, a name as long as is spoken, hours to the last one, the week of a pregnancy."""

from __future__ import annotations

import pytest
from conftest import cases, found, with_

CONTENT = "injections[0].contents[0]"
HOURS = {"training_hours": 24, "hands_on_hours": 8, "emergency_training_hours": 2}  # of US-WA: WAC 246-803-030


def in_germany(percent):
    strength = {"strength": {"amount": percent, "unit": "%"}} if percent else {}
    return with_({"jurisdiction": "DE", f"{CONTENT}.product": {"name": "procaine", **strength}, "injections[0].route": "ID"},
                 unset=["injections[1]"])


@pytest.mark.parametrize(("percent", "case"), [(1.9, None), (2.0, None), (2.1, "condition_broken"), (None, "condition_unknown")])
def test_procaine_is_free_in_germany_to_two_percent(percent, case):
    assert [one for one in cases(in_germany(percent), "law_substance") if one.startswith("condition")] == ([case] if case else [])


def test_a_strength_that_the_law_asks_for_is_missed_by_its_field():
    missing = {field for issue in found(in_germany(None), "law_substance") for field in issue.missing}

    assert missing == {f"{CONTENT}.product.strength"}


@pytest.mark.parametrize(
    ("change", "rule", "letters"),
    [({"jurisdiction": "Q" * 30}, "jurisdiction", 20),
     ({"practitioner.profession": "student", "practitioner.supervised_by": "Q" * 70}, "profession", 60)],
)
def test_of_a_long_name_the_beginning_is_spoken(change, rule, letters):
    (issue,) = found(with_(change), rule)

    assert issue.message.count("Q") == letters


@pytest.mark.parametrize("field", HOURS)
def test_the_hours_asked_for_are_enough_and_less_is_short(field):
    every = {f"practitioner.{name}": hours for name, hours in HOURS.items()}

    assert cases(with_(every), "training") == []
    assert cases(with_(every | {f"practitioner.{field}": HOURS[field] - 0.5}), "training") == ["short"]


@pytest.mark.parametrize(("given", "missing"), [({}, "practitioner"), ({"profession": None}, "practitioner.profession")])
def test_who_injects_is_missed_by_the_field(given, missing):
    plan = with_({"practitioner": given or None})

    assert [issue.missing for issue in found(plan, "profession")] == [(missing,)]


@pytest.mark.parametrize(
    ("weeks", "case", "missing"),
    [(None, "region_week_unknown", ("patient.pregnancy.weeks",)), (12.9, "region_first_trimester", ()), (13, "region", ())],
)
def test_the_week_of_a_pregnancy_is_asked_for_over_belly_and_loins(weeks, case, missing):
    plan = with_({"patient.pregnancy": {"status": "pregnant", "weeks": weeks}, "injections[0].site": {"point": "CV12"}})

    assert cases(plan, "pregnancy") == [case]
    assert [issue.missing for issue in found(plan, "pregnancy")] == [missing]
    assert [issue.injections for issue in found(plan, "pregnancy")] == [("1",)]


@pytest.mark.parametrize(
    ("born", "asked"), [("2016-11-22", True), ("2016-11-23", False), ("1968-11-22", True), ("1967-11-22", False)]
)
def test_a_pregnancy_is_asked_about_between_ten_and_fifty_eight(born, asked):
    plan = with_({"patient.birth_date": born}, unset=["patient.pregnancy"])

    assert cases(plan, "pregnancy") == (["unknown"] if asked else [])
    assert cases(with_({"patient.birth_date": born, "patient.sex": "male"}, unset=["patient.pregnancy"]), "pregnancy") == []


@pytest.mark.parametrize(
    ("held", "case", "missing"),
    [
        (None, ["condition_unknown"], ("practitioner.qualifications",)),
        ([], ["condition_broken"], ()),
        (["first aid"], ["condition_broken"], ()),
        (["Current phlebotomy certification, 2026"], [], ()),
    ],
)
def test_own_blood_in_utah_asks_for_a_certificate_to_draw_it(held, case, missing):
    blood = {"jurisdiction": "US-UT", "practitioner.qualifications": held, f"{CONTENT}.product": "autologous blood"}
    plan = with_(blood, unset=["injections[1]"])

    assert cases(plan, "law_substance") == case
    assert [issue.missing for issue in found(plan, "law_substance")] == [missing] * len(case)


@pytest.mark.parametrize(
    ("purpose", "case", "missing"),
    [
        (None, ["condition_unknown"], (f"{CONTENT}.purpose",)),
        ("treatment", ["condition_broken"], ()),
        ("comfort", [], ()),
    ],
)
def test_procaine_in_montana_is_for_comfort_alone(purpose, case, missing):
    given = {"jurisdiction": "US-MT", f"{CONTENT}.product": "procaine 1%", f"{CONTENT}.purpose": purpose}
    plan = with_(given, unset=["injections[1]"])

    assert cases(plan, "law_substance") == case
    assert [issue.missing for issue in found(plan, "law_substance")] == [missing] * len(case)
