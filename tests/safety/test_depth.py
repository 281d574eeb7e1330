"""Both sides of each depth, taken from the facts: the zones' distances and the rules' parameters."""

import math

import pytest
from conftest import cases, found, with_

from waterneedle import knowledge
from waterneedle.safety.issues import parameter

RULE_OF = {
    "lung": "pleura_depth",
    "heart": "heart_depth",
    "cord": "cord_depth",
    "eye": "eye_depth",
    "organ": "organ_depth",
    "vessel": "vessel_depth",
}
GREAT = parameter("vessel_depth", "great_vessels")


def zones_of(point, kind):
    zones = [zone for zone in knowledge.hazard_zones().values() if zone.kind == kind and point in zone.points]
    return [zone for zone in zones if zone.id in GREAT] if kind == "vessel" else zones


def limit(point, kind):
    """The smallest depth on file below `point`, and whether it was measured there."""
    return min(
        (min(here), True) if here else (zone.limit_mm, False)
        for zone in zones_of(point, kind)
        for here in [[one.smallest_mm for one in zone.distances if point in one.points]]
    )


SITES = [
    (point, kind)
    for kind in RULE_OF
    for point in sorted({point for zone in knowledge.hazard_zones().values() if zone.kind == kind for point in zone.points})
    if zones_of(point, kind)
]
MEASURED = [(point, kind) for point, kind in SITES if limit(point, kind)[1]]
OVER = [(point, kind) for point, kind in MEASURED if point in ("GB21", "BL1", "GV16", "CV17")]
JUDGED = [(point, kind) for point, kind in SITES if not limit(point, kind)[1]]
TRUSTED = {rule for rule in RULE_OF.values() if "flags" in knowledge.rules()[rule].parameters}


def plan(point, depth_mm=None, *, length_mm=None, angle_deg=90, **more):
    side = "midline" if knowledge.points()[point].side == "midline" else "right"
    set_ = {
        "injections[0].site": {"point": point, "side": side, "skin": "intact"},
        "injections[0].depth_mm": depth_mm,
        "injections[0].angle_deg": angle_deg,
        "injections[0].needle.length_mm": length_mm,
        **more,
    }
    return with_(set_, unset=["injections[1]"])


def depth_cases(kind, *args, **more):
    return [case for case in cases(plan(*args, **more), RULE_OF[kind]) if case != "small"]


@pytest.mark.parametrize(("language", "lung"), [
    ("es", "vértice del pulmón y su pleura"), ("zh-hans", "肺尖及其胸膜")])
def test_what_the_needle_could_reach_is_named_in_the_language_of_the_words(language, lung):
    (said,) = [one.message for one in found(plan("GB21", 5, length_mm=40, language=language), "pleura_depth")]
    assert lung in said and "apex" not in said


def test_a_joint_is_no_organ_of_the_abdomen():
    (said,) = [one.message for one in found(plan("ST35", 10, length_mm=13), "organ_depth")]
    assert "space of the knee joint" in said and "abdomen" not in said


def test_every_structure_has_its_name_in_every_language():
    assert not [zone.id for zone in knowledge.hazard_zones().values() if None in (zone.structure.es, zone.structure.zh_hans)]


def test_places_over_different_structures_are_told_both():
    both = plan("GB21", 5, length_mm=40)
    both["injections"].append(both["injections"][0] | {"id": "b", "site": {"point": "BL13", "side": "right", "skin": "intact"}})
    (said,) = [one.message for one in found(both, "pleura_depth")]
    assert "apex of the lung" in said and "beneath the back" in said


@pytest.mark.parametrize(("point", "kind"), MEASURED)
def test_a_measured_depth_that_is_reached_blocks(point, kind):
    limit_mm, _ = limit(point, kind)

    assert depth_cases(kind, point, limit_mm, length_mm=limit_mm) == ["reached"]
    [issue] = [one for one in found(plan(point, limit_mm, length_mm=limit_mm), RULE_OF[kind]) if one.severity != "note"]
    assert issue.severity == "block"


def test_one_sentence_about_two_points_tells_neither_the_depth_of_the_other():
    both = with_({
        f"injections[{at}].{field}": value
        for at, (point, depth_mm) in enumerate((("GB21", 30.0), ("BL13", 20.0)))
        for field, value in (
            ("site", {"point": point, "side": "right", "skin": "intact"}), ("depth_mm", depth_mm), ("angle_deg", 90))
    })

    [issue] = [one for one in found(both, "pleura_depth") if one.severity == "block"]

    assert "20–30 mm" in issue.message
    least, most = sorted(limit(point, "lung")[0] for point in ("GB21", "BL13"))
    assert f"{least:g}–{most:g} mm" in issue.message
    assert f"{least * parameter('pleura_depth', 'safe_share'):g} mm" in issue.remedy


@pytest.mark.parametrize(("language", "to_come", "was_in"), [
    ("en", "Planned", "Already needled"), ("es", "prevista", "ya alcanzada"), ("zh-hans", "计划", "已刺入")])
@pytest.mark.parametrize(("point", "kind"), OVER)
def test_a_depth_that_was_reached_is_not_called_planned(point, kind, language, to_come, was_in):
    limit_mm, _ = limit(point, kind)

    for status, how, other in (
        (None, to_come, was_in), ("planned", to_come, was_in), ("given", was_in, to_come), ("stopped", was_in, to_come)
    ):
        made = plan(point, limit_mm, length_mm=limit_mm, language=language, **{"injections[0].status": status})
        [said] = [one.message for one in found(made, RULE_OF[kind]) if one.severity == "block"]
        assert how in said and other not in said


def test_of_a_needle_that_was_in_and_one_that_is_planned_each_is_said_by_itself():
    both = with_({
        f"injections[{at}].{field}": value
        for at, status in enumerate(("given", "planned"))
        for field, value in (
            ("site", {"point": "GB21", "side": "right", "skin": "intact"}), ("depth_mm", 30.0), ("angle_deg", 90),
            ("status", status))
    })

    blocks = [(one.message[:16], one.injections) for one in found(both, "pleura_depth") if one.severity == "block"]
    assert [(said.startswith("Planned"), len(at)) for said, at in sorted(blocks)] == [(False, 1), (True, 1)]


@pytest.mark.parametrize("depth_mm", [8.0, 12.0])
def test_a_warning_reads_the_same_before_and_after_so_that_its_answer_holds(depth_mm):
    said = {
        tuple(one.message for one in found(
            plan("GB21", depth_mm, length_mm=13, **{"injections[0].status": status}), "pleura_depth") if one.severity == "warn")
        for status in ("planned", "given", "stopped")
    }

    assert len(said) == 1 and "Planned" not in str(said)


@pytest.mark.parametrize(("point", "kind"), SITES)
def test_a_sentence_with_a_depth_says_whose_figure_it_is(point, kind):
    limit_mm, is_measured = limit(point, kind)
    below = [one for zone in zones_of(point, kind) for one in zone.distances if point in one.points]
    here = [one for one in below if one.smallest_mm == limit_mm]
    whose = [knowledge.sources()[one.citation.source].shortly for one in here] if is_measured else ["our judgement"]

    for depth_mm, needle_mm in ((None, None), (None, limit_mm), (limit_mm, limit_mm), (limit_mm * 2, limit_mm * 2)):
        said = [one.message for one in found(plan(point, depth_mm, length_mm=needle_mm), RULE_OF[kind]) if one.severity != "note"]
        assert said and all(one in sentence for sentence in said for one in whose)


def test_one_sentence_about_a_measured_and_a_judged_depth_names_both():
    both = with_({
        f"injections[{at}].{field}": value
        for at, point in enumerate(("GB21", "LU2"))
        for field, value in (
            ("site", {"point": point, "side": "right", "skin": "intact"}), ("depth_mm", 2.0), ("needle.length_mm", 50.0),
            ("angle_deg", 90))
    })
    [issue] = [one for one in found(both, "pleura_depth") if one.severity == "warn"]
    assert not limit("LU2", "lung")[1] and "8–14.6 mm (our judgement, Chen 2018)" in issue.message


@pytest.mark.parametrize(("point", "kind"), MEASURED)
def test_a_measured_depth_has_a_safe_share(point, kind):
    share_mm = limit(point, kind)[0] * parameter("pleura_depth", "safe_share")
    quiet = RULE_OF[kind] in TRUSTED

    assert depth_cases(kind, point, share_mm - 0.01, length_mm=share_mm) == []
    assert depth_cases(kind, point, share_mm, length_mm=share_mm) == ([] if quiet else ["close"])


@pytest.mark.parametrize(("point", "kind"), JUDGED)
def test_a_judged_depth_warns_and_blocks_further_down(point, kind):
    limit_mm, _ = limit(point, kind)
    block_mm = limit_mm * parameter(RULE_OF[kind], "judged_block")

    assert depth_cases(kind, point, limit_mm - 0.01, length_mm=limit_mm - 0.01) == []
    assert depth_cases(kind, point, limit_mm, length_mm=limit_mm) == ["reached" if block_mm <= limit_mm else "judged"]
    assert depth_cases(kind, point, block_mm, length_mm=block_mm) == ["reached"]
    if block_mm > limit_mm:
        assert depth_cases(kind, point, block_mm - 0.01, length_mm=block_mm) == ["judged"]


@pytest.mark.parametrize(("point", "kind"), SITES)
def test_a_needle_that_could_reach_is_named_whatever_depth_was_typed(point, kind):
    limit_mm, _ = limit(point, kind)
    typed = depth_cases(kind, point, 0.5, length_mm=limit_mm)

    assert typed == ([] if RULE_OF[kind] in TRUSTED else ["needle_could_reach"])
    assert depth_cases(kind, point, None, length_mm=limit_mm) == ["needle_could_reach"]
    assert depth_cases(kind, point, 0.5, length_mm=limit_mm - 0.01) == []


@pytest.mark.parametrize(("point", "kind"), SITES)
def test_depth_and_needle_that_are_not_known_are_asked_for(point, kind):
    [issue] = [one for one in found(plan(point), RULE_OF[kind]) if one.severity != "note"]

    assert issue.severity == "warn"
    assert issue.missing == ("injections[0].depth_mm", "injections[0].needle.length_mm")


@pytest.mark.parametrize("angle_deg", [10, 30, 45, 60, 89])
def test_what_counts_is_how_deep_it_goes_straight_down(angle_deg):
    limit_mm, _ = limit("GB21", "lung")
    along_mm = limit_mm / math.sin(math.radians(angle_deg))

    assert depth_cases("lung", "GB21", along_mm + 0.01, length_mm=along_mm + 0.01, angle_deg=angle_deg) == ["reached"]
    assert depth_cases("lung", "GB21", along_mm - 0.01, length_mm=along_mm - 0.01, angle_deg=angle_deg) == ["close"]
    assert depth_cases("lung", "GB21", 1, length_mm=along_mm + 0.01, angle_deg=angle_deg) == ["needle_could_reach"]


@pytest.mark.parametrize("angle_deg", [None, 0])
def test_an_angle_that_is_not_known_or_that_no_needle_has_is_straight_down(angle_deg):
    limit_mm, _ = limit("GB21", "lung")

    assert depth_cases("lung", "GB21", limit_mm, length_mm=limit_mm, angle_deg=angle_deg) == ["reached"]


def test_the_deeper_end_of_a_range_counts():
    limit_mm, _ = limit("GB21", "lung")

    assert depth_cases("lung", "GB21", 2, length_mm=13, **{"injections[0].depth_max_mm": limit_mm}) == ["reached"]
    assert depth_cases("lung", "GB21", None, length_mm=13, **{"injections[0].depth_max_mm": limit_mm}) == ["reached"]


def test_the_smallest_of_several_depths_holds():
    mm = [one.smallest_mm for zone in zones_of("GB21", "lung") for one in zone.distances if "GB21" in one.points]

    assert len(mm) > 1
    assert depth_cases("lung", "GB21", min(mm), length_mm=min(mm)) == ["reached"]


@pytest.mark.parametrize("site", [{"muscle": "levator scapulae"}, {"region": "chest"}])
def test_muscles_and_regions_have_depths_too(site):
    made = with_(
        {
            "injections[0].site": {**site, "side": "right", "skin": "intact"},
            "injections[0].depth_mm": 30,
            "injections[0].angle_deg": 90,
            "injections[0].needle.length_mm": 40,
        }
    )

    assert cases(made, "pleura_depth") == ["reached"]


@pytest.mark.parametrize("technique", ["injection", "needle_only"])
def test_a_dry_needle_reaches_as_deep(technique):
    contents = {} if technique == "injection" else {"injections[0].contents": []}

    assert depth_cases("lung", "GB21", 30, length_mm=40, **{"injections[0].technique": technique, **contents}) == ["reached"]


def test_a_point_over_nothing_raises_nothing():
    for rule in RULE_OF.values():
        assert cases(plan("GB31", 60, length_mm=75), rule) == []


@pytest.mark.parametrize(
    ("point", "age", "expected"),
    [
        ("ST17", 44, ["no_needle"]),
        ("CV8", 44, ["no_needle"]),
        ("CV1", 44, ["no_needle"]),
        ("GV22", 44, []),
        ("GV22", 1, ["no_needle"]),
    ],
)
def test_some_places_take_no_needle(point, age, expected):
    assert cases(plan(point, 2, length_mm=4, **{"patient.birth_date": f"{2026 - age}-01-01"}), "forbidden_site") == expected


@pytest.mark.parametrize(("days", "expected"), [(-1, ["no_needle"]), (0, [])])
def test_the_fontanelle_is_taken_as_closed_from_its_age(days, expected):
    born = 2026 - int(parameter("forbidden_site", "fontanelle_closed_years"))

    assert cases(plan("GV22", 2, **{"patient.birth_date": f"{born}-11-{22 - days}"}), "forbidden_site") == expected


def test_the_fontanelle_of_somebody_whose_age_is_not_known_may_be_open():
    assert cases(plan("GV22", 2, **{"patient.birth_date": None}), "forbidden_site") == ["no_needle"]


@pytest.mark.parametrize("word", [*parameter("bladder", "empty_words"), "EMPTY", " voided "])
def test_an_empty_bladder_is_silent(word):
    assert cases(plan("CV3", 13, length_mm=13, **{"patient.observations": [{"name": "bladder", "value": word}]}), "bladder") == []


@pytest.mark.parametrize(("value", "expected"), [("full", ["full"]), ("half full", ["full"]), ("", ["full"]), (1, ["full"])])
def test_any_other_bladder_is_full(value, expected):
    observed = {"patient.observations": [{"name": "bladder", "value": value}]}

    assert cases(plan("CV3", 13, length_mm=13, **observed), "bladder") == expected


def test_the_bladder_is_asked_about_only_where_a_needle_could_reach():
    limit_mm = knowledge.hazard_zones()["bladder"].limit_mm

    assert cases(plan("CV3", limit_mm - 0.1, length_mm=40), "bladder") == []
    assert cases(plan("CV3", limit_mm, length_mm=40), "bladder") == ["unknown"]
    assert cases(plan("CV3", None, length_mm=limit_mm), "bladder") == ["unknown"]
    assert cases(plan("CV3"), "bladder") == ["unknown"]


def test_a_small_vessel_is_felt_for():
    assert cases(plan("LU9", 1, length_mm=2), "vessel_depth") == ["small"]
    assert cases(plan("LU9", 1, **{"injections[0].technique": "needle_only", "injections[0].contents": []}), "vessel_depth") == []


@pytest.mark.parametrize(
    ("depth_mm", "most_mm", "length_mm", "expected"),
    [
        (13, None, 13, []),
        (13.1, None, 13, ["too_short"]),
        (None, 14, 13, ["too_short"]),
        (5, 13, 13, []),
        (5, 14, 13, ["too_short"]),
        (5, 4, 13, ["range"]),
        (5, 5, 13, []),
        (14, 5, 13, ["range", "too_short"]),
        (50, None, None, []),
        (None, None, 13, []),
    ],
)
def test_depth_and_needle_fit(depth_mm, most_mm, length_mm, expected):
    made = plan("ST36", depth_mm, length_mm=length_mm, **{"injections[0].depth_max_mm": most_mm})

    assert cases(made, "needle_length") == expected


def test_a_thin_build_is_one_below_the_body_mass_index():
    kg = parameter("lung_disease", "thin_bmi") * 1.65**2

    assert cases(plan("GB21", 5, length_mm=8, **{"patient.weight_kg": kg + 0.01}), "lung_disease") == []
    assert cases(plan("GB21", 5, length_mm=8, **{"patient.weight_kg": kg - 0.01}), "lung_disease") == ["thin"]
    assert cases(plan("ST36", 5, length_mm=8, **{"patient.weight_kg": kg - 0.01}), "lung_disease") == []


@pytest.mark.parametrize("field", ["patient.weight_kg", "patient.height_cm"])
def test_a_build_that_is_not_known_is_asked_for_over_the_lung(field):
    [issue] = found(plan("GB21", 5, length_mm=8, **{field: None}), "lung_disease")

    assert field in issue.missing


@pytest.mark.parametrize("condition", ["COPD", "emphysema", "previous pneumothorax"])
def test_a_diseased_lung_is_named(condition):
    made = {"patient.conditions": [{"name": condition}]}

    assert cases(plan("GB21", 5, length_mm=8, **made), "lung_disease") == ["disease"]
    assert cases(plan("ST36", 5, length_mm=8, **made), "lung_disease") == []


def test_enlarged_organs_are_named_over_the_abdomen_alone():
    made = {"patient.conditions": [{"name": "splenomegaly"}]}

    assert cases(plan("LR14", 3, length_mm=4, **made), "organ_depth") == ["enlarged"]
    assert cases(plan("LI11", 3, length_mm=4, **made), "organ_depth") == []


@pytest.mark.parametrize(
    ("point", "level", "over"),
    [
        ("EX-B2", "L2", False), ("EX-B2", "L3", False), ("EX-B2", "at L4-5", False), ("EX-B2", " l5 ", False),
        ("EX-B2", "L1", True), ("EX-B2", "T4", True), ("EX-B2", "L3 or T4", True), ("EX-B2", None, True), ("GB21", "L3", True),
    ],
)  # fmt: skip
def test_only_a_point_of_many_levels_is_below_the_lung_at_a_low_one(point, level, over):
    site = {"point": point, "side": "right", "level": level}
    plan = with_({"injections[0].site": site}, unset=["injections[1]", "patient.height_cm"])

    assert (cases(plan, "lung_disease") == ["build_unknown"]) is over
