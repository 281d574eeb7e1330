"""The points of arm and leg: all of them, each where its row says, in proportion on every body."""
import numpy as np
import pytest

from waterneedle import knowledge
from waterneedle.body import fit, placing
from waterneedle.body.placing import limbs
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.limbs import cun, derived
from waterneedle.body.placing.limbs.limb import limb

PEOPLE = [("male", 40, 160, 60), ("male", 40, 175, 70), ("male", 40, 190, 85), ("female", 8, 128, 26), ("female", 70, 155, 80)]
MEMBERS = {
    "EX-UE2": ["radial", "ulnar"], "EX-UE7": ["2-3", "4-5"], "EX-UE9": ["1-2", "2-3", "3-4", "4-5"],
    "EX-UE10": ["2", "3", "4", "5"], "EX-UE11": ["1", "2", "3", "4", "5"], "EX-LE1": ["medial", "lateral"],
    "EX-LE5": ["medial", "lateral"], "EX-LE10": ["1-2", "2-3", "3-4", "4-5"], "EX-LE12": ["1", "2", "3", "4", "5"],
}  # fmt: skip


@pytest.fixture(scope="module", params=PEOPLE, ids=str)
def body(request):
    return Body.of(fit.fit(*request.param).coefficients, placing.LOCATORS)


def share(body, part, code, start, end):
    """How far along the part a point lies from one place to another: 0 to 1."""
    axis = limb(body, part, derived.at(body, start))
    levels = [axis.level(derived.at(body, name)) for name in (start, code, end)]
    return (levels[1] - levels[0]) / (levels[2] - levels[0])


def test_every_point_of_the_limbs_has_its_place_and_a_group_all_its_members(body):
    for code, point in knowledge.points().items():
        if point.body_part in limbs.PARTS:
            assert [located.member for located in body.located(code)] == MEMBERS.get(code, [None]), code


@pytest.mark.parametrize(
    ("part", "code", "start", "end", "expected"),
    [
        ("forearm", "LI10", "LI11", "LI5", 2 / 12),
        ("forearm", "LI7", "LI5", "LI11", 5 / 12),
        ("forearm", "LU6", "LU9", "LU5", 7 / 12),
        ("forearm", "PC6", "PC7", "PC3", 2 / 12),
        ("forearm", "PC4", "PC7", "PC3", 5 / 12),
        ("forearm", "HT5", "HT7", "HT3", 1 / 12),
        ("forearm", "TE9", "EX-UE1", "TE4", 5 / 12),
        ("upper_arm", "LU3", "anterior_axillary_fold", "cubital_crease", 3 / 9),
        ("thigh", "ST32", "patella_base", "pubic_symphysis_superior", 6 / 18),
        ("thigh", "GB32", "popliteal_crease", "greater_trochanter_prominence", 7 / 19),
        ("thigh", "BL37", "gluteal_fold", "popliteal_crease", 6 / 14),
        ("leg", "SP6", "medial_malleolus_prominence", "tibia_medial_condyle_inferior", 3 / 13),
        ("leg", "SP8", "SP9", "medial_malleolus_prominence", 3 / 13),
        ("leg", "ST36", "ST35", "lateral_malleolus_prominence", 3 / 16),
        ("leg", "ST40", "lateral_malleolus_prominence", "popliteal_crease", 8 / 16),
        ("leg", "GB39", "lateral_malleolus_prominence", "popliteal_crease", 3 / 16),
        ("leg", "BL57", "popliteal_crease", "lateral_malleolus_prominence", 8 / 16),
    ],
)
def test_a_point_divides_its_segment_on_every_body(body, part, code, start, end, expected):
    assert share(body, part, code, start, end) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(("one", "other"), [("GB35", "GB36"), ("KI7", "KI8"), ("ST38", "ST40"), ("TE6", "TE7"), ("LR5", "KI9")])
def test_points_of_one_level_are_level(body, one, other):
    part = knowledge.points()[one].body_part
    axis = limb(body, part, body.at(one))

    assert axis.level(body.at(one)) == pytest.approx(axis.level(body.at(other)), abs=1.5)


@pytest.mark.parametrize(
    ("front", "behind"), [("GB36", "GB35"), ("KI8", "KI7"), ("LR5", "SP7"), ("LR4", "KI3"), ("EX-LE9", "BL60"), ("SP9", "LR7")],
)
def test_before_and_behind(body, front, behind):
    part = limb(body, knowledge.points()[front].body_part, body.at(front))

    assert (body.at(front) - body.at(behind)) @ part.way("anterior") > 2


def test_a_cun_of_the_leg_is_longer_than_one_of_the_forearm(body):
    points = knowledge.points()

    assert cun.cun_mm(body, points["ST36"]) > 1.15 * cun.cun_mm(body, points["PC6"])


def test_the_two_points_of_a_knee_lie_on_either_side_of_the_ligament(body):
    ligament = body.at("patellar_ligament")
    sides = {located.member: located.spot.xyz for located in body.located("EX-LE5")}

    assert sides["medial"][0] < ligament[0] < sides["lateral"][0]
    assert sides["lateral"] == pytest.approx(body.at("ST35"))
    assert sides["medial"] == pytest.approx(body.at("EX-LE4"))


def test_the_hanging_hand_comes_to_the_middle_of_the_thigh(body):
    assert 0.35 < share(body, "thigh", "GB31", "greater_trochanter_prominence", "popliteal_crease") < 0.75


def test_heights_alone_leave_the_fractions_alone():
    short, tall = (Body.of(fit.fit("male", 40, height, None).coefficients, placing.LOCATORS) for height in (160, 190))

    for code in ("ST36", "SP6", "GB34", "LI10", "PC6", "BL57"):
        heights = [one.at(code)[1] / np.ptp(one.surface.vertices[:, 1]) for one in (short, tall)]
        assert heights[0] == pytest.approx(heights[1], abs=0.012), code
