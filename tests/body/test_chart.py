"""What the browser is given: small, complete, in millimetres, and drawn at the same places as in Python."""
import json
import re

import numpy as np
import pytest

from tests.body import node
from waterneedle import knowledge
from waterneedle.body import chart, frames, mesh, placing, plain, views
from waterneedle.body.fit import fit
from waterneedle.body.segments import fit_measured

WOMAN, MAN = fit("female", 40, 160, 50), fit("male", 60, 185, 110)
VALUE = chart.chart(WOMAN)
PLACED = placing.place(WOMAN.coefficients)


def test_the_points_are_small_enough_to_send():
    assert len(json.dumps(VALUE["points"], separators=(",", ":")).encode()) <= 40_000


def test_every_placed_point_is_sent_once():
    sent = [(code, side, member) for code, side, member, *_ in VALUE["points"]]

    assert sorted(sent, key=str) == sorted(((one.code, one.side[0].upper(), one.member) for one in PLACED), key=str)
    assert len(set(sent)) == len(sent)


def test_what_is_sent_says_nothing_of_who_it_is():
    assert set(VALUE) == {"body", "points", "places", "channels", "protocols", "regions"}
    assert set(VALUE["body"]) == {"coefficients", "height_cm", "weight_kg", "says", "language", "views", "frames", "plain"}


def test_points_of_mouth_and_nose_are_in_the_list_and_not_on_the_skin():
    assert set(placing.unplaced()) <= set(VALUE["places"])
    assert not set(placing.unplaced()) & {row[0] for row in VALUE["points"]}


def test_places_have_the_names_on_file():
    place = VALUE["places"]["ST36"]

    assert (place["hanzi"], place["pinyin"], place["channel"]) == ("足三里", "Zúsānlǐ", "ST")
    assert (place["region"], place["frame"]) == ("leg", "leg")


@pytest.mark.parametrize("figure", [WOMAN, MAN])
def test_a_cun_in_words_is_the_cun_of_this_patient(figure):
    places = {one.code: one.xyz for one in placing.place(figure.coefficients) if one.side == "left"}
    words = chart.chart(figure)["places"]["ST36"]["words"]
    axis = frames.frames(mesh.joints(figure.coefficients))["leg"].axes[0]

    assert int(re.search(r"3 cun = (\d+) mm below ST35", words)[1]) == round(abs((places["ST36"] - places["ST35"]) @ axis))


def test_millimetres_grow_with_the_patient():
    words = [chart.chart(figure)["places"]["ST36"]["words"] for figure in (WOMAN, MAN)]
    small, tall = (int(re.search(r"3 cun = (\d+) mm", one)[1]) for one in words)

    assert 55 < small < tall < 110


def test_channels_and_protocols_name_what_is_on_file():
    assert [channel for channel, _ in VALUE["channels"]] == list(knowledge.CHANNEL_COUNTS)
    assert all(set(one["points"]) <= set(knowledge.points()) for one in VALUE["protocols"])
    assert "PC6" in next(one for one in VALUE["protocols"] if one["id"] == "saline-pc6-nausea")["points"]


def test_every_region_has_a_view():
    assert {view["region"] for view in VALUE["body"]["views"]} == {"body", *views.REGIONS}
    assert len({view["name"] for view in VALUE["body"]["views"]}) == len(VALUE["body"]["views"])


def test_the_browser_puts_every_point_where_python_does():
    told = node.run(node.FIGURE + """
        const { placedPoints } = await use("marks.js");
        answer = placedPoints(given.points).map(({ spot }) => [surface.at(spot), surface.normalAt(spot)]);
    """, {"coefficients": VALUE["body"]["coefficients"], "points": VALUE["points"]})

    for point, (place, normal) in zip(PLACED, told, strict=True):
        assert np.abs(point.xyz - place).max() < 0.1, point.code
        assert point.normal @ normal > 0.999, point.code


def test_a_ray_from_outside_comes_back_to_the_point_it_was_aimed_at():
    aimed = [one for one in PLACED if one.code in ("ST36", "SP6", "ST41")]
    told = node.run(node.FIGURE + """
        const { plus } = await use("surface.js");
        answer = given.points.map(({ xyz, normal }) => {
            const start = plus(xyz, normal, 20);
            const hit = surface.hit(start, normal.map((value) => -value));
            return [hit.xyz, surface.at(hit), surface.sees(start, xyz, normal)];
        });
    """, {"coefficients": VALUE["body"]["coefficients"],
          "points": [{"xyz": one.xyz.tolist(), "normal": one.normal.tolist()} for one in aimed]})

    for point, (met, again, seen) in zip(aimed, told, strict=True):
        assert np.abs(point.xyz - met).max() < 0.1
        assert np.abs(np.subtract(met, again)).max() < 0.01
        assert seen


def test_a_dab_of_the_brush_hangs_together_and_stays_near():
    told = node.run(node.FIGURE + """
        const start = 3000;
        answer = [...surface.dab(start, surface.centreOf(start), 24)].map((cell) => [cell, surface.centreOf(cell)]);
    """, {"coefficients": VALUE["body"]["coefficients"]})
    cells, centres = [cell for cell, _ in told], np.array([centre for _, centre in told])

    assert 3000 in cells
    assert len(set(cells)) == len(cells) > 3
    assert np.linalg.norm(centres - centres[0], axis=1).max() <= 24 + 1e-6


def test_what_is_shown_evens_out_a_few_rows_alike_on_both_sides_and_nothing_else():
    vertices = mesh.vertices(WOMAN.coefficients)
    shown = plain.shown(vertices)
    moved = np.flatnonzero(np.abs(shown - vertices).max(axis=1) > 1e-9)

    assert set(moved) <= set(plain.rows())
    assert len(plain.rows()) < 200
    assert np.allclose(shown[mesh.mirror()] * (-1, 1, 1), shown, atol=1e-6)
    assert np.linalg.norm(shown - vertices, axis=1).max() < 25


def test_the_browser_evens_out_the_same_rows():
    told = node.run(node.FIGURE + """
        const { positions } = surface.plain(given.rows);
        answer = given.rows.map((row) => [...positions.slice(3 * row, 3 * row + 3)]);
    """, {"coefficients": VALUE["body"]["coefficients"], "rows": plain.rows().tolist()})

    assert np.abs(plain.shown(mesh.vertices(WOMAN.coefficients))[plain.rows()] - told).max() < 0.1


def test_a_figure_with_measured_segments_is_sent_whole_and_its_cun_is_the_measured_one():
    measured = fit_measured("female", 40, 165, 60, {"leg": 400.0})
    value = chart.chart(measured)
    told = node.run(node.FIGURE + """
        const { unpacked } = await use("mesh.js");
        answer = [...unpacked(pack, given.half)];
    """, {"coefficients": value["body"]["coefficients"], "half": value["body"]["half"]})

    assert np.abs(np.reshape(told, (-1, 3)) - measured.vertices).max() < 0.1
    assert len(value["body"]["half"]) < 60_000
    assert f"3 cun = {3 * 400 / 16:.0f} mm below ST35" in value["places"]["ST36"]["words"]


def test_a_figure_without_measured_segments_is_its_coefficients_alone():
    assert "half" not in chart.chart(fit_measured("female", 40, 165, 60, {}))["body"]
