"""What lies in the region of a puncture: a condition that is not placed is asked for its place, one with a usual place is not."""

from __future__ import annotations

import pytest
from conftest import cases, found, with_

UNPLACED = {
    "joint replacement": "implant", "neurostimulator": "implant", "filler": "implant", "vascular graft": "implant",
    "spinal fusion": "implant", "varicose veins": "varicose", "aneurysm": "aneurysm", "keloid": "keloid", "surgery": "surgery",
    "cellulitis": "skin_infection", "lymphatic cancer": "cancer", "active cancer": "cancer",
}  # fmt: skip


@pytest.mark.parametrize("name", UNPLACED)
def test_where_a_condition_lies_is_asked_for_all_punctures(name):
    plan = with_({"patient.conditions": [{"name": name}]})
    asked = [issue for issue in found(plan, "local_condition") if issue.missing == ("patient.conditions[0].region",)]

    assert f"{UNPLACED[name]}_unplaced" in cases(plan, "local_condition")
    assert {issue.injections for issue in asked} == {("1", "2")}


@pytest.mark.parametrize("name", UNPLACED)
def test_a_condition_that_is_placed_is_told_where_it_lies_alone(name):
    here, elsewhere = (with_({"patient.conditions": [{"name": name, "region": region}]}) for region in ("neck", "foot"))

    assert UNPLACED[name] in cases(here, "local_condition")
    assert {issue.missing for issue in found(here, "local_condition")} == {()}
    assert cases(elsewhere, "local_condition") == []


@pytest.mark.parametrize(
    ("name", "case", "point"), [("pacemaker", "cardiac_device", "KI27"), ("icd", "cardiac_device", "KI27"),
                                ("breast implant", "breast_implant", "ST16")]
)
def test_what_has_a_usual_place_is_looked_for_there_without_a_question(name, case, point):
    plan = with_({"patient.conditions": [{"name": name}], "injections[0].site": {"point": point, "side": "left"}})

    assert case in cases(plan, "local_condition")
    assert {(issue.missing, issue.injections) for issue in found(plan, "local_condition")} == {((), ("1",))}
    assert cases(with_({"patient.conditions": [{"name": name}], "injections[0].site": {"point": "ST36"}},
                       unset=["injections[1]"]), "local_condition") == []


@pytest.mark.parametrize("name", ["prednisone", "infliximab", "methotrexate", "azathioprine", "chemotherapy"])
def test_what_weakens_the_defences_is_named(name):
    (issue,) = found(with_({"patient.medications": [{"name": name}]}), "immunosuppression")

    assert name in issue.message
