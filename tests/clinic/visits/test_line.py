"""A typed line is read to exactly what it says, or every word that cannot be is named."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterneedle import knowledge
from waterneedle.clinic.visits.line import Line, read, write
from waterneedle.clinic.visits.places import find_place, sides_of, words_of, written

PLACES = [
    (kind, place)
    for kind, facts in (("point", knowledge.points()), ("muscle", knowledge.trigger_points()), ("region", knowledge.regions()))
    for place in facts
]


def line(kind="point", place="ST36", side="left", **said):
    numbers = {"volume_ml", "depth_mm", "depth_max_mm", "length_mm"}
    return Line(kind=kind, place=place, side=side, **{k: Decimal(v) if k in numbers else v for k, v in said.items()})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("st36 b .5 12mm", line(side="bilateral", volume_ml=".5", depth_mm="12")),
        ("tp uptrap r .2 sc", line("muscle", "trp-utrap", "right", volume_ml=".2", route="SC")),
        ("ashi knee l .3", line("region", "knee", volume_ml=".3")),
        (
            "li11 r .3 im 10mm 30g 13mm 45deg",
            line(place="LI11", side="right", volume_ml=".3", route="IM", depth_mm="10", gauge=30, length_mm="13", angle_deg=45),
        ),
        ("gb20 b needle", line(place="GB20", side="bilateral", technique="needle_only")),
        *((f"gb20 b {word}", line(place="GB20", side="bilateral", technique="needle_only"))
          for word in ("dry", "needleonly", "aguja", "针刺", "单针")),
        ("ST 36 l 0.5 mL", line(volume_ml=".5")),
        ("li 04 l .2", line(place="LI4", volume_ml=".2")),
        ("Zúsānlǐ l ,5", line(volume_ml=".5")),
        ("zu san li l .5", line(volume_ml=".5")),
        ("足三里 左 0.5 皮下", line(volume_ml=".5", route="SC")),
        ("左足三里0.5", line(volume_ml=".5")),
        ("足三里 左 ０．５", line(volume_ml=".5")),
        ("st36 l, 5 ml", line(volume_ml="5")),
        ("st36 l 1 5mm", line(volume_ml="1", depth_mm="5")),
        ("st36 bl .5", line(side="bilateral", volume_ml=".5")),
        ("足三里双侧 .5", line(side="bilateral", volume_ml=".5")),
        ("l st36 .5", line(volume_ml=".5")),
        ("b st36 .5", line(side="bilateral", volume_ml=".5")),
        ("st36 bil .5", line(side="bilateral", volume_ml=".5")),
        ("left knee .3", line("region", "knee", volume_ml=".3")),
        ("trigger point QL right side 0.5 ml", line("muscle", "trp-ql", "right", volume_ml=".5")),
        ("ah shi lower back l 1 mL", line("region", "lower_back", volume_ml="1")),
        ("ashi under the right ribs .3", line("region", "under_ribs_right", "right", volume_ml=".3")),
        ("cv12 .3", line(place="CV12", side="midline", volume_ml=".3")),
        ("ex-b2 L4 r .2", line(place="EX-B2", side="right", level="L4", volume_ml=".2")),
        ("st36 l .5 8-12 mm 30gx13mm", line(volume_ml=".5", depth_mm="8", depth_max_mm="12", gauge=30, length_mm="13")),
        ("st36 l .5 30g 13mm", line(volume_ml=".5", gauge=30, length_mm="13")),
        ("st36 l .5 30 gauge x 13 mm 10mm", line(volume_ml=".5", gauge=30, length_mm="13", depth_mm="10")),
        ("ub60 l", line(place="BL60")),
        ("b 10 r .3", line(place="BL10", side="right", volume_ml=".3")),
        ("st36 l .5 30gx13mm 10mm", line(volume_ml=".5", gauge=30, length_mm="13", depth_mm="10")),
    ],
)
def test_line_says_what_was_typed(text, said):
    assert read(text) == (said, ())


@pytest.mark.parametrize(
    ("text", "wrong", "word", "near"),
    [
        ("", "empty", "", ()),
        ("tp", "no_place", "tp", ()),
        ("st36 .5", "no_side", "st36", ("l", "r", "b")),
        ("tp calf .5", "no_side", "calf", ("l", "r", "b")),
        ("cv12 l .5", "wrong_side", "l", ("m",)),
        ("st36 m .5", "wrong_side", "m", ("l", "r", "b")),
        ("ashi under the right ribs l", "wrong_side", "l", ("r",)),
        ("calf l .2", "two_places", "calf", ("tp gastrocnemius", "ashi calf")),
        ("yinjiao .3", "two_places", "yinjiao", ("CV7", "GV28")),
        ("st46 l .5", "unknown_place", "st46", ()),
        ("l4 b .5", "unknown_place", "l4", ("LU4", "LI4", "LR4")),
        ("zusanly l .5", "unknown_place", "zusanly", ("ST36",)),
        ("tp uptrapp r .1", "unknown_place", "uptrapp", ("tp trapezius upper",)),
        ("st36 l .5 subk", "unknown_word", "subk", ("subq", "subcut", "subcutaneous")),
        ("st36 l .5 .3", "twice", ".3", ()),
        ("st36 l r .5", "twice", "r", ()),
        ("st36 l .5 10mm 12mm", "twice", "12mm", ()),
        ("st36 l 12", "needs_unit", "12", ("12mL", "12mm")),
        ("st 3 6 l", "needs_unit", "6", ("6mL", "6mm")),
        ("st 3 5 l", "needs_unit", "5", ("5mL", "5mm")),
        ("st36 l .5 iv", "elsewhere", "iv", ()),
        ("st36 l .5 other", "elsewhere", "other", ()),
        ("st36 izq .5 intravenosa", "elsewhere", "intravenosa", ()),
        ("足三里左0.5关节内", "elsewhere", "关节内", ()),
        ("st36 l 30g needle", "unknown_word", "needle", ("needleonly",)),
        ("ashi lower back l l0 .5", "out_of_range", "l0", ("C1–C7", "T1–T12", "L1–L5", "S1–S5")),
        ("st36 l 0", "out_of_range", "0", ("0–60",)),
        ("st36 l . 5", "point_slipped", ". 5", ("0.5mL", "5mL")),
        ("st36 l , 5 sc", "point_slipped", ", 5", ("0.5mL", "5mL")),
        ("st36 l 05", "point_slipped", "05", ("0.5mL", "5mL")),
        ("st36 l 025ml", "point_slipped", "025ml", ("0.25mL", "25mL")),
        ("足三里 左 。5", "point_slipped", "。5", ("0.5mL", "5mL")),
        ("ex-b2 l s2 .5", "out_of_range", "s2", ("T1–T12", "L1–L5")),
        ("ex-b2 l t13 .5", "out_of_range", "t13", ("T1–T12", "L1–L5")),
        ("ashi lower back l l6 .5", "out_of_range", "l6", ("C1–C7", "T1–T12", "L1–L5", "S1–S5")),
        ("st36 l .5 300mm", "out_of_range", "300mm", ("0–150",)),
        ("st36 l .5 12-8mm", "out_of_range", "12-8mm", ("8-12mm",)),
        ("st36 l .5 40g", "out_of_range", "40g", ("14–36",)),
        ("st36 l .5 120deg", "out_of_range", "120deg", ("0–90",)),
        ("st36 l .0004", "too_fine", ".0004", ("0",)),
        ("st36 l .12345", "too_fine", ".12345", ("0.123",)),
        ("st36 l .5 12.55mm", "too_fine", "12.55mm", ("12.6",)),
        ("st36 l 500 mcg", "other_unit", "500 mcg", ()),
        ("st36 l .5 1 cm", "other_unit", "1 cm", ()),
        ("足三里 左 500微克", "other_unit", "500微克", ()),
        ("st36 l 1,000", "point_slipped", "1,000", ("1mL",)),
        ("st36 l 500", "needs_unit", "500", ()),
        ("st36 l .5 1/2\"", "other_unit", "1/2\"", ()),
        ("st36 l .5 0.5in", "other_unit", "0.5in", ()),
        ("st36 l .5 ½", "other_unit", "½", ()),
        ("st36 l 500mcg", "other_unit", "500mcg", ()),
        (".5 st36 l", "place_first", ".5", ()),
        ("12mm st36 l .5", "place_first", "12mm", ()),
        ("sc st36 l .5", "place_first", "sc", ()),
        ("gb20 l needle .5", "no_fluid", "gb20", ()),
        ("gb20 l needle sc", "no_fluid", "gb20", ()),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place_and_what_may_be_meant(text, wrong, word, near):
    found = read(text)

    assert found.line is None
    assert [(one.wrong, one.word) for one in found.troubles] == [(wrong, word)]
    trouble = found.troubles[0]
    assert text[trouble.start : trouble.end] == word
    assert set(near) <= set(trouble.near) or trouble.near == near


@pytest.mark.parametrize(("code", "place"), [("e36", "ST36"), ("VB21", "GB21"), ("bp6", "SP6"), ("id3", "SI3"), ("r3", "KI3")])
def test_the_spanish_code_of_a_channel_is_read_by_those_who_read_spanish(code, place):
    assert read(f"{code} b .2", "es").line == line(place=place, side="bilateral", volume_ml=".2")
    assert read(f"{code} b .2", "en").line is None


def test_a_point_marks_thousands_where_spanish_is_written_and_nowhere_else():
    assert [(one.wrong, one.word) for one in read("st36 i 1.000", "es").troubles] == [("point_slipped", "1.000")]
    assert read("st36 l 1.000").line == line(volume_ml="1")


@pytest.mark.parametrize(("text", "side"), [
    ("st36 d .2", "right"), ("st36 I, .2", "left"), ("d e36 .2", "right"), ("i e 36 .2", "left"), ("st36 lado d .2", "right"),
    ("st36 d lado .2", "right")])
def test_a_letter_is_a_side_where_spanish_is_written_and_nowhere_else(text, side):
    assert read(text, "es").line == line(place="ST36", side=side, volume_ml=".2")
    assert read(text, "en").line is None and read(text, "zh-hans").line is None


@pytest.mark.parametrize(("text", "route"), [("st36 l i d .2", "ID"), ("st36 l i m .2", "IM")])
def test_the_letters_of_a_route_are_no_side_in_spanish_either(text, route):
    assert read(text, "es") == read(text, "en") == (line(volume_ml=".2", route=route), ())
    assert read("i d st36 .2", "es").troubles[0].wrong == "unknown_place"
    assert read("st36 i d .2", "es").troubles[0].wrong == "no_side"


def test_every_trouble_of_a_line_comes_back_at_once():
    assert [one.wrong for one in read("st36 abc .5 .6 200deg").troubles] == ["unknown_word", "twice", "out_of_range", "no_side"]


def test_both_sides_are_two_punctures():
    assert read("st36 b .5").line.sides == ("left", "right")
    assert read("cv12 .5").line.sides == ("midline",)


def test_a_point_over_the_lung_gets_no_depth_that_was_not_typed():
    over_the_lung = {code for zone in knowledge.hazard_zones().values() if zone.kind == "lung" for code in zone.points}

    read_depths = {read(f"{code} {'m' if knowledge.points()[code].side == 'midline' else 'l'} .2 sc 30g 13mm").line.depth_mm
                   for code in over_the_lung}  # fmt: skip

    assert read_depths == {None}


@pytest.mark.parametrize(("kind", "place"), PLACES)
def test_every_place_is_found_by_the_name_that_is_written(kind, place):
    found = find_place(words_of(written(kind, place)))

    assert (found.kind, found.place, found.rest) == (kind, place, [])


def _decimals(low, high, places):
    return st.none() | st.decimals(low, high, places=places, allow_nan=False, allow_infinity=False)


@st.composite
def lines(draw):
    kind, place = draw(st.sampled_from(PLACES))
    technique = draw(st.sampled_from(["injection", "needle_only"]))
    fluid = {"volume_ml": draw(_decimals("0.001", 60, 3)), "route": draw(st.sampled_from([None, "ID", "SC", "IM"]))}
    depth = draw(_decimals(0, 150, 1))
    deepest = None if depth is None else draw(_decimals(depth, 150, 1))
    takes_level = kind != "point" or place == "EX-B2"
    return Line(
        kind=kind,
        place=place,
        side=draw(st.sampled_from(sides_of(kind, place))),
        level=draw(st.sampled_from(["", "T7", "L4"])) if takes_level else "",
        technique=technique,
        depth_mm=depth,
        depth_max_mm=deepest or None,
        gauge=draw(st.none() | st.integers(14, 36)),
        length_mm=draw(_decimals("0.1", 150, 1)),
        angle_deg=draw(st.none() | st.integers(0, 90)),
        **(fluid if technique == "injection" else {}),
    )


@given(lines())
def test_what_is_written_reads_back_the_same(said):
    assert read(write(said)) == (said, ())


@given(st.text(max_size=60))
def test_any_text_is_read_or_named(text):
    found = read(text)

    assert (found.line is None) == bool(found.troubles)
    assert all(text[one.start : one.end].startswith(one.word[:1]) for one in found.troubles)


@pytest.mark.parametrize(("good", "bad"), [
    ("60ml", "60.5ml"), ("150mm", "151mm"), ("8-150mm", "8-151mm"), ("30g 150mm", "30g 151mm"), ("30gx150mm", "30gx151mm"),
    ("14g", "13g"), ("36g", "37g"), ("90deg", "91deg"),
])
def test_what_no_needle_or_syringe_has_is_named_and_not_charted(good, bad):
    assert read(f"st36 l {good}").line is not None
    found = read(f"st36 l {bad}")
    assert found.line is None and found.troubles
