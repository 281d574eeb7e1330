"""`waterneedle points`: found by code, name and words; everything on file about each."""
import json

import pytest
from click.testing import CliRunner

from waterneedle import knowledge
from waterneedle.body import place_in_words
from waterneedle.cli import main
from waterneedle.cli.points import CHANNELS, HAZARDS


def run(*arguments):
    return CliRunner().invoke(main, ["points", *arguments])


def found(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def codes(*arguments):
    return [point["code"] for point in found(*arguments)]


def test_all_of_them_have_what_the_contract_asks_for():
    listed = found()
    assert len(listed) == 409
    asked = {"code", "pinyin", "hanzi", "channel", "region", "side", "location"}
    assert [point["code"] for point in listed if not asked <= set(point)] == []
    assert {"rule", "landmark"} <= set(listed[0]["location"])


@pytest.mark.parametrize("name", [
    "ST36", "st36", "st 36", "St-36", "S36", "Zusanli", "zúsānlǐ", "足三里", "Zu San Li", "ST36 left",
])
def test_a_point_has_many_names(name):
    assert codes(name) == ["ST36"]
    assert codes(*name.split()) == ["ST36"]


@pytest.mark.parametrize(("words", "code"), [
    ("knee", "ST35"), ("patella", "EX-LE2"), ("lung", "LU1"), ("lung", "GB21"), ("tibialis anterior", "ST36"),
    ("leg anterior", "ST36"), ("三里", "LI10"), ("stomach", "ST36"), ("Renzhong", "GV26"), ("governor vessel", "GV20"),
])
def test_words_find_points(words, code):
    assert code in codes(words)


def test_words_must_all_fit():
    assert set(codes("knee", "patella")) < set(codes("patella"))


def test_everything_on_file_is_joined():
    (point,) = found("GB21")
    assert point["words"] == place_in_words(knowledge.points()["GB21"], knowledge.landmarks())
    assert point["aliases"] == list(knowledge.points()["GB21"].aliases)
    assert (point["body_part"], point["layer"], point["readings"]) == ("neck", "muscle", knowledge.points()["GB21"].readings)
    assert {"depth_min_cun", "depth_max_cun"} <= set(point)
    lung = next(zone for zone in point["hazards"] if zone["kind"] == "lung")
    assert lung["structure"]
    assert all("smallest_mm" in distance and distance["citation"]["title"] for distance in lung["distances"])
    assert point["pregnancy_caution"]["sources"]
    assert point["volume_limit"]["most_ml"] == knowledge.rules()["volume_per_point"].parameters["by_body_part"].value["neck"]
    assert all(source["address"] for source in point["sources"])


def test_only_distances_measured_at_the_point_are_shown_with_it():
    (point,) = found("BL20")
    zones = knowledge.hazard_zones()
    measured = [distance for zone in point["hazards"] for distance in zones[zone["id"]].distances if "BL20" in distance.points]
    assert sum(len(zone["distances"]) for zone in point["hazards"]) == len(measured)


def test_how_thick_the_tissue_is_stands_with_its_studies():
    (point,) = found("ST25")
    assert {layer["tissue"] for layer in point["tissue_layers"]} == {"skin", "fat", "skin_and_fat", "muscle"}
    assert all(layer["citation"]["address"] and layer["words"] and "points" not in layer for layer in point["tissue_layers"])
    page = " ".join(run("ST25").stdout.split())
    assert "Fat 13.9 mm (SD 7), females 5.1 mm more than males, 0.4 mm more for each kg/m²; 388 people" in page


def test_tissue_that_nobody_measured_is_said_not_to_be_on_file():
    assert found("ST36")[0]["tissue_layers"] == []
    assert "How thick skin, fat and muscle are here is not on file." in run("ST36").stdout


def test_a_point_in_no_zone_says_so():
    inside = {code for zone in knowledge.hazard_zones().values() for code in zone.points}
    code = next(code for code in knowledge.points() if code not in inside)
    assert found(code)[0]["hazards"] == []
    assert "that does not make it safe" in run(code).stdout


@pytest.mark.parametrize(("channel", "expected"), [("GB", {"GB"}), ("UB", {"BL"}), ("lung", {"LU"}), ("ex-hn", {"EX-HN"}),
                                                   ("EX", {channel for channel in CHANNELS if channel.startswith("EX")})])
def test_a_channel_may_be_asked_for(channel, expected):
    assert {point["channel"] for point in found("--channel", channel)} == expected


@pytest.mark.parametrize("region", ["knee", "Knee", "leg_anterior", "leg anterior"])
def test_a_region_may_be_asked_for(region):
    listed = found("--region", region)
    assert listed
    assert all(region.lower().split("_")[0].split()[0] in f"{point['region']} {point['body_part']}" for point in listed)


@pytest.mark.parametrize("hazard", HAZARDS)
def test_a_hazard_may_be_asked_for(hazard):
    expected = {code for zone in knowledge.hazard_zones().values() if zone.kind == hazard for code in zone.points}
    assert set(codes("--hazard", hazard)) == expected


def test_filters_and_words_hold_together():
    assert codes("ST36", "--channel", "GB") == []
    assert set(codes("eye", "--channel", "BL")) <= set(codes("--channel", "BL"))


def test_one_point_fills_a_page():
    page = run("ST36").stdout
    assert page.startswith("足三里 Zúsānlǐ ST36")
    for part in ("ST, stomach", "5 mL (leg)", "Sources", "WHO Standard Acupuncture Point Locations", "our judgement"):
        assert part in page


def test_a_tentative_place_says_so():
    assert "tentative" in run("GB30").stdout


def test_every_point_has_a_page():
    for code in list(knowledge.points())[::7]:
        result = run(code)
        assert (result.exit_code, code in result.stdout, "None" in result.stdout) == (0, True, False)


def test_every_channel_has_a_name():
    assert {point.channel for point in knowledge.points().values()} == set(CHANNELS)
