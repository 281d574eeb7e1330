"""The answer to the chart about depth: picture, words and sources that belong together."""
import pytest

from waterneedle import knowledge
from waterneedle.body.cross_section import cross_section

WOMAN = {"sex": "female", "age_years": 40, "height_cm": 165, "weight_kg": 60}


@pytest.mark.parametrize("code", sorted(knowledge.points()))
def test_every_figure_has_its_source(code):
    answer = cross_section(code, 13, **WOMAN)
    told = " ".join(answer["words"])
    assert answer["sources"] or not any(words in told for words in (" on average", "Also published", "published here"))
    assert len({one["title"] for one in answer["sources"]}) == len(answer["sources"])


def test_it_goes_with_the_build_and_the_needle():
    thin = cross_section("ST25", 13, **WOMAN)
    heavy = cross_section("ST25", 13, **{**WOMAN, "weight_kg": 110})
    flat = cross_section("ST25", 13, 30, **WOMAN)
    assert thin["reaches"] != heavy["reaches"]
    assert (thin["tip_mm"], flat["tip_mm"]) == (13, 6.5)
    assert "13.0 mm" in thin["picture"]


def test_the_paper_behind_a_figure_can_be_opened():
    addresses = {one["address"] for one in cross_section("GB21", 13, **WOMAN)["sources"]}
    assert "https://doi.org/10.1016/j.jams.2018.06.004" in addresses


@pytest.mark.parametrize("needle", [(0, 90), (-3, 90), (float("nan"), 90), (13, 0), (13, 91)])
def test_a_needle_that_cannot_be_is_refused(needle):
    with pytest.raises(ValueError, match=r"needle_mm|angle_degrees"):
        cross_section("ST25", *needle, **WOMAN)
