"""A row of the table of points becomes a record, and an empty cell says nothing."""
import csv

import msgspec
import pytest

from waterneedle.knowledge import Point
from waterneedle.knowledge.point_table import landmark_from_row, level_from_row, point_from_row
from waterneedle.knowledge.sections import ROOT

with (ROOT / "points" / "ST.csv").open(encoding="utf-8", newline="") as file:
    ROWS = {row["code"]: row for row in csv.DictReader(file)}
ST36 = ROWS["ST36"]


def test_a_row_becomes_a_record():
    point = msgspec.convert(point_from_row(ST36), Point)
    assert (point.code, point.hanzi, point.channel, point.side) == ("ST36", "足三里", "ST", "bilateral")
    assert (point.location.landmark, point.location.cun, point.location.direction) == ("ST35", 3.0, "inferior")


def test_an_empty_cell_is_left_out():
    record = point_from_row(ST36 | {"certainty": "", "feature": "", "fraction": "", "depth_min_cun": ""})
    assert not {"certainty", "depth_min_cun"} & set(record)
    assert not {"feature", "fraction"} & set(record["location"])


def test_a_zero_is_not_an_empty_cell():
    assert point_from_row(ST36 | {"lateral_cun": "0"})["location"]["lateral_cun"] == 0.0


@pytest.mark.parametrize(("cell", "relations"), [
    ("", []),
    ("over:radial_artery", [{"relation": "over", "target": "radial_artery"}]),
    ("lateral_to:CV14:2; over:nipple",
     [{"relation": "lateral_to", "target": "CV14", "cun": 2.0}, {"relation": "over", "target": "nipple"}]),
    ("midway:ST8+GB7;", [{"relation": "midway", "target": "ST8+GB7"}]),
])
def test_relations_stand_in_one_cell(cell, relations):
    assert point_from_row(ST36 | {"relations": cell})["location"]["relations"] == relations


@pytest.mark.parametrize(("changed", "problem"), [
    ({"relations": "over"}, "a relation is"), ({"cun": "three"}, "could not convert"), ({"page": "x"}, "invalid literal"),
    ({"neighbours": "lateral_to:CV14:two"}, "could not convert"),
])
def test_a_cell_that_cannot_be_read_raises(changed, problem):
    with pytest.raises(ValueError, match=problem):
        point_from_row(ST36 | changed)


def test_a_column_that_is_missing_raises():
    with pytest.raises(KeyError, match="rule"):
        point_from_row({name: cell for name, cell in ST36.items() if name != "rule"})


def test_the_page_and_the_textbook_are_cited():
    cited = point_from_row(ST36 | {"source": "who-2008", "page": "64", "depth_source": "book"})["sources"]
    assert cited == [{"source": "who-2008", "locator": "page 64"}, {"source": "book", "locator": "textbook depth"}]


def test_a_landmark_leaves_out_what_is_empty():
    assert landmark_from_row({"id": "patella", "term": "patella", "kind": "bone", "surface": ""}) == {
        "id": "patella", "term": "patella", "kind": "bone"}


LEVEL = {"id": "t7_spinous_process", "start": "c7_spinous_process", "end": "s2_spinous_process", "share": "0.4", "side_share": "",
         "aside": "", "at": "", "sources": "ernst-2013-spinous-positions; who-2008:page 26"}


def test_a_level_is_a_share_with_its_sources():
    assert level_from_row(LEVEL) == {
        "id": "t7_spinous_process", "start": "c7_spinous_process", "end": "s2_spinous_process", "share": 0.4, "at": [],
        "sources": [{"source": "ernst-2013-spinous-positions"}, {"source": "who-2008", "locator": "page 26"}],
    }


def test_a_level_may_be_level_with_two():
    assert level_from_row(LEVEL | {"at": "psis; iliac_crest", "side_share": "0"})["at"] == ["psis", "iliac_crest"]
    assert level_from_row(LEVEL | {"side_share": "0"})["side_share"] == 0.0
