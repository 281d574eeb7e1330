"""What is offered after the scan of a vial: how its fluid was drawn up before, and never which vial it was."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from clinic.patients.people import at_work, make_patient
from clinic.people import make_person
from clinic.visits.charting import make_syringe, make_vial, make_visit, plan
from waterneedle.clinic.visits import actions, drawing, usual
from waterneedle.clinic.visits.models import Strike
from waterneedle.clinic.visits.usual import Usual, usual_draw

ML = Decimal


@pytest.fixture
def vial(by):
    return make_vial(by)


def drawn_before(by, patient, vial, volume_ml="2", *, gave=(), **needle):
    """A visit before, at which so much was drawn up and at each place so much was given."""
    visit = make_visit(by, patient)
    syringe = make_syringe(by, visit, volume_ml, vial=vial, **needle)
    for side, each in zip(("left", "right"), gave, strict=False):
        actions.mark(injection=plan(by, visit, syringe, side=side, volume_ml=ML(each)), status="given", why="it was given", by=by)
    return syringe


def test_what_nobody_has_drawn_up_has_no_habit(by, ana, vial):
    assert usual_draw(vial, make_visit(by, ana), by) is None


def test_this_patients_last_syringe_goes_before_the_habit_of_the_person(by, ana, vial):
    drawn_before(by, ana, vial, "2", gave=("0.4", "0.4"), gauge=27)
    drawn_before(by, make_patient(by, "Ben Ortiz"), vial, "3")

    assert usual_draw(vial, make_visit(by, ana), by) == Usual(ML(2), "SC", 27, ML(13), ML("0.4"), is_of_patient=True)


def test_for_a_new_patient_it_is_as_the_person_did_last_and_not_as_somebody_else_did(by, ana, vial, clinic):
    other = at_work(make_person(clinic, "Dora Dean", "practitioner"), clinic)
    drawn_before(by, make_patient(by, "Ben Ortiz"), vial, "3", gave=("0.5",))
    drawn_before(other, make_patient(by, "Carl Reed"), vial, "1")

    assert usual_draw(vial, make_visit(by, ana), by) == Usual(ML(3), "SC", 30, ML(13), ML("0.5"), is_of_patient=False)


def test_injections_that_got_different_volumes_have_none_in_common(by, ana, vial):
    drawn_before(by, ana, vial, gave=("0.4", "0.5"))

    assert usual_draw(vial, make_visit(by, ana), by).each_ml is None


def test_only_what_went_in_from_that_syringe_says_what_each_got(by, ana, vial):
    syringe = drawn_before(by, ana, vial, "3", gave=("0.4", "0.4"))
    visit = syringe.visit
    plan(by, visit, syringe, point="LI11", volume_ml=ML("0.1"))
    actions.remove(injection=plan(by, visit, syringe, point="LI10", volume_ml=ML("0.2")), by=by)
    off = plan(by, visit, syringe, point="SP9", volume_ml=ML("0.3"))
    actions.mark(injection=off, status="not_done", why="dizzy", by=by)
    other = make_syringe(by, visit, "1", vial=make_vial(by, number="0999", name="Traumeel"))
    actions.mark(injection=plan(by, visit, other, point="LI4", volume_ml=ML("0.6")), status="given", why="it was given", by=by)

    assert usual_draw(vial, make_visit(by, ana), by).each_ml == ML("0.4")


def test_the_newest_counts_and_so_does_what_was_drawn_up_and_thrown_away(by, ana, vial):
    drawn_before(by, ana, vial, "1")
    drawing.put_down(syringe=drawn_before(by, ana, vial, "2"), by=by)

    assert usual_draw(vial, make_visit(by, ana), by).volume_ml == 2


def test_neither_another_fluid_nor_a_mixture_nor_a_slip_is_a_habit(by, ana, vial):
    other = make_vial(by, name="Traumeel")
    drawn_before(by, ana, other)
    visit = make_visit(by, ana)
    drawing.load_syringe(visit=visit, fills=[(vial, ML(1)), (other, ML(1))], by=by)
    drawing.put_down(syringe=make_syringe(by, visit, vial=vial), by=by, was_drawn=False)

    assert usual_draw(vial, make_visit(by, ana), by) is None


def test_what_was_charted_on_the_wrong_patient_is_no_habit(by, ana, vial, clinic):
    wrong = drawn_before(by, ana, vial).visit
    witness = make_person(clinic, "Dora Dean", "practitioner")
    Strike.objects.create(clinic=clinic, visit=wrong, asked_by=by.user, asked_at=wrong.made_at, why="another patient",
                          struck_by=witness, struck_at=wrong.made_at)

    assert usual_draw(vial, make_visit(by, ana), by) is None


def test_a_visit_that_is_kept_closed_tells_nothing_of_what_was_drawn(by, ana, vial, monkeypatch):
    drawn_before(by, ana, vial)
    monkeypatch.setattr(usual, "in_place_of_the_fluid", lambda visit: "kit A")

    assert usual_draw(vial, make_visit(by, ana), by) is None


def test_what_was_drawn_for_a_visit_that_is_kept_closed_is_told_at_no_later_one(by, ana, vial, monkeypatch):
    drawn_before(by, ana, vial, "1")
    closed = drawn_before(by, ana, vial, "2").visit
    monkeypatch.setattr(usual, "in_place_of_the_fluid", lambda visit: "kit A" if visit == closed else "")

    assert usual_draw(vial, make_visit(by, ana), by).volume_ml == ML(1)
    monkeypatch.setattr(usual, "in_place_of_the_fluid", lambda visit: "")  # the trial was opened
    assert usual_draw(vial, make_visit(by, ana), by).volume_ml == ML(2)


def test_the_scan_offers_it_in_words_and_as_it_is_typed(client_of, alice, by, ana, vial):
    drawn_before(by, ana, vial, "2.50", gave=("0.40",))
    visit = make_visit(by, ana)
    scan = reverse("visits:scan", kwargs={"clinic": "harbor", "patient": ana.uid, "visit": visit.uid})

    for said in (vial.code, str(vial.uid)):
        usual = client_of(alice).post(scan, {"code": said}).json()["usual"]
        assert usual["fields"] == {"volume_ml": "2.5", "route": "SC", "gauge": "30", "length_mm": "13", "each_ml": "0.4"}
        assert all(one in usual["says"] for one in ("2.5\u00a0mL", "SC", "30G 13\u00a0mm", "0.4\u00a0mL"))


def test_its_words_say_whether_it_is_of_this_patient_or_a_habit_of_who_draws_up(by, ana, vial):
    drawn_before(by, ana, vial)
    visits = (make_visit(by, one) for one in (ana, make_patient(by, "Ben Ortiz")))
    of_patient, habit = (usual.in_words(usual_draw(vial, visit, by)) for visit in visits)

    assert ("this patient" in of_patient, "this patient" in habit) == (True, False)
