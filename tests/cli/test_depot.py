"""`waterneedle depot`: a band, what it rests on, and a picture when asked."""
import json
import sys

import pytest
from click.testing import CliRunner

from waterneedle.cli import main


def run(*arguments):
    return CliRunner().invoke(main, ["depot", *arguments])


def test_json_holds_the_band_the_needle_and_the_statement():
    result = run("hydroxocobalamin", "--hours", "24", "--dose-mcg", "1000", "--json")
    found = json.loads(result.stdout)
    assert found["hours"] == [2 * step for step in range(13)]
    assert found["remaining_fraction"][1] == pytest.approx([0.5743, 0.7588], abs=1e-4)
    assert found["remaining_fraction"][-1] == pytest.approx([0.0013, 0.0364], abs=1e-4)
    assert found["urinary_loss"] == pytest.approx([0.16, 0.66])
    assert (found["form"], found["route"], found["dose_mcg"]) == ("hydroxocobalamin", "IM", 1000)
    assert found["needle_retained_min"] == [20, 30]
    assert "unproven" in found["statement"]
    assert "label-hydroxocobalamin-actavis" in found["sources"]
    assert len(found["plasma_of_peak"]) == 13


def test_the_terminal_shows_bars_and_says_what_is_not_known():
    result = run("Cyanocobalamin", "--route", "sc", "--dose-mcg", "1000")
    assert result.exit_code == 0
    assert "   0.00 h  " + "█" * 40 + "  100.0% to 100.0%" in result.stdout
    assert "░" in result.stdout
    assert "A needle is ordinarily left in for 20 to 30 min." in result.stdout
    assert "Of 1000 mcg, 50% to 98% was found in urine." in result.stdout
    assert "- SC is taken like IM, 2 times wider on both sides" in result.stdout
    assert "stimulates the point for long is unproven" in result.stdout


def test_a_loss_nobody_published_is_said():
    assert "How much of 500 mcg is lost in urine was not published." in run("methylcobalamin", "--dose-mcg", "500").stdout


@pytest.mark.parametrize(("name", "start"), [("depot.png", b"\x89PNG"), ("depot.SVG", b"<?xml")])
def test_a_picture_is_drawn_into_a_file(tmp_path, name, start):
    result = run("cyanocobalamin", "--plot", str(tmp_path / name))
    assert result.exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(start)
    assert f"Drawn in {tmp_path / name}" in result.stdout


@pytest.mark.parametrize(("arguments", "words"), [
    (("traumeel",), "no kinetics are on file for 'traumeel'; there are cyanocobalamin, hydroxocobalamin, methylcobalamin"),
    (("needle",), "no kinetics are on file"), (("cyanocobalamin", "--hours", "0"), "--hours must be more than 0"),
    (("cyanocobalamin", "--hours", "1441"), "at most 1440"), (("cyanocobalamin", "--hours", "nan"), "--hours must be"),
    (("cyanocobalamin", "--dose-mcg", "0"), "--dose-mcg must be more than 0"),
    (("cyanocobalamin", "--dose-mcg", "inf"), "--dose-mcg must be"),
    (("cyanocobalamin", "--plot", "depot.pdf"), "a file that ends in .png or .svg, got 'depot.pdf'"),
    (("cyanocobalamin", "--plot", "/nowhere/depot.png"), "cannot write /nowhere/depot.png"),
])
def test_what_cannot_be_used_ends_in_one_sentence(arguments, words):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(("missing", "arguments", "words"), [
    ("numpy", (), "the depot model needs numpy and matplotlib: pip install 'waterneedle[depot]'"),
    ("matplotlib.figure", ("--plot", "depot.png"), "--plot needs numpy and matplotlib: pip install 'waterneedle[depot]'"),
])
def test_a_missing_library_is_said_with_how_to_install_it(missing, arguments, words, monkeypatch):
    monkeypatch.setitem(sys.modules, missing, None)  # how Python itself marks a module that cannot be imported
    result = run("cyanocobalamin", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr


def test_help_has_an_example():
    result = run("--help")
    assert result.exit_code == 0
    assert "waterneedle depot cyanocobalamin" in result.stdout
