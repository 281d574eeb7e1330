"""Both sides of each volume, taken from the rules' parameters."""

import copy

import pytest
from conftest import cases, changed, found, with_

from waterneedle import knowledge
from waterneedle.safety.issues import parameter

BY_PART = parameter("volume_per_point", "by_body_part")
FAR_OVER = parameter("volume_per_point", "far_over")
POINT_OF = {point.body_part: code for code, point in knowledge.points().items()}
ZONES = parameter("nerve_volume", "most_ml_by_zone")


def plan(volume_ml, **site):
    return with_(
        {"injections[0].contents[0].volume_ml": volume_ml, **{f"injections[0].site.{k}": v for k, v in site.items()}},
        unset=["injections[1]"],
    )


def test_every_part_of_the_body_with_a_point_has_a_volume():
    assert set(POINT_OF) <= set(BY_PART)


@pytest.mark.parametrize("part", sorted(POINT_OF))
def test_a_point_takes_what_its_region_is_given(part):
    code, most = POINT_OF[part], BY_PART[part]

    assert cases(plan(most, point=code), "volume_per_point") == []
    assert cases(plan(most + 0.001, point=code), "volume_per_point") == ["over"]
    assert cases(plan(most * FAR_OVER, point=code), "volume_per_point") == ["over"]
    assert cases(plan(most * FAR_OVER + 0.001, point=code), "volume_per_point") == ["far_over"]


def test_a_place_that_is_not_understood_takes_as_little_as_elsewhere():
    most = BY_PART["elsewhere"]

    assert cases(plan(most, point="ST99"), "volume_per_point") == []
    assert cases(plan(most + 0.001, point="ST99"), "volume_per_point") == ["over"]


@pytest.mark.parametrize("route", sorted(parameter("volume_by_route", "most_ml")))
def test_a_layer_takes_what_it_can(route):
    most = parameter("volume_by_route", "most_ml")[route]
    at = {"injections[0].route": route}

    assert cases(changed(plan(most, point="ST36"), at), "volume_by_route") == []
    assert cases(changed(plan(most + 0.001, point="ST36"), at), "volume_by_route") == ["over"]


@pytest.mark.parametrize("route", [None, "IV", "other"])
def test_a_route_without_a_figure_raises_nothing_of_volume(route):
    assert cases(changed(plan(60, point="ST36"), {"injections[0].route": route}), "volume_by_route") == []


@pytest.mark.parametrize("zone", sorted(ZONES))
def test_a_tight_place_takes_little(zone):
    at, points = ZONES[zone], knowledge.hazard_zones()[zone].points
    code = next(
        point
        for point in points
        if not any(ZONES.get(other.id, 60) < at for other in knowledge.hazard_zones().values() if point in other.points)
    )

    assert cases(plan(at, point=code), "nerve_volume") == []
    assert cases(plan(at + 0.001, point=code), "nerve_volume") == ["over"]


def muscle_plan(*volumes, muscle="trp-gmax", side="left"):
    plan_ = plan(1)
    first = plan_["injections"][0]
    plan_["injections"] = [
        changed(first, {"id": f"{n}", "site": {"muscle": muscle, "side": side}, "contents[0].volume_ml": volume})
        for n, volume in enumerate(volumes)
    ]
    return plan_


def test_one_muscle_takes_a_total():
    most = parameter("volume_per_muscle", "most_ml")

    assert cases(muscle_plan(most / 2, most / 2), "volume_per_muscle") == []
    assert cases(muscle_plan(most / 2, most / 2 + 0.001), "volume_per_muscle") == ["over"]
    assert cases(muscle_plan(most + 1), "volume_per_muscle") == []  # one injection: its point and its route say it
    [issue] = found(muscle_plan(2, 2, 2), "volume_per_muscle")
    assert (issue.severity, issue.injections) == ("warn", ("0", "1", "2"))


def test_the_other_side_is_another_muscle():
    plan_ = muscle_plan(3, 3)
    plan_["injections"][1]["site"]["side"] = "right"

    assert cases(plan_, "volume_per_muscle") == []


def session(volumes, side="right"):
    plan_ = plan(1)
    plan_["injections"] = [
        changed(plan_["injections"][0], {"id": f"{n}", "site.point": "ST36", "site.side": side, "contents[0].volume_ml": volume})
        for n, volume in enumerate(volumes)
    ]
    return plan_


def test_a_visit_has_a_total():
    most = parameter("volume_per_session", "most_ml")

    assert cases(session([most / 4] * 4), "volume_per_session") == []
    assert cases(session([most / 4] * 4 + [0.001]), "volume_per_session") == ["over"]
    assert cases(session([most / 4] * 2, side="bilateral"), "volume_per_session") == []
    assert cases(session([most / 4 + 0.001] * 2, side="bilateral"), "volume_per_session") == ["over"]


def test_a_visit_has_a_number_of_punctures():
    most = int(parameter("volume_per_session", "most_punctures"))

    assert cases(session([0.1] * most), "volume_per_session") == []
    assert cases(session([0.1] * (most + 1)), "volume_per_session") == ["punctures"]
    assert cases(session([0.1] * (most // 2), side="bilateral"), "volume_per_session") == []
    assert cases(session([0.1] * (most // 2 + 1), side="bilateral"), "volume_per_session") == ["punctures"]


def test_a_volume_that_is_missing_is_named():
    [issue] = found(with_(unset=["injections[0].contents[0].volume_ml"]), "volume_missing")

    assert (issue.severity, issue.missing, issue.injections) == ("warn", ("injections[0].contents[0].volume_ml",), ("1",))


def test_the_volume_of_the_whole_stands_for_its_parts():
    whole = with_({"injections[0].volume_ml": 0.3}, unset=["injections[0].contents[0].volume_ml"])

    assert cases(whole, "volume_missing") == []
    assert cases(changed(whole, {"injections[0].volume_ml": 3}), "volume_per_point") == ["far_over"]


def test_the_parts_of_a_mixture_are_added():
    most = BY_PART["leg"]
    part = {"product": "B12", "volume_ml": most / 2}
    mixed = with_({"injections[0].site.point": "ST36", "injections[0].contents": [part, part]}, unset=["injections[1]"])

    assert cases(mixed, "volume_per_point") == []
    assert cases(changed(mixed, {"injections[0].contents[1].volume_ml": most / 2 + 0.001}), "volume_per_point") == ["over"]
    assert cases(changed(mixed, unset=["injections[0].contents[1].volume_ml"]), "volume_missing") == ["missing"]


def test_a_needle_without_a_fluid_has_no_volume():
    dry = with_({"injections[0].technique": "needle_only", "injections[0].contents": []}, unset=["injections[1]"])

    for rule in ("volume_missing", "volume_per_point", "volume_by_route", "volume_per_session"):
        assert cases(dry, rule) == []


@pytest.mark.parametrize(("years", "expected"), [("before", ["child"]), ("on", [])])
@pytest.mark.parametrize("code", ["LI4", "LU11", "SI3"])
def test_the_hand_of_a_child(code, years, expected):
    born = 2026 - int(parameter("child_hand", "child_years"))
    day = "22" if years == "on" else "23"

    assert cases(changed(plan(0.1, point=code), {"patient.birth_date": f"{born}-11-{day}"}), "child_hand") == expected
    assert cases(changed(plan(0.1, point="ST36"), {"patient.birth_date": f"{born}-11-{day}"}), "child_hand") == []


@pytest.mark.parametrize(
    ("total_ml", "case"), [(1.0, []), (1.01, ["over"]), (2.0, ["over"]), (2.01, ["far_over"])]
)
@pytest.mark.parametrize("place", [{"point": "GB20", "side": "right"}, {"point": "CV22"}])
def test_what_goes_into_one_point_in_three_lines_is_one_volume(total_ml, case, place):
    third = with_({"injections[0].site": place, "injections[0].contents[0].volume_ml": total_ml / 3})["injections"][0]
    plan = with_({"injections": [third, third, third]})

    assert cases(plan, "volume_per_point") == case


def test_two_sides_and_two_points_are_two_places():
    def both(one, other):
        sites = {f"injections[{at}].site": site for at, site in enumerate((one, other))}
        return cases(with_(sites | {f"injections[{at}].contents[0].volume_ml": 0.9 for at in range(2)}), "volume_per_point")

    left, right, muscle = {"point": "GB20", "side": "left"}, {"point": "GB20", "side": "right"}, {"muscle": "levator scapulae"}
    assert both(left, left) == ["over"]
    assert both(left, right) == both(left, {"point": "BL10", "side": "left"}) == both(muscle, muscle) == []


def test_a_volume_that_is_not_known_adds_nothing_to_the_others():
    site = {f"injections[{at}].site": {"point": "GB20", "side": "left"} for at in range(2)}
    plan = with_(site | {"injections[0].contents[0].volume_ml": None, "injections[1].contents[0].volume_ml": 0.9})

    assert cases(plan, "volume_per_point") == []
    assert cases(plan, "volume_per_session") == []


def twice(volume_ml, **site):
    both = plan(volume_ml, **site)
    both["injections"].append(copy.deepcopy(both["injections"][0]) | {"id": "again"})
    return both


def test_what_is_put_into_one_point_twice_is_one_volume_also_where_each_is_too_much_already():
    most = BY_PART[knowledge.points()["GB21"].body_part]

    assert cases(twice(most * 0.6, point="GB21"), "volume_per_point") == ["over"]
    assert cases(twice(most * 1.2, point="GB21"), "volume_per_point") == ["far_over", "over"]
    assert cases(twice(most * 2.1, point="GB21"), "volume_per_point") == ["far_over"]


def test_what_is_put_into_one_tight_place_twice_is_one_volume():
    most = ZONES["fibular-nerve"]
    (said,) = found(twice(most * 0.6, point="ST36"), "nerve_volume")

    assert len(said.injections) == 2 and f"{most * 1.2:g} mL" in said.message
    assert found(twice(most * 0.5, point="ST36"), "nerve_volume") == []
    sides = twice(most * 0.6, point="ST36", side="right")
    assert found(changed(sides, {"injections[1].site.side": "left"}), "nerve_volume") == []


def test_three_times_a_tenth_is_no_more_than_three_tenths():
    most, code = BY_PART["ear"], POINT_OF["ear"]
    thrice = twice(most / 3, point=code)
    thrice["injections"].append(thrice["injections"][0] | {"id": "once more"})

    assert sum([0.1] * 3) > 0.3 == most
    assert cases(thrice, "volume_per_point") == []
