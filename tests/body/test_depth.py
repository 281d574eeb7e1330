"""What a needle's tip reaches, beside the figures that the papers themselves worked out."""
import math
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle import knowledge
from waterneedle.body.depth import Build, Spread, bottoms, build_of, dangers_at, depth, figures_at, layers_at

POINTS = knowledge.points()
WOMAN, MAN = Build("female", 40, 27.5), Build("male", 40, 27.5)


def mean_mm(code, tissue, build):
    return next(layer.thickness.mean_mm for layer in layers_at(POINTS[code], build) if layer.tissue == tissue)


@pytest.mark.parametrize(("mean", "sd", "depth_mm", "share", "within"), [
    # Song 2005, CT of the thigh: 21 women of 50 deeper than an autoinjector's 14.3 mm, and one man of 50.
    (14.8, 7.2, 14.3, 29 / 50, 0.05), (6.6, 4.7, 14.3, 49 / 50, 0.05),
    # Nisbet 2006, CT of the buttock: 72 of a hundred deeper than 25 mm, 43 deeper than 35 mm.
    (35.7, 16.6, 25, 0.28, 0.01), (35.7, 16.6, 35, 0.57, 0.01), (20.3, 14.3, 25, 0.74, 0.01), (20.3, 14.3, 35, 0.88, 0.01),
])
def test_a_spread_gives_the_shares_the_papers_counted(mean, sd, depth_mm, share, within):
    assert Spread(mean, sd).share_below(depth_mm) == pytest.approx(share, abs=within)


def test_these_are_the_figures_on_file():
    on_file = {fact.id: (fact.mean_mm, fact.sd_mm) for fact in knowledge.tissue_layers().values()}
    assert on_file["skin-and-fat-thigh-outer-female"] == (14.8, 7.2)
    assert on_file["skin-and-fat-thigh-outer-male"] == (6.6, 4.7)
    assert on_file["skin-and-fat-dorsogluteal"] == (35.7, 16.6)
    assert on_file["skin-and-fat-ventrogluteal"] == (20.3, 14.3)


def test_of_needles_of_8_mm_some_fifteen_in_a_hundred_reach_muscle():
    """Gibney 2010 has 15 % over arm, thigh, abdomen and buttock, straight in."""
    found = [depth(POINTS[code], 8, build=build) for code in ("TE13", "ST32", "ST25", "GB30") for build in (WOMAN, MAN)]
    share = sum(one.shares["muscle"] + one.shares.get("beyond", 0) for one in found) / len(found)
    assert share == pytest.approx(0.15, abs=0.06)


@pytest.mark.parametrize("code", ["TE13", "ST32", "ST25", "GB30"])
def test_thickness_goes_with_sex_and_build_as_published(code):
    """Gibney 2010: women have 5.1 mm more fat than men, and ten kg/m² more are 4 mm of it."""
    assert mean_mm(code, "fat", WOMAN) - mean_mm(code, "fat", MAN) == pytest.approx(5.1)
    heavier = Build("female", 40, 37.5)
    assert mean_mm(code, "fat", heavier) - mean_mm(code, "fat", WOMAN) == pytest.approx(4.0)
    unknown = mean_mm(code, "fat", Build())
    assert mean_mm(code, "fat", MAN) < unknown < mean_mm(code, "fat", WOMAN)


def test_a_thin_man_keeps_some_fat():
    assert mean_mm("ST25", "fat", Build("male", 20, 8)) > 0


@pytest.mark.parametrize(("years", "skin_and_fat_mm"), [(4, 4.33), (8, 7.11), (15, 8.94)])
def test_children_have_their_own_figures(years, skin_and_fat_mm):
    """Lim 2018, the abdomen."""
    layers = layers_at(POINTS["ST25"], Build("female", years))
    assert [layer.tissue for layer in layers] == ["skin", "fat"]
    assert bottoms(layers)[-1].mean_mm == pytest.approx(skin_and_fat_mm)


def test_a_child_is_not_given_the_figures_of_adults():
    assert {fact.id for layer in layers_at(POINTS["ST25"], Build("male", 8)) for fact in layer.facts} == {
        "skin-children-7-13", "skin-and-fat-abdomen-7-12"}
    assert layers_at(POINTS["ST25"], Build("male", 0.5)) == ()


def test_a_slanted_needle_lies_less_deep():
    found = depth(POINTS["ST36"], 40, 30)
    assert found.tip_mm == pytest.approx(20)
    assert depth(POINTS["ST36"], 40).tip_mm == pytest.approx(40)


@pytest.mark.parametrize("wrong", [
    {"needle_mm": 0}, {"needle_mm": -1}, {"needle_mm": math.nan}, {"needle_mm": math.inf}, {"angle_degrees": 0},
    {"angle_degrees": 91}, {"angle_degrees": math.nan}, {"build": Build(bmi=0)}, {"build": Build(age_years=-1)},
])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match=r"must be"):
        depth(POINTS["ST36"], **{"needle_mm": 25, **wrong})


@pytest.mark.parametrize("code", ["ST36", "BL23", "LI4", "GV20", "KI3"])
def test_where_nobody_measured_it_is_unknown_and_not_guessed(code):
    found = depth(POINTS[code], 10, build=WOMAN)
    assert (found.layers, found.shares, found.reaches) == ((), {}, None)
    assert "No figure on file for skin, fat and muscle at this place in people like this." in found.unknown


def test_muscle_alone_hangs_on_no_guessed_skin():
    found = depth(POINTS["BL13"], 25, build=MAN)
    assert found.layers == ()
    assert [fact.id for fact in found.others] == ["muscle-interscapular-male"]
    assert "No figure on file for skin and fat at this place in people like this." in found.unknown


def test_figures_of_one_sex_are_not_used_for_a_person_of_unknown_sex():
    found = depth(POINTS["ST6"], 10)
    assert found.layers == ()
    assert "Sex is not given: figures for women or men alone are not used." in found.unknown
    assert [layer.tissue for layer in depth(POINTS["ST6"], 10, build=WOMAN).layers] == ["skin"]


def test_other_studies_are_shown_beside():
    found = depth(POINTS["GB30"], 40, build=WOMAN)
    assert [fact.id for fact in found.others] == ["skin-and-fat-dorsogluteal"]


def test_what_is_not_known_of_the_person_is_said():
    assert len(depth(POINTS["ST25"], 13).unknown) > len(depth(POINTS["ST25"], 13, build=WOMAN).unknown)


def test_the_nearest_danger_comes_first_with_its_margin():
    found = dangers_at(POINTS["GB21"])
    assert [danger.begins_mm for danger in found] == sorted(danger.begins_mm for danger in found)
    lung = next(danger for danger in found if danger.zone.kind == "lung")
    smallest = min(distance.smallest_mm for distance in lung.distances)
    assert lung.measured
    assert lung.margin_mm(smallest - 4) == pytest.approx(4)
    assert lung.margin_mm(25) < 0  # a needle of an inch may be in the lung


def test_a_limit_that_we_judge_says_so():
    (danger,) = dangers_at(POINTS["ST25"])
    assert (danger.measured, danger.begins_mm, danger.share_reached(13)) == (False, danger.zone.limit_mm, None)


def test_a_spread_of_distances_gives_a_share_of_people():
    measured = [danger for point in POINTS.values() for danger in dangers_at(point)
                if any(found.mean_mm and found.sd_mm for found in danger.distances)]
    assert measured
    for danger in measured:
        shares = [danger.share_reached(tip) for tip in (1, 10, 30, 100)]
        assert shares == sorted(shares)
        assert all(0 <= share <= 1 for share in shares)


@given(code=st.sampled_from(sorted(POINTS)), needle=st.floats(0.5, 120), angle=st.floats(1, 90),
       sex=st.sampled_from([None, "female", "male"]), age=st.none() | st.floats(0.5, 100), bmi=st.none() | st.floats(12, 60))
def test_shares_are_shares_and_layers_lie_below_each_other(code, needle, angle, sex, age, bmi):
    found = depth(POINTS[code], needle, angle, Build(sex, age, bmi))
    assert 0 < found.tip_mm <= needle + 1e-9
    assert not found.shares or sum(found.shares.values()) == pytest.approx(1)
    assert all(share >= 0 for share in found.shares.values())
    assert [layer.tissue for layer in found.layers] == ["skin", "fat", "muscle"][:len(found.layers)]
    deep = [bottom.mean_mm for bottom in bottoms(found.layers)]
    assert deep == sorted(deep)
    used = {fact.id for layer in found.layers for fact in layer.facts}
    assert used.isdisjoint(fact.id for fact in found.others)


@given(mean=st.floats(0.1, 100), sd=st.none() | st.floats(0.01, 50), shallow=st.floats(0, 200), more=st.floats(0, 100))
def test_deeper_is_never_a_smaller_share(mean, sd, shallow, more):
    spread = Spread(mean, sd)
    assert 0 <= spread.share_below(shallow) <= spread.share_below(shallow + more) <= 1
    assert spread.share_below(0) == 0


@given(mean=st.floats(0.5, 100), part=st.floats(0.05, 1.5), share=st.floats(0.02, 0.98))
def test_a_quantile_is_the_depth_of_its_share(mean, part, share):
    spread = Spread(mean, mean * part)
    assert spread.share_below(spread.quantile_mm(share)) == pytest.approx(share, abs=1e-6)


def test_layers_add_up():
    assert Spread(3, 3) + Spread(4, 4) == Spread(7, 5)
    assert Spread(3, None) + Spread(4, 4) == Spread(7, 4)
    assert Spread(3) + Spread(4) == Spread(7)


def test_an_answer_is_frozen():
    with pytest.raises(FrozenInstanceError):
        depth(POINTS["ST25"], 13).tip_mm = 3


def test_every_figure_lies_at_some_point_and_leads_to_its_source():
    shown = {fact.id for point in POINTS.values() for fact in figures_at(point)}
    assert shown == set(knowledge.tissue_layers())
    assert all(knowledge.sources()[fact.citation.source].address for fact in knowledge.tissue_layers().values())


def test_a_build_is_worked_out_from_what_is_on_file():
    assert build_of("female", 40, 160, 64) == Build("female", 40, pytest.approx(25))
    assert build_of("other", 40, 160) == Build(None, 40, None)
    assert depth(POINTS["ST25"], 8, build=build_of(age_years=0)).build.age_years == 0
