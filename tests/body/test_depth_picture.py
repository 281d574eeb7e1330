"""The cross-section: true to scale, said in words as well, and in the colours of the page."""
import re
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from waterneedle import knowledge
from waterneedle.body.depth import Build, bottoms, depth
from waterneedle.body.depth_picture import (
    GROUND,
    HEIGHT,
    LINE_HEIGHT,
    TOP,
    WIDTH,
    depth_picture,
    figure_in_words,
    in_words,
    reaches_in_words,
)

POINTS = knowledge.points()
SVG = "{http://www.w3.org/2000/svg}"
WOMAN = Build("female", 40, 22)


def drawn(code, needle_mm=13, angle=90, build=WOMAN):
    found = depth(POINTS[code], needle_mm, angle, build)
    return found, ElementTree.fromstring(depth_picture(found))


def words(picture):
    return [text.text for text in picture.iter(f"{SVG}text")]


@pytest.mark.parametrize("code", sorted(POINTS))
def test_it_is_drawn_for_every_point(code):
    found, picture = drawn(code)
    assert picture.get("role") == "img"
    title, desc = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert picture.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert code in title.text
    assert desc.text == " ".join(in_words(found))
    lines = sorted(float(text.get("y")) for text in picture.iter(f"{SVG}text"))
    assert all(b - a > LINE_HEIGHT - 0.2 for a, b in pairwise(lines))
    assert all(0 < y < HEIGHT for y in lines)


def test_colours_are_those_of_the_page_and_nothing_is_styled():
    text = depth_picture(depth(POINTS["ST25"], 13, 90, WOMAN))
    assert "style" not in text
    colours = re.findall(r'(?:fill|stroke)="([^"]+)"', text)
    assert all(colour == "none" or re.fullmatch(r"var\(--[a-z-]+, #[0-9a-f]{6}\)", colour) for colour in colours)


def test_depths_are_true_to_each_other():
    found, picture = drawn("ST25", 25)
    tip = picture.find(f"{SVG}circle")
    (danger,) = (line for line in picture.iter(f"{SVG}line") if line.get("stroke-dasharray"))
    per_mm = (float(tip.get("cy")) - TOP) / found.tip_mm
    assert (float(danger.get("y1")) - TOP) / per_mm == pytest.approx(found.dangers[0].begins_mm, abs=0.05)
    bands = list(picture.iter(f"{SVG}rect"))[1:]
    ends = [(float(band.get("y")) + float(band.get("height")) - TOP) / per_mm for band in bands]
    assert ends[:3] == pytest.approx([bottom.mean_mm for bottom in bottoms(found.layers)], abs=0.06)


@pytest.mark.parametrize(("needle_mm", "angle"), [(4, 90), (40, 90), (40, 15), (100, 5), (150, 90)])
def test_the_needle_stays_in_the_picture(needle_mm, angle):
    _, picture = drawn("GB30", needle_mm, angle)
    for line in picture.iter(f"{SVG}line"):
        assert all(-1 <= float(line.get(name)) <= WIDTH for name in ("x1", "x2"))
        assert all(0 <= float(line.get(name)) <= GROUND for name in ("y1", "y2"))


def test_the_figures_stand_beside_the_tissue():
    _, picture = drawn("ST25")
    assert words(picture)[0] == "skin to 2.1 mm"
    assert "● tip 13.0 mm" in words(picture)
    assert "⚠ organ 10 mm, judged" in words(picture)
    assert words(picture)[-1] == "deeper: not published"


def test_where_nothing_was_measured_it_says_so():
    _, picture = drawn("ST36")
    assert words(picture)[-1] == "no published thickness"
    assert "No figure on file" in picture.find(f"{SVG}desc").text


def test_in_words_the_answer_is_whole():
    said = list(in_words(depth(POINTS["ST25"], 13, 90, WOMAN)))
    assert said[0] == "The tip lies 13.0 mm below the skin (13 mm at 90 degrees)."
    assert said[1] == "Skin: 2.1 mm on average, 1.5 to 2.8 mm in eight of ten."
    assert any(line.startswith("Where the tip ends, of people like this: fat in ") for line in said)
    assert any(line.endswith("from 10 mm (our judgement, nobody measured here); the tip may reach it.") for line in said)
    assert any(line.startswith("Also published: skin 2.29 mm (SD 0.37); 156 people (Korea") for line in said)


def test_a_figure_says_whom_it_was_measured_in():
    figures = knowledge.tissue_layers()
    assert figure_in_words(figures["skin-and-fat-abdomen-7-12"]).startswith(
        "skin and fat 7.11 mm (SD 3.68); 55 people from 7 to below 13 years (Singapore")
    assert "females 5.1 mm more than males, 0.4 mm more for each kg/m²" in figure_in_words(figures["fat-abdomen"])
    assert "21 males (Taiwan" in figure_in_words(figures["muscle-interscapular-male"])
    assert "people from 75 years" in figure_in_words(figures["skin-and-fat-deltoid-75"])


def test_every_structure_near_the_needle_has_its_line():
    found, picture = drawn("GB21")
    dashed = [line for line in picture.iter(f"{SVG}line") if line.get("stroke-dasharray")]
    assert [danger.begins_mm for danger in found.dangers] == [8, 14.6]
    assert len(dashed) == 2
    assert "⚠ lung 14.6 mm" in words(picture)


def test_the_published_distances_stand_in_the_words():
    said = " ".join(in_words(depth(POINTS["GB21"], 13, 90, WOMAN)))
    assert "smallest figure published here, Chen 2018; published means 14.6, 17.4, 38.1 (SD 6.4) mm" in said


def test_nothing_published_is_said_first():
    assert reaches_in_words(depth(POINTS["ST36"], 13)).startswith("No published thickness on file")
    assert reaches_in_words(depth(POINTS["ST25"], 13, 90, WOMAN)) in in_words(depth(POINTS["ST25"], 13, 90, WOMAN))
