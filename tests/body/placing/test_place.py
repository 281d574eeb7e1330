"""Points on a body: on the skin, the same on both sides, facing out, and where the structured place says."""
import numpy as np
import pytest

from waterneedle import knowledge
from waterneedle.body import fit, mesh, placing
from waterneedle.body.segments import body_of

BODIES = {
    "thin woman": fit.fit("female", 40, 160, 50),
    "heavy man": fit.fit("male", 50, 185, 110),
    "child": fit.fit("female", 8, 128, 26),
}


@pytest.fixture(scope="module", params=BODIES)
def body(request):
    coefficients = BODIES[request.param].coefficients
    return mesh.vertices(coefficients), placing.place(coefficients)


def test_every_point_lies_in_its_triangle_of_the_skin(body):
    vertices, placed = body

    for point in placed:
        assert np.array(point.barycentric) @ vertices[mesh.faces()[point.face]] == pytest.approx(point.xyz, abs=1e-6)
        assert min(point.barycentric) >= 0
        assert sum(point.barycentric) == pytest.approx(1)


def test_left_and_right_are_mirror_images(body):
    _, placed = body
    sides = {side: {(p.code, p.member): p for p in placed if p.side == side} for side in ("left", "right")}

    assert sides["left"].keys() == sides["right"].keys()
    for key, left in sides["left"].items():
        assert sides["right"][key].xyz * (-1, 1, 1) == pytest.approx(left.xyz, abs=1e-9)
        assert sides["right"][key].normal * (-1, 1, 1) == pytest.approx(left.normal, abs=1e-9)


def test_a_point_looks_away_from_the_body(body):
    vertices, placed = body

    for point in placed:
        assert np.linalg.norm(point.normal) == pytest.approx(1)
        a, b, c = vertices[mesh.faces()[point.face]]
        flat = np.cross(b - a, c - a)
        if point.side == "midline":
            flat[0] = 0  # in a cleft the triangles face each other, and the skin as a whole looks out between them
        assert point.normal @ flat / np.linalg.norm(flat) > 0.5, point.code


def test_points_of_a_bilateral_code_come_in_pairs(body):
    _, placed = body

    for point in placed:
        assert np.sign(point.xyz[0]) == {"left": 1, "right": -1, "midline": 0}[point.side], point.code
        on_midline = (point.code, point.member) in {("EX-HN1", "anterior"), ("EX-HN1", "posterior")}
        assert (point.side == "midline") == (on_midline or knowledge.points()[point.code].side == "midline"), point.code


@pytest.mark.parametrize("age_years", [0, 0.5, 1, 2, 2.4])
def test_on_the_shoulder_of_an_infant_it_lies_midway_between_spine_and_acromion(age_years):
    body = body_of(fit.fit(None, age_years, None, None))
    spine, shoulder = body.at("c7_spinous_process"), body.at("acromion_lateral_end")
    placed = {one.side: one.xyz for one in placing.place_on(body) if one.code == "GB21"}

    assert set(placed) == {"left", "right"}
    assert placed["left"][[0, 2]] == pytest.approx(((spine + shoulder) / 2)[[0, 2]], abs=0.1)
    assert placed["left"][1] > max(spine[1], shoulder[1])


def test_points_inside_of_mouth_and_nose_are_listed_and_not_placed(body):
    _, placed = body

    assert "GV28" in placing.unplaced()
    assert not {point.code for point in placed} & set(placing.unplaced())
