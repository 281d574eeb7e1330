"""The checker of relations: it must catch what is wrong on a leg and a back built by hand."""
import dataclasses
from collections import Counter

import numpy as np
import pytest

from tests.body import frames, relations
from tests.body.relations import PlacedPoint, check
from waterneedle import knowledge

IN_MOUTH_AND_NOSE = {"GV28", "EX-HN9", "EX-HN10", "EX-HN11", "EX-HN12", "EX-HN13"}
FRONT, BACK, OUT, IN = np.array([[0, 0, 1], [0, 0, -1], [1, 0, 0], [-1, 0, 0]], dtype=float)
JOINTS = {f"l-{name}": np.array(at, dtype=float) for name, at in {
    "knee": (100, 450, 0), "ankle": (100, 50, 0), "upper-leg": (100, 850, 0), "eye": (30, 1500, 100),
}.items()}
CUN = 25.0  # 16 of them from the popliteal crease (450) to the outer malleolus (50)


def leg() -> dict[str, tuple]:
    """A straight leg: 16 cun outside and, from SP9 two cun below the patella, 13 inside."""
    shin = {"ST35": 0, "ST36": 3, "EX-LE7": 5, "ST37": 6, "ST38": 8, "ST39": 9, "ST41": 15.5}
    calf = {"BL40": 0, "BL55": 2, "BL56": 5, "BL57": 8}
    inner = {"EX-LE8": 0, "SP6": 3, "SP7": 6, "SP8": 10, "SP9": 13}
    return {
        **{code: ((112 - 12 * cun / 15.5, 450 - CUN * cun, 40 + (cun in (3, 5, 6))), FRONT) for code, cun in shin.items()},
        **{code: ((100, 450 - CUN * cun, -40), BACK) for code, cun in calf.items()},
        **{code: ((70, 60 + CUN * cun, -10), IN) for code, cun in inner.items()},
        "EX-LE4": ((80, 450, 42), FRONT), "EX-LE9": ((130, 50, 0), OUT), "ST40": ((125, 250, 30), FRONT),
    }


def back() -> dict[str, tuple]:
    levels = {"GV13": ("BL11", "SI14"), "GV12": ("BL13", "BL42"), "GV11": ("BL15", "BL44"), "GV10": ("BL16", "BL45")}
    rows = {}
    for row, (middle, (inner, outer)) in enumerate(levels.items()):
        y = 1300 - 20 * row
        rows |= {middle: ((0, y, -90), BACK), inner: ((30, y, -90), BACK), outer: ((60, y, -88), BACK)}
    others = {"BL41": 1290, "BL43": 1270} | {f"BL{n}": 2120 - 20 * n for n in range(46, 53)}
    return rows | {code: ((60, y, -85), BACK) for code, y in others.items()}


def body(rows: dict[str, tuple]) -> list[PlacedPoint]:
    placed = []
    for code, (at, normal) in rows.items():
        at = np.array(at, dtype=float)
        if code.startswith("GV"):
            placed.append(PlacedPoint(code, "midline", None, at, normal))
        else:
            placed += [PlacedPoint(code, side, None, at * (sign, 1, 1), normal * (sign, 1, 1))
                       for side, sign in (("left", 1), ("right", -1))]
    return placed


def moved(points: list[PlacedPoint], code: str, by=(0, 0, 0), side: str | None = None, turn: float = 1) -> list[PlacedPoint]:
    return [dataclasses.replace(point, xyz=point.xyz + np.array(by, dtype=float), normal=turn * point.normal)
            if point.code == code and side in (None, point.side) else point for point in points]


def kinds(points: list[PlacedPoint], code: str) -> set[str]:
    failures = check(points, JOINTS, "female").failures
    return {failure.relation.kind for failure in failures if code in (failure.relation.point, *failure.relation.by)}


@pytest.mark.parametrize("rows", [leg(), back()], ids=["leg", "back"])
def test_a_body_built_by_the_rules_has_no_failure(rows):
    report = check(body(rows), JOINTS, "female")
    assert [str(failure) for failure in report.failures] == []
    assert report.checked > 60
    assert report.held == 1


def test_a_swapped_pair_is_out_of_order():
    rows = leg()
    rows["ST36"], rows["ST37"] = rows["ST37"], rows["ST36"]
    failures = check(body(rows), JOINTS, None).failures
    assert {failure.relation.point for failure in failures if failure.is_order} == {"ST37"}
    assert "distance" in kinds(body(rows), "ST36")


def test_a_shifted_level_is_measured_in_cun():
    failures = check(moved(body(leg()), "ST36", (0, -0.3 * CUN, 0)), JOINTS, None).failures
    found = [failure for failure in failures if failure.relation.kind == "distance" and failure.relation.point == "ST36"]
    assert [(failure.side, failure.stated) for failure in found] == [("left", 3), ("right", 3)]
    assert found[0].measured == pytest.approx(3.3, abs=0.01)
    assert "ST36" in str(found[0])


def test_a_shift_within_the_tolerance_is_let_pass():
    assert kinds(moved(body(leg()), "ST36", (0, -0.05 * CUN, 0)), "ST36") == set()


def test_a_point_beside_its_line_is_found():
    assert kinds(moved(body(leg()), "ST37", (0.4 * CUN, 0, 0), "left"), "ST37") >= {"on_line", "mirror"}


def test_a_flipped_side_is_found():
    points = [dataclasses.replace(point, side="left" if point.side == "right" else "right")
              if point.code in ("EX-LE8", "ST40") else point for point in body(leg())]
    assert {"own_side", "facing"} <= kinds(points, "EX-LE8")
    assert "own_side" in kinds(points, "ST40")


def test_a_point_that_looks_inwards_is_found():
    assert kinds(moved(body(leg()), "BL55", turn=-1), "BL55") == {"facing"}


def test_two_rows_of_the_back_that_change_places_are_out_of_order():
    rows = back()
    for one, other in (("GV12", "GV11"), ("BL13", "BL15"), ("BL42", "BL44")):
        rows[one], rows[other] = rows[other], rows[one]
    failures = check(body(rows), JOINTS, None).failures
    assert {failure.relation.point for failure in failures if failure.is_order} >= {"GV12", "BL44"}


@pytest.mark.parametrize(("code", "by", "kind"), [
    ("BL13", (0, 8, 0), "same_level"), ("BL13", (6, 0, 0), "lateral_ratio"), ("BL42", (9, 0, 0), "lateral"),
    ("GV11", (2, 0, 0), "midline"),
])
def test_a_point_off_its_row_or_column_of_the_back_is_found(code, by, kind):
    assert kind in kinds(moved(body(back()), code, by), code)


def test_a_point_of_one_side_only_is_found():
    points = [point for point in body(leg()) if (point.code, point.side) != ("SP6", "right")]
    assert "mirror" in kinds(points, "SP6")


def test_what_nobody_placed_is_named_and_not_counted():
    report = check(body({"ST35": leg()["ST35"]}), JOINTS, None)
    assert report.checked == 4  # the mirror image and the own side, left and right
    assert {"ST36", "EX-LE9"} <= report.absent


def test_every_point_of_the_skin_has_its_place_and_its_side_in_the_tables():
    placed = {relation.kind == "facing": set() for relation in relations.relations()}
    for relation in relations.relations():
        names = [relation.point] if relation.kind == "facing" else [relation.point, *relation.by]
        placed[relation.kind == "facing"] |= {name.split(".")[0] for name in names}
    expected = set(knowledge.points()) - IN_MOUTH_AND_NOSE
    assert expected - placed[False] == set()
    assert expected - placed[True] <= {"LI1", "LU11", "SI1", "HT9", "EX-UE5", "EX-LE5"}  # a nail turns with its finger


def test_every_relation_is_said_once_and_has_its_page():
    every = relations.relations()
    said = Counter((each.kind, each.direction, each.scale if each.kind != "same_level" else "",
                    frozenset((each.point, *each.by)) if each.kind == "same_level" else (each.point, each.by)) for each in every)
    assert [statement for statement, times in said.items() if times > 1] == []
    assert all(each.page for each in every)
    assert len([each for each in every if each.kind != "facing"]) >= 1000


def test_directions_of_the_arm_are_those_of_the_anatomical_position():
    joints = {f"l-{name}": np.array(at, dtype=float) for name, at in {
        "shoulder": (150, 1300, 0), "elbow": (160, 1050, -5), "hand": (170, 800, 10), "finger-2-1": (190, 720, 15),
        "finger-3-1": (175, 715, 14), "finger-5-1": (145, 725, 12),
    }.items()}
    at = joints["l-hand"]
    for frame in ("forearm", "hand"):
        assert frames.direction(frame, "radial", joints, at)[0] > 0.9
        assert frames.direction(frame, "palmar", joints, at)[2] > 0.9
    assert frames.direction("arm", "anterior", joints, at)[2] > 0.9
    assert frames.direction("arm", "lateral", joints, at)[0] > 0.9
