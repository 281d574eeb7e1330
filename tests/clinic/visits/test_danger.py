"""Where depth, angle and needle are said anew: over lung, heart, cord, eye and great vessels, and where nobody knows."""

from __future__ import annotations

import pytest

from waterneedle.clinic.visits.danger import is_dangerous


@pytest.mark.parametrize("place", [
    {"point": "GB21"}, {"point": "LU1"}, {"point": "BL13"},  # lung
    {"point": "CV17"},  # heart
    {"point": "GV15"},  # cord
    {"point": "BL1"}, {"point": "ST1"},  # eye
    {"point": "ST9"}, {"point": "SP12"},  # great vessels
    {"region": "chest"},
    {"muscle": "upper trapezius"}, {"region": "neck"},
    {"point": "XX99"}, {"region": "a place of tomorrow"}, {"muscle": "a muscle of tomorrow"},
], ids=lambda place: next(iter(place.values())))
def test_it_is_said_anew(place):
    assert is_dangerous(**place)


@pytest.mark.parametrize("place", [
    {"point": "ST36"}, {"point": "LI11"}, {"point": "SP9"}, {"point": "LI4"}, {"region": "knee"},
], ids=lambda place: next(iter(place.values())))
def test_it_may_be_filled_in(place):
    assert not is_dangerous(**place)
