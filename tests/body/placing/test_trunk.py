"""Chest, abdomen, back and pelvis: what the standard says of points there, measured on bodies of different build."""
from itertools import pairwise

import numpy as np
import pytest

from waterneedle import knowledge
from waterneedle.body import fit, mesh, placing
from waterneedle.body.placing import trunk
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.trunk import cun
from waterneedle.body.placing.trunk.levels import height_mm
from waterneedle.body.placing.trunk.median import Median

BODIES = {
    "thin woman": fit.fit("female", 40, 160, 50),
    "heavy man": fit.fit("male", 50, 185, 110),
    "child": fit.fit("female", 8, 128, 26),
    "old heavy woman": fit.fit("female", 70, 155, 80),
    "young man": fit.fit("male", 25, 170, 55),
}
MALES = ("heavy man", "young man")
VERTEBRAE = [*(f"T{n}" for n in range(1, 13)), *(f"L{n}" for n in range(1, 6))]


@pytest.fixture(scope="module", params=BODIES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def body(name):
    return Body.of(BODIES[name].coefficients, placing.LOCATORS)


@pytest.fixture(scope="module")
def at(body):
    """The place of a point on the left or the midline; of a member of a group as `EX-B2 T1`."""
    places = {}
    for point in knowledge.points().values():
        for located in body.located(point.code) if point.body_part in trunk.PARTS else ():
            places[" ".join(filter(None, (point.code, located.member)))] = located.spot.xyz
    return places


@pytest.mark.parametrize("codes", [
    "CV21 KI27 ST13 LU2", "CV20 KI26 ST14 LU1", "CV19 KI25 ST15", "CV18 KI24 ST16", "CV17 KI23",
    "CV14 KI21 ST19", "CV13 KI20 ST20", "CV12 KI19 ST21", "CV11 KI18 ST22 SP16", "CV10 KI17 ST23", "CV9 ST24",
    "CV8 KI16 ST25 SP15 GB26", "CV7 KI15 ST26", "CV5 KI14 ST27", "CV4 KI13 ST28 GB27", "CV3 KI12 ST29 EX-CA1",
    "CV2 KI11 ST30 LR12 SP12", "BL11 SI14 GV13", "BL12 BL41", "BL13 BL42 GV12", "BL14 BL43", "BL15 BL44 GV11", "BL16 BL45 GV10",
    "BL17 BL46 GV9", "BL18 BL47 GV8", "BL19 BL48 GV7", "BL20 BL49 GV6", "BL21 BL50", "BL22 BL51 GV5 EX-B4", "BL23 BL52 GV4",
    "BL24 EX-B5", "BL25 GV3 EX-B6 EX-B7", "BL26 EX-B8", "BL27 BL31", "BL28 BL32 BL53", "BL29 BL33", "BL30 BL34 BL54 GV2",
    "EX-B1 SI15",
])  # fmt: skip
def test_points_of_a_row_lie_at_one_height(at, codes):
    heights = [at[code][1] for code in codes.split()]

    assert heights == pytest.approx([heights[0]] * len(heights), abs=1.0)


@pytest.mark.parametrize("codes", [
    [f"BL{n}" for n in range(11, 31)], [f"BL{n}" for n in range(41, 55)], [f"KI{n}" for n in range(27, 10, -1)],
    [f"ST{n}" for n in range(13, 31)], [f"CV{n}" for n in range(21, 0, -1)], [f"GV{n}" for n in range(13, 0, -1)],
    [f"EX-B2 {vertebra}" for vertebra in VERTEBRAE], ["SP20", "SP19", "SP18", "SP17", "SP16", "SP15", "SP14", "SP13", "SP12"],
    ["LU2", "LU1"], ["ST18", "LR14", "GB24"], ["GB22", "SP21", "LR13", "GB26", "GB29"], ["BL31", "BL32", "BL33", "BL34", "BL35"],
    ["SI12", "SI11"], ["GB27", "GB28"], ["BL54", "GB30", "BL36"], ["BL17", "EX-B3", "BL18"], ["EX-B9", "GV1"],
])  # fmt: skip
def test_points_follow_each_other_downward(at, codes):
    heights = [at[code][1] for code in codes]

    assert all(upper > lower for upper, lower in pairwise(heights)), dict(zip(codes, heights, strict=True))


def test_the_outer_line_of_the_bladder_channel_lies_twice_as_far_aside_as_the_inner(at):
    for inner, outer in [(n, n + 29) for n in range(12, 18)] + [(n, n + 29) for n in range(18, 24)] + [(28, 53), (30, 54)]:
        assert at[f"BL{outer}"][0] == pytest.approx(2 * at[f"BL{inner}"][0], rel=1e-6)


def test_rows_of_the_front_stand_at_half_2_4_and_6_cun(at, body):
    one = cun.across_front_mm(body)

    for codes, count in (
        (("KI11", "KI16", "KI21"), 0.5), (("KI22", "KI27", "ST19", "ST25", "ST30"), 2), (("ST13", "ST16", "SP13", "SP16"), 4),
        (("PC1",), 5), (("LU1", "LU2", "SP20"), 6), (("LR12",), 2.5), (("EX-CA1",), 3),
    ):  # fmt: skip
        for code in codes:
            assert at[code][0] / one == pytest.approx(count, abs=0.01), code
    assert all(5.9 < at[code][0] / one < 6.01 for code in ("SP17", "SP18", "SP19"))  # a narrow chest ends before the sixth


def test_points_of_the_back_are_counted_in_a_third_of_the_way_to_the_scapula(at, body):
    third = body.at("scapula_medial_border")[0] / 3

    for code, count in {"EX-B1": 0.5, "EX-B2 T7": 0.5, "EX-B3": 1.5, "SI15": 2, "SI14": 3, "EX-B6": 3, "EX-B7": 3.5}.items():
        assert at[code][0] / third == pytest.approx(count, abs=0.01), code


def test_points_of_the_midline_lie_on_it_exactly(at):
    for code, place in at.items():
        midline = code.startswith(("GV", "CV")) or code in ("EX-B5", "EX-B8", "EX-B9")
        assert (abs(place[0]) < 1e-9) == midline, code


def test_the_abdomen_is_divided_in_8_above_and_5_below_the_navel(at, body):
    landmarks = ("xiphisternal_junction", "umbilicus_centre", "pubic_symphysis_superior")
    top, navel, floor = (body.at(landmark)[1] for landmark in landmarks)

    assert (at["CV12"][1] - navel) / (top - navel) == pytest.approx(4 / 8, abs=0.005)
    assert (at["CV14"][1] - navel) / (top - navel) == pytest.approx(6 / 8, abs=0.005)
    assert (top - at["CV15"][1]) / (top - navel) == pytest.approx(1 / 8, abs=0.005)
    assert (navel - at["CV6"][1]) / (navel - floor) == pytest.approx(1.5 / 5, abs=0.005)
    assert (navel - at["SP13"][1]) / (navel - floor) == pytest.approx(4.3 / 5, abs=0.005)
    assert at["CV2"][1] == pytest.approx(floor, abs=0.5)


def test_vertebrae_lie_where_they_were_found_under_the_skin(body):
    """Ernst 2013, doi:10.1186/1756-0500-6-58: shares of the way along the skin from C7 to the posterior superior iliac spines."""
    median = body.once(Median.of)
    start, end = (median.back_length(height_mm(body, level)) for level in ("c7_spinous_process", "s2_spinous_process"))

    for vertebra, share in {"t4": 0.21, "t7": 0.39, "t10": 0.541, "l1": 0.709, "l4": 0.861}.items():
        border = median.back_length(height_mm(body, f"{vertebra}_spinous_process_inferior"))
        assert share - 0.04 < (border - start) / (end - start) < share + 0.06, vertebra


def test_in_males_the_fourth_space_is_level_with_the_nipple(name, at):
    if name in MALES:
        assert at["CV17"][1] == pytest.approx(at["ST17"][1], abs=5)
        assert at["ST18"][0] == pytest.approx(at["ST17"][0], abs=5)


def test_in_females_points_below_the_breast_leave_the_nipple_for_the_midclavicular_line(name, at, body):
    if name in ("thin woman", "old heavy woman"):
        midclavicular = (body.at("clavicle_sternal_end")[0] + body.at("clavicle_acromial_end")[0]) / 2
        assert [at[code][0] for code in ("ST18", "LR14", "GB24")] == pytest.approx([midclavicular] * 3, abs=0.5)
        assert at["ST17"][0] > midclavicular + 10
        assert at["ST18"][1] == pytest.approx(body.at("inframammary_crease_midpoint_in_females")[1], abs=0.5)


def test_the_foramina_close_in_downward_and_the_second_is_midway_to_the_iliac_spine(at, body):
    aside = [at[f"BL{n}"][0] for n in (31, 32, 33, 34)]

    assert aside == sorted(aside, reverse=True)
    assert aside[1] == pytest.approx(body.at("psis")[0] / 2, abs=0.1)


def test_lines_between_bones_are_divided_as_the_standard_says(at, body):
    """Along the straight line, by the place's foot on it."""
    for code, start, end, fraction in (
        ("GB29", "asis", "greater_trochanter_prominence", 1 / 2),
        ("GB30", "greater_trochanter_prominence", "sacral_hiatus", 1 / 3),
        ("SI11", "scapula_spine_midpoint", "scapula_inferior_angle", 1 / 3),
    ):  # fmt: skip
        line = body.at(end) - body.at(start)
        assert (at[code] - body.at(start)) @ line / (line @ line) == pytest.approx(fraction, abs=0.03), code


def test_points_face_the_side_of_the_body_they_are_on(body):
    for point in knowledge.points().values():
        for located in body.located(point.code) if point.body_part in trunk.PARTS else ():
            x, y, z = body.surface.normal(located.spot)
            if point.code in ("GB22", "GB23", "SP21", "GB25", "GB26", "LR13", "GB29"):
                assert x > 0.5, point.code
            elif point.body_part in ("chest", "abdomen"):
                assert z > 0.15, point.code
            elif point.code in ("CV1", "GV1", "BL35", "BL36"):
                assert y < 0.2, point.code
            else:
                assert z < -0.3, point.code


def test_nothing_of_the_trunk_is_placed_on_an_arm(at, body):
    shoulder = body.joints["l-shoulder"][0]

    assert max(at[code][0] for code in at if code.startswith(("SP", "GB22", "GB23", "LU", "PC"))) < 1.1 * shoulder


def test_seventeen_pairs_beside_the_spine():
    placed = [point for point in placing.place(BODIES["child"].coefficients) if point.code == "EX-B2"]

    assert [point.member for point in placed if point.side == "left"] == VERTEBRAE
    assert [point.member for point in placed if point.side == "right"] == VERTEBRAE


def test_the_ends_of_the_floating_ribs_lie_between_chest_and_iliac_crest(at, body):
    crest = body.at("iliac_crest_highest_point")[1]

    assert crest < at["GB25"][1] < at["SP21"][1]
    assert crest < at["LR13"][1] < at["SP21"][1]
    assert at["GB25"][2] < at["LR13"][2]


@pytest.mark.parametrize("build", [-0.5, 0.2, 0.8, 1.5])
def test_the_rules_hold_on_any_build(build):
    body = Body.of(fit.shape(0.4, 35, 0.5, build), placing.LOCATORS)
    codes = [point.code for point in knowledge.points().values() if point.body_part in trunk.PARTS]

    places = np.array([located.spot.xyz for code in codes for located in body.located(code)])

    assert len(places) == len(codes) + 16
    assert np.isfinite(places).all()
    assert places[:, 1].max() < 0.9 * mesh.height_mm(body.surface.vertices)
