"""The paper chart: every view on one page, marks where they can be seen, painted skin, and what the shapes mean."""
import itertools
import re
import xml.etree.ElementTree as ET

import pytest

from waterneedle.body import mesh, page, pain, placing, sheet
from waterneedle.body.sheet import Mark

COEFFICIENTS = mesh.shape(1, 50, 0.25, 0.5, 0.5)
FIGURE = mesh.vertices(COEFFICIENTS), mesh.joints(COEFFICIENTS)
PLACED = placing.place(COEFFICIENTS)
SVG = "{http://www.w3.org/2000/svg}"


def mark(code, side, days):
    [point] = [one for one in PLACED if (one.code, one.side) == (code, side)]
    return Mark(point.face, point.barycentric, code, days)


@pytest.fixture(scope="module")
def drawn():
    marks = [mark("ST36", "left", 0), mark("BL23", "right", 3), mark("GV20", "midline", 20), mark("CV12", "midline", 400)]
    painted = pain.runs({mark("ST36", "left", 0).face: 8, mark("BL23", "right", 0).face: 5})
    return ET.fromstring(sheet.sheet(*FIGURE, marks, painted, "Visit 3 <b>"))


def texts(drawn):
    return [element.text for element in drawn.iter(f"{SVG}text")]


def test_the_page_fits_a_sheet_of_paper(drawn):
    boxes = [[float(panel.get(name)) for name in ("x", "y", "width", "height")] for panel in drawn.findall(f"{SVG}svg")]

    assert [drawn.get(name) for name in ("width", "height")] == ["190mm", "270mm"]
    assert all(x >= 0 and x + width <= 190 and y + height <= 270 for x, y, width, height in boxes)


def test_the_page_says_what_it_is_and_that_palpation_decides(drawn):
    assert texts(drawn)[0] == "Visit 3 <b> · The dots are a guide. Palpation decides."


def test_every_side_hand_foot_and_head_is_there(drawn):
    assert {"front", "back", "left", "right", "head, front", "left hand, palm", "right foot, sole"} <= set(texts(drawn))


def test_a_mark_stands_only_where_it_can_be_seen(drawn):
    shown = texts(drawn)

    assert shown.count("ST36") >= 1
    assert shown.count("BL23") >= 1
    front = next(panel for panel in drawn.findall(f"{SVG}svg") if panel.get("overflow"))
    assert {element.text for element in front.iter(f"{SVG}text")} == {"ST36", "CV12"}


def test_each_age_has_its_shape_and_its_words(drawn):
    assert {"this visit", "up to 7 days", "up to 30 days", "earlier"} <= set(texts(drawn))
    assert len({shape for _, shape, _ in sheet.AGES}) == 4


def test_shapes_and_colours_are_those_of_the_screen():
    script, style = ((page.STATIC / name).read_text(encoding="utf-8") for name in ("shapes.js", "chart.css"))
    colours = dict(re.findall(r"\.body-pain-(\d+)\.body-button \{ background: (#\w+)", style))

    assert all(f'"{shape}"' in script for _, shape, _ in sheet.AGES)
    assert colours == {str(step): colour for step, colour in sheet.PAIN.items()}


def test_painted_skin_is_coloured_by_its_step(drawn):
    fills = {element.get("fill") for element in drawn.iter(f"{SVG}path")}

    assert {sheet.PAIN[8], sheet.PAIN[6]} <= fills


def test_a_page_without_marks_has_no_legend():
    assert "this visit" not in sheet.sheet(*FIGURE)


def test_a_body_that_is_drawn_once_takes_the_marks_of_one_visit_and_nothing_of_the_one_before():
    one, other = [mark("ST36", "left", 0)], [mark("BL23", "right", 0)]
    sides = sheet.drawn_sides(*FIGURE)
    first = sheet.laid_on(sides, marks=one)

    assert sheet.laid_on(sides, marks=other) == sheet.four_sides_shown(*FIGURE, marks=other)
    assert sheet.laid_on(sides, marks=one) == first


def test_the_four_sides_alone_show_what_is_painted_where_it_can_be_seen():
    face = mark("CV12", "midline", 0).face
    drawn = ET.fromstring(sheet.four_sides(*FIGURE, pain.runs({face: 8})))
    panels = drawn.findall(f"{SVG}svg")
    painted = [panel for panel in panels if any(path.get("fill") == "#b22b75" for path in panel.iter(f"{SVG}path"))]

    assert texts(drawn) == ["front", "back", "left", "right"]
    assert painted[0] is panels[0]
    assert len(painted) < 4


def test_numbers_at_a_crowded_knee_stand_apart():
    codes = ["ST34", "ST35", "ST36", "SP9", "SP10", "GB34", "EX-LE4", "LR8", "KI10", "BL40"]
    points = [mark(code, "left", 0) for code in codes]
    drawn = ET.fromstring(sheet.four_sides(*FIGURE, marks=[Mark(one.face, one.barycentric, str(number), 0)
                                                           for number, one in enumerate(points, 1)]))

    panels = [panel for panel in drawn.findall(f"{SVG}svg") if panel.get("overflow")]
    boxes = [[box(text) for text in panel.iter(f"{SVG}text")] for panel in panels]

    assert max(len(found) for found in boxes) >= 6
    assert not [pair for found in boxes for pair in itertools.combinations(found, 2) if overlap(*pair)]


def box(text):
    letters = float(text.get("font-size"))
    wide, x, y = 0.55 * letters * len(text.text), float(text.get("x")), float(text.get("y"))
    left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor")]
    return left, y - 0.7 * letters, left + wide, y


def overlap(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
