"""For every field of a visit and of an injection: carried over, or never."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clinic.patients.people import at_work, make_patient
from clinic.visits.charting import WELL, make_syringe, make_vial, make_visit, plan
from waterneedle import knowledge
from waterneedle.clinic.patients import actions as patients
from waterneedle.clinic.visits import actions, copying
from waterneedle.clinic.visits.danger import is_dangerous
from waterneedle.clinic.visits.models import Injection, Today, Visit

ML = Decimal
CARRIED = {
    "point", "muscle", "region", "side", "level", "technique", "route", "volume_ml", "direction", "nudge", "depth_mm",
    "depth_max_mm", "angle_deg", "patient", "clinic",
}
OF_THE_SYRINGE = {"syringe", "gauge", "length_mm"}  # as it is drawn up today
NEVER = {
    "id", "uid", "visit", "seq", "skin", "aspirated_blood", "sensation", "reaction", "status", "status_why", "given_at",
    "charted_at", "blocked", "made_at", "made_by", "removed_at",
}
OF_THE_VISIT = {  # nothing of a visit is carried over but whose it is
    "id", "uid", "practitioner", "day", "happened_at", "why", "indication", "pain_before", "pain_after", "note", "version",
    "is_draft", "warned", "made_at", "made_by",
}
SEEN = {
    "skin": "scar", "aspirated_blood": False, "sensation": "de_qi", "reaction": "none", "direction": "toward the knee",
    "depth_max_mm": ML(12), "nudge": {"x": 3, "y": 0, "z": 0},
}


@pytest.fixture
def by(clinic, alice):
    return at_work(alice, clinic)


@pytest.fixture
def ana(by):
    return make_patient(by)


def given(by, visit, *points, syringe=None):
    syringe = syringe or make_syringe(by, visit, "3")
    made = []
    for point in points:
        one = plan(by, visit, syringe, point=point, **SEEN)
        made.append(actions.mark(injection=one, status="given", why="it was given", by=by))
    return made


def fresh_syringe(by, visit, volume_ml, **more):
    return make_syringe(by, visit, volume_ml, vial=make_vial(by, number="0999"), **more)


def names(model):
    return {one.name for one in model._meta.concrete_fields}


def test_every_field_is_carried_over_or_never():
    assert names(Injection) == CARRIED | OF_THE_SYRINGE | NEVER
    assert names(Visit) == OF_THE_VISIT | {"patient", "clinic"}


def test_a_repeat_has_the_places_and_nothing_that_was_seen(by, ana):
    first = make_visit(by, ana, why="knee")
    actions.answer_today(visit=first, answers=WELL, by=by)
    (was,) = given(by, first, "ST36")
    visit = make_visit(by, ana)
    syringe = fresh_syringe(by, visit, "1", gauge=27, length_mm=ML(25))

    (one,) = copying.repeat(visit=visit, source=first, syringe=syringe, by=by)

    for name in CARRIED:
        assert getattr(one, name) == getattr(was, name), name
    assert (one.syringe, one.gauge, one.length_mm) == (syringe, 27, ML(25))
    fresh = Injection()
    for name in NEVER - {"id", "uid", "visit", "seq", "made_at", "made_by"}:
        assert getattr(one, name) == getattr(fresh, name), name
    assert not Today.objects.filter(visit=visit).exists()
    assert (visit.why, visit.pain_before) == ("", None)


@pytest.mark.parametrize("point", ["GB21", "BL13", "ST9", "BL1", "GV15", "CV17"])
def test_no_depth_is_carried_over_to_a_point_of_danger(by, ana, point):
    first = make_visit(by, ana)
    given(by, first, point)
    visit = make_visit(by, ana)

    (one,) = copying.repeat(visit=visit, source=first, syringe=fresh_syringe(by, visit, "1"), by=by)

    assert (one.depth_mm, one.depth_max_mm, one.angle_deg) == (None, None, None)
    assert one.volume_ml == ML("0.5")


def test_what_was_not_given_is_not_repeated(by, ana):
    first = make_visit(by, ana)
    syringe = make_syringe(by, first)
    given(by, first, "ST36", syringe=syringe)
    plan(by, first, syringe, point="LI11")
    actions.mark(injection=plan(by, first, syringe, point="LI4"), status="not_done", why="no", by=by)
    visit = make_visit(by, ana)

    made = copying.repeat(visit=visit, source=first, syringe=fresh_syringe(by, visit, "3"), by=by)
    assert [one.point for one in made] == ["ST36"]


def test_a_lot_is_never_carried_over(by, ana):
    first = make_visit(by, ana)
    given(by, first, "ST36")

    with pytest.raises(actions.NotCharted, match="syringe"):
        copying.repeat(visit=make_visit(by, ana), source=first, by=by)


def test_another_patient_has_nothing_repeated(by, ana):
    first = make_visit(by, ana)
    given(by, first, "ST36")
    other = make_visit(by, make_patient(by, "Ben Ortiz"))

    with pytest.raises(actions.NotCharted):
        copying.repeat(visit=other, source=first, syringe=fresh_syringe(by, other, "3"), by=by)


def test_a_repeat_that_the_syringe_does_not_hold_plans_nothing(by, ana):
    first = make_visit(by, ana)
    given(by, first, "ST36", "LI11")
    visit = make_visit(by, ana)

    with pytest.raises(actions.TooMuch):
        copying.repeat(visit=visit, source=first, syringe=fresh_syringe(by, visit, "0.7"), by=by)
    assert not Injection.objects.filter(visit=visit).exists()


@pytest.mark.parametrize("protocol", sorted(one.id for one in knowledge.protocols().values() if copying.is_charted(one)))
def test_a_protocol_plans_the_sites_of_its_source_and_makes_nothing_up(by, ana, protocol):
    found = knowledge.protocols()[protocol]
    visit = make_visit(by, ana)
    syringe = make_syringe(by, visit, "60", route="", vial=make_vial(by))

    made = copying.from_protocol(visit=visit, protocol=protocol, syringe=syringe, side="left", by=by)

    sites = {(one.point or "", one.muscle or "", one.region or "") for one in found.sites}
    assert {(one.point, one.muscle, one.region) for one in made} == sites
    volumes = {one.volume_ml for one in found.sites}
    assert {one.volume_ml and float(one.volume_ml) for one in made} <= volumes
    for one in made:
        dangerous = is_dangerous(point=one.point, muscle=one.muscle, region=one.region)
        assert one.depth_mm is None or (found.depth_mm is not None and not dangerous)
        assert (one.skin, one.status) == ("", "planned")


def test_what_stands_in_a_record_that_was_joined_is_repeated(by, ana):
    twice = make_patient(by)
    first = make_visit(by, twice)
    given(by, first, "ST36")
    patients.join(kept=ana, other=twice, why="same person", by=by)
    visit = make_visit(by, ana)

    (one,) = copying.repeat(visit=visit, source=first, syringe=fresh_syringe(by, visit, "3"), by=by)
    assert (one.point, one.patient) == ("ST36", ana)
