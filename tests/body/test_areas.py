"""Areas of skin: from their lines as far as their width, between neighbouring lines, mirrored, on bodies of all kinds."""
import numpy as np
import pytest

from waterneedle.body import areas, fit, mesh, placing
from waterneedle.body.placing.body import Body
from waterneedle.body.placing.fingers import fingerbreadth_mm
from waterneedle.knowledge import SkinArea

BODIES = {
    "thin woman": ("female", 40, 160, 50),
    "heavy man": ("male", 50, 185, 110),
    "child": ("female", 8, 128, 26),
}
HALF = len(mesh.faces()) // 2


@pytest.fixture(scope="module", params=BODIES)
def body(request):
    return Body.of(fit.fit(*BODIES[request.param]).coefficients, placing.LOCATORS)


def area(*lines, width=1.0, side="both"):
    return SkinArea(lines=tuple(tuple(line.split()) for line in lines), width=width, side=side)


def test_an_area_holds_the_places_it_is_told_by(body):
    found = areas.faces_of(body, [area("ST36 ST37 ST39")])

    assert {body.spot(code).face for code in ("ST36", "ST37", "ST38", "ST39")} <= set(found)


def test_a_wider_area_holds_the_narrower_one(body):
    narrow, wide = (set(areas.faces_of(body, [area("BL13 BL17", width=width)])) for width in (0.5, 2.0))

    assert narrow < wide


def test_an_area_reaches_no_further_than_its_width_and_one_triangle(body):
    found = areas.faces_of(body, [area("ST36", width=1.5, side="left")])
    corners = body.surface.vertices[mesh.faces()[found]]
    edges = np.linalg.norm(np.diff(corners[:, [0, 1, 2, 0]], axis=1), axis=-1)

    far = np.linalg.norm(corners - body.at("ST36"), axis=-1).max()
    assert far <= 1.5 * fingerbreadth_mm(body) + 2 * edges.max()


def test_between_neighbouring_lines_the_skin_belongs_to_the_area(body):
    lines = "BL13 BL17", "BL42 BL46"
    found = set(areas.faces_of(body, [area(*lines)]))
    alone = set(areas.faces_of(body, [area(line) for line in lines]))

    middle = areas.spots(body, "BL15~BL44")[0].face
    assert middle in found
    assert alone <= found


def test_a_side_is_a_half_and_both_are_mirror_images(body):
    left, right, both = (areas.faces_of(body, [area("GB34 GB39", side=side)]) for side in ("left", "right", "both"))

    assert left.max() < HALF <= right.min()
    assert np.array_equal(left + HALF, right)
    assert np.array_equal(both, np.concatenate([left, right]))


def test_a_line_stays_on_the_side_of_the_limb_on_which_its_ends_are(body):
    """From the back of the thigh to the back of the knee, nothing of the front."""
    found = areas.faces_of(body, [area("BL36 BL37 BL40", side="left")])
    a, b, c = body.surface.vertices[mesh.faces()[found]].transpose(1, 0, 2)

    assert np.all(np.cross(b - a, c - a)[:, 2] < 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1))


def test_midway_is_the_skin_midway(body):
    [spot] = areas.spots(body, "ST36~GB34")

    assert spot.xyz == pytest.approx((body.at("ST36") + body.at("GB34")) / 2, abs=15)
    assert body.surface.at(spot.face, spot.barycentric) == pytest.approx(spot.xyz)
