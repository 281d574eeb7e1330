"""Directions on the skin: at right angles, in the skin, and in the words of the field; the browser says the same."""
import numpy as np
import pytest

from tests.body import node
from waterneedle import knowledge
from waterneedle.body import frames, mesh, placing, views
from waterneedle.body.frames import along_and_across, shift_in_words

COEFFICIENTS = mesh.shape(1, 50, 0.25, 0.6, 0.4)
FRAMES = frames.frames(mesh.joints(COEFFICIENTS))
FRONT, BACK, LEFT, RIGHT, TOP = map(np.array, ((0, 0, 1.0), (0, 0, -1.0), (1.0, 0, 0), (-1.0, 0, 0), (0, 1.0, 0)))


def of_point(code, side="left"):
    """Frame, side and normal of a placed point."""
    [placed] = [one for one in placing.place(COEFFICIENTS) if (one.code, one.side) == (code, side)]
    return FRAMES[frames.FRAME_OF_PART[knowledge.points()[code].body_part]], side, placed.normal


@pytest.mark.parametrize("name", FRAMES)
def test_the_axes_of_a_frame_are_at_right_angles(name):
    axes = FRAMES[name].axes

    assert np.allclose(axes @ axes.T, np.eye(3), atol=1e-9)


def test_every_part_of_the_body_has_a_frame_and_a_region():
    parts = {point.body_part for point in knowledge.points().values()}

    assert parts <= set(frames.FRAME_OF_PART)
    assert parts <= set(views.REGION_OF_PART)
    assert set(frames.FRAME_OF_PART.values()) == set(FRAMES)


@pytest.mark.parametrize("normal", [FRONT, BACK, LEFT, TOP, (FRONT + LEFT) / np.sqrt(2)])
@pytest.mark.parametrize("side", ["left", "right", "midline"])
def test_both_directions_lie_in_the_skin(normal, side):
    along, across = along_and_across(FRAMES["trunk"], side, normal)

    assert np.allclose([along @ normal, across @ normal, along @ across], 0)
    assert np.allclose([np.linalg.norm(along), np.linalg.norm(across)], 1)


@pytest.mark.parametrize(("frame", "side", "normal", "shift", "words"), [
    ("trunk", "left", FRONT, (0, 8), "8 mm lateral"), ("trunk", "right", FRONT, (0, 8), "8 mm lateral"),
    ("trunk", "left", BACK, (0, -8), "8 mm medial"), ("trunk", "left", FRONT, (3, 0), "3 mm above"),
    ("trunk", "left", BACK, (-3, 8), "3 mm below and 8 mm lateral"), ("trunk", "midline", FRONT, (0, 5), "5 mm to the left"),
    ("trunk", "midline", BACK, (0, -5), "5 mm to the right"), ("trunk", "left", LEFT, (0, 4), "4 mm anterior"),
    ("trunk", "midline", TOP, (6, 0), "6 mm anterior"), ("leg", "right", FRONT, (-7, 2), "7 mm distal and 2 mm lateral"),
    ("trunk", "left", FRONT, (0.3, -0.2), ""),
])
def test_a_shift_is_said_in_the_words_of_the_field(frame, side, normal, shift, words):
    assert shift_in_words(FRAMES[frame], side, normal, *shift) == words


def test_lateral_of_the_shin_is_away_from_the_midline_on_both_sides():
    for side, outward in (("left", 1), ("right", -1)):
        _, across = along_and_across(*of_point("ST36", side))
        assert across[0] * outward > 0.5


def test_the_palm_is_where_the_fingers_bend_to():
    joints = mesh.joints(COEFFICIENTS)
    bend = joints["l-finger-3-4"] - joints["l-finger-3-2"] - (joints["l-finger-3-1"] - joints["l-hand"])

    assert FRAMES["hand"].axes[2] @ bend > 0
    assert FRAMES["hand"].words[2] == ("palmar", "dorsal")


def test_the_browser_takes_the_same_directions_and_says_the_same():
    cases = [(name, side, normal.tolist(), shift) for name in FRAMES for side in ("left", "right", "midline")
             for normal in (FRONT, BACK, LEFT, TOP, np.array([0.48, -0.6, 0.64])) for shift in ((4, -9), (-2, 0.2))]
    told = node.run("""
        const { alongAndAcross, shiftInWords } = await use("frames.js");
        const { Words } = await use("words.js");
        answer = given.cases.map(([name, side, normal, shift]) => [
            alongAndAcross(given.frames[name], side, normal),
            shiftInWords(given.frames[name], side, normal, ...shift, new Words())]);
    """, {"frames": frames.told(FRAMES), "cases": cases})

    for (name, side, normal, shift), (directions, words) in zip(cases, told, strict=True):
        assert np.abs(along_and_across(FRAMES[name], side, np.array(normal)) - directions).max() < 1e-3
        assert words == shift_in_words(FRAMES[name], side, np.array(normal), *shift)


def test_a_point_moved_in_the_browser_lies_on_the_skin_where_it_was_moved_to():
    [point] = [one for one in placing.place(COEFFICIENTS) if (one.code, one.side) == ("ST36", "left")]
    told = node.run(node.FIGURE + """
        const { shifted, shiftTo } = await use("frames.js");
        const spot = { face: given.face, weights: given.weights };
        const moved = shifted(surface, spot, given.frame, "left", -3, 8);
        const [x, y, z] = surface.at(spot);
        const to = (place) => shiftTo(surface, spot, given.frame, "left", place);
        answer = { from: surface.at(spot), to: surface.at(moved), back: to(surface.at(moved)), far: to([x + 300, y, z]) };
    """, {"coefficients": COEFFICIENTS.tolist(), "face": point.face, "weights": point.barycentric[:2],
          "frame": frames.told(FRAMES)["leg"]})
    off = np.array(told["to"]) - told["from"]

    assert np.abs(told["from"] - point.xyz).max() < 0.1
    assert off[0] > 5
    assert off[1] < -2
    assert told["back"] == pytest.approx([-3, 8], abs=0.6)
    assert np.hypot(*told["far"]) == pytest.approx(40, abs=1)
