"""A lot that is recalled, or put in quarantine, between drawing up and puncture, and between puncture and signature."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clinic.patients.people import make_patient
from clinic.visits.charting import WELL, make_ready_patient, make_syringe, make_vial, make_visit, plan
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.visits import actions, drafts, withheld
from waterneedle.clinic.visits.models import Injection
from waterneedle.clinic.visits.plan import checked, plan_for
from waterneedle.clinic.visits.rows import injections_of


@pytest.fixture
def vial(by):
    return make_vial(by)


@pytest.fixture
def visit(by, vial):
    made = make_visit(by, make_patient(by), why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    syringe = make_syringe(by, made, vial=vial)
    for point in ("ST36", "LI11"):
        plan(by, made, syringe, point=point)
    actions.mark(injection=injections_of(made)[0], status="given", why="it was given", by=by)
    return made


def said(visit, **more):
    return [(one.severity, one.injections) for one in checked(visit, **more).issues if one.rule == withheld.RULE]


@pytest.mark.parametrize("status", ["recalled", "quarantined"])
def test_it_bars_what_is_still_planned_and_not_what_was_in(by, visit, vial, status):
    assert said(visit) == []
    stock.decide(lot=vial.lot, status=status, why="the maker wrote", by=by)

    assert said(visit) == said(visit, language="es") == [("block", ("2",))]
    with pytest.raises(drafts.Refused):
        actions.give_all(visit=visit, by=by)


def test_a_lot_that_is_released_again_bars_nothing(by, visit, vial):
    for status in ("quarantined", "released"):
        stock.decide(lot=vial.lot, status=status, why="the fridge was open", by=by)

    assert said(visit) == []


def test_what_was_given_all_the_same_is_a_deviation(by, visit, vial):
    stock.decide(lot=vial.lot, status="recalled", why="the maker wrote", by=by)
    one = injections_of(visit)[1]
    actions.mark(injection=one, status="given", why="nobody had told us", by=by)

    assert Injection.objects.get(pk=one.pk).blocked
    assert said(visit) == [("block", ("2",))]


def test_of_each_lot_it_is_said_at_its_own_punctures_and_the_visit_is_barred(by):
    made = make_visit(by, make_ready_patient(by), why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    vials = [make_vial(by, number=number) for number in ("0417", "0418")]
    for point, vial in zip(("ST36", "LI11"), vials, strict=True):
        plan(by, made, make_syringe(by, made, vial=vial), point=point)
    actions.mark(injection=plan(by, made, made.syringes.first(), point="SP9"), status="not_done", why="no", by=by)
    assert checked(made).verdict != "block"

    for vial in vials:
        stock.decide(lot=vial.lot, status="recalled", why="the maker wrote", by=by)
    assert said(made) == [("block", ("1",)), ("block", ("2",))]
    assert checked(made).verdict == "block"


def test_a_lot_beside_it_bars_nothing(by, visit):
    stock.decide(lot=make_vial(by, number="0999", name="Another").lot, status="recalled", why="the maker wrote", by=by)

    assert said(visit) == []


def test_where_nothing_went_in_no_volume_is_missing(by, visit):
    one = injections_of(visit)[1]
    actions.mark(injection=one, status="stopped", why="pain", volume_ml=Decimal(0), by=by)

    assert "volume_missing" not in {issue.rule for issue in checked(visit).issues}
    assert (plan_for(visit).injections[1].technique, plan_for(visit).injections[1].contents) == ("needle_only", ())


def test_it_bars_what_is_planned_without_a_volume_and_what_was_stopped_with_some_in(by, visit, vial):
    stock.decide(lot=vial.lot, status="recalled", why="the maker wrote", by=by)
    syringe = visit.syringes.get()
    no_volume, part, nothing = (plan(by, visit, syringe, point=point, volume_ml=ml) for point, ml in (
        ("SP9", None), ("LI4", Decimal("0.4")), ("ST40", Decimal("0.4"))))
    actions.mark(injection=part, status="stopped", why="pain", volume_ml=Decimal("0.1"), by=by)
    actions.mark(injection=nothing, status="stopped", why="pain", volume_ml=Decimal(0), by=by)

    assert said(visit) == [("block", ("2", str(no_volume.seq), str(part.seq)))]
