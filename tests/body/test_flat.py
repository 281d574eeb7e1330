"""Flat pictures: the silhouette of the same mesh, in millimetres, with shade, and nothing that a strict page would refuse."""
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from waterneedle.body import flat, mesh, placing, raster, views
from waterneedle.body.contours import contours, path
from waterneedle.body.surface import Surface

COEFFICIENTS = mesh.shape(0, 40, 0.25, 0.5, 0.5)
VERTICES, JOINTS = mesh.vertices(COEFFICIENTS), mesh.joints(COEFFICIENTS)
NAMED = {view.name: view for view in views.views(VERTICES, JOINTS)}
SVG = "{http://www.w3.org/2000/svg}"


def picture(name):
    return flat.picture(VERTICES, JOINTS, name)


def area(loop):
    x, y = loop.T
    return abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2


def loops(d):
    """The loops of a path of relative lines."""
    found = []
    for part in d.split("z"):
        if part:
            start, steps = part.removeprefix("M").split("l")
            numbers = np.array([float(n) for n in re.findall(r"-?[\d.]+", steps)]).reshape(-1, 2)
            found.append(np.cumsum([[float(n) for n in start.split()], *numbers], axis=0))
    return found


def test_a_disc_has_one_round_contour():
    y, x = np.mgrid[:41, :41]
    [loop] = contours((15 - np.hypot(x - 20, y - 20)).astype(np.float32), 0.0)

    assert np.hypot(*(loop - 20).T) == pytest.approx(np.full(len(loop), 15.0), abs=0.05)


def test_a_hole_is_a_contour_of_its_own_and_the_rim_of_the_image_closes():
    image = np.ones((30, 40), np.float32)
    image[10:15, 10:15] = 0
    hole, rim = sorted(map(area, contours(image, 0.5)))

    assert hole == pytest.approx(24.5)  # 5 by 5 with its corners cut
    assert rim == pytest.approx(30 * 40, rel=0.05)


def test_a_simplified_path_keeps_the_area():
    y, x = np.mgrid[:121, :121]
    [loop] = contours((50 - np.hypot(x - 60, y - 60)).astype(np.float32), 0.0)
    [kept] = loops(path([loop], 0.3))

    assert len(kept) < len(loop) / 2
    assert area(kept) == pytest.approx(np.pi * 50**2, rel=0.01)


@pytest.mark.parametrize("name", ["front", "back", "left", "left hand, palm", "right foot, sole", "head, left"])
def test_a_picture_is_plain_svg_in_millimetres(name):
    drawn = ET.fromstring(picture(name))
    left, top, width, height = map(float, drawn.get("viewBox").split())

    assert left < 0 < left + width
    assert top < 0 < top + height
    assert {element.tag.removeprefix(SVG) for element in drawn.iter()} == {"svg", "clipPath", "path", "g"}
    assert not [key for element in drawn.iter() for key in element.attrib if key == "style" or key.startswith("on")]
    assert len(drawn.findall(f"{SVG}g/{SVG}path")) >= 5


def test_the_silhouette_is_as_high_and_as_wide_as_the_figure():
    outline = np.concatenate(loops(ET.fromstring(picture("front")).find(f"{SVG}path").get("d")))

    assert np.ptp(outline, axis=0) == pytest.approx(np.ptp(VERTICES, axis=0)[:2], abs=5)


def test_the_front_and_the_back_are_mirror_images_of_one_silhouette():
    outlines = [ET.fromstring(picture(name)).find(f"{SVG}path").get("d") for name in ("front", "back")]
    front, back = (sum(map(area, loops(outline))) for outline in outlines)

    assert front == pytest.approx(back, rel=0.005)


def test_a_point_is_drawn_where_the_projection_says_and_lies_on_the_silhouette():
    projection = raster.projected(NAMED["front"], VERTICES)
    [point] = [one for one in placing.place(COEFFICIENTS) if (one.code, one.side) == ("ST36", "left")]
    [[x, y, _]] = projection([point.xyz])
    seen = raster.raster(Surface(VERTICES, mesh.faces()), projection)
    column, line = (np.array([x, y]) - projection.box[:2]) / seen.step

    assert x > 0  # the patient's left is on the right of the paper
    assert np.isfinite(seen.light[round(line), round(column)])


@pytest.mark.parametrize(("view", "code", "side", "seen"), [
    ("front", "ST36", "left", True), ("back", "ST36", "left", False), ("back", "BL23", "right", True),
    ("front", "BL23", "right", False), ("left leg, inside", "SP6", "left", True), ("left leg, inside", "SP6", "right", False),
    ("left hand, palm", "CV12", "midline", False),
])
def test_a_picture_knows_what_it_shows(view, code, side, seen):
    drawn = raster.raster(Surface(VERTICES, mesh.faces()), raster.projected(NAMED[view], VERTICES))
    [point] = [one for one in placing.place(COEFFICIENTS) if (one.code, one.side) == (code, side)]

    assert drawn.sees(point.xyz) is seen


def test_a_hand_hides_nothing_and_shows_no_trunk():
    seen = raster.raster(Surface(VERTICES, mesh.faces()), raster.projected(NAMED["left hand, palm"], VERTICES))

    assert 0.05 < np.isfinite(seen.light).mean() < 0.45


def test_an_unknown_view_is_refused_with_the_names():
    with pytest.raises(ValueError, match="left hand, palm"):
        picture("from below")


def test_the_same_figure_gives_the_same_picture():
    assert picture("left") == picture("left")
