"""`waterneedle body`: points of a person as a table, CSV, JSON and a file for other viewers."""
import csv
import io
import json
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from tests.body import test_glb
from waterneedle.body import mesh, placing
from waterneedle.body.fit import fit
from waterneedle.cli import main

ANA = ("--sex", "female", "--age", "35", "--height-cm", "160", "--weight-kg", "50")


def run(*arguments):
    return CliRunner().invoke(main, ["body", *arguments])


@pytest.fixture(scope="module")
def placed():
    return placing.place(fit("female", 35, 160, 50).coefficients)


def test_csv_has_five_columns_and_a_row_for_each_point_on_each_side(placed):
    result = run(*ANA, "--csv")
    assert (result.exit_code, result.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert list(rows[0]) == ["code", "side", "x", "y", "z"]
    assert [(row["code"], row["side"]) for row in rows] == [(point.code, point.side) for point in placed]
    places = np.array([[float(row[axis]) for axis in "xyz"] for row in rows])
    assert np.abs(places - [point.xyz for point in placed]).max() <= 0.051


def test_left_and_right_are_on_either_side_and_the_midline_at_0():
    rows = list(csv.DictReader(io.StringIO(run(*ANA, "--csv").stdout)))
    assert all(float(row["x"]) > 0 for row in rows if row["side"] == "left")
    assert all(float(row["x"]) < 0 for row in rows if row["side"] == "right")
    assert all(float(row["x"]) == 0 for row in rows if row["side"] == "midline")


def test_json_adds_normals_words_and_the_fit(placed):
    told = json.loads(run(*ANA, "--json").stdout)
    assert told["person"] == {"sex": "female", "age_years": 35, "height_cm": 160, "weight_kg": 50, "measured_mm": {}}
    assert told["fit"]["height_cm"] == pytest.approx(160, abs=0.8)
    assert told["fit"]["weight_kg"] == pytest.approx(50, abs=0.5)
    assert (told["fit"]["clamped"], told["fit"]["says"]) == (False, "")
    assert "palpation decides" in told["guide"]
    assert len(told["points"]) == len(placed)
    assert "GV28" in told["not_on_the_skin"]
    st36 = next(point for point in told["points"] if point["code"] == "ST36")
    assert "3 cun below ST35" in st36["words"]
    assert np.linalg.norm(st36["normal"]) == pytest.approx(1, abs=0.001)
    corners = mesh.vertices(fit("female", 35, 160, 50).coefficients)[mesh.faces()[st36["face"]]]
    assert st36["barycentric"] @ corners == pytest.approx([st36[axis] for axis in "xyz"], abs=0.06)


def test_a_measured_segment_changes_its_cun():
    plain, measured = (json.loads(run(*ANA, *extra, "--json", "CV8", "CV12").stdout)
                       for extra in ((), ("--measured", "upper_abdomen=180")))
    assert measured["person"]["measured_mm"] == {"upper_abdomen": 180}
    assert measured["fit"]["cun_mm"] == {"upper_abdomen": 22.5}
    navel, middle = (point["y"] for point in measured["points"])
    assert middle - navel == pytest.approx(4 * 22.5, abs=0.3)
    assert plain["fit"]["cun_mm"] == {}
    assert "Cun of the upper abdomen  22.5 mm" in run(*ANA, "--measured", "upper_abdomen=180", "CV8").stdout


def test_codes_and_names_choose_points():
    rows = list(csv.DictReader(io.StringIO(run(*ANA, "--csv", "st36", "Shangjuxu").stdout)))
    assert [row["code"] for row in rows] == ["ST36", "ST36", "ST37", "ST37"]


def test_the_table_names_points_and_says_that_it_is_a_guide():
    result = run(*ANA, "ST36")
    assert result.exit_code == 0
    assert "Zúsānlǐ" in result.stdout
    assert "left, right" in result.stdout
    assert "palpation decides" in result.stdout


def test_a_figure_that_is_not_to_size_says_so_beside_the_csv():
    result = run("--sex", "female", "--age", "40", "--height-cm", "165", "--weight-kg", "120", "--csv", "ST36")
    assert result.exit_code == 0
    assert "not to weight" in result.stderr
    assert result.stdout.startswith("code,side,x,y,z\nST36,left,")


def test_sex_height_and_weight_may_be_missing():
    told = json.loads(run("--age", "40", "--json", "ST36").stdout)
    assert "Sex on file: none" in told["fit"]["says"]
    assert told["person"]["height_cm"] is None


def test_a_glb_holds_the_body_and_its_points(tmp_path, placed):
    file = tmp_path / "body.glb"
    result = run(*ANA, "--glb", str(file))
    assert result.exit_code == 0
    assert f"Written to {file}" in result.stdout
    header, _ = test_glb.opened(file.read_bytes())
    assert len([node for node in header["nodes"] if "extras" in node]) == len(placed)


@pytest.mark.parametrize(("arguments", "words"), [
    (("--age", "-1"), "age_years must be finite and positive"), (("--age", "nan"), "age_years must be"),
    (("--age", "40", "--height-cm", "0"), "height_cm must be"), (("--age", "40", "--weight-kg", "inf"), "weight_kg must be"),
    ((*ANA, "--csv", "--json"), "choose one"), ((*ANA, "--glb", "body.obj"), "a file that ends in .glb"),
    ((*ANA, "--glb", "/nowhere/body.glb"), "cannot write /nowhere/body.glb"), ((*ANA, "ST99"), "no point is called 'ST99'"),
    ((*ANA, "--measured", "forearm"), "a segment and its length in mm"), ((*ANA, "--measured", "tail=3"), "no segment is called"),
    ((*ANA, "--measured", "upper_abdomen=900"), "not plausible"),
    ((*ANA, "GV28"), "GV28 lies inside of mouth or nose"),
])
def test_what_cannot_be_used_ends_in_one_sentence(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_without_numpy_it_says_how_to_install_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "waterneedle.body.segments")
    monkeypatch.setitem(sys.modules, "numpy", None)  # how Python itself marks a module that cannot be imported
    result = run(*ANA)
    assert result.exit_code == 2
    assert "pip install 'waterneedle[body]'" in result.stderr


def test_open_shows_the_person_and_the_points_asked_for(monkeypatch):
    opened = []
    monkeypatch.setattr("waterneedle.cli.body_page.serve", lambda *asked: opened.append(asked))
    run = CliRunner().invoke(main, ["body", *ANA, "--open", "--port", "8150", "--measured", "leg=400", "st36", "GB34"])

    assert run.exit_code == 0, run.output
    assert opened == [({"sex": "female", "age_years": "35", "height_cm": "160", "weight_kg": "50", "measured": "leg=400"},
                       ["GB34", "ST36"], 8150, "en")]


def test_open_does_not_print_as_well():
    run = CliRunner().invoke(main, ["body", *ANA, "--open", "--csv"])

    assert (run.exit_code, run.stdout) == (2, "")
    assert "leave out --csv" in run.stderr
