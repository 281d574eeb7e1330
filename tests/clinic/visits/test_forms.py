"""What a chart in the browser may say of a place, and what is no place."""

from __future__ import annotations

import json

import pytest

from waterneedle.clinic.visits.forms import TapForm


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
