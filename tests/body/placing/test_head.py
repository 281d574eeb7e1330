"""The points of scalp, face, ear and neck: by arc, by level and beside their landmarks, on bodies of all kinds."""
from itertools import pairwise

import numpy as np
import pytest

from waterneedle import knowledge
from waterneedle.body import fit, placing
from waterneedle.body.placing import face, neck, scalp
from waterneedle.body.placing.body import Body

BODIES = {
    "thin woman": ("female", 40, 160, 50),
    "heavy man": ("male", 50, 185, 110),
    "child": ("female", 8, 128, 26),
    "old woman": ("female", 80, 155, 60),
    "small boy": ("male", 3, 95, 14),
    "tall man": ("male", 25, 200, 85),
}
HEAD = [point for point in knowledge.points().values() if point.body_part in scalp.PARTS | face.PARTS | neck.PARTS]


@pytest.fixture(scope="module", params=BODIES)
def body(request):
    return Body.of(fit.fit(*BODIES[request.param]).coefficients, placing.LOCATORS)


def arc(body, code):
    """Where a point of the median line lies on it, mm from the anterior hairline, backward positive."""
    line = body.midline
    return line.nearest_length(body.at(code)) - line.nearest_length(body.at("anterior_hairline_midpoint"))


def test_every_point_of_head_and_neck_is_placed_once_and_groups_have_their_members(body):
    for point in HEAD:
        members = [located.member for located in body.located(point.code)]
        assert members == (["anterior", "posterior", "lateral"] if point.code == "EX-HN1" else [None]), point.code


def test_points_of_the_midline_are_on_it(body):
    for point in HEAD:
        if point.side == "midline":
            assert abs(body.at(point.code)[0]) < 0.1


def test_the_scalp_counts_twelve_cun_from_hairline_to_hairline(body):
    cun = {code: arc(body, code) / scalp.Scalp(body).cun for code in [f"GV{n}" for n in range(17, 25)]}

    assert cun == pytest.approx({"GV24": 0.5, "GV23": 1, "GV22": 2, "GV21": 3.5, "GV20": 5, "GV19": 6.5, "GV18": 8, "GV17": 9.5})


@pytest.mark.parametrize(("code", "median"), [("BL5", "GV23"), ("BL8", None), ("GB18", None), ("BL6", None), ("EX-HN2", "GV23")])
def test_points_of_a_row_lie_at_the_arc_of_their_cun(body, code, median):
    cun = knowledge.points()[code].location.cun
    row = scalp.Scalp(body).row(cun)

    assert row.distance(body.at(code)) < 0.01
    if median:
        assert row.distance(body.at(median)) < 0.01


def test_the_hairline_counts_four_and_a_half_cun_to_its_corner(body):
    head = scalp.Scalp(body)
    row = head.row(0.5)
    lateral = {code: row.nearest_length(body.at(code)) / head.width_cun for code in ("BL4", "GB15", "GB13", "ST8")}

    assert lateral == pytest.approx({"BL4": 1.5, "GB15": 2.25, "GB13": 3, "ST8": 4.5}, abs=0.01)


def test_points_above_the_pupil_are_straight_above_it(body):
    pupil = body.at("pupil")[0]

    for code in ("EX-HN4", "GB14", "EX-HN2", "GB15", "GB16", "GB17", "GB18", "ST1", "ST3"):
        assert body.at(code)[0] == pytest.approx(pupil, abs=0.5), code


@pytest.mark.parametrize(("codes", "axis", "sign"), [
    (["GV24", "GV23", "GV22", "GV21", "GV20", "GV19", "GV18"], 2, -1),
    (["GV18", "GV17", "GV16", "GV15", "GV14"], 1, -1),
    (["GV24", "EX-HN3", "GV25", "GV26", "GV27", "CV24", "CV23", "CV22"], 1, -1),
    (["BL3", "BL4"], 0, 1), (["BL4", "BL5", "BL6", "BL7", "BL8", "BL9"], 2, -1),
    (["ST1", "ST2", "ST3", "ST4", "ST9", "ST10", "ST11"], 1, -1), (["ST5", "ST6", "ST7", "ST8"], 1, 1),
    (["GB4", "GB5", "GB6", "GB7"], 1, -1), (["GB9", "GB10", "GB11", "GB12"], 1, -1), (["GB15", "GB16", "GB17", "GB18"], 2, -1),
    (["TE17", "TE18", "TE19", "TE20"], 1, 1), (["GB2", "SI19", "TE21", "TE22", "GB7"], 1, 1),
    (["LI17", "LI18", "LI19", "LI20"], 1, 1),
    (["ST9", "LI18", "SI16"], 2, -1), (["SI17", "TE16"], 2, -1), (["TE17", "GB12", "EX-HN14", "GB20"], 2, -1),
])
def test_points_follow_each_other(body, codes, axis, sign):
    places = [sign * body.at(code)[axis] for code in codes]

    assert all(before < after for before, after in pairwise(places)), dict(zip(codes, places, strict=True))


@pytest.mark.parametrize("codes", [
    ["ST9", "LI18", "SI16", "thyroid_cartilage_superior_border"], ["ST10", "LI17", "cricoid_cartilage"],
    ["SI17", "TE16", "mandible_angle"], ["GV16", "GB20"], ["GV15", "BL10"], ["GV17", "BL9", "GB19"], ["GB7", "auricular_apex"],
])
def test_points_of_one_level_are_level(body, codes):
    heights = [body.at(code)[1] for code in codes]

    assert np.ptp(heights) < 1, dict(zip(codes, heights, strict=True))


@pytest.mark.parametrize(("start", "points", "end"), [
    ("ST8", ["GB4", "GB5", "GB6"], "GB7"), ("GB9", ["GB10", "GB11"], "GB12"), ("TE17", ["TE18", "TE19"], "TE20"),
])
def test_points_of_a_curve_divide_it_evenly(body, start, points, end):
    places = [body.at(code) for code in (start, *points, end)]
    steps = [np.linalg.norm(after - before) for before, after in pairwise(places)]

    assert max(steps) < 1.25 * min(steps)


def test_a_shape_that_only_grows_moves_no_point_from_its_place():
    """A rule is a proportion: on a figure twice as large every point has the same triangle and weights."""
    small = Body.of(fit.fit("female", 40, 160, 50).coefficients, placing.LOCATORS)
    large = Body(type(small.surface)(2 * small.surface.vertices, small.surface.faces),
                 {name: 2 * place for name, place in small.joints.items()}, placing.LOCATORS)

    for point in HEAD:
        for one, other in zip(small.located(point.code), large.located(point.code), strict=True):
            assert other.spot.xyz == pytest.approx(2 * one.spot.xyz, abs=0.01), point.code


def test_no_point_of_the_head_lies_in_the_ear_or_in_the_mouth(body):
    """A ray from far away meets the point itself: nothing of the body lies before it, but for what the auricle covers."""
    skin = body.surface.patch(np.arange(len(body.surface.faces) // 2))
    for point in HEAD:
        for located in body.located(point.code):
            if point.code in ("TE18", "TE19", "TE17", "BL1"):
                continue
            way = body.surface.normal(located.spot)
            seen = skin.cast(located.spot.xyz + 60 * way, -way)
            assert np.linalg.norm(seen.xyz - located.spot.xyz) < 1.5, point.code
