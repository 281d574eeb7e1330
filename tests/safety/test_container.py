"""Dates on both sides, for each kind of container."""

from datetime import date, timedelta

import pytest
from conftest import cases, found, ordinary_plan, with_
from hypothesis import given
from hypothesis import strategies as st

from waterneedle import knowledge
from waterneedle.safety.issues import parameter
from waterneedle.safety.rules.container import last_day

TODAY = date.fromisoformat(ordinary_plan()["date"])
DAYS = int(parameter("beyond_use", "days"))
KINDS = ["ampoule", "single_dose_vial", "multi_dose_vial", "prefilled_syringe", None]
VIAL = "injections[0].contents[0].container"


def plan(product=None, **vial):
    set_ = {f"{VIAL}.{name}": str(value) if isinstance(value, date) else value for name, value in vial.items()}
    return with_({**set_, **({"injections[0].contents[0].product": product} if product else {})})


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        (TODAY, []),
        (TODAY - timedelta(1), ["expired"]),
        ("2026-11", []),
        ("2026-10", ["expired"]),
        ("2026-12", []),
        ("0000-01", ["expired"]),
        (None, []),
    ],
)
def test_a_date_is_good_on_that_day_and_a_month_to_its_end(kind, expires, expected):
    assert cases(plan(kind=kind, expires=expires), "expiry") == expected


@given(st.dates())
def test_a_month_is_good_to_its_last_day(day):
    last = last_day(f"{day.year:04}-{day.month:02}")

    assert (last.year, last.month) == (day.year, day.month)
    assert last == date.max or (last + timedelta(1)).day == 1
    assert last_day(day.isoformat()) == day


@pytest.mark.parametrize("product", [one.id for one in knowledge.products().values()])
def test_an_open_vial_is_good_for_its_days(product):
    labelled = knowledge.products()[product].beyond_use_days
    days = DAYS if labelled is None else int(labelled)

    assert cases(plan(product, opened_on=TODAY - timedelta(days)), "beyond_use") == []
    assert cases(plan(product, opened_on=TODAY - timedelta(days + 1)), "beyond_use") == ["passed"]


@pytest.mark.parametrize(
    ("vial", "expected"),
    [
        ({"opened_on": TODAY}, []),
        ({"opened_on": TODAY + timedelta(1)}, ["future"]),
        ({"opened_on": None, "opened": True}, ["undated"]),
        ({"opened_on": None, "opened": None}, ["unknown"]),
        ({"opened_on": None, "opened": False}, []),
        ({"opened_on": None, "opened": None, "kind": None}, []),
        ({"opened_on": TODAY - timedelta(99), "kind": None}, ["passed"]),
        ({"opened_on": None, "opened": True, "kind": None}, ["undated"]),
        ({"opened_on": TODAY - timedelta(99), "kind": "ampoule"}, []),
        ({"opened_on": None, "opened": True, "kind": "prefilled_syringe"}, []),
        ({"beyond_use": TODAY}, []),
        ({"beyond_use": TODAY - timedelta(1)}, ["labelled"]),
        ({"beyond_use": TODAY - timedelta(1), "kind": "prefilled_syringe"}, ["labelled"]),
        ({"beyond_use": TODAY - timedelta(1), "opened_on": TODAY - timedelta(99)}, ["labelled", "passed"]),
    ],
)
def test_beyond_use(vial, expected):
    assert cases(plan(**vial), "beyond_use") == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("vial", "for_one", "for_unknown"),
    [
        ({"used_for_another_patient": True}, ["another_patient"], ["kind_unknown"]),
        ({"used_for_another_patient": False}, [], []),
        ({"opened_on": TODAY}, [], []),
        ({"opened_on": TODAY - timedelta(1)}, ["opened_before"], []),
        ({"opened": True, "opened_on": None}, ["opened_when"], []),
        ({"opened": False, "opened_on": None}, [], []),
        (
            {"opened_on": TODAY - timedelta(1), "used_for_another_patient": True},
            ["another_patient", "opened_before"],
            ["kind_unknown"],
        ),
    ],
)
def test_a_single_dose_serves_one_patient_once(kind, vial, for_one, for_unknown):
    expected = [] if kind == "multi_dose_vial" else for_unknown if kind is None else for_one

    assert cases(plan(**{"kind": kind, "opened_on": TODAY, **vial}), "single_dose") == expected


@pytest.mark.parametrize(
    ("vial", "expected"), [({"used_for_another_patient": True}, ["shared"]), ({"used_for_another_patient": False}, []), ({}, [])]
)
def test_a_shared_vial_is_noted(vial, expected):
    assert cases(plan(**vial), "multi_dose_shared") == expected
    assert cases(plan(**vial, kind="ampoule"), "multi_dose_shared") == []


@pytest.mark.parametrize("missing", ["kind", "lot", "expires"])
@pytest.mark.parametrize("value", [None, ""])
def test_kind_lot_and_expiry_are_asked_for(missing, value):
    if value == "" and missing != "lot":
        return
    [issue] = found(plan(**{missing: value}), "container")

    assert (issue.severity, issue.missing) == ("warn", (f"{VIAL}.{missing}",))


def test_a_container_that_is_missing_is_asked_for():
    [issue] = found(with_({VIAL: None}), "container")

    assert (issue.severity, issue.missing) == ("warn", (VIAL,))


@pytest.mark.parametrize(("labelled", "expected"), [(False, ["unlabelled"]), (True, []), (None, [])])
def test_a_syringe_without_a_label(labelled, expected):
    assert cases(plan(kind="prefilled_syringe", labelled=labelled), "syringe_label") == expected
    assert cases(plan(kind="ampoule", labelled=labelled), "syringe_label") == []


HELD = [one for one in knowledge.products().values() if one.container_volume_ml]


@pytest.mark.parametrize("product", HELD, ids=lambda one: one.id)
def test_an_ampoule_gives_what_it_holds(product):
    def drawn(volume_ml, **more):
        vial = {"kind": "ampoule", "lot": "A", "expires": "2027-08", "opened": False, **more}
        content = {"product": product.id, "volume_ml": volume_ml, "container": vial}
        return with_({"injections[0].contents": [content], "injections[1].contents": [content]})

    half = product.container_volume_ml / 2

    assert cases(drawn(half), "container_volume") == []
    assert cases(drawn(half + 0.001), "container_volume") == ["several"]
    assert cases(drawn(half + 0.001, kind="multi_dose_vial"), "container_volume") == []
    [issue] = found(drawn(half + 0.001), "container_volume")
    assert (issue.severity, issue.injections) == ("note", ("1", "2"))


@pytest.mark.parametrize(("used", "expected"), [(True, ["used"]), (False, []), (None, [])])
def test_a_used_needle(used, expected):
    assert cases(with_({"injections[0].needle.used_before": used}), "needle_reuse") == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("returned", "expected"), [(True, ["returned"]), (False, []), (None, [])])
def test_fluid_that_went_back(kind, returned, expected):
    assert cases(plan(kind=kind, returned_fluid=returned), "returned_fluid") == expected
