"""In every way in which a syringe ends, the shelf has what was received less what went in and what was wasted."""

from __future__ import annotations

import datetime
from decimal import Decimal as ML

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import WELL, make_syringe, make_vial, make_visit, plan
from waterneedle.clinic.accounts.roles import Role
from waterneedle.clinic.stock import actions as stock
from waterneedle.clinic.stock.models import Lot, Movement, MovementKind, Vial
from waterneedle.clinic.visits import actions, day, drawing, signing
from waterneedle.clinic.visits.models import Syringe
from waterneedle.clinic.visits.rows import injections_of

DRAWN, EACH = ML(2), ML("0.5")


@pytest.fixture
def visit(by):
    made = make_visit(by, make_patient(by), why="knee pain")
    actions.answer_today(visit=made, answers=WELL, by=by)
    actions.change_visit(visit=made, version=made.version, fields={"note": "Talked."}, by=by)
    return made


@pytest.fixture
def vial(by):
    return make_vial(by)


def sign(visit, by, **more):
    for gap in signing.gaps(visit):
        if gap.field.startswith("reason "):
            actions.give_reason(visit=visit, rule=gap.field.removeprefix("reason "), note="known", by=by)
    proof = signing.mint(visit=visit, user=by.user, session_key="s", method="password").uid
    return signing.sign(visit=visit, proof=proof, session_key="s", by=by, deviation_why="as it was", **more)


def given(visit, syringe, by, **more):
    one = plan(by, visit, syringe, volume_ml=EACH)
    return actions.mark(injection=one, status="given", why="it was given", by=by, **more)


def booked(kind):
    return -sum(Movement.objects.filter(kind=kind).values_list("volume_ml", flat=True))


def kept(lot):
    """The book of the lot is the sum of its movements, and what stands in its open vials is a part of it."""
    lot = Lot.objects.get(pk=lot.pk)
    assert lot.volume_ml == sum(lot.movements.values_list("volume_ml", flat=True))
    assert sum(one.volume_ml for one in lot.vials.filter(discarded_at=None)) <= lot.volume_ml
    return booked(MovementKind.DRAWN), booked(MovementKind.WASTED)


def a_rest(visit, vial, by):
    given(visit, make_syringe(by, visit, str(DRAWN), vial=vial), by)


def an_exchange(visit, vial, by):
    given(visit, make_syringe(by, visit, str(DRAWN), vial=vial), by)
    given(visit, make_syringe(by, visit, str(DRAWN), vial=vial), by)


def not_done(visit, vial, by):
    one = plan(by, visit, make_syringe(by, visit, str(DRAWN), vial=vial), volume_ml=EACH)
    actions.mark(injection=one, status="not_done", why="the patient left", by=by)


def stopped_with_nothing(visit, vial, by):
    one = plan(by, visit, make_syringe(by, visit, str(DRAWN), vial=vial), volume_ml=EACH)
    actions.mark(injection=one, status="stopped", why="pain", volume_ml=ML(0), by=by)


def stopped_with_some(visit, vial, by):
    one = plan(by, visit, make_syringe(by, visit, str(DRAWN), vial=vial), volume_ml=EACH)
    actions.mark(injection=one, status="stopped", why="pain", volume_ml=ML("0.2"), by=by)


def thrown_away(visit, vial, by):
    drawing.put_down(syringe=make_syringe(by, visit, str(DRAWN), vial=vial), by=by)


def thrown_away_after_a_plan_was_taken_out(visit, vial, by):
    syringe = make_syringe(by, visit, str(DRAWN), vial=vial)
    actions.remove(injection=plan(by, visit, syringe), by=by)
    drawing.put_down(syringe=syringe, by=by)


def never_drawn(visit, vial, by):
    drawing.put_down(syringe=make_syringe(by, visit, str(DRAWN), vial=vial), by=by, was_drawn=False)


ENDS = {
    a_rest: (EACH, DRAWN - EACH), an_exchange: (2 * EACH, 2 * (DRAWN - EACH)), not_done: (0, DRAWN),
    stopped_with_nothing: (0, DRAWN), stopped_with_some: (ML("0.2"), DRAWN - ML("0.2")), thrown_away: (0, DRAWN),
    thrown_away_after_a_plan_was_taken_out: (0, DRAWN), never_drawn: (0, 0),
}


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_what_was_drawn_went_in_or_was_wasted(by, visit, vial, end):
    end(visit, vial, by)
    sign(visit, by)

    assert kept(vial.lot) == ENDS[end]
    assert Vial.objects.get(pk=vial.pk).volume_ml == vial.volume_ml - sum(ENDS[end])


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_visit_on_the_wrong_patient_gives_back_what_it_took(by, clinic, visit, vial, end):
    end(visit, vial, by)
    sign(visit, by)
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    signing.strike(visit=visit, by=at_work(make_person(clinic, "Dora Second", Role.PRACTITIONER), clinic))

    kept(vial.lot)
    assert Vial.objects.get(pk=vial.pk).volume_ml == vial.volume_ml


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_a_vial_that_is_thrown_away_before_the_signature_is_counted_first(by, visit, vial, end):
    end(visit, vial, by)
    stock.discard(vial=Vial.objects.get(pk=vial.pk), why="broken", by=by)
    if sum(ENDS[end]):
        with pytest.raises(signing.ShortBook):
            sign(visit, by)
    sign(visit, by, recount=True)

    kept(vial.lot)
    assert Vial.objects.get(pk=vial.pk).volume_ml == 0
    assert booked(MovementKind.DRAWN) == ENDS[end][0]


def test_until_the_signature_closing_the_day_names_what_no_book_has(by, clinic, visit, vial):
    given(visit, make_syringe(by, visit, "1", vial=vial), by)
    thrown_away(visit, vial, by)
    never_drawn(visit, vial, by)
    today = day.unsigned(clinic, visit.day)[0].day

    (found,) = day.unbooked(clinic, today)
    assert (found.visit, found.vial, found.volume_ml, found.wasted_ml) == (visit, vial, DRAWN + 1, DRAWN)
    assert kept(vial.lot) == (0, 0)
    assert day.unbooked(clinic, today - datetime.timedelta(days=1)) == []
    sign(visit, by)
    assert day.unbooked(clinic, today) == []
    assert sum(kept(vial.lot)) == found.volume_ml


def test_what_was_drawn_for_a_struck_draft_waits_for_no_book(by, clinic, visit, vial):
    make_syringe(by, visit, str(DRAWN), vial=vial)
    assert day.unbooked(clinic, visit.day)
    signing.ask_to_strike(visit=visit, why="another Ana", by=by)
    signing.strike(visit=visit, by=at_work(make_person(clinic, "Dora Second", Role.PRACTITIONER), clinic))

    assert day.unbooked(clinic, visit.day) == []


def test_what_was_thrown_away_stands_in_the_document_and_on_the_page(client_of, alice, by, visit, vial):
    syringe = make_syringe(by, visit, str(DRAWN), vial=vial)
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid}
    client_of(alice).post(reverse("visits:put_down", kwargs=where | {"syringe": syringe.uid}))
    assert syringe.code in client_of(alice).get(reverse("visits:visit", kwargs=where)).content.decode()

    (wasted,) = signing.as_signed(sign(visit, by))["wasted"]
    assert (wasted["code"], wasted["fills"][0]["volume_ml"]) == (syringe.code, "2")


def test_one_tap_says_that_it_was_never_drawn_up(client_of, alice, by, visit, vial):
    syringe = make_syringe(by, visit, str(DRAWN), vial=vial)
    where = {"clinic": "harbor", "patient": visit.patient.uid, "visit": visit.uid, "syringe": syringe.uid}
    client_of(alice).post(reverse("visits:put_down", kwargs=where), {"slip": "1"})

    found = Syringe.objects.get()
    assert (found.removed_at is None, found.wasted) == (False, False)
    assert injections_of(visit) == []
