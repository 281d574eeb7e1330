"""A part of a limb: its directions in words, its levels, and the way to its skin."""
import numpy as np
import pytest

from waterneedle.body import mesh, parts, placing
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.limbs.limb import limb

BODY = Body.of(mesh.shape(*parts.TEMPLATE), placing.LOCATORS)
KNEE, ANKLE, ELBOW, HAND = (BODY.joints[f"l-{name}"] for name in ("knee", "ankle", "elbow", "hand"))
LEG = limb(BODY, "leg", KNEE)
MIDDLE = (KNEE + ANKLE) / 2


@pytest.mark.parametrize(
    ("part", "near", "words", "toward"),
    [
        ("leg", KNEE, "distal", (0, -1, 0)),
        ("leg", KNEE, "superior", (0, 1, 0)),
        ("leg", KNEE, "medial_to", (-1, 0, 0)),
        ("ankle", ANKLE, "anterodistal", (0, -1, 1)),
        ("foot", ANKLE, "anteroinferior", (0, -1, 1)),
        ("foot", ANKLE, "posterior", (0, 0, -1)),
        ("upper_arm", ELBOW, "anterior", (0, 0, 1)),
        ("upper_arm", ELBOW, "lateral", (1, 1, 0)),
        ("forearm", ELBOW, "radial", (1, 1, 0)),  # at the elbow, radial is lateral
        ("forearm", HAND, "radial", (0, 0, 1)),  # the palm looks at the thigh: the thumb is in front
        ("hand", HAND, "palmar", (-1, -1, 0)),
        ("hand", HAND, "dorsal", (1, 1, 0)),
        ("finger", HAND, "proximolateral", (-1, 1, 1)),
    ],
)
def test_a_direction_in_words_points_there(part, near, words, toward):
    way = limb(BODY, part, near).way(words)

    assert np.linalg.norm(way) == pytest.approx(1)
    assert way @ toward / np.linalg.norm(toward) > 0.7


def test_opposites_are_opposite():
    assert LEG.way("proximal") == pytest.approx(-LEG.way("distal"))
    assert LEG.way("medial") == pytest.approx(-LEG.way("lateral"))


def test_the_skin_of_a_place_is_straight_out_at_its_level():
    place = MIDDLE + np.array([5, 0, 5])

    spot = LEG.skin(place)

    assert LEG.level(spot.xyz) == pytest.approx(LEG.level(place))
    out, asked = LEG.outward(spot.xyz), LEG.outward(place)
    assert out @ asked / np.linalg.norm(out) / np.linalg.norm(asked) == pytest.approx(1)


@pytest.mark.parametrize("words", ["posterior", "anterior"])
def test_beside_is_measured_straight_in_its_direction_and_keeps_the_level(words):
    start = LEG.skin(MIDDLE - LEG.way("lateral")).xyz

    there = LEG.beside(start, LEG.way(words), 20).xyz

    assert (there - start) @ LEG.way(words) == pytest.approx(20)
    assert LEG.level(there) == pytest.approx(LEG.level(start))


def test_a_step_beyond_the_edge_goes_round_the_limb():
    start = LEG.skin(MIDDLE + LEG.way("lateral") + LEG.way("anterior")).xyz

    there = LEG.beside(start, LEG.way("lateral"), 90).xyz

    assert LEG.level(there) == pytest.approx(LEG.level(start), abs=0.01)
    assert (there - start) @ LEG.way("posterior") > 30


def test_between_two_places_is_as_far_from_each():
    front, side = (LEG.skin(MIDDLE + LEG.way(words)).xyz for words in ("anterior", "lateral"))

    spot = LEG.amid(front, side)

    assert np.linalg.norm(spot.xyz - front) == pytest.approx(np.linalg.norm(spot.xyz - side))


def test_a_course_is_followed_to_a_level_and_beyond_its_ends():
    course = np.array([KNEE, ANKLE]) + np.array([0, 0, 30])

    for level in (-50, 0, 100, 600):
        passing = LEG.passing(course, level)
        assert LEG.level(passing) == pytest.approx(level)
        assert LEG.passing(course[::-1], level) == pytest.approx(passing)
