"""What a chart in the browser may say of a place, and what is no place."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from waterneedle.clinic.visits.forms import EachForm, InjectionForm, TapForm
from waterneedle.clinic.visits.models import Injection


def cleaned(said):
    form = TapForm({"code": "ST36", "side": "left", "nudge": said if isinstance(said, str) else json.dumps(said)})
    form.is_valid()
    return form.cleaned_data.get("nudge")


def test_where_a_touch_was_is_kept():
    said = {"face": 12, "weights": [0.25, 0.5], "along_mm": 3, "across_mm": -8}

    assert json.loads(json.dumps(cleaned(said))) == said


@pytest.mark.parametrize("said", [
    "", "null", "[]", "{}", "not json", {"face": "<svg onload=x>", "weights": [0, 0]}, {"face": 10**9, "weights": [0, 0]},
    {"face": -1, "weights": [0, 0]}, {"face": 1}, {"weights": [0, 0]}, {"face": 1, "weights": ["a", 0]},
    {"face": 1, "weights": [0, 0, 0]}, {"along_mm": 1e9}, {"along_mm": 1, "more": "x"}, {"member": "x" * 21}, {"member": {}},
])
def test_what_is_no_place_is_left_out(said):
    assert not cleaned(said)


@pytest.mark.parametrize(("field", "said"), [
    ("side", "bilateral"), ("skin", "lovely"), ("route", "XX"), ("sensation", "warm"), ("volume_ml", "0"), ("volume_ml", "60.1"),
    ("gauge", "13"), ("gauge", "37"), ("length_mm", "0"), ("length_mm", "150.1"), ("depth_mm", "-1"), ("depth_mm", "150.1"),
    ("depth_max_mm", "150.1"), ("angle_deg", "-1"), ("angle_deg", "91"), ("direction", "x" * 81), ("level", "x" * 21),
    ("reaction", "x" * 301), ("went_where", "x" * 121),
])
def test_what_the_row_may_not_hold_is_refused_by_its_field(field, said):
    form = InjectionForm({field: said}, instance=Injection(technique="injection"))

    assert list(form.errors) == [field]


@pytest.mark.parametrize("where", ["", "   "])
def test_a_route_without_a_name_asks_where_the_fluid_went(where):
    form = InjectionForm({"route": "other", "went_where": where}, instance=Injection(technique="injection"))

    assert list(form.errors) == ["went_where"]


def test_where_the_fluid_went_is_not_asked_of_a_route_that_says_it():
    form = InjectionForm({"route": "SC", "went_where": "a tendon"}, instance=Injection(technique="injection"))

    assert form.is_valid()
    assert form.changes() == {"route": "SC"}


@pytest.mark.parametrize("typed", ["1/2", "1/2 inch", "0,5 cm", "2 ml", "mm"])
def test_a_depth_that_is_not_in_mm_is_refused_and_never_answered_with_half_a_millimetre(typed):
    form = EachForm({"each_mm": typed})

    assert not form.is_valid()
    assert "0.5" not in str(form.errors["each_mm"])


def test_a_depth_may_have_its_unit():
    form = EachForm({"each_mm": "10 mm", "each_ml": "0.5 ml"})

    assert form.is_valid()
    assert (form.cleaned_data["each_mm"], form.cleaned_data["each_ml"]) == (10, Decimal("0.5"))
