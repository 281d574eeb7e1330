"""Who may inject what: the rules of who and of law, asked without a patient."""

from __future__ import annotations

import datetime

import msgspec
import pytest
from conftest import check, ordinary_plan

from waterneedle import knowledge
from waterneedle.safety.permission import permission
from waterneedle.safety.plan import Practitioner

DAY = datetime.date(2026, 11, 22)
READY = Practitioner(
    profession="acupuncturist", license_expires=datetime.date(2027, 6, 30), training_hours=26, hands_on_hours=9,
    emergency_training_hours=2, certified_on=datetime.date(2024, 5, 1), certificate_expires=datetime.date(2027, 5, 1),
    cpr_expires=datetime.date(2027, 1, 31), qualifications=())


def product():
    return next(one.id for one in knowledge.products().values() if one.category == "vitamin_b12" and one.routes)


def rules(found):
    return {one.rule for one in found.against}


def test_who_is_ready_may_inject_b12_where_the_law_allows_it():
    found = permission(READY, "US-WA", DAY, product=product(), route="IM")

    assert found.granted, found.against


@pytest.mark.parametrize(("field", "rule"), [
    ("profession", "profession"), ("license_expires", "practitioner_license"), ("certified_on", "certificate"),
    ("training_hours", "training"), ("hands_on_hours", "training")])
def test_what_is_not_on_record_opens_no_gate(field, rule):
    found = permission(msgspec.structs.replace(READY, **{field: None}), "US-WA", DAY)

    assert not found.granted
    assert rule in rules(found)


@pytest.mark.parametrize(("field", "rule"), [("license_expires", "practitioner_license"), ("certificate_expires", "certificate")])
def test_a_paper_is_good_on_its_last_day_and_not_on_the_next(field, rule):
    good, late = (msgspec.structs.replace(READY, **{field: day}) for day in (DAY, DAY - datetime.timedelta(days=1)))

    assert permission(good, "US-WA", DAY).granted
    assert rules(permission(late, "US-WA", DAY)) == {rule}


@pytest.mark.parametrize("place", [None, "XX", "US-ZZ", "US-CA"])
def test_a_place_that_is_unknown_or_forbids_it_opens_no_gate(place):
    assert "jurisdiction" in rules(permission(READY, place, DAY))


def test_a_route_that_the_law_does_not_list_is_refused():
    assert "law_route" in rules(permission(READY, "US-WA", DAY, product=product(), route="IV"))


def test_a_substance_that_the_law_does_not_list_is_refused():
    assert rules(permission(READY, "US-WA", DAY, product="triamcinolone", route="IM")) >= {"law_substance"}


def test_a_product_that_nobody_knows_opens_no_gate():
    assert not permission(READY, "US-WA", DAY, product="unheard-of potion", route="IM").granted


def test_nobody_on_record_may_nothing():
    assert not permission(None, "US-WA", DAY).granted


def test_the_gate_never_grants_what_the_check_blocks():
    """Over every place on file: a block of the whole check by these rules is a closed gate."""
    for place in knowledge.jurisdictions():
        plan = ordinary_plan() | {"jurisdiction": place}
        who = msgspec.convert(plan["practitioner"], Practitioner)
        on = datetime.date.fromisoformat(plan["date"])
        blocked = {one.rule for one in check(plan).issues if one.severity == "block"} & {
            "jurisdiction", "profession", "practitioner_license", "certificate", "training", "resuscitation", "law_route",
            "law_substance"}
        asked = [permission(who, place, on, product=content["product"], route=injection["route"])
                 for injection in plan["injections"] for content in injection["contents"]]
        assert not blocked or not all(one.granted for one in asked), (place, blocked)


def test_what_each_visit_must_answer_is_told_and_closes_nothing():
    procaine = permission(READY, "US-WA", DAY, product="procaine 1%", route="IM")
    comfort = permission(READY, "US-WA", DAY, product="procaine 1%", route="IM", purpose="comfort")

    assert procaine.granted and [one.rule for one in procaine.to_tell] == ["law_substance"]
    assert comfort.granted and comfort.to_tell == ()
