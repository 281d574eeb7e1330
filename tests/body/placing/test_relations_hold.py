"""The relations between points, on six bodies; and that the checker sees it when a placed point is elsewhere."""
import dataclasses
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from tests.body import relations
from waterneedle.body import mesh, placing
from waterneedle.body.fit import fit

BODIES = {
    "thin": ("female", 35, 160, 50), "heavy": ("male", 40, 185, 110), "tall": ("male", 30, 198, 92),
    "short": ("male", 55, 152, 58), "old": ("female", 75, 157, 68), "child": ("female", 8, 128, 26),
}
AT_LEAST = 0.99


@cache
def placed(name):
    coefficients = fit(*BODIES[name]).coefficients
    return placing.place(coefficients), mesh.joints(coefficients)


def checked(name):
    points, joints = placed(name)
    return relations.check(points, joints, BODIES[name][0])


@pytest.mark.parametrize("name", BODIES)
def test_nearly_all_hold_and_no_order_is_wrong(name):
    report = checked(name)
    assert [str(failure) for failure in report.failures if failure.is_order] == []
    assert report.held >= AT_LEAST, "\n".join(map(str, report.failures))


@pytest.mark.parametrize("name", BODIES)
def test_every_normal_faces_the_side_of_its_region(name):
    assert [str(failure) for failure in checked(name).failures if failure.relation.kind == "facing"] == []


@pytest.mark.parametrize("name", BODIES)
def test_both_sides_are_mirror_images_and_the_midline_is_in_the_middle(name):
    kinds = ("mirror", "own_side", "midline")
    assert [str(failure) for failure in checked(name).failures if failure.relation.kind in kinds] == []


def caught(points, joints):
    return {str(failure) for failure in relations.check(points, joints, "female").failures} - {
        str(failure) for failure in checked("thin").failures}


def swapped(points, one, other):
    """Two points of a channel change places, on both sides."""
    at = {(point.code, point.member, point.side): point for point in points}
    return [dataclasses.replace(at[key], xyz=at[swap].xyz, normal=at[swap].normal)
            for key in at if (swap := ({one: other, other: one}.get(key[0], key[0]), *key[1:])) in at]


# Every 45th of them, and by the long runs each.
@pytest.mark.parametrize("every", [45, pytest.param(1, marks=pytest.mark.soak)])
def test_neighbours_that_change_places_are_caught(every):
    points, joints = placed("thin")
    single = [point for point in points if point.member is None and point.side != "right"]
    pairs = [(one.code, other.code) for one, other in pairwise(single) if one.code[:2] == other.code[:2] != "EX"]
    missed = [pair for pair in pairs[::every] if not caught(swapped(points, *pair), joints)]
    assert missed == []


def _is_of_belly_or_back(code):
    """Where levels are exact: between ribs they are not."""
    return code in {f"ST{n}" for n in range(19, 30)} | {f"BL{n}" for n in (*range(11, 31), *range(41, 55))} | {
        f"KI{n}" for n in range(11, 22)} | {f"CV{n}" for n in range(3, 15)} | {f"GV{n}" for n in range(3, 13)}


@pytest.mark.parametrize("every", [18, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("way", [(0, 1, 0), (0, -1, 0)])
def test_points_of_the_trunk_that_slip_by_half_a_cun_are_caught(way, every):
    points, joints = placed("thin")
    codes = [point.code for point in points if point.side != "right" and _is_of_belly_or_back(point.code)]
    slip = np.array(way) * 9.0  # mm: half a cun of this back
    missed = [code for code in codes[::every] if not caught(
        [dataclasses.replace(point, xyz=point.xyz + slip) if point.code == code else point for point in points], joints)]
    assert missed == []


def test_a_point_of_the_other_side_is_caught():
    points, joints = placed("thin")
    for code in ("ST25", "BL23", "GB26", "KI16"):
        flipped = [dataclasses.replace(point, xyz=point.xyz * (-1, 1, 1)) if point.code == code else point for point in points]
        assert caught(flipped, joints)
